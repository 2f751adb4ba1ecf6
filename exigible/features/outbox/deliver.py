"""deliver: claims a message, checks it one last time, hands it to its channel, writes down what came of it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from exigible.books.creditors.models import Creditor
from exigible.books.documents.operations import read_document
from exigible.books.ledger.locks import lock_customers
from exigible.common.clock import now
from exigible.common.engine import announce
from exigible.core.law.book import law_book
from exigible.core.law.contact import may_write_at, next_writing_moment
from exigible.features.outbox.channels import CHANNELS
from exigible.features.outbox.channels.outcome import Outcome, Result
from exigible.features.outbox.checks import failing_check
from exigible.features.outbox.freshness import holds_back, put_off
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import State, cancel, mark_left, move, record_bounce, settling_day, tell

LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 6
FIRST_RETRY = timedelta(minutes=10)


def deliver(message_id: int, at: datetime) -> str:
    """Deliver one message if it may leave at an instant; returns its state. Safe to call twice or from two workers."""
    claimed = _claim(message_id, at)
    if claimed is None:
        return str(Message.objects.values_list("state", flat=True).get(pk=message_id))
    message, body = claimed
    send = CHANNELS[message.channel].send
    assert send is not None, "a person hands this channel over"
    outcome = send(message, body)
    _write_down(message, outcome, now() if at is None else at)
    return str(message.state)


def _claim(message_id: int, at: datetime) -> tuple[Message, bytes] | None:
    """Check a waiting message and take it, in one transaction; None when it may not leave now."""
    with transaction.atomic():
        lock_customers(Message.objects.filter(pk=message_id).values_list("customer_id", flat=True))
        rows = Message.objects.select_for_update(of=("self",), no_key=True).select_related(
            "case", "customer", "creditor", "document__content"
        )
        message = (
            rows.filter(pk=message_id, state=State.READY)
            .filter(Q(not_before__isnull=True) | Q(not_before__lte=at))
            .first()
        )
        if message is None:
            return None
        creditor: Creditor = message.creditor
        today = at.astimezone(ZoneInfo(creditor.time_zone)).date()
        if creditor.rehearses and message.purpose != Message.Purpose.INTERNAL:
            return None
        if message.purpose == Message.Purpose.DEMAND and holds_back(creditor, today):
            put_off(message, at)
            return None
        if (because := failing_check(message, today)) is not None:
            if because.rule.startswith("guard."):
                tell(message, "message.refused", {"because": because.to_json()}, today=today, at=at)
            cancel(message, because, today, at)
            announce("run_day", creditor.pk)
            return None
        if not _within_hours(message, creditor, at):
            return None
        assert message.document is not None, "bytes are frozen before they leave"
        body = read_document(message.document)
        if not move(message, State.SENDING, attempts=message.attempts + 1):
            return None
        Message.objects.filter(pk=message.pk).update(lease_until=at + LEASE)
        return message, body


def _within_hours(message: Message, creditor: Creditor, at: datetime) -> bool:
    """Whether all that goes to a debtor may leave now; if not, the message waits for the next allowed moment."""
    local = at.astimezone(ZoneInfo(creditor.time_zone))
    book, customer = law_book(creditor.country), message.customer
    if (
        message.purpose == Message.Purpose.INTERNAL
        or customer is None
        or may_write_at(book, customer.kind, local, customer.country)
    ):
        return True
    moment = next_writing_moment(book, customer.kind, local, customer.country)
    # Spread over half an hour by the row's own number, so that a batch does not leave in the same second.
    Message.objects.filter(pk=message.pk).update(not_before=moment + timedelta(seconds=message.pk * 37 % 1800))
    return False


@transaction.atomic
def _write_down(message: Message, outcome: Outcome, at: datetime) -> None:
    """Write what the channel answered; a message taken over meanwhile as uncertain is left to the person."""
    lock_customers([message.customer_id])
    today = at.astimezone(ZoneInfo(message.creditor.time_zone)).date()
    match outcome.result:
        case Result.ACCEPTED:
            _sent(message, outcome.receipt, today, at)
        case Result.REFUSED:
            record_bounce(message, outcome.address or message.recipient, outcome.receipt, today=today, at=at)
        case Result.UNCERTAIN:
            if move(message, State.UNCERTAIN, receipt=outcome.receipt):
                tell(message, "message.uncertain", {"told": outcome.receipt}, today=today, at=at)
        case Result.LATER if message.attempts >= MOST_ATTEMPTS:
            if move(message, State.FAILED, receipt=outcome.receipt):
                tell(
                    message,
                    "message.failed",
                    {"told": outcome.receipt, "attempts": message.attempts},
                    today=today,
                    at=at,
                )
        case Result.LATER:
            move(
                message, State.READY, receipt=outcome.receipt, not_before=at + FIRST_RETRY * 2 ** (message.attempts - 1)
            )


def _sent(message: Message, receipt: str, today: date, at: datetime) -> None:
    if not move(message, State.SENT, sent_at=at, settles_on=settling_day(message, today), receipt=receipt):
        return
    assert message.document is not None
    payload = {
        "document": message.document.digest, "receipt": receipt, "message_id": message.message_id, "template": message.template,
        "template_version": message.template_version, "policy_version": message.policy_version, "attempt": message.attempts,
    }  # fmt: skip
    tell(message, "message.sent", payload, today=today, at=at)
    mark_left(message, today, today)


def give_up_lost(at: datetime) -> int:
    """Messages found leaving after their lease has passed may have left: nobody knows, a person decides. Returns how many."""
    ids = list(
        Message.objects.filter(state=State.SENDING, lease_until__lt=at).order_by("id").values_list("pk", flat=True)
    )
    lost = Message.objects.filter(pk__in=ids).select_related("case", "customer", "creditor").order_by("id")
    count = 0
    for message in lost if ids else ():  # asked every few seconds, and hardly ever answered
        with transaction.atomic():
            lock_customers([message.customer_id])
            if move(message, State.UNCERTAIN, receipt="the worker stopped while sending"):
                today = at.astimezone(ZoneInfo(message.creditor.time_zone)).date()
                tell(message, "message.uncertain", {"told": message.receipt}, today=today, at=at)
                count += 1
    return count
