"""Tells many events of many customers or cases at once, each in its own stream, in a few statements."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from exigible.books.journal.models import Chained
from exigible.books.journal.operations import SYSTEM, Entry, Head, record_many
from exigible.common.bulk import update_rows


class Told(NamedTuple):
    """An event about a row of a model that has a stream: its key, the kind, what happened."""

    key: int
    kind: str
    payload: Mapping[str, Any]


def tell_many(
    model: type[Chained], creditor_id: int, events: Sequence[Told], *, on: date, at: datetime, actor: str = SYSTEM
) -> None:
    """Append events to the streams of rows; several of one row follow each other in the order given."""
    if not events:
        return
    rows = model._default_manager.select_for_update(no_key=True).filter(pk__among={each.key for each in events})
    owners = {row.pk: row for row in rows.order_by("pk")}
    rounds: list[list[Told]] = []
    seen: dict[int, int] = {}
    for each in events:
        place = seen[each.key] = seen.get(each.key, -1) + 1
        if place == len(rounds):
            rounds.append([])
        rounds[place].append(each)
    for some in rounds:
        entries = [_entry(owners[each.key], each) for each in some]
        for each, head in zip(some, record_many(creditor_id, entries, on, at, actor), strict=True):
            owners[each.key].chain_number, owners[each.key].chain_hash = head
    update_rows(
        model, ("chain_number", "chain_hash"), [(row.chain_number, row.chain_hash, pk) for pk, row in owners.items()]
    )


def _entry(owner: Any, told: Told) -> Entry:
    customer = owner.pk if owner._meta.model_name == "customer" else owner.customer_id
    return Entry(owner.stream, Head(owner.chain_number, owner.chain_hash), customer, told.kind, told.payload)
