"""A second fiscal year brings the open items of the first once more: which opening rows are already known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from exigible.formats.rows import AllocationRow, InvoiceRow, PaymentRow

Row = InvoiceRow | PaymentRow


class KnownItem(NamedTuple):
    """An item open in the books: `open_minor` is what it adds to the balance now (credits are negative)."""

    source_key: str
    customer_key: str
    open_minor: int
    number: str = ""
    issued: date | None = None


class OpeningMatches(NamedTuple):
    """Opening rows by the known items they bring forward, and the rows that are new: opening items of their own."""

    known: dict[str, tuple[KnownItem, ...]]
    new: tuple[Row, ...]


def opening_matches(known_items: Iterable[KnownItem], opening_rows: Iterable[Row]) -> OpeningMatches:
    """Matches opening rows to known items of the same customer.

    First number and amount, then amount (the same day first). What is then left of a customer is one group when it
    adds up to what is left of the books: a ledger may bring forward one line where the books hold many.
    """
    items: dict[str, list[KnownItem]] = defaultdict(list)
    rows: dict[str, list[Row]] = defaultdict(list)
    for item in known_items:
        items[item.customer_key].append(item)
    for row in opening_rows:
        if row.is_opening:
            rows[row.customer_key].append(row)
    known: dict[str, tuple[KnownItem, ...]] = {}
    new: list[Row] = []
    for key, waiting in rows.items():
        left, unmatched = _pair(waiting, items[key], known)
        if left and unmatched and sum(row.signed_minor for row in left) == sum(item.open_minor for item in unmatched):
            known.update((row.source_key, tuple(unmatched)) for row in left)
        else:
            new.extend(left)
    return OpeningMatches(known, tuple(new))


def _pair(
    rows: list[Row], items: list[KnownItem], known: dict[str, tuple[KnownItem, ...]]
) -> tuple[list[Row], list[KnownItem]]:
    """Pairs one row with one item as long as it can; the rows and the items that are left."""
    by_amount: dict[int, list[KnownItem]] = defaultdict(list)
    for item in items:
        by_amount[item.open_minor].append(item)
    for same in (_same_number, _same_day, _same_amount):
        left = []
        for row in rows:
            candidates = by_amount[row.signed_minor]
            found = next((item for item in candidates if same(row, item)), None)
            if found:
                known[row.source_key] = (found,)
                candidates.remove(found)
            else:
                left.append(row)
        rows = left
    return rows, [item for candidates in by_amount.values() for item in candidates]


def _same_number(row: Row, item: KnownItem) -> bool:
    number = row.reference if isinstance(row, PaymentRow) else row.number
    return bool(item.number) and (number == item.number or item.number in row.label.split())


def _same_day(row: Row, item: KnownItem) -> bool:
    return item.issued == (row.received if isinstance(row, PaymentRow) else row.issued)


def _same_amount(row: Row, item: KnownItem) -> bool:
    return True


def carry_over(allocations: Iterable[AllocationRow], known: Mapping[str, tuple[KnownItem, ...]]) -> list[AllocationRow]:
    """The allocations of a later year with known items in the place of the opening rows that stand for them.

    Where one row stands for several items the amount is spread over them in their order, never above what is open.
    """
    left = {item.source_key: abs(item.open_minor) for items in known.values() for item in items}
    moved = []
    for each in allocations:
        claims = [item for item in known.get(each.source_key_invoice, ()) if item.open_minor > 0]
        credits = [item for item in known.get(each.source_key_credit, ()) if item.open_minor < 0]
        rest = each.amount_minor
        for claim_key, credit_key in _pairs(each, claims, credits):
            amount = min(rest, left.get(claim_key, rest), left.get(credit_key, rest))
            if amount > 0:
                moved.append(
                    each._replace(source_key_invoice=claim_key, source_key_credit=credit_key, amount_minor=amount)
                )
                rest -= amount
                for key in (claim_key, credit_key):
                    if key in left:
                        left[key] -= amount
    return moved


def _pairs(each: AllocationRow, claims: list[KnownItem], credits: list[KnownItem]) -> list[tuple[str, str]]:
    claim_keys = [item.source_key for item in claims] or [each.source_key_invoice]
    credit_keys = [item.source_key for item in credits] or [each.source_key_credit]
    return [(claim, credit) for claim in claim_keys for credit in credit_keys]
