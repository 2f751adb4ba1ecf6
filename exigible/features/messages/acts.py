"""What a person does to messages on their screens, where the outbox's own acts do not suffice."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.dateparse import parse_date

from exigible.books.creditors.models import Creditor, User
from exigible.books.ledger.locks import lock_customers
from exigible.common.errors import Refused
from exigible.features.messages.queries import seen_ids
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import approve, record_posting, retry_failed


class NoLetterWaits(Refused):
    """None of these letters waits to be posted any more. Choose letters in the list and try again."""


class DayMissing(Refused):
    """Say on which day the letters were posted."""


class NeverWritten(Refused):
    """This message could not be written: correct what is wrong, then withdraw it; the next run of the day writes it again."""


class NothingChosen(Refused):
    """Choose at least one message."""


@transaction.atomic
def approve_seen(creditor: Creditor, seen: Sequence[str], user: User, today: date, at: datetime) -> int:
    """Approve messages, each named with the bytes that the person saw; returns how many. Raises ChangedSince, NothingApproved."""
    if not seen:
        raise NothingChosen
    return approve(creditor, seen_ids(creditor, seen), user, today, at)


def posting_day(text: str) -> date:
    """Return the day of posting that a person gave."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise DayMissing
    return day


@transaction.atomic
def record_postings(
    letters: Sequence[Message], posted_on: date, *, proof: str, user: User, today: date, at: datetime
) -> int:
    """Record that letters were posted on a day, all or none; returns how many."""
    lock_customers(letter.customer_id for letter in letters)
    for letter in letters:
        record_posting(letter, posted_on, user=user, today=today, at=at, proof=proof)
    return len(letters)


def retry(message: Message, today: date, at: datetime) -> None:
    """Try a message again that a server refused for now; one that was never allowed to leave is not sent as it is."""
    if message.state == Message.State.FAILED and not message.attempts:
        raise NeverWritten
    retry_failed(message, today, at)
