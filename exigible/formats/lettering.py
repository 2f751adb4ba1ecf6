"""Which credit settled which claim: by the accountant's letters, else by reference, by amount, or oldest first."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from exigible.formats.rows import AllocationRow, Basis, InvoiceRow, PaymentRow

WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]*")
SHORTEST_REFERENCE = 3


class Part:
    """A claim or a credit and what is left of it, in minor units."""

    __slots__ = ("row", "rest", "day")

    def __init__(self, row: InvoiceRow | PaymentRow) -> None:
        self.row = row
        self.rest = row.amount_minor if isinstance(row, PaymentRow) else row.total_minor
        self.day = row.received if isinstance(row, PaymentRow) else row.issued


Sides = tuple[list[Part], list[Part]]  # claims, credits


def allocate(invoices: Iterable[InvoiceRow], payments: Iterable[PaymentRow]) -> list[AllocationRow]:
    """The allocations of a ledger. None exceeds its claim or its credit; a customer and an account never mix."""
    by_account: dict[tuple[str, str, str], list[InvoiceRow | PaymentRow]] = defaultdict(list)
    for rows in (invoices, payments):
        for row in rows:
            by_account[row.customer_key, row.account, row.currency].append(row)
    return [each for rows in by_account.values() for each in _of_account(rows)]


def _of_account(rows: list[InvoiceRow | PaymentRow]) -> Iterator[AllocationRow]:
    by_letter: dict[str, Sides] = defaultdict(lambda: ([], []))
    claims: list[Part] = []
    credits: list[Part] = []
    for row in rows:
        part, side = Part(row), int(row.signed_minor < 0)
        (credits if side else claims).append(part)
        if row.allocation_ref:
            by_letter[row.allocation_ref][side].append(part)
    for sides in by_letter.values():
        yield from _by_letter(sides)
    left = [part for part in credits if part.rest]
    if left and claims:
        yield from _by_reference(claims, left)
        yield from _by_amount(claims, left)
        yield from _oldest_first(claims, left, "oldest_first")


def _by_letter(sides: Sides) -> Iterator[AllocationRow]:
    """One group of letters. A code used again (another year, say) is told apart by the day of lettering when the
    parts then balance; a group out of balance is set off as far as it goes."""
    claims, credits = sides
    groups = [sides]
    if sum(part.rest for part in claims) != sum(part.rest for part in credits):
        groups = _balanced_by_day(sides)
    for claims, credits in groups:
        yield from _same_amounts(claims, credits)
        yield from _oldest_first(claims, credits, "lettering")


def _balanced_by_day(sides: Sides) -> list[Sides]:
    """The parts of a group that balance on one day of lettering, then what is left of it."""
    by_day: dict[date | None, Sides] = defaultdict(lambda: ([], []))
    for side, parts in enumerate(sides):
        for part in parts:
            by_day[part.row.lettered][side].append(part)
    balanced, rest = [], ([], [])  # type: list[Sides], Sides
    for claims, credits in by_day.values():
        if sum(part.rest for part in claims) == sum(part.rest for part in credits):
            balanced.append((claims, credits))
        else:
            rest[0].extend(claims)
            rest[1].extend(credits)
    return [*balanced, rest]


def _same_amounts(claims: list[Part], credits: list[Part]) -> Iterator[AllocationRow]:
    """Within letters, a credit settles first the claim of its very amount."""
    waiting: dict[int, list[Part]] = defaultdict(list)
    for claim in sorted(claims, key=_age, reverse=True):
        waiting[claim.rest].append(claim)
    for credit in sorted(credits, key=_age):
        if credit.rest and waiting[credit.rest]:
            yield _set_off(credit, waiting[credit.rest].pop(), "lettering")


def _by_reference(claims: list[Part], credits: list[Part]) -> Iterator[AllocationRow]:
    """A credit that names claims which together make its very amount."""
    numbers: dict[str, list[Part]] = defaultdict(list)
    for claim in claims:
        if claim.rest and len(number := _plain(claim.row.number if isinstance(claim.row, InvoiceRow) else "")) > 2:
            numbers[number].append(claim)
    for credit in credits:
        named = [claim for word in _words(credit.row) for claim in numbers.get(word, ()) if claim.rest]
        if named and sum(claim.rest for claim in named) == credit.rest:
            for claim in named:
                yield _set_off(credit, claim, "reference")


def _words(row: InvoiceRow | PaymentRow) -> list[str]:
    """What a credit may name: its reference, then each word of its label; each once."""
    reference = row.reference if isinstance(row, PaymentRow) else row.number
    words = [reference, *WORD.findall(f"{reference} {row.label}")]
    return list(dict.fromkeys(plain for word in words if len(plain := _plain(word)) >= SHORTEST_REFERENCE))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold().lstrip("0")


def _by_amount(claims: list[Part], credits: list[Part]) -> Iterator[AllocationRow]:
    """A credit whose amount is that of one claim alone, and of no other credit."""
    amounts: dict[int, list[Part]] = defaultdict(list)
    rivals: dict[int, int] = defaultdict(int)
    for claim in claims:
        if claim.rest:
            amounts[claim.rest].append(claim)
    for credit in credits:
        rivals[credit.rest] += 1
    for credit in [each for each in credits if each.rest]:
        same = amounts.get(credit.rest, [])
        if len(same) == 1 and rivals[credit.rest] == 1 and same[0].day <= credit.day:
            yield _set_off(credit, same[0], "exact_amount")


def _oldest_first(claims: list[Part], credits: list[Part], basis: Basis) -> Iterator[AllocationRow]:
    """Credits in their order of time against claims in theirs, as far as they go."""
    waiting = iter(sorted((claim for claim in claims if claim.rest), key=_age))
    claim = next(waiting, None)
    for credit in sorted((each for each in credits if each.rest), key=_age):
        while credit.rest and claim:
            yield _set_off(credit, claim, basis)
            if not claim.rest:
                claim = next(waiting, None)


def _age(part: Part) -> tuple[date, int]:
    return part.day, part.row.line


def _set_off(credit: Part, claim: Part, basis: Basis) -> AllocationRow:
    """Sets one against the other for the smaller of both."""
    amount = min(credit.rest, claim.rest)
    assert amount > 0
    credit.rest -= amount
    claim.rest -= amount
    kind: Literal["payment", "credit_note"] = "payment" if isinstance(credit.row, PaymentRow) else "credit_note"
    day = max(credit.day, claim.day)
    if basis == "lettering":
        day = credit.row.lettered or claim.row.lettered or day
    return AllocationRow(credit.row.source_key, kind, claim.row.source_key, amount, day, basis)
