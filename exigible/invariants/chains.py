"""The journal's chains hold, and the head that stands on each row is the end of its chain."""

from collections.abc import Iterator

from exigible.books.cases.models import Case
from exigible.books.creditors.models import Creditor
from exigible.books.journal.models import GENESIS, Chained, Event
from exigible.books.journal.verify import altered_payloads, broken_links
from exigible.books.ledger.models import Customer

CHUNK = 500


def broken_chains(creditor: Creditor) -> Iterator[str]:
    """Yield each broken link, altered payload and head that is not the end of its stream."""
    yield from broken_links(creditor.pk)
    yield from altered_payloads(creditor.pk)
    yield from _heads(Creditor, creditor, own=True)
    yield from _heads(Customer, creditor)
    yield from _heads(Case, creditor)


def _heads(model: type[Chained], creditor: Creditor, *, own: bool = False) -> Iterator[str]:
    rows = model._default_manager.filter(**{"pk" if own else "creditor_id": creditor.pk}).order_by("pk")
    last = 0
    while found := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = found[-1].pk
        ends: dict[str, tuple[int, str]] = {}
        events = Event.objects.filter(stream__in=[row.stream for row in found]).order_by("stream", "number")
        for stream, number, chained in events.values_list("stream", "number", "hash").iterator(chunk_size=2000):
            ends[stream] = (number, chained)
        for row in found:
            if ends.get(row.stream, (0, GENESIS)) != (row.chain_number, row.chain_hash):
                yield f"journal: the head of {row.stream} is not its last event"
