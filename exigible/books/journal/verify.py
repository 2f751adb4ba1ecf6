"""Walks the journal's chains and says where one is broken."""

import hashlib
from collections.abc import Iterator

from exigible.books.journal.models import GENESIS, Event, EventPayload
from exigible.books.journal.operations import event_hash, hashed_fields


def broken_links(creditor_id: int) -> Iterator[str]:
    """Yield a sentence for each event whose number, hash or payload does not follow from the one before it."""
    previous_stream, number, previous = "", 0, GENESIS
    events = Event.objects.filter(creditor_id=creditor_id).order_by("stream", "number")
    for event in events.iterator(chunk_size=2000):
        if event.stream != previous_stream:
            previous_stream, number, previous = event.stream, 0, GENESIS
        fields = hashed_fields(
            creditor_id,
            event.stream,
            event.number,
            event.kind,
            event.on,
            at=event.at,
            actor=event.actor,
            digest=event.payload_digest,
        )
        if event.number != number + 1 or event.previous != previous:
            yield f"journal: event {event.number} of {event.stream} does not follow event {number}"
        if event.hash != event_hash(event.previous, fields):
            yield f"journal: event {event.number} of {event.stream} was altered"
        number, previous = event.number, event.hash


def altered_payloads(creditor_id: int) -> Iterator[str]:
    """Yield a sentence for each payload whose digest is not the one that its event sealed; an erased payload is no fault."""
    bodies = (
        Event.objects.filter(creditor_id=creditor_id)
        .order_by("id")
        .values_list("id", "stream", "number", "payload_digest")
    )
    for start in range(0, (last := bodies.last() or (0,))[0] + 1, 5000):
        chunk = list(bodies.filter(id__gte=start, id__lt=start + 5000)) if last[0] else []
        found = dict(
            EventPayload.objects.filter(event_id__gte=start, event_id__lt=start + 5000).values_list("event_id", "body")
        )
        for event_id, stream, number, digest in chunk:
            body = found.get(event_id)
            if body is not None and hashlib.sha256(body.encode()).hexdigest() != digest:
                yield f"journal: the payload of event {number} of {stream} was altered"
