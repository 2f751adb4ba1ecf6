"""What the screens show of promises: those that are late, the weeks to come, and how far each debtor's can be relied upon."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from exigible.books.creditors.models import Creditor
from exigible.core.promises import Reliability, reliability
from exigible.features.promises.models import Promise

State = Promise.State
WEEK = timedelta(days=7)
BROKEN_SHOWN = timedelta(days=30)
MOST = 200
COUNTED = (State.KEPT, State.PARTLY, State.BROKEN)


class Card(NamedTuple):
    """One promise with what is known of its debtor's word."""

    promise: Promise
    left_minor: int
    word: Reliability


class Week(NamedTuple):
    """The promises for one week, from its Monday, and their sums by currency in minor units."""

    monday: date
    cards: Sequence[Card]
    sums: Mapping[str, int]


class Board(NamedTuple):
    """Late first: awaited past their day, and broken of late; then week by week. `more` says that the list was cut."""

    late: Sequence[Card]
    broken: Sequence[Card]
    weeks: Sequence[Week]
    more: bool


def board(creditor: Creditor, today: date) -> Board:
    """Return the week board of a creditor: which money was promised for when?"""
    rows = Promise.objects.of(creditor).select_related("customer")
    awaited = list(rows.filter(state=State.OPEN).order_by("on", "id")[: MOST + 1])
    failed = list(
        rows.filter(state__in=(State.BROKEN, State.PARTLY), settled_on__gt=today - BROKEN_SHOWN)
        .order_by("-settled_on", "id")[:MOST]
    )  # fmt: skip
    cards = cards_of([*awaited, *failed])
    coming: dict[date, list[Card]] = defaultdict(list)
    for card in cards[: len(awaited)]:
        if card.promise.on >= today:
            coming[card.promise.on - timedelta(days=card.promise.on.weekday())].append(card)
    late = [card for card in cards[: len(awaited)] if card.promise.on < today]
    weeks = [Week(monday, found, sums_of(found)) for monday, found in sorted(coming.items())]
    return Board(late, cards[len(awaited) :], weeks, len(awaited) > MOST)


def cards_of(promises: Sequence[Promise]) -> list[Card]:
    """Return promises with the reliability of their debtors."""
    words = words_of({promise.customer_id for promise in promises})
    nothing = reliability(())
    return [
        Card(promise, max(0, promise.amount_minor - promise.received_minor), words.get(promise.customer_id, nothing))
        for promise in promises
    ]


def words_of(customer_ids: Iterable[int]) -> dict[int, Reliability]:
    """Return, by customer, what became of the promises whose time has passed."""
    rows: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    settled = Promise.objects.filter(customer_id__among=list(customer_ids), state__in=COUNTED)
    for customer_id, *facts in settled.values_list("customer_id", "state", "amount_minor", "received_minor"):
        state, promised, received = facts
        rows[customer_id].append((str(state), promised, received))
    return {customer_id: reliability(found) for customer_id, found in rows.items()}


def broken_of(customer_ids: Sequence[int], today: date) -> dict[int, dict[str, str | int]]:
    """Return, by customer, the last promise that was not kept in the last thirty days: its amount in minor units and its day.

    Only what did not come is named.
    """
    rows = Promise.objects.filter(
        customer_id__among=customer_ids, state__in=(State.BROKEN, State.PARTLY), settled_on__gt=today - BROKEN_SHOWN
    )
    columns = ("customer_id", "amount_minor", "received_minor", "currency", "on")
    return {
        customer_id: {"amount": amount - received, "currency": currency, "on": on.isoformat()}
        for customer_id, amount, received, currency, on in rows.order_by("settled_on", "id").values_list(*columns)
    }


def sums_of(cards: Iterable[Card]) -> dict[str, int]:
    """Add up what is still awaited, by currency in minor units."""
    sums: dict[str, int] = {}
    for card in cards:
        sums[card.promise.currency] = sums.get(card.promise.currency, 0) + card.left_minor
    return sums


def of_customer(customer_id: int) -> list[Card]:
    """Return the promises of a customer, the awaited ones first, then the latest."""
    rows = list(
        Promise.objects.filter(customer_id=customer_id).select_related("customer").order_by("-made_on", "-id")[:20]
    )
    return cards_of(sorted(rows, key=lambda promise: promise.state != State.OPEN))
