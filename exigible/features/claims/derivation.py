"""What is claimed of one invoice today, each amount with its article, its rates and its days, or why it is not claimed."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Sum
from django.utils.translation import gettext as _

from exigible.books.cases.models import Standing
from exigible.books.cases.queries import held_amount, holds_of
from exigible.books.ledger.accruals import interest_until
from exigible.books.ledger.charge_rows import COST, INDEMNITY, INTEREST
from exigible.books.ledger.models import Allocation, CustomerKind, Invoice, RecoveryCost
from exigible.books.ledger.queries import settled_charges
from exigible.books.policies.law import law_book_of
from exigible.core.law.book import LawBook
from exigible.core.law.interest import (
    Payments,
    Segment,
    accrued,
    complement_minor,
    derivation,
    exact_interest,
    exact_string,
    interest_of,
)
from exigible.core.law.statement import Alternative, Claim, Statement, state_claim


class Derivation(NamedTuple):
    """The claim at the end of a day, in minor units; a `no_…` sentence says why an amount is nought.

    Interest runs on all that is open, even on what is on hold. `legal` states the same claim with the payments set
    against interest first, which is the law's order where the parties agreed on none (C. civ. art. 1343-1).
    """

    today: date
    open_minor: int
    held_minor: int
    segments: Sequence[Segment]
    interest_exact: str
    interest_minor: int
    no_interest: str
    indemnity_minor: int
    indemnity_article: str
    no_indemnity: str
    days_late: int
    divisor: int
    divisor_article: str
    alternatives: Sequence[Alternative]
    notes: Sequence[str]
    legal: Statement | None
    costs_proved_minor: int
    costs_minor: int
    costs_article: str
    settled_minor: int

    @property
    def principal_minor(self) -> int:
        """What is asked of the principal: what is open and not on hold."""
        return self.open_minor - self.held_minor

    @property
    def total_minor(self) -> int:
        """All that may be asked today."""
        return self.principal_minor + self.interest_minor + self.indemnity_minor + self.costs_minor - self.settled_minor

    @property
    def legal_total_minor(self) -> int | None:
        """All that is owed in the law's order of payments, where it differs from the accounts."""
        owed = self.open_minor + self.interest_minor + self.indemnity_minor
        return self.legal.balance_minor if self.legal and self.legal.balance_minor != owed else None


def payments_of(invoice: Invoice, today: date) -> list[tuple[date, int]]:
    """Return what was set against an invoice by a day: the day and the minor units, as the accountant has it."""
    rows = Allocation.objects.filter(invoice=invoice, allocated_on__lte=today).order_by("allocated_on", "id")
    return list(rows.values_list("allocated_on", "amount_minor"))


def held_of(invoice: Invoice, open_minor: int, today: date) -> int:
    """Return how much of an invoice waits on a day, in minor units: all of it when its whole case does."""
    case_id = Standing.objects.filter(invoice=invoice).values_list("case_id", flat=True).first()
    holds = holds_of([case_id], today).get(case_id, []) if case_id else []
    if any(hold.invoice_id is None for hold in holds):
        return open_minor
    return held_amount(holds, invoice.pk, open_minor)


def derive(invoice: Invoice, today: date) -> Derivation:
    """Return what is claimed of an invoice on a day, by the same rules as the messages state it."""
    book, debtor, payments = law_book_of(invoice.creditor), invoice.customer.kind, payments_of(invoice, today)
    open_minor = invoice.total_minor - sum(amount for _day, amount in payments)
    why, due = _why_nothing(book, invoice, today), invoice.due_on
    segments: Sequence[Segment] = ()
    readings: Sequence[Alternative] = ()
    indemnity, days_late, legal = 0, 0, None
    if not why and due:
        segments, indemnity, days_late, readings, legal = _accrued(
            book, invoice, payments, interest_until(invoice, today)
        )
    on = due or today
    proved = proved_costs(invoice, today)
    costs = 0 if why else complement_minor(book, debtor, on, proved)
    return Derivation(
        today, open_minor, held_of(invoice, open_minor, today), segments,
        exact_string(exact_interest(segments), invoice.currency), interest_of(book, segments),
        why or _why_no_interest(debtor, segments, days_late), indemnity, _article(book, f"interest.{debtor}.indemnity", on),
        why or _why_no_indemnity(debtor, indemnity, days_late), days_late, book.number("interest.day_divisor", on),
        book.article("interest.day_divisor", on), readings, _notes(invoice, legal), legal,
        proved, costs, _article(book, f"interest.{debtor}.costs_on_proof", on),
        _settled(invoice, today, {INTEREST: interest_of(book, segments), INDEMNITY: indemnity, COST: costs}),
    )  # fmt: skip


def proved_costs(invoice: Invoice, until: date) -> int:
    """Return what collecting an invoice cost by a day, as proved by documents, in minor units."""
    rows = RecoveryCost.objects.filter(invoice=invoice, incurred_on__lte=until)
    return int(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


def _settled(invoice: Invoice, today: date, owed: Mapping[str, int]) -> int:
    """What of each kind of charge was waived or paid by a day; never more than accrued."""
    settled = settled_charges([invoice.customer_id], today).get(invoice.pk, {})
    return sum(min(minor, settled.get(kind, 0)) for kind, minor in owed.items())


def _accrued(
    book: LawBook, invoice: Invoice, payments: Payments, today: date
) -> tuple[Sequence[Segment], int, int, Sequence[Alternative], Statement]:
    """The periods, the indemnity in minor units, the late days, the lawful readings, and the statement in the law's order."""
    assert invoice.due_on is not None
    debtor, due, rate = invoice.customer.kind, invoice.due_on, contract_rate(invoice)
    notice = invoice.notice_received_on
    segments = derivation(
        book, debtor, invoice.total_minor, due, today, payments=payments, contract_rate=rate, notice_received=notice
    )
    found = accrued(
        book, debtor, invoice.total_minor, due, today, payments=payments, contract_rate=rate, notice_received=notice
    )
    assert interest_of(book, segments) == found.interest_minor, (
        "the derivation and the messages state the same interest"
    )
    claim = Claim(
        debtor=debtor, amount_minor=invoice.total_minor, until=today, due=due, payments=payments, contract_rate=rate,
        notice_received=notice, creditor_kind="individual" if invoice.creditor.is_individual else "business",
    )  # fmt: skip
    readings = state_claim(book, claim, "principal_first").alternatives
    return segments, found.indemnity_minor, found.late_days, readings, state_claim(book, claim)


def contract_rate(invoice: Invoice) -> Decimal | None:
    """Return the rate that the contract sets, in percent a year."""
    return None if invoice.contract_rate is None else Decimal(str(invoice.contract_rate))


def _why_nothing(book: LawBook, invoice: Invoice, today: date) -> str:
    """Why neither interest nor indemnity is claimed at all; empty when they may be."""
    if invoice.kind == Invoice.Kind.CREDIT_NOTE:
        return _("A credit note never owes anything.")
    if invoice.due_on is None:
        return _("The due date is not known: nothing can be late.")
    if invoice.due_on >= today:
        return _("The invoice is not late.")
    if invoice.due_on >= interest_until(invoice, today):
        return _(
            "Insolvency proceedings were opened before it was late: neither interest nor indemnity runs (C. com. art. L622-28)."
        )
    if invoice.customer.kind == CustomerKind.UNKNOWN:
        return _(
            "The kind of this customer is not known yet: until it is set, neither interest nor indemnity is claimed."
        )
    if invoice.currency != book.currency:
        return _("The law sets these figures in %(currency)s: nothing is computed on an invoice in %(other)s.") % {
            "currency": book.currency, "other": invoice.currency,
        }  # fmt: skip
    if invoice.total_minor == 0:
        return _("The amount of the invoice is nought.")
    return ""


def _why_no_interest(debtor: str, segments: Sequence[Segment], days_late: int) -> str:
    if segments:
        return ""
    if days_late and debtor == CustomerKind.CONSUMER:
        return _("A consumer owes interest only from the formal notice received on (C. civ. art. 1231-6 and 1344-1).")
    return _("It was paid by its due date.")


def _why_no_indemnity(debtor: str, indemnity_minor: int, days_late: int) -> str:
    if indemnity_minor:
        return ""
    if debtor == CustomerKind.CONSUMER:
        return _(
            "A consumer owes no fixed indemnity: the costs of collection stay with the creditor (CPCE art. L111-8)."
        )
    return _("No text gave an indemnity at that date.") if days_late else _("It was paid by its due date.")


def _article(book: LawBook, key: str, on: date) -> str:
    return book.article(key, on) if book.has(key) else ""


def _notes(invoice: Invoice, legal: Statement | None) -> list[str]:
    """What a reader must know before claiming these figures."""
    sentences = {
        "contract_rate_below_floor": _(
            "The contract's rate is below three times the legal rate, the least that the law allows (C. com. art. L441-10 II): "
            "the lower of the two lawful readings is claimed."
        ),
        "contract_rate_not_applied": _(
            "The contract's rate does not apply to this kind of customer: the law's own rate does."
        ),
        "rate_not_published": _(
            "The rate of the last period is not published yet: the last known one stands in for it."
        ),
        "before_covered_period": _("No interest is counted before the first rate that is kept here."),
    }
    flags = legal.flags if legal else ()
    notes = [sentences[flag] for flag in flags if flag in sentences]
    since = invoice.customer.insolvent_since
    if since is not None and invoice.issued_on < since:
        notes.append(
            _(
                "Interest stops on the eve of the judgment that opened insolvency proceedings (C. com. art. L622-28); "
                "nothing may be asked of this customer for it: the claim is declared."
            )
        )
    if invoice.due_origin != Invoice.DueOrigin.STATED and invoice.due_on:
        notes.append(_("The due date is presumed: check it on the invoice before you claim interest."))
    return notes
