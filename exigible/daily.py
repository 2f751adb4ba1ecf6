"""The day: what the system does by itself for a creditor, readable from top to bottom."""

import json
from datetime import date, datetime
from typing import Any

from django.db import transaction

from exigible.books.cases.limitation_alerts import warn_of_limitation
from exigible.books.cases.operations import release_holds
from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import record
from exigible.core.dates import is_working_day, next_working_day
from exigible.features.bank.proposing import rematch
from exigible.features.dunning.models import Run
from exigible.features.dunning.operations import take_due_steps
from exigible.features.insolvency.operations import hold_insolvent
from exigible.features.outbox.operations import recheck_day, settle_deliveries
from exigible.features.promises.operations import settle_promises


def run_day(creditor: Creditor, today: date, at: datetime) -> list[int]:
    """Run the day of one creditor; returns the ids of the actions added.

    Each line may be repeated without harm: a run cut short is run again, and a second run the same day adds nothing.
    """
    run = claim(creditor, today, at)
    notes: dict[str, Any] = {}
    notes["holds"] = release_holds(creditor, today, at)  # those whose end has come
    notes["matched"] = rematch(creditor, today, at)  # money in that waits, explained by what the books say now
    notes["promises"] = settle_promises(creditor, today, at)  # kept, or their grace has passed
    notes["delivered"] = settle_deliveries(creditor, today, at)  # sent, and not come back
    notes["stale"] = recheck_day(creditor, today, at)  # waits for a person, and is no longer true
    notes["insolvent"] = hold_insolvent(creditor, today, at)  # billed since the notice: not chased by itself
    actions = take_due_steps(creditor, prepared_day(creditor, today), at)  # reminders, letters, calls, tasks
    notes["steps"] = len(actions)
    notes["limits"] = warn_of_limitation(creditor, today, at)  # the last day to sue draws near: whatever is on hold
    finish(run, notes, at)
    return actions


def prepared_day(creditor: Creditor, today: date) -> date:
    """Return the day whose steps are taken: today, or in rehearsal on a closed day the next working day, so that there is something to see."""
    if not creditor.rehearses or is_working_day(today, creditor.country):
        return today
    return next_working_day(today, creditor.country)


def claim(creditor: Creditor, today: date, at: datetime) -> Run:
    """Return the run of a creditor's day, made if it is the first."""
    run, _created = Run.objects.get_or_create(creditor=creditor, day=today, defaults={"started_at": at})
    return run


def finish(run: Run, notes: dict[str, Any], at: datetime) -> None:
    """Keep what the run did; it is told in the journal only when it did something or when it is the first of the day."""
    with transaction.atomic():
        is_first = Run.objects.filter(pk=run.pk, finished_at__isnull=True).update(
            finished_at=at, notes_json=json.dumps(notes)
        )
        if not is_first and not any(notes.values()):
            return
        Run.objects.filter(pk=run.pk).update(finished_at=at, notes_json=json.dumps(notes))
        record("day.run", run.creditor, {"run": run.pk, **notes}, on=run.day, at=at)
