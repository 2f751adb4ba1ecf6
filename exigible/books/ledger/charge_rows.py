"""The written charges of one invoice as rows: add up, bring to a day, waive, pay, split; within the operations of charges.py."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Sum

from exigible.books.ledger.accruals import accrued_on
from exigible.books.ledger.models import Charge, Invoice, Payment, RecoveryCost
from exigible.books.policies.law import law_book_of
from exigible.common.errors import Refused
from exigible.core.law.interest import complement_minor, first_interest_day

State = Charge.State
INTEREST, INDEMNITY, COST = "late_interest", "indemnity", "cost"
ORDER = (INTEREST, INDEMNITY, COST)
UNSETTLED = (State.CLAIMED, State.ACCRUED)
_ONE_DAY = timedelta(days=1)


class WrittenFurther(Refused):
    """Charges of this invoice are written down to %(day)s already; choose that day or a later one."""


class Sums(NamedTuple):
    """The written charges of an invoice by state, in minor units of its currency."""

    accrued: int
    claimed: int
    waived: int
    paid: int

    @property
    def total(self) -> int:
        """All that was written down."""
        return sum(self)

    @property
    def due(self) -> int:
        """What is neither waived nor paid."""
        return self.accrued + self.claimed


def sums_of(rows: Iterable[Charge], kind: str = "") -> Sums:
    """Add up charges by state: of one kind, or of all."""
    found = dict.fromkeys(Sums._fields, 0)
    for row in rows:
        if not kind or row.kind == kind:
            found[row.state] += row.amount_minor
    return Sums(**found)


def charges_of(invoice: Invoice) -> list[Charge]:
    """Return the written charges of an invoice, in the order of their days."""
    return list(Charge.objects.filter(invoice=invoice).order_by("until_on", "id"))


def by_kind(rows: Sequence[Charge]) -> dict[str, int]:
    """What rows add up to by kind, for the journal."""
    return {kind: total for kind in ORDER if (total := sums_of(rows, kind).total)}


def waive(invoice: Invoice, kinds: Sequence[str], reason: str, today: date) -> list[Charge]:
    """Mark the unsettled charges of some kinds as waived on a day, and return them."""
    rows = [row for row in charges_of(invoice) if row.state in UNSETTLED and row.kind in kinds]
    Charge.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.WAIVED, settled_on=today, reason=reason)
    return rows


def days_of(rows: Sequence[Charge]) -> list[date]:
    """Return the last day of each charge."""
    return [row.until_on for row in rows]


def pay(payment: Payment, invoice: Invoice, amount_minor: int) -> list[Charge]:
    """Mark charges as paid in their order; the last one is split where the money does not reach."""
    due = [row for row in charges_of(invoice) if row.state in UNSETTLED]
    due.sort(key=lambda row: (UNSETTLED.index(State(row.state)), ORDER.index(row.kind), row.until_on, row.pk))
    left, paid = amount_minor, []
    for row in due:
        if not left:
            break
        if row.amount_minor > left:
            row = _split(row, left)
        row.state, row.payment, row.settled_on = State.PAID, payment, payment.received_on
        row.save(update_fields=["state", "payment", "settled_on"])
        left -= row.amount_minor
        paid.append(row)
    return paid


def _split(row: Charge, amount_minor: int) -> Charge:
    """Take a part off a charge, in minor units, and return that part, still in its state."""
    Charge.objects.filter(pk=row.pk).update(amount_minor=row.amount_minor - amount_minor)
    return Charge.objects.create(
        creditor_id=row.creditor_id, invoice_id=row.invoice_id, kind=row.kind, state=row.state, currency=row.currency,
        amount_minor=amount_minor, from_on=row.from_on, until_on=row.until_on, article=row.article, claimed_on=row.claimed_on,
        part_of_id=row.part_of_id or row.pk,
    )  # fmt: skip


def bring_to(invoice: Invoice, until: date) -> int:
    """Make the written interest and indemnity what accrued to a day; returns by how much their sum moved, in minor units."""
    rows = charges_of(invoice)
    written = [row for row in rows if row.kind == INTEREST]
    if written and until < written[-1].until_on:
        raise WrittenFurther(day=written[-1].until_on.isoformat())
    moved = accrued_on(invoice, until).interest_minor - sums_of(written).total
    if moved > 0:
        _add_interest(invoice, written, moved, until)
    elif moved < 0:
        moved = -_take_off(written, -moved)
    return moved + bring_indemnity(invoice, until)


def bring_indemnity(invoice: Invoice, until: date) -> int:
    """Make the written indemnity the one that is owed; returns by how much it moved, in minor units."""
    rows = [row for row in charges_of(invoice) if row.kind == INDEMNITY]
    moved = accrued_on(invoice, until).indemnity_minor - sums_of(rows).total
    if moved < 0:
        return -_take_off(rows, -moved)
    if not moved:
        return 0
    if rows:
        _grow(rows[-1], moved)
        return moved
    assert invoice.due_on is not None
    book, key = law_book_of(invoice.creditor), f"interest.{invoice.customer.kind}.indemnity"
    Charge.objects.create(
        creditor=invoice.creditor, invoice=invoice, kind=INDEMNITY, state=State.ACCRUED, currency=invoice.currency,
        amount_minor=moved, until_on=until, article=book.article(key, invoice.due_on + _ONE_DAY),
    )  # fmt: skip
    return moved


def bring_costs(invoice: Invoice, on: date) -> int:
    """Make the written costs the excess of the proved ones over the fixed indemnity; returns by how much they moved.

    Nothing of a debtor who owes none (CPCE art. L111-8), nor of an invoice without a due date or in another currency.
    """
    rows = [row for row in charges_of(invoice) if row.kind == COST]
    moved = _complement(invoice) - sums_of(rows).total
    if moved < 0:
        return -_take_off(rows, -moved)
    if moved and rows:
        _grow(rows[-1], moved)
    elif moved:
        book, key = law_book_of(invoice.creditor), f"interest.{invoice.customer.kind}.costs_on_proof"
        Charge.objects.create(
            creditor=invoice.creditor, invoice=invoice, kind=COST, state=State.ACCRUED, currency=invoice.currency,
            amount_minor=moved, until_on=on, article=book.article(key, invoice.due_on or on),
        )  # fmt: skip
    return moved


def _complement(invoice: Invoice) -> int:
    book = law_book_of(invoice.creditor)
    proved = RecoveryCost.objects.filter(invoice=invoice).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    if not proved or invoice.due_on is None or invoice.currency != book.currency:
        return 0
    return complement_minor(book, invoice.customer.kind, invoice.due_on, proved)


def _grow(row: Charge, by_minor: int) -> None:
    """Add to an indemnity or to costs that were written lower before: to that row, or to a new part of it where it is settled."""
    if row.state in UNSETTLED:
        Charge.objects.filter(pk=row.pk).update(amount_minor=row.amount_minor + by_minor)
        return
    Charge.objects.create(
        creditor_id=row.creditor_id, invoice_id=row.invoice_id, kind=row.kind, state=State.ACCRUED, currency=row.currency,
        amount_minor=by_minor, until_on=row.until_on, article=row.article, part_of_id=row.part_of_id or row.pk,
    )  # fmt: skip


def _add_interest(invoice: Invoice, written: Sequence[Charge], amount_minor: int, until: date) -> None:
    """Write interest of the days after the last ones written, in the row that is still accruing or in a new one."""
    running = next((row for row in reversed(written) if row.state == State.ACCRUED), None)
    if running:
        Charge.objects.filter(pk=running.pk).update(amount_minor=running.amount_minor + amount_minor, until_on=until)
        return
    assert invoice.due_on is not None
    book, key = law_book_of(invoice.creditor), f"interest.{invoice.customer.kind}.series"
    begins = first_interest_day(book, invoice.customer.kind, invoice.due_on, invoice.notice_received_on)
    first = written[-1].until_on + _ONE_DAY if written else begins or until
    Charge.objects.create(
        creditor=invoice.creditor, invoice=invoice, kind=INTEREST, state=State.ACCRUED, currency=invoice.currency,
        amount_minor=amount_minor, from_on=min(first, until), until_on=until, article=book.article(key, until),
    )  # fmt: skip


def _take_off(rows: Sequence[Charge], amount_minor: int) -> int:
    """Lower charges of one kind that were written too high, the newest first and those claimed last; paid ones stay.

    Returns what was taken off: less than asked where more was paid than is owed.
    """
    places = (State.ACCRUED, State.CLAIMED, State.WAIVED)
    found = [row for row in reversed(rows) if row.state in places]
    left = amount_minor
    for row in sorted(found, key=lambda row: places.index(State(row.state))):
        part = min(left, row.amount_minor)
        left -= part
        if part == row.amount_minor:
            _remove(row)
        elif part:
            Charge.objects.filter(pk=row.pk).update(amount_minor=row.amount_minor - part)
    return amount_minor - left


def _remove(row: Charge) -> None:
    """Delete a charge of which nothing is left; the first of its parts takes its place."""
    parts = list(row.parts.order_by("id"))
    if not parts:
        row.delete()
        return
    heir = parts[0]
    Charge.objects.filter(pk__in=[part.pk for part in parts[1:]]).update(part_of=heir)
    Charge.objects.filter(pk=row.pk).update(part_of=heir)
    Charge.objects.filter(pk=heir.pk).update(part_of=None)
    Charge.objects.filter(pk=row.pk).delete()
