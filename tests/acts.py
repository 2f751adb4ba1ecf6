"""What an installation does by itself and what its people do, at a given instant: shared by traps and simulation."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q

from exigible.books.ledger.models import Customer
from exigible.daily import run_day
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox.deliver import deliver, give_up_lost
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import approve, complete_task, record_call, record_posting
from exigible.testing import House

State = Message.State


def write_and_send(house: House, at: datetime | None = None) -> None:
    """Write what is queued and hand over what may leave now."""
    at = at or house.at
    render_waiting(house.creditor, at)
    give_up_lost(at)
    ready = (
        Message.objects.of(house.creditor)
        .filter(state=State.READY)
        .filter(Q(not_before__isnull=True) | Q(not_before__lte=at))
    )
    for key in list(ready.order_by("id").values_list("pk", flat=True)):
        deliver(key, at)


def work_day(house: House, day: date | None = None) -> list[int]:
    """A day of the installation: what falls due is decided, written and sent, and what turned out stale is decided again."""
    house.today = day or house.today
    actions: list[int] = []
    for _pass in range(3):
        added = run_day(house.creditor, house.today, house.at)
        write_and_send(house)
        actions += added
        if not added:
            break
    return actions


def people_work(house: House, steps: Sequence[str] = ()) -> None:
    """The people approve, post, call and do their tasks; all of them, or those of some steps only."""
    alice = house.people["Alice"]
    waiting = Message.objects.of(house.creditor).filter(state__in=(State.TO_APPROVE, State.TO_POST, State.TO_DO))
    if steps:
        waiting = waiting.filter(step__in=steps)
    for key in list(waiting.order_by("id").values_list("pk", flat=True)):
        message = Message.objects.select_related("case", "customer", "creditor", "document").get(pk=key)
        if message.state == State.TO_APPROVE:
            approve(house.creditor, [key], alice, house.today, house.at)
            message.refresh_from_db()
        if message.state == State.TO_POST:
            record_posting(message, house.today, alice, today=house.today, at=house.at)
        elif message.state == State.TO_DO and message.channel == "phone":
            record_call(message, "reached", "", alice, today=house.today, at=house.at)
        elif message.state == State.TO_DO:
            complete_task(message, house.today, "", alice, today=house.today, at=house.at)
    write_and_send(house)


def demands(house: House, customer: Customer | None = None) -> list[Message]:
    """The demands of a creditor, or of one customer, that were not cancelled, in their order."""
    rows = (
        Message.objects.of(house.creditor)
        .filter(purpose=Message.Purpose.DEMAND)
        .exclude(state=State.CANCELLED)
        .order_by("on", "id")
    )
    return list(rows.filter(customer=customer) if customer else rows)


def left(house: House, customer: Customer | None = None) -> list[Message]:
    """The demands that reached a customer."""
    return [message for message in demands(house, customer) if message.state in (State.SENT, State.DELIVERED)]
