"""Each message that left has exactly one event that says so."""

import json
from collections import Counter
from collections.abc import Iterator

from exigible.books.creditors.models import Creditor
from exigible.books.journal.models import Event, EventPayload
from exigible.features.outbox.models import Message

LEFT_BY = ("message.sent", "letter.posted")
CHANNELS = ("email", "letter", "registered_letter", "sms")
CHUNK = 2000


def broken_events(creditor: Creditor) -> Iterator[str]:
    """Yield each message that left with no event or several, and each event of a message that did not leave."""
    told = _told(creditor)
    left = Message.objects.of(creditor).filter(sent_at__isnull=False, channel__in=CHANNELS).order_by("id")
    for message_id in left.values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        if (count := told.pop(message_id, 0)) != 1:
            yield f"events: message {message_id} left and has {count} events that say so"
    for message_id, count in sorted(told.items()):
        yield f"events: message {message_id} has {count} events that it left, and did not leave"


def _told(creditor: Creditor) -> Counter[int]:
    """How many events say of each message that it left."""
    told: Counter[int] = Counter()
    events = Event.objects.of(creditor).filter(kind__in=LEFT_BY).order_by("id")
    last = 0
    while keys := list(events.filter(id__gt=last).values_list("pk", flat=True)[:CHUNK]):
        last = keys[-1]
        for body in EventPayload.objects.filter(event_id__among=keys).values_list("body", flat=True):
            told[json.loads(body)["message"]] += 1
    return told
