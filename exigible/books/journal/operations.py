"""record and record_many: the only writers of the journal, each inside the transaction of the change it tells."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.db import connection

from exigible.books.journal.kinds import KINDS
from exigible.books.journal.models import Chained, Event, EventPayload
from exigible.common.bulk import insert_rows, reserve_ids

EVENT_COLUMNS = (
    "id", "creditor_id", "customer_id", "stream", "number", "kind", "on", "at", "actor", "payload_digest", "previous", "hash",
)  # fmt: skip
SYSTEM = "system"

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode


class Head(NamedTuple):
    """The end of a stream: the number and hash of its last event."""

    number: int
    hash: str


class Entry(NamedTuple):
    """An event to write: the stream's end, whom it is about, what happened."""

    stream: str
    head: Head
    customer_id: int | None
    kind: str
    payload: Mapping[str, Any] | str


def canonical(payload: Mapping[str, Any] | str) -> str:
    """Return the canonical JSON of a payload: sorted keys, no spaces; text is taken as already canonical."""
    return payload if isinstance(payload, str) else _encode(payload)


def event_hash(previous: str, fields: Sequence[str]) -> str:
    """Return the SHA-256 of an event: the previous hash and each field on a line of its own."""
    return hashlib.sha256("\n".join((previous, *fields)).encode()).hexdigest()


def hashed_fields(
    creditor_id: int, stream: str, number: int, kind: str, on: date, *, at: datetime, actor: str, digest: str
) -> list[str]:
    """Return what the hash of an event covers, beside the previous hash; an instant is the same in any time zone."""
    return [str(creditor_id), stream, str(number), kind, on.isoformat(), at.astimezone(UTC).isoformat(), actor, digest]


def record_many(creditor_id: int, entries: Iterable[Entry], on: date, at: datetime, actor: str = SYSTEM) -> list[Head]:
    """Append events of many streams, at most one row per stream and call unless the heads given follow on.

    The caller holds the rows whose heads it passes and stores the heads returned, in the same transaction.
    """
    assert connection.in_atomic_block, "an event is written in the transaction of what it tells"
    entries = list(entries)
    events: list[tuple[Any, ...]] = []
    payloads: list[tuple[int, str]] = []
    heads: list[Head] = []
    for event_id, entry in zip(reserve_ids(Event, len(entries)), entries, strict=True):
        assert entry.kind in KINDS, entry.kind
        body = canonical(entry.payload)
        digest = hashlib.sha256(body.encode()).hexdigest()
        number = entry.head.number + 1
        fields = hashed_fields(creditor_id, entry.stream, number, entry.kind, on, at=at, actor=actor, digest=digest)
        chained = event_hash(entry.head.hash, fields)
        events.append(
            (
                event_id,
                creditor_id,
                entry.customer_id,
                entry.stream,
                number,
                entry.kind,
                on,
                at,
                actor,
                digest,
                entry.head.hash,
                chained,
            )
        )
        payloads.append((event_id, body))
        heads.append(Head(number, chained))
    insert_rows(Event, EVENT_COLUMNS, events)
    insert_rows(EventPayload, ("event_id", "body"), payloads)
    return heads


def record(
    kind: str,
    owner: Chained,
    payload: Mapping[str, Any],
    *,
    on: date,
    at: datetime,
    actor: str = SYSTEM,
    customer_id: int | None = None,
) -> Head:
    """Append one event to the stream of a case, a customer or a creditor, and move the head that stands on that row."""
    assert connection.in_atomic_block, "an event is written in the transaction of what it tells"
    model = type(owner)
    number, last = (
        model._default_manager.select_for_update(no_key=True).values_list("chain_number", "chain_hash").get(pk=owner.pk)
    )
    creditor_id = owner.pk if model._meta.model_name == "creditor" else owner.creditor_id  # type: ignore[attr-defined]
    if customer_id is None:
        customer_id = owner.pk if model._meta.model_name == "customer" else getattr(owner, "customer_id", None)
    entry = Entry(owner.stream, Head(number, last), customer_id, kind, payload)
    (head,) = record_many(creditor_id, [entry], on, at, actor)
    model._default_manager.filter(pk=owner.pk).update(chain_number=head.number, chain_hash=head.hash)
    owner.chain_number, owner.chain_hash = head
    return head
