"""The outbox's acts: queue, approve, withdraw, record what a person did with a message; each with its journal event."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from exigible.books.cases.models import Case
from exigible.books.cases.operations import mark_delivered, mark_made, refresh_case, take_steps_back, undo_delivery
from exigible.books.creditors.models import Creditor, User
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Contact, Customer
from exigible.common.engine import announce
from exigible.common.errors import Refused
from exigible.core.because import Because
from exigible.core.dates import add_working_days, next_working_day
from exigible.features.outbox.checks import AGEING, WAITING, failing_checks, may_call_again
from exigible.features.outbox.freshness import refuse_if_stale
from exigible.features.outbox.models import Message

State = Message.State
POSTING_WORKING_DAYS = 2
CALL_ATTEMPTS = 2
CHUNK = 500


class AlreadyQueued(Refused):
    """A message with this key says something else; nothing was queued."""


class NotWaiting(Refused):
    """This message no longer waits: it is %(state)s. Reload the page."""


class NothingApproved(Refused):
    """None of these messages waits for approval any more. Reload the page."""


class DayInTheFuture(Refused):
    """This cannot have happened after today; give the day on which it did."""


def move(message: Message, state: str, **changes: Any) -> bool:
    """Move a message where it still is in the state we saw; False when somebody else was first."""
    assert state in Message.MOVES.get(message.state, set()), f"{message.state} -> {state}"
    moved = Message.objects.filter(pk=message.pk, state=message.state).update(state=state, lease_until=None, **changes)
    if moved:
        message.state = state
        for name, value in changes.items():
            setattr(message, name, value)
    return bool(moved)


def tell(
    message: Message, kind: str, payload: Mapping[str, Any], *, today: date, at: datetime, actor: str = SYSTEM
) -> None:
    """Write an event about a message into its case's stream, else its customer's, else the creditor's own."""
    owner: Case | Customer | Creditor = message.case or message.customer or message.creditor
    record(kind, owner, {"message": message.pk, "step": message.step, **payload}, on=today, at=at, actor=actor)


@transaction.atomic
def queue(
    customer: Customer, *, key: str, purpose: str, channel: str, template: str, facts: Mapping[str, Any], recipient: str, today: date,
    case: Case | None = None, needs_approval: bool = False, message_domain: str = "exigible.invalid",
) -> Message:  # fmt: skip
    """Queue one message that the day did not decide. The same key with the same content is that message; other content is refused."""
    body = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(f"{purpose}\n{channel}\n{template}\n{body}".encode()).hexdigest()
    known: Message | None = Message.objects.filter(creditor=customer.creditor, key=key).first()
    if known is not None:
        if known.content_digest != digest:
            raise AlreadyQueued
        return known
    message = Message.objects.create(
        creditor=customer.creditor, key=key, content_digest=digest, purpose=purpose, channel=channel, customer=customer, case=case,
        on=today, facts_json=body, template=template, needs_approval=needs_approval, recipient=recipient,
        is_rehearsal=customer.creditor.rehearses, message_id=f"<{digest[:32]}.{customer.pk}@{message_domain}>",
    )  # fmt: skip
    announce("render", customer.creditor_id)
    return message


@transaction.atomic
def approve(creditor: Creditor, message_ids: Sequence[int], user: User, today: date, at: datetime) -> int:
    """Approve the frozen bytes of messages; the approval is of these bytes and carries over to no others.

    What is no longer true is cancelled instead. Returns how many were approved. Raises MoneyNotKnown, NothingApproved.
    """
    refuse_if_stale(creditor, today, user.language)
    waiting = Message.objects.filter(creditor=creditor, pk__in=message_ids, state=State.TO_APPROVE).order_by("id")
    lock_customers(waiting.values_list("customer_id", flat=True))
    messages = list(waiting.select_related("case", "customer", "document"))
    failing = failing_checks(messages, today)
    approved = 0
    for message in messages:
        if because := failing.get(message.pk):
            cancel(message, because, today, at)
            continue
        assert message.document is not None, "bytes are frozen before approval"
        following = State.TO_POST if message.channel == "letter" else State.READY
        if move(message, following, approved_by=user, approved_at=at):
            tell(
                message,
                "message.approved",
                {"document": message.document.digest},
                today=today,
                at=at,
                actor=f"user:{user.pk}",
            )
            announce("deliver", message.pk)
            approved += 1
    if not messages:
        raise NothingApproved
    return approved


@transaction.atomic
def cancel(message: Message, because: Because, today: date, at: datetime, actor: str = SYSTEM) -> bool:
    """Cancel a waiting message with its reason; the steps that it marked are owed again and the case is looked at the same day."""
    if State.CANCELLED not in Message.MOVES.get(message.state, set()):
        raise NotWaiting(state=message.get_state_display())
    lock_customers([message.customer_id])
    if not move(message, State.CANCELLED, cancelled_because=json.dumps(because.to_json(), ensure_ascii=False)):
        return False
    tell(message, "message.cancelled", {"because": because.to_json()}, today=today, at=at, actor=actor)
    if message.action_id is not None and not message.is_rehearsal:
        take_steps_back([message.action_id], today)
    return True


def withdraw(message: Message, user: User, today: date, at: datetime) -> bool:
    """A person takes a waiting message back."""
    return cancel(message, Because("withdrawn", {"by": user.pk}), today, at, f"user:{user.pk}")


def recheck_waiting(creditor: Creditor, customer_ids: Iterable[int], today: date, at: datetime) -> int:
    """Check again what waits for customers whose facts changed, and cancel what is no longer true. Returns how many."""
    cancelled = 0
    ids = sorted(set(customer_ids))
    for start in range(0, len(ids), CHUNK):
        states = (*WAITING, State.REHEARSED)
        waiting = Message.objects.of(creditor).filter(customer_id__in=ids[start : start + CHUNK], state__in=states)
        messages = list(waiting.select_related("case", "customer", "creditor").order_by("id"))
        failing = failing_checks(messages, today)
        cancelled += sum(
            cancel(message, failing[message.pk], today, at) for message in messages if message.pk in failing
        )
    return cancelled


def recheck_day(creditor: Creditor, today: date, at: datetime) -> int:
    """Check again what waits for a person about the cases looked at on a day. Returns how many messages were cancelled."""
    states = (State.TO_APPROVE, State.TO_POST, State.TO_DO)
    waiting = Message.objects.of(creditor).filter(
        state__in=states, case__next_look_on__lte=today, customer__isnull=False
    )
    return recheck_waiting(creditor, waiting.order_by().values_list("customer_id", flat=True), today, at)


def withdraw_by_rate(creditor: Creditor, since: date, today: date, at: datetime, actor: str) -> int:
    """Cancel what waits and states interest of days from which a rate has changed. Returns how many; the cases are looked at again."""
    waiting = Message.objects.of(creditor).filter(state__in=(*AGEING, State.TO_POST, State.REHEARSED), on__gte=since)
    because = Because.of("stale.rate", since=since)
    stating = [message for message in waiting.select_related("customer") if message.facts.get("interest")]
    return sum(cancel(message, because, today, at, actor) for message in stating)


@transaction.atomic
def record_bounce(message: Message, address: str, told: str, *, today: date, at: datetime, actor: str = SYSTEM) -> bool:
    """A message came back: it counts as not delivered, the address is marked, the step is owed again by another channel.

    One that comes back after it counted as delivered takes its step back only if no other was taken since.
    """
    was_delivered = message.state == State.DELIVERED
    if State.BOUNCED not in Message.MOVES.get(message.state, set()) or message.channel != "email":
        raise NotWaiting(state=message.get_state_display())
    lock_customers([message.customer_id])
    if not move(message, State.BOUNCED, receipt=told[:300]):
        return False
    Contact.objects.filter(customer=message.customer, email=address).update(email_is_bad=True)
    tell(message, "message.bounced", {"told": told[:300]}, today=today, at=at, actor=actor)
    if message.action_id is not None:
        if was_delivered:
            undo_delivery(message.action_id)
        take_steps_back([message.action_id], today)
    return True


def mark_left(message: Message, on: date, today: date) -> None:
    """A message left on another day than it was decided: the spacing of the next step is counted from that day."""
    if message.action_id is not None and on != message.on:
        mark_made(message.action_id, on, today)


@transaction.atomic
def record_posting(
    message: Message, posted_on: date, user: User, *, today: date, at: datetime, proof: str = ""
) -> None:
    """A person posted a letter; it counts as delivered two working days later."""
    if posted_on > today:
        raise DayInTheFuture
    assert message.customer is not None, "a letter goes to a customer"
    lock_customers([message.customer_id])
    settles_on = add_working_days(posted_on, POSTING_WORKING_DAYS, message.customer.country)
    if message.state != State.TO_POST or not move(
        message, State.SENT, sent_at=at, settles_on=settles_on, receipt=proof[:300]
    ):
        raise NotWaiting(state=message.get_state_display())
    assert message.document is not None, "a letter has its bytes before it is posted"
    payload = {"posted_on": posted_on, "proof": proof, "document": message.document.digest}
    tell(message, "letter.posted", payload, today=today, at=at, actor=f"user:{user.pk}")
    mark_left(message, posted_on, today)


@transaction.atomic
def record_call(message: Message, outcome: str, note: str, user: User, *, today: date, at: datetime) -> None:
    """A person called: an answer ends the step, and so do two attempts without one, or one where the budget is spent."""
    if message.state != State.TO_DO or message.channel != "phone":
        raise NotWaiting(state=message.get_state_display())
    lock_customers([message.customer_id])
    attempts = message.attempts + 1
    tell(
        message,
        "call.made",
        {"outcome": outcome, "note": note, "attempt": attempts},
        today=today,
        at=at,
        actor=f"user:{user.pk}",
    )
    if outcome == "no_answer" and attempts < CALL_ATTEMPTS:
        Message.objects.filter(pk=message.pk).update(attempts=attempts, sent_at=at, not_before=at + timedelta(days=1))
        if may_call_again(message, today):
            return
    if move(message, State.DELIVERED, attempts=attempts, sent_at=at, receipt=outcome[:300]):
        mark_left(message, today, today)
        _delivered([message], today, at, today)


@transaction.atomic
def complete_task(message: Message, done_on: date, note: str, user: User, *, today: date, at: datetime) -> None:
    """A person did a task. For a formal notice `done_on` is its first presentation, from which its delay is counted."""
    if done_on > today:
        raise DayInTheFuture
    lock_customers([message.customer_id])
    if message.state != State.TO_DO or not move(message, State.DELIVERED, sent_at=at, receipt=note[:300]):
        raise NotWaiting(state=message.get_state_display())
    tell(message, "task.done", {"done_on": done_on, "note": note}, today=today, at=at, actor=f"user:{user.pk}")
    mark_left(message, done_on, today)
    _delivered([message], today, at, done_on)


@transaction.atomic
def resolve_uncertain(message: Message, was_sent: bool, user: User, today: date, at: datetime) -> None:
    """A person says whether a message that may have left did leave; if not, it is tried again with its same identifier."""
    if message.state != State.UNCERTAIN:
        raise NotWaiting(state=message.get_state_display())
    lock_customers([message.customer_id])
    settles_on = settling_day(message, today)
    changes = {"sent_at": at, "settles_on": settles_on} if was_sent else {"not_before": at}
    if move(message, State.SENT if was_sent else State.READY, **changes):
        tell(
            message,
            "message.sent" if was_sent else "message.failed",
            {"by_person": True},
            today=today,
            at=at,
            actor=f"user:{user.pk}",
        )
        if not was_sent:
            announce("deliver", message.pk)
        else:
            mark_left(message, today, today)


@transaction.atomic
def retry_failed(message: Message, today: date, at: datetime) -> None:
    """Try a failed message again, after the fault was mended: one that never left its desk is written anew."""
    following = State.READY if message.attempts else State.QUEUED
    if message.state != State.FAILED or not move(message, following, attempts=0, not_before=None):
        raise NotWaiting(state=message.get_state_display())
    if following == State.READY:
        announce("deliver", message.pk)
    else:
        announce("render", message.creditor_id)


def settling_day(message: Message, today: date) -> date:
    """Return the morning after the next working day: by then a bounce would have come back."""
    country = message.customer.country if message.customer else message.creditor.country
    return next_working_day(today, country) + timedelta(days=1)


def settle_deliveries(creditor: Creditor, today: date, at: datetime) -> int:
    """Count as delivered what was sent long enough ago and did not come back. Returns how many."""
    settled = 0
    while True:
        with transaction.atomic():
            waiting = (
                Message.objects.of(creditor)
                .filter(state=State.SENT, settles_on__lte=today)
                .order_by("settles_on", "id")
            )
            found = dict(waiting.values_list("pk", "customer_id")[:CHUNK])
            if not found:
                return settled
            lock_customers(found.values())
            messages = list(waiting.filter(pk__in=found).select_related("case"))
            Message.objects.filter(pk__in=[message.pk for message in messages]).update(
                state=State.DELIVERED, settles_on=None
            )
            _delivered(messages, today, at, None)
            settled += len(messages)


def _delivered(messages: Sequence[Message], today: date, at: datetime, taken_on: date | None) -> None:
    """Mark the steps of delivered messages, and tell it; escalation rests on this."""
    demands = [message for message in messages if message.action_id is not None and message.case_id is not None]
    by_day: dict[date, list[Message]] = {}
    for message in demands:
        by_day.setdefault(taken_on or today, []).append(message)
    for day, some in by_day.items():
        tones: dict[int, int] = {}
        for message in some:
            assert message.case_id is not None
            tones[message.case_id] = max(message.tone, tones.get(message.case_id, 0))
        mark_delivered([message.action_id for message in some if message.action_id], day, today, tones)
    for message in demands:
        tell(message, "step.delivered", {"on": taken_on or today}, today=today, at=at)


def refresh_after(message: Message, today: date, at: datetime) -> None:
    """Make the message's case agree with the ledger, for example after a bounce."""
    if message.case is not None:
        refresh_case(message.case, today, at)
