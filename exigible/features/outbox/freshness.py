"""Nothing leaves on stale facts: demands wait while money in is not known up to the creditor's limit."""

from datetime import date, datetime, timedelta

from django.db import transaction

from exigible.books.cases.models import Case
from exigible.books.cases.operations import look_again
from exigible.books.creditors.models import Creditor
from exigible.books.creditors.money_known import StaleMoney, confirm_money, stale_money
from exigible.common.engine import announce
from exigible.common.errors import Refused
from exigible.core.typography import day_in_words
from exigible.features.outbox.models import Message

AGAIN = timedelta(hours=1)


class MoneyNotKnown(Refused):
    """What came in is known only until %(day)s, more than %(days)d days ago: import a bank statement, or confirm that nothing else was received."""


def holds_back(creditor: Creditor, today: date) -> StaleMoney | None:
    """Why demands of a creditor must wait on a day; in rehearsal nothing leaves, so nothing is held back."""
    return None if creditor.rehearses else stale_money(creditor, today)


def refuse_if_stale(creditor: Creditor, today: date, language: str) -> None:
    """Let no person approve or print demands on stale facts either. Raises MoneyNotKnown."""
    if stale := holds_back(creditor, today):
        raise MoneyNotKnown(day=day_in_words(stale.until, language), days=stale.days)


def put_off(message: Message, at: datetime) -> None:
    """A demand that is ready waits as it is; it is looked at again within the hour."""
    Message.objects.filter(pk=message.pk).update(not_before=at + AGAIN)


@transaction.atomic
def confirm_and_go_on(creditor: Creditor, today: date, at: datetime, actor: str) -> None:
    """A person confirms that the books hold all that was received until today; what waited for it goes on at once."""
    confirm_money(creditor, today, at, actor)
    go_on(creditor, today)


def go_on_if_fresh(creditor: Creditor, today: date) -> None:
    """After a file said more of money in: what waited for it goes on, unless it is still too old."""
    if not stale_money(creditor, today):
        go_on(creditor, today)


def go_on(creditor: Creditor, today: date) -> None:
    """Look again at the cases that waited for fresher money, and let ready demands leave."""
    waiting = Case.objects.of(creditor).filter(state=Case.State.OPEN, waiting__contains='"money.stale"')
    look_again(waiting.values_list("pk", flat=True), today)
    ready = Message.objects.of(creditor).filter(state=Message.State.READY, purpose=Message.Purpose.DEMAND)
    ready.filter(not_before__isnull=False).update(not_before=None)
    announce("run_day", creditor.pk)
