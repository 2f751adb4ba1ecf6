"""Pages of the journal, newest first: each reads a bounded run of one index, however long the journal is."""

import json
from datetime import date
from typing import Any, NamedTuple

from exigible.books.creditors.models import Creditor, User
from exigible.books.journal.models import Event, EventPayload, EventQuerySet
from exigible.books.ledger.models import Customer

PAGE = 50
# A kind that is rare would otherwise make one page read the whole journal.
LOOKED_AT = 50_000


class Wanted(NamedTuple):
    """What is asked of the journal; numbers are ids of events."""

    kind: str = ""
    customer_id: int | None = None
    since: date | None = None
    until: date | None = None
    after: int | None = None


class Page(NamedTuple):
    """Some events, and from where to look further back (an event's number), if anything lies there."""

    events: list[dict[str, Any]]
    further: int | None
    is_cut_short: bool


def _first_id_from(events: EventQuerySet, day: date) -> int:
    """Return the first number that a day's events may have, by halving: events follow each other in time."""
    last = events.order_by("-id").values_list("id", flat=True).first() or 0
    low, high = 0, last + 1
    while low < high:
        middle = (low + high) // 2
        found = events.filter(id__gte=middle).order_by("id").values_list("id", "on").first()
        if found is None or found[1] >= day:
            high = middle
        else:
            low = found[0] + 1
    return low


def page_of_journal(creditor: Creditor, wanted: Wanted) -> Page:
    """Return the events asked for, at most fifty, each with its person, customer and payload."""
    mine = Event.objects.of(creditor)
    events = mine.filter(customer_id=wanted.customer_id) if wanted.customer_id else mine
    if wanted.since:
        events = events.filter(id__gte=_first_id_from(mine, wanted.since))
    if wanted.until and wanted.until < date.max:
        events = events.filter(id__lt=_first_id_from(mine, date.fromordinal(wanted.until.toordinal() + 1)))
    if wanted.after:
        events = events.filter(id__lt=wanted.after)
    floor = 0
    if wanted.kind:
        start = events.order_by("-id").values_list("id", flat=True).first() or 0
        floor = max(0, start - LOOKED_AT)
        events = events.filter(kind=wanted.kind, id__gte=floor)
    found = list(events.order_by("-id")[: PAGE + 1])
    if len(found) > PAGE:
        return Page(_told(found[:PAGE]), found[PAGE - 1].id, False)
    return Page(_told(found), floor or None, bool(floor))


def _told(events: list[Event]) -> list[dict[str, Any]]:
    bodies = dict(
        EventPayload.objects.filter(event_id__in=[event.id for event in events]).values_list("event_id", "body")
    )
    people = {
        int(event.actor[5:]) for event in events if event.actor.startswith("user:") and event.actor[5:].isdecimal()
    }
    names = {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=people)}
    customers = Customer.objects.in_bulk({event.customer_id for event in events if event.customer_id})
    return [
        {
            "event": event,
            "actor": names.get(event.actor, "" if event.actor == "system" else event.actor),
            "customer": customers.get(event.customer_id or 0),
            "payload": _lines(bodies[event.id]) if event.id in bodies else None,
        }
        for event in events
    ]


def _lines(body: str) -> str:
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
