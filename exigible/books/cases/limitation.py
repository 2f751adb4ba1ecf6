"""Until when one can sue on each invoice: kept with its standing, read again whenever a case is refreshed or something is recorded."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from exigible.books.cases.models import LimitationAlert, LimitationEvent, Stage, Standing
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Invoice
from exigible.common.bulk import as_day, known_day, plain_rows, update_rows
from exigible.core.dates import add_months
from exigible.core.law.book import LawBook, LawError, law_book
from exigible.core.law.limitation import Limitation, limitation
from exigible.core.law.limitation import LimitationEvent as Happened

# A due date that the law or we presume was agreed by nobody: the period may run from the supply, which the invoice follows.
NOT_AGREED = frozenset({Invoice.DueOrigin.DEFAULT, Invoice.DueOrigin.NONE})
PASSED = 0
_ONE_DAY = timedelta(days=1)
_COLUMNS = (
    "invoice_id", "invoice__customer__kind", "invoice__issued_on", "invoice__due_on", "invoice__due_origin", "activity", "completed_on",
    "last_day_to_sue", "limitation_rule", "next_warning_on",
)  # fmt: skip


class ClaimFacts(NamedTuple):
    """What the time to sue on an invoice depends on, beside its events."""

    debtor: str
    issued: date
    due: date | None
    due_origin: str
    activity: str
    completed: date | None

    @property
    def agreed_due(self) -> date | None:
        """The due date, where somebody agreed on it."""
        return None if self.due_origin in NOT_AGREED else self.due

    @property
    def supplied(self) -> date | None:
        """The day of the supply, or that of the invoice where neither it nor an agreed due date is known."""
        return self.completed or (None if self.agreed_due else self.issued)

    @property
    def is_presumed(self) -> bool:
        """Whether the period is counted from the day of the invoice, for want of anything better."""
        return self.completed is None and self.agreed_due is None


def limitation_of(book: LawBook, facts: ClaimFacts, events: Iterable[Happened] = ()) -> Limitation:
    """Return the last day to sue on a claim, with its reason; LawError when the law of the country does not say it."""
    return limitation(
        book, facts.debtor, due=facts.agreed_due, completed=facts.supplied, activity=facts.activity, events=events
    )


def facts_of(invoice: Invoice, standing: Standing | None) -> ClaimFacts:
    """Return the facts of one invoice; without a standing (nothing is owed any more) it is of the usual activity."""
    return ClaimFacts(
        invoice.customer.kind, invoice.issued_on, invoice.due_on, invoice.due_origin,
        standing.activity if standing else "services", standing.completed_on if standing else None,
    )  # fmt: skip


def events_of(invoice_ids: Sequence[int]) -> dict[int, list[Happened]]:
    """Return what happened to invoices that the time to sue depends on, by invoice."""
    found: dict[int, list[Happened]] = {}
    rows = LimitationEvent.objects.filter(invoice_id__among=invoice_ids).order_by("on", "id")
    for invoice_id, on, kind in rows.values_list("invoice_id", "on", "kind"):
        found.setdefault(invoice_id, []).append(Happened(on, kind))
    return found


def nearest_standing(customer_id: int) -> Standing | None:
    """Return the unpaid invoice of a customer on which one can sue the least long, by its standing."""
    rows = Standing.objects.filter(case__customer_id=customer_id, last_day_to_sue__isnull=False)
    rows = rows.exclude(stage=Stage.CLOSED).select_related("invoice__customer", "invoice__creditor")
    return rows.order_by("last_day_to_sue", "invoice_id").first()


def months_before(book: LawBook, on: date) -> tuple[int, ...]:
    """Return the thresholds of the alerts in months, the farthest first."""
    names = ("first", "second", "third", "last")
    keys = [f"limitation_alert.{name}_months" for name in names]
    return tuple(book.number(key, on) for key in keys if book.has(key))


def thresholds(book: LawBook, start: date, last_day: date) -> list[tuple[date, int]]:
    """Return the days of the alerts with their months, in order; 0 on the day after the last.

    What would fall before the period begins is left out: nothing draws near yet.
    """
    marks = [(add_months(last_day, -months), months) for months in months_before(book, last_day)]
    return [*(mark for mark in marks if mark[0] > start), (last_day + _ONE_DAY, PASSED)]


def refresh_limitation(creditor: Creditor, customer_ids: Sequence[int], today: date) -> None:
    """Make the last day to sue of the unpaid invoices of customers agree with their facts and events. Two queries."""
    book = law_book(creditor.country)
    standings = Standing.objects.filter(invoice__customer_id__among=customer_ids).exclude(stage=Stage.CLOSED)
    rows = plain_rows(standings.values_list(*_COLUMNS))
    if not rows:
        return
    events = _events_of_customers(customer_ids)
    changed, settled = [], []
    for key, kind, issued, due, origin, activity, completed, last_day, rule, warning in rows:
        facts = ClaimFacts(kind, known_day(issued), as_day(due), origin, activity, as_day(completed))
        found = _told(book, facts, events[key]) if key in events else _told_without_events(book, facts)
        if found[:2] != (as_day(last_day), rule):
            changed.append((*found[:2], _next_warning(book, found, today), key))
            settled += [key] if last_day is not None else []
        elif warning is None and found.last_day is not None and found.last_day >= today:
            changed.append((*found[:2], _next_warning(book, found, today), key))
    update_rows(Standing, ("last_day_to_sue", "limitation_rule", "next_warning_on"), changed)
    if settled:
        LimitationAlert.objects.filter(invoice_id__among=settled, ended_on__isnull=True).update(ended_on=today)


def first_limitation(book: LawBook, facts: ClaimFacts, today: date) -> tuple[date | None, str, date | None]:
    """Return what the standing of a new invoice says of its limitation: the last day, its rule, the day of the first alert."""
    found = _told_without_events(book, facts)
    return found.last_day, found.rule, _first_warning(book, found, today)


class _Told(NamedTuple):
    """What a standing keeps of its limitation, and when the period began."""

    last_day: date | None
    rule: str
    start: date | None


def _events_of_customers(customer_ids: Sequence[int]) -> dict[int, list[Happened]]:
    found: dict[int, list[Happened]] = {}
    rows = LimitationEvent.objects.filter(invoice__customer_id__among=customer_ids).order_by("on", "id")
    for invoice_id, on, kind in rows.values_list("invoice_id", "on", "kind"):
        found.setdefault(invoice_id, []).append(Happened(on, kind))
    return found


def _told(book: LawBook, facts: ClaimFacts, events: Iterable[Happened] = ()) -> _Told:
    """The last day and what it rests on: the reading of the law, then the last event that moved it."""
    try:
        found = limitation_of(book, facts, events)
    except LawError:
        return _Told(None, "", None)
    moved = [event.kind for event in found.events if event.rule in ("interrupts", "suspends", "resumes")]
    reading = min(found.readings, key=lambda each: each.last_day).rule
    start = found.start if not moved else max(event.on for event in found.events)
    return _Told(found.last_day, ".".join([found.rule.rpartition(".")[2], moved[-1] if moved else reading]), start)


@lru_cache(maxsize=65536)
def _told_without_events(book: LawBook, facts: ClaimFacts) -> _Told:
    """The same where nothing happened: a book has few different dates, and many rows."""
    return _told(book, facts)


@lru_cache(maxsize=65536)
def _first_warning(book: LawBook, found: _Told, today: date) -> date | None:
    return _next_warning(book, found, today)


def _next_warning(book: LawBook, found: _Told, today: date) -> date | None:
    """The day of the next alert: of those already reached only the last is told."""
    if found.last_day is None or found.start is None:
        return None
    days = [day for day, _months in thresholds(book, found.start, found.last_day)]
    reached = [day for day in days if day <= today]
    return reached[-1] if reached else days[0]
