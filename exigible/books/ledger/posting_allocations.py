"""Allocations after a posting: the accountant's letters first, then what a person set, then what is presumed."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from exigible.books.journal.models import Event, EventPayload
from exigible.books.ledger.models import Allocation, Invoice, Payment
from exigible.books.ledger.posting_matches import uses_of
from exigible.books.ledger.posting_records import OWN_BASES, Item, ItemId, Work, lookups
from exigible.common.bulk import insert_rows, update_rows
from exigible.formats.rows import AllocationRow

COLUMNS = (
    "id",
    "creditor_id",
    "payment_id",
    "credit_note_id",
    "invoice_id",
    "amount_minor",
    "allocated_on",
    "basis",
    "posting_id",
)
LETTERING, PRESUMED = "lettering", "oldest_first"


class Stored(NamedTuple):
    """An allocation of the books, in the order of COLUMNS."""

    id: int
    creditor_id: int
    payment_id: int | None
    credit_note_id: int | None
    invoice_id: int
    amount: int
    on: date
    basis: str
    posting_id: int | None

    @property
    def credit(self) -> ItemId:
        """The credit that is set against the claim."""
        return (True, self.payment_id) if self.payment_id is not None else (False, self.credit_note_id or 0)

    @property
    def claim(self) -> ItemId:
        """The claim."""
        return False, self.invoice_id


class Share(NamedTuple):
    """A part of a credit for a claim, with what it is known from."""

    amount: int
    on: date
    basis: str


Pair = tuple[ItemId, ItemId]


def post_allocations(work: Work) -> None:
    """Make the allocations of the books those of the file, as far as it covers both ends.

    Order of trust: what other files letter, what this one letters, what a person set, what was presumed of items outside
    the file, what this file presumes. Nothing is allocated beyond a claim or a credit.
    """
    stored = _touching(work)
    known = work.known_items()
    kept, by_hand, soft, replaceable = _sorted(work, stored, known)
    soft, prepaid = told_paid(work, soft)
    plan = _Plan(work, known)
    plan.keep(kept)
    plan.add(each for each in work.reading.allocations if each.basis == LETTERING)
    plan.keep_what_fits(by_hand)
    plan.keep_what_fits(soft)
    plan.refused = _undone_by_hand(work)
    plan.add(each for each in work.reading.allocations if each.basis != LETTERING)
    plan.keep_what_is_not_told(prepaid)
    plan.write(replaceable)
    _shrink_balances(work, plan.freed)
    _presume_again(work, plan.freed)


def settle_known(work: Work) -> None:
    """Make settled_on and exhausted_on of the items that were in the books agree with their allocations."""
    invoices: list[tuple[date | None, int]] = []
    payments: list[tuple[date | None, int]] = []
    for item in work.known_items().values():
        settled = item.settled_on()
        if settled != item.settled:
            (payments if item.is_payment else invoices).append((settled, item.id))
            work.touch(item.customer_id)
    update_rows(Invoice, ("settled_on",), invoices)
    update_rows(Payment, ("exhausted_on",), payments)


def _touching(work: Work) -> list[Stored]:
    """The allocations that touch an item of the file."""
    if work.is_first:
        return []
    found: dict[int, Stored] = {}
    known = work.known_items().values()
    for column, ids in (
        ("invoice_id", [item.id for item in known if item.is_claim]),
        ("credit_note_id", [item.id for item in known if not item.is_claim and not item.is_payment]),
        ("payment_id", [item.id for item in known if item.is_payment]),
    ):
        for some in lookups(ids):
            for values in Allocation.objects.filter(**{f"{column}__in": some}).values_list(*COLUMNS):
                found[values[0]] = Stored(*values)
    return [found[pk] for pk in sorted(found)]


def _sorted(
    work: Work, stored: Iterable[Stored], known: dict[ItemId, Item]
) -> tuple[list[Stored], list[Stored], list[Stored], list[Stored]]:
    """The allocations that stand, those by hand, presumptions outside the file, and those that the file replaces."""
    kept: list[Stored] = []
    by_hand: list[Stored] = []
    soft: list[Stored] = []
    replaceable: list[Stored] = []
    for each in stored:
        if each.basis in OWN_BASES:
            by_hand.append(each)
        elif each.claim in known and each.credit in known:
            (kept if _is_later(work, each) else replaceable).append(each)
        elif each.basis == LETTERING:
            kept.append(each)
        else:
            soft.append(each)
    return kept, by_hand, soft, replaceable


def _undone_by_hand(work: Work) -> set[Pair]:
    """What a person took apart is not presumed again."""
    if work.is_first:
        return set()
    events = Event.objects.of(work.creditor).filter(kind="payment.unallocated").values_list("id", flat=True)
    found: set[Pair] = set()
    for some in lookups(events):
        for body in EventPayload.objects.filter(event_id__in=some).values_list("body", flat=True):
            told = json.loads(body)
            credit = (True, told["payment"]) if told["payment"] is not None else (False, told["credit_note"])
            found.add(((False, told["invoice"]), credit))
    return found


def _is_later(work: Work, each: Stored) -> bool:
    """Say whether a file of a later year made this allocation: last year's export does not undo it."""
    begins = work.past.begins(each.posting_id)
    return work.period is not None and begins is not None and begins > work.period[1]


class _Plan:
    """The allocations to be, weighed against what is left of each item of the file."""

    def __init__(self, work: Work, known: dict[ItemId, Item]) -> None:
        self.work = work
        self.known = known
        self.target: dict[Pair, Share] = {}
        self.people: dict[Pair, tuple[Item, Item]] = {}
        self.freed: set[ItemId] = set()  # ends outside the file of what was removed
        self.refused: set[Pair] = set()

    def keep(self, stored: Iterable[Stored]) -> None:
        """Count allocations that stand."""
        for each in stored:
            self._take(each, each.amount)

    def add(self, rows: Iterable[AllocationRow]) -> None:
        """Add allocations of the file, as far as both ends allow."""
        items = self.work.items
        for row in rows:
            rest = row.amount_minor
            for claim in items.get(row.source_key_invoice, ()):
                for credit in items.get(row.source_key_credit, ()):
                    amount = min(rest, claim.left, credit.left)
                    if amount <= 0 or not _may_meet(claim, credit) or (claim.key, credit.key) in self.refused:
                        continue
                    claim.take(amount, row.allocated)
                    credit.take(amount, row.allocated)
                    rest -= amount
                    self._aim(claim, credit, Share(amount, row.allocated, row.basis))

    def _aim(self, claim: Item, credit: Item, share: Share) -> None:
        pair = claim.key, credit.key
        before = self.target.get(pair)
        if before:
            share = Share(before.amount + share.amount, max(before.on, share.on), before.basis)
        self.target[pair] = share
        self.people[pair] = claim, credit

    def keep_what_fits(self, stored: Iterable[Stored]) -> None:
        """Keep allocations as far as something is left of their ends; the rest of them goes."""
        for each in stored:
            ends = [self.known[key] for key in (each.claim, each.credit) if key in self.known]
            fits = max(0, min([each.amount, *(item.left for item in ends)]))
            if self._is_contradicted(each):
                fits = 0
            self._take(each, fits)
            if fits < each.amount:
                self._replace(each, fits)

    def keep_what_is_not_told(self, stored: list[Stored]) -> None:
        """Keep what an invoice or a table said was paid before, less what the ledger tells of it: never counted twice."""
        if not stored:
            return
        told: dict[int, int] = {}
        for (claim, _credit), share in self.target.items():
            told[claim[1]] = told.get(claim[1], 0) + share.amount
        wanted = {self.known[each.claim].customer_id for each in stored}
        items = (item for some in self.work.items.values() for item in some if not item.is_claim)
        spare = Counter((item.customer_id, item.currency, item.amount) for item in items if item.customer_id in wanted)
        for each in stored:
            asked = self.known[each.claim]
            same = (asked.customer_id, asked.currency, each.amount)  # the ledger's own entry of the prepayment
            fits = 0 if spare[same] else max(0, min(each.amount - told.get(each.invoice_id, 0), asked.left))
            spare[same] -= bool(spare[same])
            self._take(each, fits)
            if fits < each.amount:
                self._replace(each, fits)

    def _is_contradicted(self, each: Stored) -> bool:
        """A presumption is wrong when the accountant brought one end forward and not the other."""
        carried, left = self.work.carried, self.work.not_carried
        return each.basis not in (LETTERING, *OWN_BASES) and (
            (each.claim in carried and each.credit in left) or (each.credit in carried and each.claim in left)
        )

    def _take(self, each: Stored, amount: int) -> None:
        for key in (each.claim, each.credit):
            if key in self.known and amount:
                self.known[key].take(amount, each.on)

    def _replace(self, each: Stored, fits: int) -> None:
        self.freed.update(key for key in (each.claim, each.credit) if key not in self.known)
        _remove(self.work, [each])
        if fits:
            insert_rows(Allocation, COLUMNS[1:], [each._replace(amount=fits, posting_id=self.work.posting.pk)[1:]])

    def write(self, replaceable: Iterable[Stored]) -> None:
        """Remove what the file no longer says, insert what it says anew, leave the rest alone."""
        gone = []
        for each in replaceable:
            if self.target.get((each.claim, each.credit)) == Share(each.amount, each.on, each.basis):
                del self.target[each.claim, each.credit]
            else:
                gone.append(each)
        _remove(self.work, gone)
        creditor, posting = self.work.creditor.pk, self.work.posting.pk
        rows = []
        for (claim, (is_payment, credit)), share in self.target.items():
            ends = (credit, None) if is_payment else (None, credit)
            rows.append((creditor, *ends, claim[1], *share, posting))
        insert_rows(Allocation, COLUMNS[1:], rows)
        self.work.changes.customers.update(self.people[pair][0].customer_id for pair in self.target)
        self.work.report.created["allocations"] += len(rows)


def _may_meet(claim: Item, credit: Item) -> bool:
    return (
        claim.customer_id == credit.customer_id
        and claim.currency == credit.currency
        and claim.is_claim > credit.is_claim
    )


def told_paid(work: Work, soft: list[Stored]) -> tuple[list[Stored], list[Stored]]:
    """Of allocations presumed of items outside a ledger, those of what an invoice or a table said was paid so far, where the
    ledger has that invoice with its whole total: it tells the payments too."""
    if not work.is_ledger:
        return soft, []
    credits = [each.payment_id for each in soft if each.payment_id is not None]
    balances = {
        pk
        for some in lookups(credits)
        for pk in Payment.objects.filter(pk__in=some, origin="balance").values_list("id", flat=True)
    }
    known = work.known_items() if balances else {}
    prepaid = [
        each
        for each in soft
        if each.payment_id in balances and each.claim in known and each.invoice_id not in work.net_of_prepayment
    ]
    left = {each.id for each in prepaid}
    return [each for each in soft if each.id not in left], prepaid


def _remove(work: Work, gone: list[Stored]) -> None:
    for each in gone:
        work.remove(Allocation, COLUMNS, each)
    for some in lookups(each.id for each in gone):
        Allocation.objects.filter(pk__in=some).delete()
    work.touched_invoices.update(each.invoice_id for each in gone)
    work.touched_invoices.update(each.credit_note_id for each in gone if each.credit_note_id)
    work.touched_payments.update(each.payment_id for each in gone if each.payment_id)
    work.report.removed["allocations"] += len(gone)


def _shrink_balances(work: Work, freed: set[ItemId]) -> None:
    """What a table said was paid so far is not money beside the payments that the ledger now brings."""
    payments = Payment.objects.filter(pk__in=[pk for is_payment, pk in freed if is_payment], origin="balance")
    for payment in payments:
        used = sum(payment.allocations.values_list("amount_minor", flat=True))
        work.touch(payment.customer_id)
        if used:
            work.update(Payment, payment.pk, {"amount_minor": payment.amount_minor})
            Payment.objects.filter(pk=payment.pk).update(amount_minor=used)
        else:
            columns = [column.attname for column in Payment._meta.concrete_fields]
            work.remove(Payment, columns, [getattr(payment, column) for column in columns])
            work.touched_payments.discard(payment.pk)
            payment.delete()


def _presume_again(work: Work, freed: set[ItemId]) -> None:
    """A credit freed because its claim was brought forward paid another, the oldest that was not brought forward."""
    credits = [item for key, item in work.not_carried.items() if key in freed and not item.is_claim]
    if not credits:
        return
    _count_uses(list(work.not_carried.values()))
    claims = sorted((item for item in work.not_carried.values() if item.is_claim), key=lambda item: (item.day, item.id))
    rows: list[tuple[Any, ...]] = []
    for credit in sorted(credits, key=lambda item: (item.day, item.id)):
        for claim in claims:
            amount = min(credit.left, claim.left)
            if amount > 0 and _may_meet(claim, credit):
                on = max(credit.day, claim.day)
                claim.take(amount, on)
                credit.take(amount, on)
                ends = (credit.id, None) if credit.is_payment else (None, credit.id)
                rows.append((work.creditor.pk, *ends, claim.id, amount, on, PRESUMED, work.posting.pk))
                work.touched_invoices.add(claim.id)
    insert_rows(Allocation, COLUMNS[1:], rows)
    work.report.created["allocations"] += len(rows)


def _count_uses(items: list[Item]) -> None:
    uses = uses_of(items)
    for item in items:
        for use in uses.get(item.key, ()):
            item.take(use.amount, use.on)
