"""Opening entries: which of them bring forward what the books know, in whatever order the years come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar

from exigible.books.ledger.models import Allocation, Invoice, Payment
from exigible.books.ledger.posting_items import (
    INVOICE_ITEM,
    PAYMENT_ITEM,
    invoice_item,
    items_of_customers,
    payment_item,
)
from exigible.books.ledger.posting_records import (
    OWN_BASES,
    OWN_PAYMENTS,
    Item,
    ItemId,
    Row,
    Work,
    lookups,
    posting_error,
)
from exigible.common.bulk import update_rows
from exigible.formats.openings import KnownItem, opening_matches
from exigible.formats.rows import InvoiceKind, InvoiceRow, PaymentRow

SURE = ("lettering", *OWN_BASES)
OPENING = "opening"
Key = TypeVar("Key", str, ItemId)


class Use(NamedTuple):
    """An allocation as one of its ends sees it."""

    amount: int
    on: date
    is_sure: bool
    other: ItemId


def uses_of(items: Iterable[Item]) -> dict[ItemId, list[Use]]:
    """The allocations of items of the books."""
    found: dict[ItemId, list[Use]] = defaultdict(list)
    listed = list(items)
    claims = {item.id for item in listed if not item.is_payment and item.is_claim}
    for column, is_payment in (("invoice_id", False), ("credit_note_id", False), ("payment_id", True)):
        ids = [
            item.id for item in listed if item.is_payment == is_payment and (is_payment or _side(column, item, claims))
        ]
        for some in lookups(ids):
            rows = Allocation.objects.filter(**{f"{column}__in": some})
            ends = rows.values_list(
                "invoice_id", "credit_note_id", "payment_id", "amount_minor", "allocated_on", "basis"
            )
            for invoice, note, payment, amount, on, basis in ends:
                credit: ItemId = (True, payment) if payment is not None else (False, note)
                claim: ItemId = (False, invoice)
                own, other = (claim, credit) if column == "invoice_id" else (credit, claim)
                found[own].append(Use(amount, on, basis in SURE, other))
    return found


def _side(column: str, item: Item, claims: set[int]) -> bool:
    return (column == "invoice_id") == (item.id in claims)


def match_openings(work: Work) -> None:
    """Take opening rows for the known items that they bring forward (decision 16).

    What an item had open on the eve of the file counts, presumed allocations left aside: the accountant, who brings it
    forward, did not make them. The same file read again finds the aliases kept here.
    """
    unknown = [row for row in _rows(work) if row.is_opening and row.source_key not in work.items]
    if not unknown or work.is_first or work.period is None:
        work.report.openings_known += sum(row.is_opening for row in _rows(work) if row.source_key in work.items)
        return
    old = {work.customer_ids[row.customer_key] for row in unknown if row.customer_key in work.customer_ids}
    known = work.known_items()
    carriable = [item for item in items_of_customers(old - work.new_customers) if item.key not in known]
    carriable = [item for item in carriable if _comes_before(work, item)]
    eve = _Eve(carriable, work.period[0])
    rest = [row for row in unknown if not _take_whole(work, row, eve)]
    keys = {pk: key for key, pk in work.customer_ids.items()}
    open_items = [item for item in carriable if eve.left[item.key] and item.key not in work.carried]
    by_key = {_label(item): item for item in open_items}
    matches = opening_matches([_known_item(item, keys, eve.left[item.key]) for item in open_items], rest)
    for source_key, found in matches.known.items():
        _take(work, source_key, [by_key[each.source_key] for each in found])
    waiting = {work.customer_ids.get(row.customer_key) for row in matches.new}
    for item in carriable:
        if item.key not in work.carried and item.customer_id not in waiting:
            work.not_carried[item.key] = item
    work.report.openings_known += sum(row.is_opening for row in _rows(work) if row.source_key in work.items)


def _rows(work: Work) -> list[Row]:
    return [*work.reading.invoices, *work.reading.payments]


def _take(work: Work, source_key: str, items: list[Item]) -> None:
    work.items[source_key] = items
    work.changes.aliases[source_key] = [item.key for item in items]
    work.carried.update(item.key for item in items)


def _comes_before(work: Work, item: Item) -> bool:
    """Say whether an item may be brought forward by this file: of an earlier year, of a table, or an opening item whose
    entry was written again under another number."""
    assert work.period is not None
    if item.is_payment and item.origin in OWN_PAYMENTS:
        return False
    if work.past.formats.get(item.posting_id or 0) == "table":
        return item.day < work.period[0]
    begins = work.past.begins(item.posting_id)
    return begins is None or begins < work.period[0] or (item.origin == OPENING and begins <= work.period[1])


def _label(item: Item) -> str:
    return f"{'payment' if item.is_payment else 'invoice'}:{item.id}"


def _known_item(item: Item, keys: dict[int, str], left: int) -> KnownItem:
    amount = left if item.is_claim else -left
    return KnownItem(_label(item), keys[item.customer_id], amount, item.number, item.day)


class _Eve:
    """What items had open on the eve of a file, and those that only parts of them had settled until then."""

    def __init__(self, items: list[Item], begins: date) -> None:
        self.left: dict[ItemId, int] = {}
        self.in_part: dict[tuple[int, bool, str, int], list[Item]] = defaultdict(list)
        uses = uses_of(items)
        sure = {key: [use for use in some if use.is_sure and use.on < begins] for key, some in uses.items()}
        for item in items:
            self.left[item.key] = item.amount - sum(use.amount for use in sure.get(item.key, ()))
        links = [(key, use.other) for key, some in sure.items() for use in some]
        begun = _begun({item.key: (item.amount, self.left[item.key]) for item in items}, links)
        for item in items:
            if item.key in begun:
                self.in_part[item.customer_id, item.is_claim, item.number, item.amount].append(item)


def _begun(amounts: Mapping[Key, tuple[int, int]], links: Iterable[tuple[Key, Key]]) -> set[Key]:
    """The items settled in part, given (amount, left) of each, and the credits or claims that settled that part."""
    begun = {key for key, (amount, left) in amounts.items() if 0 < left < amount}
    return begun | {other for key, other in links if key in begun} | {key for key, other in links if other in begun}


def _take_whole(work: Work, row: Row, eve: _Eve) -> bool:
    """A claim settled in part may be brought forward whole, beside the payment that settled the part."""
    customer = work.customer_ids.get(row.customer_key, 0)
    number = row.reference if isinstance(row, PaymentRow) else row.number
    same = eve.in_part.get((customer, row.signed_minor > 0, number, abs(row.signed_minor)), [])
    found = next((item for item in same if item.key not in work.carried), None)
    if found is not None:
        _take(work, row.source_key, [found])
    return found is not None


def take_over_openings(work: Work) -> None:
    """When an earlier year comes after a later one: opening items of the later year become the rows they stood for.

    The item keeps its identity, with the steps taken on it; its opening key becomes an alias of it.
    """
    if work.period is None or work.is_first:
        return
    later = [pk for pk, (begins, _ends) in work.past.periods.items() if begins > work.period[1]]
    if not later:
        return
    keys = {pk: key for key, pk in work.customer_ids.items()}
    openings: dict[str, tuple[Item, Any]] = {}
    for item, source_key in _opening_items(work, later):
        if item.customer_id in keys:
            openings[source_key] = item, _opening_row(item, source_key, keys[item.customer_id])
    if not openings:
        return
    rows = {row.source_key: row for row in _rows(work) if row.source_key not in work.items}
    left = _left_at_the_end(work, rows)
    whole = _rows_in_part(work, rows, left)
    for source_key, (item, opening) in list(openings.items()):
        same = [row for row in whole.get(_identity(opening), []) if row.source_key not in work.items]
        if same:
            _take_over(work, item, source_key, same[0])
            del openings[source_key]
    known = [_known_row(rows[key], amount) for key, amount in left.items() if amount and key not in work.items]
    matches = opening_matches(known, [row for _item, row in openings.values()])
    for source_key, found in matches.known.items():
        if len(found) == 1 and found[0].source_key not in work.items:
            _take_over(work, openings[source_key][0], source_key, rows[found[0].source_key])
    if any(len(found) > 1 for found in matches.known.values()):
        work.report.notes.append(posting_error("posting.no_opening_order"))


def _left_at_the_end(work: Work, rows: Mapping[str, Row]) -> dict[str, int]:
    """What the rows of a file add to the balance once its letters are counted."""
    settled: dict[str, int] = defaultdict(int)
    for each in work.reading.allocations:
        if each.basis == "lettering":
            settled[each.source_key_credit] += each.amount_minor
            settled[each.source_key_invoice] += each.amount_minor
    return {
        key: row.signed_minor + (settled[key] if row.signed_minor < 0 else -settled[key]) for key, row in rows.items()
    }


def _rows_in_part(work: Work, rows: Mapping[str, Row], left: Mapping[str, int]) -> dict[tuple[Any, ...], list[Row]]:
    """The rows settled in part, and those that settled that part, by what an opening row would repeat of them."""
    letters = [each for each in work.reading.allocations if each.basis == "lettering"]
    links = [(each.source_key_invoice, each.source_key_credit) for each in letters]
    begun = _begun({key: (abs(row.signed_minor), abs(left[key])) for key, row in rows.items()}, links)
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for key in begun & rows.keys():
        found[_identity(rows[key])].append(rows[key])
    return found


def _identity(row: Row) -> tuple[Any, ...]:
    number = row.reference if isinstance(row, PaymentRow) else row.number
    return row.customer_key, number, row.signed_minor, isinstance(row, PaymentRow)


def _take_over(work: Work, item: Item, opening_key: str, row: Row) -> None:
    become(work, item, row)
    if row.source_key in work.items:
        work.changes.aliases[opening_key] = [item.key]


def _opening_items(work: Work, postings: list[int]) -> list[tuple[Item, str]]:
    invoices = Invoice.objects.of(work.creditor).filter(origin=OPENING, posting_id__in=postings)
    payments = Payment.objects.of(work.creditor).filter(origin=OPENING, posting_id__in=postings)
    return [
        *((invoice_item(values), key) for key, *values in invoices.values_list("source_key", *INVOICE_ITEM)),
        *((payment_item(values), key) for key, *values in payments.values_list("source_key", *PAYMENT_ITEM)),
    ]


def _opening_row(item: Item, source_key: str, customer_key: str) -> Row:
    if item.is_payment:
        return PaymentRow(
            source_key, customer_key, item.day, item.currency, item.amount, reference=item.number, is_opening=True
        )
    nature: InvoiceKind = "invoice" if item.is_claim else "credit_note"
    return InvoiceRow(
        source_key, customer_key, item.number, nature, item.day, None, item.currency, item.amount, is_opening=True
    )


def _known_row(row: Row, open_minor: int) -> KnownItem:
    if isinstance(row, PaymentRow):
        return KnownItem(row.source_key, row.customer_key, open_minor, row.reference, row.received)
    return KnownItem(row.source_key, row.customer_key, open_minor, row.number, row.issued)


def become(work: Work, item: Item, row: Row) -> None:
    """Give an item of the books the identity and the substance of a row of the file."""
    if isinstance(row, PaymentRow) != item.is_payment:
        return
    if isinstance(row, PaymentRow):
        values: dict[str, Any] = {
            "source_key": row.source_key, "received_on": row.received, "amount_minor": row.amount_minor, "label": row.label[:200],
            "reference": row.reference[:80], "origin": row.origin, "posting_id": work.posting.pk,
        }  # fmt: skip
        item.amount, item.day, model = row.amount_minor, row.received, Payment
    else:
        is_sale = row.origin == "sale"
        values = {
            "source_key": row.source_key, "issued_on": row.issued, "total_minor": row.total_minor, "label": row.label[:200],
            "number": row.number[:80], "origin": row.origin, "posting_id": work.posting.pk,
        }  # fmt: skip
        if is_sale:
            values["is_confirmed"] = True
        item.amount, item.day, model = row.total_minor, row.issued, Invoice  # type: ignore[assignment]
    overwrite(work, model, item, values)
    work.items[row.source_key] = [item]


def overwrite(work: Work, model: Any, item: Item, values: dict[str, Any]) -> None:
    """Change columns of a row of the books, remembering what they were."""
    old = model.objects.filter(pk=item.id).values(*values).get()
    work.update(model, item.id, old)
    work.touch(item.customer_id)
    update_rows(model, tuple(values), [(*values.values(), item.id)])
    work.report.updated["payments" if item.is_payment else "invoices"] += 1
