"""What the company's people do in a day with what waits for them: late, or not at all."""

from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import (
    approve,
    complete_task,
    record_bounce,
    record_call,
    record_posting,
    resolve_uncertain,
    retry_failed,
    withdraw,
)  # fmt: skip
from tests.simulation.checks import stated_is_true
from tests.simulation.life import Life, Seen

State = Message.State


def people(life: Life) -> None:
    """One day of the office; on a closed day nobody works."""
    if life.today.weekday() > 4:
        return
    states = (State.TO_APPROVE, State.TO_POST, State.TO_DO, State.UNCERTAIN, State.FAILED)
    waiting = Message.objects.of(life.house.creditor).filter(state__in=states).order_by("id")
    for key in list(waiting.values_list("pk", flat=True)):
        message = Message.objects.select_related("case", "customer", "creditor", "document").get(pk=key)
        ACTS[State(message.state)](life, message)
    bounces(life)


def _approve(life: Life, message: Message) -> None:
    alice = life.house.people["Alice"]
    if life.happens(0.03):
        withdraw(message, alice, life.today, life.at)
        life.counts["withdrawn"] += 1
    elif life.happens(0.4):
        life.counts["approved"] += approve(life.house.creditor, [message.pk], alice, life.today, life.at)


def _post(life: Life, message: Message) -> None:
    """The letter is in the box: what it states must be true on that day. Some are never posted."""
    if message.pk % 7 == 0 or not life.happens(0.4):
        return
    stated_is_true(life, message)
    record_posting(message, life.today, life.house.people["Bob"], today=life.today, at=life.at)
    assert message.customer_id is not None
    life.feel(message.customer_id, (message.pk, 0), Seen(life.today, message.channel, message.pk))
    life.counts["letter posted"] += 1


def _do(life: Life, message: Message) -> None:
    bob = life.house.people["Bob"]
    if message.channel != "phone":
        if life.happens(0.25):
            complete_task(message, life.today, "", bob, today=life.today, at=life.at)
            life.counts[f"task: {message.step}"] += 1
        return
    if (message.not_before and message.not_before > life.at) or not life.happens(0.4):
        return
    assert message.customer_id is not None
    life.feel(message.customer_id, (message.pk, message.attempts), Seen(life.today, "phone", message.pk))
    outcome = life.random.choice(["reached", "no_answer", "no_answer"])
    stated_is_true(life, message)
    record_call(message, outcome, "", bob, today=life.today, at=life.at)
    life.counts[f"call: {outcome}"] += 1


def _resolve(life: Life, message: Message) -> None:
    """A person looks into the sent box; now and then that person is wrong."""
    if not life.happens(0.5):
        return
    left = any(mail.identifier == message.message_id for mail in life.office.received)
    says = left if not life.happens(0.2) else False
    if not says:
        life.resent.add(message.message_id)
        assert message.customer_id is not None
        life.felt.get(message.customer_id, {}).pop((message.pk, 0), None)  # nobody can know better than the person
    resolve_uncertain(message, says, life.house.people["Alice"], life.today, life.at)
    life.counts["uncertain resolved"] += 1


def _mend(life: Life, message: Message) -> None:
    if not life.happens(0.5):
        return
    if message.document_id is None:
        withdraw(message, life.house.people["Alice"], life.today, life.at)
    else:
        retry_failed(message, life.today, life.at)
    life.counts["failed mended"] += 1


def bounces(life: Life) -> None:
    """Mail that was accepted comes back, mostly soon, sometimes after it counted as delivered."""
    recent = Message.objects.of(life.house.creditor).filter(
        channel="email", sent_at__isnull=False, on__gt=life.day_from_now(-6)
    )
    for message in (
        recent.filter(state__in=(State.SENT, State.DELIVERED))
        .select_related("case", "customer", "creditor")
        .order_by("id")
    ):
        if life.happens(0.012):
            record_bounce(message, message.recipient, "5.1.1 unknown", today=life.today, at=life.at)
            assert message.customer_id is not None
            life.felt.get(message.customer_id, {}).pop((message.pk, 0), None)
            life.counts["bounce"] += 1


ACTS = {
    State.TO_APPROVE: _approve,
    State.TO_POST: _post,
    State.TO_DO: _do,
    State.UNCERTAIN: _resolve,
    State.FAILED: _mend,
}
