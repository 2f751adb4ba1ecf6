"""What happened with a customer, newest first: the debtor's acts, ours, and the money, from three indexes merged by day."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from exigible.books.creditors.models import User
from exigible.books.journal.models import Event, EventPayload
from exigible.books.ledger.models import Customer, Payment
from exigible.features.customers.stories import KINDS, OUTCOME_SIDES, said
from exigible.features.outbox.models import Message

SIZE = 25


class Entry(NamedTuple):
    """One thing that happened. `side` is debtor, house or money; `who` the person who did it, if one did."""

    day: date
    side: str
    text: str
    detail: str
    who: str
    message: Message | None = None
    payment: Payment | None = None


class Timeline(NamedTuple):
    """Some entries, and the key that leads to older ones (nothing at the end)."""

    entries: list[Entry]
    older: str


class Cursor(NamedTuple):
    """How far each of the three sources was read: the last row shown of each."""

    event: int | None = None
    message: tuple[date, int] | None = None
    payment: tuple[date, int] | None = None

    def encoded(self) -> str:
        """Return the cursor as it stands in an address."""
        pairs = [f"{pair[0].isoformat()}.{pair[1]}" if pair else "" for pair in (self.message, self.payment)]
        return "_".join([str(self.event or ""), *pairs])

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Read a cursor from an address; anything else starts at the newest."""
        try:
            event, message, payment = text.split("_")
            return cls(_number(event) if event else None, _pair(message), _pair(payment))
        except ValueError:
            return cls()


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise ValueError(text)
    return int(text)


def _pair(text: str) -> tuple[date, int] | None:
    day, _dot, key = text.partition(".")
    return (date.fromisoformat(day), _number(key)) if text else None


Found = tuple[date, int, str, Any]


def timeline(customer: Customer, before: str = "", size: int = SIZE) -> Timeline:
    """Return the newest entries, or those older than a key."""
    cursor = Cursor.read(before)
    ids = [customer.pk, *Customer.objects.filter(merged_into=customer).values_list("pk", flat=True)]
    found: list[Found] = [*_events(ids, cursor, size), *_messages(ids, cursor, size), *_payments(ids, cursor, size)]
    found.sort(key=lambda row: row[:2], reverse=True)
    shown = found[:size]
    for _day, _rank, source, row in shown:
        cursor = cursor._replace(**{source: _key(source, row)})
    people = _people(row.actor for _day, _rank, source, row in shown if source == "event")
    bodies = dict(
        EventPayload.objects.filter(pk__in=[row.pk for *_place, source, row in shown if source == "event"]).values_list(
            "pk", "body"
        )
    )
    entries = [_entry(day, source, row, people, bodies) for day, _rank, source, row in shown]
    return Timeline(entries, cursor.encoded() if len(found) > size else "")


def _events(ids: Sequence[int], cursor: Cursor, size: int) -> Iterable[Found]:
    rows = Event.objects.filter(customer_id__in=ids, kind__in=KINDS)
    if cursor.event:
        rows = rows.filter(pk__lt=cursor.event)
    return [(event.on, 2, "event", event) for event in rows.order_by("-id")[: size + 1]]


def _messages(ids: Sequence[int], cursor: Cursor, size: int) -> Iterable[Found]:
    rows = Message.objects.filter(customer__in=ids).exclude(state=Message.State.CANCELLED, is_rehearsal=True)
    if cursor.message:
        on, key = cursor.message
        rows = rows.filter(Q(on__lt=on) | Q(on=on, pk__lt=key), on__lte=on)
    return [(row.on, 1, "message", row) for row in rows.defer("facts_json").order_by("-on", "-id")[: size + 1]]


def _payments(ids: Sequence[int], cursor: Cursor, size: int) -> Iterable[Found]:
    rows = Payment.objects.filter(customer__in=ids)
    if cursor.payment:
        on, key = cursor.payment
        rows = rows.filter(Q(received_on__lt=on) | Q(received_on=on, pk__lt=key), received_on__lte=on)
    return [(row.received_on, 0, "payment", row) for row in rows.order_by("-received_on", "-id")[: size + 1]]


def _key(source: str, row: Any) -> Any:
    if source == "event":
        return row.pk
    return (row.on if source == "message" else row.received_on, row.pk)


def _people(actors: Iterable[str]) -> dict[str, str]:
    ids = {int(actor.partition(":")[2]) for actor in actors if actor.startswith("user:")}
    return {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=ids)}


def _entry(day: date, source: str, row: Any, people: Mapping[str, str], bodies: Mapping[int, str]) -> Entry:
    if source == "payment":
        return Entry(day, "money", "", row.label, "", payment=row)
    if source == "message":
        return Entry(day, "house", "", row.subject, "", message=row)
    payload = json.loads(bodies.get(row.pk, "{}"))
    text, detail = said(row.kind, payload)
    side = (
        OUTCOME_SIDES.get(payload.get("outcome", ""), KINDS[row.kind]) if row.kind == "call.made" else KINDS[row.kind]
    )
    if row.kind == "case.held" and payload.get("reason") in ("promised", "disputed", "reply"):
        side = "debtor"
    return Entry(day, side, text, detail, people.get(row.actor, ""))
