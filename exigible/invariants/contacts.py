"""No customer received two demands in a day, nor two written ones closer together than the shortest gap."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from exigible.books.creditors.models import Creditor
from exigible.books.policies.models import Policy
from exigible.core.guard import WRITTEN
from exigible.core.law.book import law_book
from exigible.features.outbox.models import Message


def broken_contacts(creditor: Creditor) -> Iterator[str]:
    """Yield each demand that left too soon after another one. Posting a letter is a person's act: it may come close after."""
    zone = ZoneInfo(creditor.time_zone)
    left = Message.objects.of(creditor).filter(
        purpose=Message.Purpose.DEMAND, sent_at__isnull=False, is_rehearsal=False
    )
    rows = left.order_by("customer_id", "sent_at", "id").values_list(
        "customer_id", "id", "channel", "sent_at", "customer__name"
    )
    shortest = _shortest_gap(creditor)
    for _customer, group in groupby(rows.iterator(chunk_size=2000), key=lambda row: row[0]):
        last: date | None = None
        written: date | None = None
        for _key, message_id, channel, sent_at, name in group:
            on = sent_at.astimezone(zone).date()
            if last == on and channel == "email":
                yield f"contacts: {name} received two demands on {on} (message {message_id})"
            elif channel == "email" and written is not None and (on - written).days < shortest(on):
                yield f"contacts: message {message_id} reached {name} {(on - written).days} days after another written demand"
            last = on
            written = on if channel in WRITTEN else written


class _Gap:
    """The shortest gap in days that was in force: a policy may lengthen the house's figure, never shorten it."""

    def __init__(self, creditor: Creditor) -> None:
        gaps = Policy.objects.of(creditor).values_list("min_gap_days", flat=True)
        self._policy = min(gaps, default=0)
        self._book = law_book(creditor.country)

    def __call__(self, on: date) -> int:
        return max(self._policy, self._book.number("contact.min_gap_days", on))


def _shortest_gap(creditor: Creditor) -> _Gap:
    return _Gap(creditor)
