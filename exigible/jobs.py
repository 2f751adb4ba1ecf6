"""The background work: each job one idempotent function of a row's id; waiting() finds all that waits."""

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q

from exigible.books.cases.models import Case
from exigible.books.creditors.models import Creditor
from exigible.common.clock import now
from exigible.daily import run_day as run_day_of
from exigible.features.bank.models import BankStatement
from exigible.features.customers.asking import fetch_registers as fetch_registers_of
from exigible.features.customers.models import RegisterQuestion
from exigible.features.dunning.models import Run
from exigible.features.imports.folder import has_work
from exigible.features.imports.models import Import
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox.deliver import deliver as deliver_message
from exigible.features.outbox.deliver import give_up_lost
from exigible.features.outbox.models import Message

logger = logging.getLogger(__name__)
DAY_BEGINS_HOUR = 6
SWEPT_AT_ONCE = 500


class Waiting(NamedTuple):
    """A job and the row that waits for it."""

    job: str
    row_id: int


def run_import(import_id: int) -> None:
    """Read or post an upload."""
    from exigible.features.imports.operations import run_import as work

    work(import_id, now())


def match_statement(statement_id: int) -> None:
    """Explain the movements of a bank statement, and apply what is certain where the creditor allows it."""
    from exigible.features.bank.proposing import match_statement as work

    creditor = BankStatement.objects.select_related("creditor").get(pk=statement_id).creditor
    at = now()
    work(statement_id, at, at.astimezone(ZoneInfo(creditor.time_zone)).date())


def take_in(creditor_id: int) -> None:
    """Take in what was dropped in the watched folder of a creditor."""
    from exigible.features.imports.watching import take_in as work

    work(Creditor.objects.get(pk=creditor_id), now())


def run_day(creditor_id: int) -> None:
    """Run the day of a creditor, today in its time zone."""
    creditor = Creditor.objects.get(pk=creditor_id)
    at = now()
    run_day_of(creditor, at.astimezone(ZoneInfo(creditor.time_zone)).date(), at)


def render(creditor_id: int) -> None:
    """Write the queued messages of a creditor."""
    render_waiting(Creditor.objects.get(pk=creditor_id), now())


def deliver(message_id: int) -> None:
    """Deliver a message."""
    deliver_message(message_id, now())


def fetch_registers(creditor_id: int) -> None:
    """Ask the company register what waits to be asked, today in the creditor's time zone."""
    at = now()
    zone = ZoneInfo(Creditor.objects.values_list("time_zone", flat=True).get(pk=creditor_id))
    fetch_registers_of(creditor_id, at, at.astimezone(zone).date())


JOBS: dict[str, Callable[[int], None]] = {
    "run_import": run_import,
    "match_statement": match_statement,
    "take_in": take_in,
    "run_day": run_day,
    "render": render,
    "deliver": deliver,
    "fetch_registers": fetch_registers,
}


def perform(job: str, row_id: int) -> bool:
    """Do a job and say whether it went well; a failure is logged and the sweep hands the row over again."""
    try:
        JOBS[job](row_id)
    except Exception:
        logger.exception("%s %s failed", job, row_id)
        return False
    return True


def waiting(at: datetime) -> Iterator[Waiting]:
    """Yield all that waits, whatever an engine believes: uploads, statements, days not yet run, texts to write, messages to send."""
    give_up_lost(at)
    uploads = Import.objects.filter(state__in=[Import.State.UPLOADED, Import.State.WAITING])
    for key in uploads.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at)).values_list("pk", flat=True)[
        :SWEPT_AT_ONCE
    ]:
        yield Waiting("run_import", key)
    statements = BankStatement.objects.filter(state=BankStatement.State.WAITING)
    for key in statements.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at)).values_list("pk", flat=True)[
        :SWEPT_AT_ONCE
    ]:
        yield Waiting("match_statement", key)
    for creditor in Creditor.objects.order_by("id"):
        local = at.astimezone(ZoneInfo(creditor.time_zone))
        if has_work(creditor, at):
            yield Waiting("take_in", creditor.pk)
        if local.hour >= DAY_BEGINS_HOUR and _day_waits(creditor, local.date()):
            yield Waiting("run_day", creditor.pk)
        messages = Message.objects.of(creditor)
        if messages.filter(state=Message.State.QUEUED).exists():
            yield Waiting("render", creditor.pk)
        if RegisterQuestion.objects.of(creditor).filter(answered_at__isnull=True).exists():
            yield Waiting("fetch_registers", creditor.pk)
        if creditor.rehearses:
            continue
        ready = messages.filter(state=Message.State.READY).filter(Q(not_before__isnull=True) | Q(not_before__lte=at))
        for key in ready.order_by("id").values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
            yield Waiting("deliver", key)


def _day_waits(creditor: Creditor, day: date) -> bool:
    """Say whether a day is not yet run, or something happened since to a case, which is to be looked at the same day."""
    was_run = Run.objects.filter(creditor=creditor, day=day, finished_at__isnull=False).exists()
    return not was_run or Case.objects.of(creditor).filter(next_look_on__lte=day).exists()


def sweep(at: datetime | None = None) -> int:
    """Do all that waits, once; returns how many jobs were done."""
    done = 0
    for job in list(waiting(at or now())):
        perform(*job)
        done += 1
    return done
