"""The day as the command line's contract tells it: actions with their reasons, what left, what waits, what is held."""

import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from exigible.books.cases.models import Case
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Invoice
from exigible.core.because import JSON
from exigible.core.money import decimal_string
from exigible.daily import run_day
from exigible.features.dunning.models import Action
from exigible.features.messages.compose import render_waiting
from exigible.features.messages.wording import because_sentence
from exigible.features.outbox.deliver import deliver
from exigible.features.outbox.models import Message
from exigible.features.promises.models import Promise
from exigible.features.worklist.queries import action_json, worklist

NOT_YET = ("step.not.due", "nothing.claimable", "case.closed", "policy.ended")
SETTLED = ("promises_kept", "promises_broken", "instalments_late")
CHUNK = 500
State = Message.State


def day_of(creditor: Creditor, today: date, at: datetime, *, dry_run: bool = False) -> dict[str, Any]:
    """Run the day of one creditor and tell it; a dry run decides and writes all, then takes everything back."""
    if not dry_run:
        return _told(creditor, today, at, deliver_too=True)
    with transaction.atomic():
        report = _told(creditor, today, at, deliver_too=False)
        transaction.set_rollback(True)
    return report


def _told(creditor: Creditor, today: date, at: datetime, *, deliver_too: bool) -> dict[str, Any]:
    before = _promises_settled(creditor, today)
    action_ids = run_day(creditor, today, at)
    after = _promises_settled(creditor, today)
    render_waiting(creditor, at)
    sent = _deliver_ready(creditor, at) if deliver_too and not creditor.rehearses else 0
    waiting = Message.objects.of(creditor).filter(state=State.TO_APPROVE).count()
    return {
        "date": today.isoformat(),
        "creditor": creditor.name,
        "settled": dict.fromkeys(SETTLED, 0) | {name: after[name] - before[name] for name in after},
        "actions": list(_actions(creditor, action_ids)),
        "sent": sent,
        "waiting_approval": waiting,
        "held": list(_held(creditor)),
        "failed": list(_failed(creditor)),
    }


def _promises_settled(creditor: Creditor, today: date) -> dict[str, int]:
    """How many promises were settled on a day; one kept in part is not kept."""
    rows = Promise.objects.of(creditor).filter(settled_on=today)
    kept, failed = (Promise.State.KEPT,), (Promise.State.PARTLY, Promise.State.BROKEN)
    return {
        "promises_kept": rows.filter(state__in=kept).count(),
        "promises_broken": rows.filter(state__in=failed).count(),
    }


def _deliver_ready(creditor: Creditor, at: datetime) -> int:
    """Deliver what may leave at this instant; each stays ready when it may not. Returns how many left."""
    ready = Message.objects.of(creditor).filter(state=State.READY).filter(Q(not_before=None) | Q(not_before__lte=at))
    keys = list(ready.order_by("id").values_list("pk", flat=True))
    return sum(deliver(key, at) == State.SENT for key in keys)


def added_up(reports: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The days of several creditors as one; each action says whose it is."""
    return {
        "date": reports[0]["date"],
        "settled": {name: sum(report["settled"][name] for report in reports) for name in SETTLED},
        "actions": [{**each, "creditor": report["creditor"]} for report in reports for each in report["actions"]],
        "sent": sum(report["sent"] for report in reports),
        "waiting_approval": sum(report["waiting_approval"] for report in reports),
        "held": [each for report in reports for each in report["held"]],
        "failed": [each for report in reports for each in report["failed"]],
    }


def worklist_of(creditor: Creditor, today: date) -> list[dict[str, Any]]:
    """What is to be done on a day, in the order of the screen."""
    return [{**action_json(row, creditor.language), "creditor": creditor.name} for row in worklist(creditor, today)]


def _actions(creditor: Creditor, action_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Actions in the order of their ids given, each as the contract has it."""
    for start in range(0, len(action_ids), CHUNK):
        chunk = action_ids[start : start + CHUNK]
        rows = Action.objects.of(creditor).filter(pk__in=chunk).select_related("customer").in_bulk()
        numbers = _invoice_numbers(rows.values())
        yield from (_action(rows[key], numbers, creditor.language) for key in chunk if key in rows)


def _invoice_numbers(actions: Iterable[Action]) -> dict[int, str]:
    keys = {key for action in actions for key in json.loads(action.invoice_ids)}
    return dict(Invoice.objects.filter(pk__in=keys).values_list("pk", "number")) if keys else {}


def _action(action: Action, numbers: dict[int, str], language: str) -> dict[str, Any]:
    because = action.because
    following = {"step": action.next_step, "date": action.next_on.isoformat() if action.next_on else None}
    return {
        "customer": action.customer.name,
        "reference": action.customer.reference,
        "case": action.case_id,
        "channel": action.channel,
        "step": action.step,
        "mode": action.mode,
        "invoices": [numbers[key] for key in json.loads(action.invoice_ids) if key in numbers],
        "amount": decimal_string(action.amount_minor, action.currency),
        "currency": action.currency,
        "because": because_sentence(because, language).text,
        "facts": because.get("facts", {}),
        "next_if_silent": following if action.next_step else None,
    }


def _held(creditor: Creditor) -> Iterator[dict[str, JSON]]:
    """Open cases that something holds back, the worst first; a step that is merely not due yet is no hold."""
    rows = Case.objects.of(creditor).filter(state=Case.State.OPEN).exclude(waiting="").order_by("-priority", "id")
    for name, waiting in rows.values_list("customer__name", "waiting").iterator(chunk_size=2000):
        because = json.loads(waiting)
        if because["rule"] not in NOT_YET:
            yield {
                "customer": name,
                "because": because_sentence(because, creditor.language).text,
                "rule": because["rule"],
            }


def _failed(creditor: Creditor) -> Iterator[dict[str, JSON]]:
    """Cases that could not be decided and messages that could not be written or sent."""
    for name, error in (
        Case.objects.of(creditor).exclude(error="").order_by("id").values_list("customer__name", "error")
    ):
        yield {"customer": name, "because": error}
    failed = Message.objects.of(creditor).filter(state=State.FAILED).order_by("id")
    for name, receipt in failed.values_list("customer__name", "receipt"):
        yield {"customer": name, "because": receipt}


def lines_of(report: dict[str, Any]) -> list[str]:
    """The day for a person."""
    counts = f"{report['sent']} sent, {report['waiting_approval']} to approve, {len(report['held'])} held, {len(report['failed'])} failed"
    return [*action_lines(report["actions"]), f"{report['date']}: {len(report['actions'])} actions; {counts}"]


def action_lines(actions: Sequence[dict[str, Any]]) -> list[str]:
    """A worklist for a person: who, what, how much, and why; on a terminal each in one line."""
    width = max((len(each["customer"]) for each in actions), default=0)
    amount = max((len(each["amount"]) for each in actions), default=0)
    lines = [
        f"{each['customer']:<{width}}  {each['step']:<13}  {each['amount']:>{amount}} {each['currency']}  {each['because']}"
        for each in actions
    ]
    if not sys.stdout.isatty():
        return lines
    columns = shutil.get_terminal_size().columns
    return [line if len(line) <= columns else f"{line[: columns - 1]}…" for line in lines]
