"""The last day to sue that a standing carries is the one that its invoice and its events give."""

from collections.abc import Iterator
from datetime import date

from exigible.books.cases.limitation import ClaimFacts, events_of, limitation_of
from exigible.books.cases.models import Stage, Standing
from exigible.books.creditors.models import Creditor
from exigible.core.law.book import LawError, law_book
from exigible.core.law.limitation import LimitationEvent as Happened

CHUNK = 2000
COLUMNS = (
    "pk", "invoice__number", "last_day_to_sue", "invoice__customer__kind", "invoice__issued_on", "invoice__due_on", "invoice__due_origin",
    "activity", "completed_on",
)  # fmt: skip


def broken_limits(creditor: Creditor) -> Iterator[str]:
    """Yield each unpaid invoice whose last day to sue is not that of its facts; one never worked out is not judged."""
    rows = Standing.objects.of(creditor).exclude(stage=Stage.CLOSED).exclude(limitation_rule="").order_by("pk")
    last, known = 0, dict[ClaimFacts, date | None]()
    while found := list(rows.filter(pk__gt=last).values_list(*COLUMNS)[:CHUNK]):
        last = found[-1][0]
        events = events_of([row[0] for row in found])
        for key, number, told, *values in found:
            facts = ClaimFacts(*values)
            if key in events:
                right = _last_day(creditor, facts, events[key])
            else:
                if facts not in known:
                    known[facts] = _last_day(creditor, facts, [])
                right = known[facts]
            if told != right:
                yield f"invoice {number}: its last day to sue is {told}, its facts give {right}"


def _last_day(creditor: Creditor, facts: ClaimFacts, events: list[Happened]) -> date | None:
    try:
        return limitation_of(law_book(creditor.country), facts, events).last_day
    except LawError:
        return None
