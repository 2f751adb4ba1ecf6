"""What a posting knows while it works: items of the books, earlier postings, the changes it makes, its report."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import models

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Posting
from exigible.formats.rows import InvoiceRow, PaymentRow, Reading, RowError

LOOKUP = 5000
TABLES = ("customers", "invoices", "payments", "allocations")
OWN_PAYMENTS = (
    "hand",
    "statement",
    "difference",
)  # recorded by hand, made of a bank's movement, or written off with one
OWN_BASES = ("hand", "bank")  # how a person, or the bank, set them against invoices
ItemId = tuple[bool, int]  # whether it is a payment, primary key
Row = InvoiceRow | PaymentRow


@dataclass(slots=True)
class Item:
    """A claim or a credit, in the books or about to be; amounts in minor units. `used` is what allocations take of it."""

    id: int
    is_payment: bool
    is_claim: bool
    customer_id: int
    amount: int
    day: date
    currency: str
    number: str = ""
    origin: str = ""
    posting_id: int | None = None
    settled: date | None = None
    is_new: bool = False
    used: int = 0
    last: date | None = None

    @property
    def left(self) -> int:
        """What is left to pay or to use."""
        return self.amount - self.used

    @property
    def key(self) -> ItemId:
        """The identity of this item."""
        return self.is_payment, self.id

    def take(self, amount: int, on: date) -> None:
        """Set an amount of it against another item."""
        self.used += amount
        self.last = on if self.last is None or on > self.last else self.last

    def settled_on(self) -> date | None:
        """The day on which nothing was left of it."""
        return (self.last or self.day) if self.used >= self.amount else None


class Past(NamedTuple):
    """The postings that stand, by id: format and days covered; and the source keys that mean items known otherwise."""

    formats: dict[int, str]
    periods: dict[int, tuple[date, date]]
    aliases: dict[str, list[ItemId]]

    def begins(self, posting_id: int | None) -> date | None:
        """The first day of the file from which a row came, where it had one."""
        period = self.periods.get(posting_id or 0)
        return period[0] if period else None


def past_of(creditor: Creditor) -> Past:
    """Read what earlier postings left to know."""
    past = Past({}, {}, {})
    rows = Posting.objects.of(creditor).filter(undone_at__isnull=True).order_by("id").values_list("id", "changes")
    for posting_id, text in rows.iterator():
        told = json.loads(text)
        if not isinstance(told, dict):
            continue
        past.formats[posting_id] = told["format"]
        if told["period"]:
            first, last = told["period"]
            past.periods[posting_id] = (date.fromisoformat(first), date.fromisoformat(last))
        for key, ids in told["aliases"].items():
            past.aliases[key] = [(bool(is_payment), int(pk)) for is_payment, pk in ids]
    return past


def period_of(reading: Reading) -> tuple[date, date] | None:
    """The days that a ledger covers, its opening lines apart; none for a table.

    `posting_period.with_days` says them; else stray dates (a piece of years ago) are left aside: one in fifty at each end.
    """
    if reading.format != "fec":
        return None
    told = reading.facts.get("first_day"), reading.facts.get("last_day")
    if isinstance(told[0], date) and isinstance(told[1], date):
        return told[0], told[1]
    days = sorted(
        [row.received for row in reading.payments if not row.is_opening]
        + [row.issued for row in reading.invoices if not row.is_opening]
    ) or sorted([row.received for row in reading.payments] + [row.issued for row in reading.invoices])
    return (days[len(days) // 50], days[-1 - len(days) // 50]) if days else None


def mapped_fields(reading: Reading) -> set[str]:
    """The fields that the columns of a table hold."""
    mapping = reading.facts.get("mapping")
    columns = mapping.get("columns", ()) if isinstance(mapping, dict) else ()
    return {column["field"] for column in columns}


@dataclass(slots=True)
class Changes:
    """What undoing needs: old values of changed rows, removed rows, source keys taken to mean known items."""

    aliases: dict[str, list[ItemId]] = field(default_factory=dict)
    updated: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)
    removed: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    customers: set[int] = field(default_factory=set)

    def to_json(self, kind: str, period: tuple[date, date] | None) -> str:
        """These changes as text for `Posting.changes`."""
        told = {
            "format": kind,
            "period": period,
            "aliases": self.aliases,
            "updated": self.updated,
            "removed": self.removed,
            "customers": as_ranges(self.customers),
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str)


SENTENCES = {
    "posting.other_amount": "Line {line}: {number} is in the books for {known}, and this file says {given}; the line is left "
    "out. Issue a credit note, or undo the first import.",
    "posting.other_day": "Line {line}: {number} is in the books with the date {known}, and this file says {given}; the line "
    "is left out. Correct the ledger, or undo the first import.",
    "posting.other_customer": "Line {line}: {number} is in the books of customer {known}, and this file says {given}; the "
    "line is left out. Correct the ledger, or undo the first import.",
    "posting.other_nature": "Line {line}: {number} is in the books as {known}, and this file says {given}; the line is left "
    "out. Correct the ledger, or undo the first import.",
    "posting.no_customer": "Line {line}: customer {given} is not in the file; the line is left out. Export the file again.",
    "posting.terms": "Customer {number}: the terms “{given}” cannot be read; write a number of days, like 30, 45 FDM or "
    "FDM + 45. The usual terms were taken.",
    "posting.purchase": "Invoice {number} was sold to you by {seller}: it is yours to pay, not to collect; it is left out.",
    "posting.other_seller": "Invoice {number} was sold by {seller}, not by you; it is left out. If it is yours, correct your "
    "SIREN in the settings.",
    "posting.no_opening_order": "Opening items of a later year stand in the books beside this file's: import the years in "
    "order, or undo the import of the later year and do it again.",
}


def posting_error(code: str, line: int | None = None, **params: object) -> RowError:
    """The error of this code, its sentence filled in."""
    facts: dict[str, object] = {"line": line, **params}
    return RowError(line, "", SENTENCES[code].format(**facts), code, facts)


def error_json(error: RowError) -> dict[str, Any]:
    """An error as plain values."""
    params = {name: value if isinstance(value, int | str) else str(value) for name, value in error.params.items()}
    return {"line": error.line, "field": error.field, "reason": error.reason, "code": error.code, "params": params}


@dataclass(slots=True)
class PostingReport:
    """What a posting did. Counts are by table; `recognised` names payments by hand that the file now brings."""

    posting_id: int = 0
    created: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    updated: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    removed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    unchanged: int = 0
    rejected: list[RowError] = field(default_factory=list)
    recognised: list[dict[str, Any]] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)
    openings_known: int = 0
    openings_new: int = 0
    customer_ids: set[int] = field(default_factory=set)
    terms_changed: set[int] = field(default_factory=set)

    @property
    def is_nothing(self) -> bool:
        """True when the books were left as they were."""
        return not any(sum(counts.values()) for counts in (self.created, self.updated, self.removed))

    def to_json(self) -> dict[str, Any]:
        """The report as plain values, to be shown and kept."""
        return {
            "created": self.created,
            "updated": self.updated,
            "removed": self.removed,
            "unchanged": self.unchanged,
            "rejected": [error_json(each) for each in self.rejected],
            "recognised": self.recognised,
            "notes": [error_json(each) for each in self.notes],
            "openings": {"known": self.openings_known, "new": self.openings_new},
        }


@dataclass(slots=True)
class Work:
    """One posting in progress."""

    creditor: Creditor
    posting: Posting
    reading: Reading
    past: Past
    period: tuple[date, date] | None
    is_first: bool
    changes: Changes = field(default_factory=Changes)
    report: PostingReport = field(default_factory=PostingReport)
    customer_ids: dict[str, int] = field(default_factory=dict)
    terms: dict[int, str] = field(default_factory=dict)
    new_customers: set[int] = field(default_factory=set)
    terms_changed: set[int] = field(default_factory=set)
    items: dict[str, list[Item]] = field(default_factory=dict)
    stored: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    carried: set[ItemId] = field(default_factory=set)
    not_carried: dict[ItemId, Item] = field(default_factory=dict)
    touched_invoices: set[int] = field(default_factory=set)
    touched_payments: set[int] = field(default_factory=set)
    net_of_prepayment: set[int] = field(default_factory=set)

    @property
    def is_ledger(self) -> bool:
        """Whether the file tells each payment: a FEC, or a table of movements."""
        return self.reading.format == "fec" or self.reading.facts.get("kind") == "movements"

    def reject(self, code: str, line: int, **params: object) -> None:
        """Leave a line out, with a sentence."""
        self.report.rejected.append(posting_error(code, line, **params))

    def touch(self, customer_id: int) -> None:
        """Say that something of a customer changed."""
        self.changes.customers.add(customer_id)

    def known_items(self) -> dict[ItemId, Item]:
        """The items of the file that were in the books before."""
        return {item.key: item for items in self.items.values() for item in items if not item.is_new}

    def update(self, model: type[models.Model], pk: int, old: dict[str, Any]) -> None:
        """Remember the old values of a row about to change."""
        self.changes.updated.append((model._meta.model_name or "", pk, old))

    def remove(self, model: type[models.Model], columns: Sequence[str], values: Sequence[Any]) -> None:
        """Remember a row about to be deleted."""
        self.changes.removed.append((model._meta.model_name or "", dict(zip(columns, values, strict=True))))


def lookups(values: Iterable[Any], size: int = LOOKUP) -> Iterator[list[Any]]:
    """Yield values a number at a time that fits in one query."""
    listed = list(values)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


def as_ranges(ids: Iterable[int]) -> list[list[int]]:
    """Ids as [first, last] pairs: rows made together have numbers that follow one another."""
    ranges: list[list[int]] = []
    for pk in sorted(ids):
        if ranges and pk == ranges[-1][1] + 1:
            ranges[-1][1] = pk
        else:
            ranges.append([pk, pk])
    return ranges


def from_ranges(ranges: Iterable[Sequence[int]]) -> set[int]:
    """The ids of [first, last] pairs."""
    return {pk for first, last in ranges for pk in range(first, last + 1)}
