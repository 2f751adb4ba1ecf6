"""What to do next: at most four steps in order, each a rule with the facts that it saw and, where it has one, a last day."""

from datetime import date, timedelta
from typing import NamedTuple

from exigible.core.because import Because
from exigible.core.dates import add_months
from exigible.core.law.procedures import PIECES
from exigible.features.analysis.analyse import Analysis

PROMPT_MONTHS = 6
"""Below this many months before the last day to sue, reminders cost time that a judge needs (house rule)."""

NOTHING_MORE = "nothing_more"
"""The way that consists in doing nothing: to compare with, never to be advised."""

_AFTER_NOTICE_DAYS = 3
"""Days of post between the writing of a formal notice and its first presentation (house rule)."""


class Step(NamedTuple):
    """One thing to do, why, and by when."""

    because: Because
    by: date | None = None


def next_steps(found: Analysis, best: str | None) -> tuple[Step, ...]:
    """The steps to take, the first one now; best is the way that ranks first, if any."""
    if stopped := _stopped(found):
        return stopped
    if found.facts.disputed:
        return (_step("dispute"), *_proofs(found), *_prompt(found))
    steps = [*_prompt(found), *_kind(found)]
    if found.facts.debtor != "unknown" and "formal_notice" not in found.facts.pieces:
        steps += _notice(found)
    return (*steps, *_proofs(found), *_sue(found, best))


def _stopped(found: Analysis) -> tuple[Step, ...]:
    """The steps of a claim on which nothing more may be demanded today."""
    facts, statement = found.facts, found.owed.statement
    if statement.balance_minor == 0:
        return (_step("settled"),)
    if facts.insolvent:
        months = found.book.number("deadline.insolvency_claim.months", facts.insolvent)
        by = add_months(facts.insolvent, months)
        return (_step("stop", insolvent=facts.insolvent), _step("declare", by, months=months), _step("vat"))
    if found.is_barred:
        return (_step("barred", last_day=found.limit.last_day),)
    if found.due >= found.today:
        first = found.due + timedelta(days=1)
        return (_step("not_due", first, due=found.due), *_proofs(found))
    return ()


def _prompt(found: Analysis) -> tuple[Step, ...]:
    """The last months before limitation: an acknowledgement in writing, or an act that interrupts (C. civ. art. 2240 s.)."""
    last = found.limit.last_day
    if last is None or last >= add_months(found.today, PROMPT_MONTHS):
        return ()
    key = "claim_in_writing" if found.facts.debtor == "public_body" else "prompt"
    return (_step(key, last, last_day=last),)


def _kind(found: Analysis) -> tuple[Step, ...]:
    return (_step("find_kind"),) if found.facts.debtor == "unknown" else ()


def _notice(found: Analysis) -> tuple[Step, ...]:
    days = found.book.number(f"notice.delay_days.{found.facts.debtor}", found.today)
    public = found.facts.debtor == "public_body"
    return (_step("public_notice" if public else "formal_notice", found.today, days=days),)


def _proofs(found: Analysis) -> tuple[Step, ...]:
    """The documents to find, the formal notice apart, which is a step of its own."""
    lacking = [piece.name for piece in found.file if piece.name in PIECES and piece.needed_by and not piece.is_there]
    lacking = [name for name in lacking if name != "formal_notice"]
    return (_step("gather", pieces=lacking),) if lacking else ()


def _sue(found: Analysis, best: str | None) -> tuple[Step, ...]:
    """The way to take once the notice has had its time, or the choice to make where no result is known."""
    if found.facts.debtor == "unknown":
        return ()
    if best in (None, NOTHING_MORE):
        return (_step("choose"),)
    if "formal_notice" in found.facts.pieces:
        return (_step("take_way", way=best),)
    days = found.book.number(f"notice.delay_days.{found.facts.debtor}", found.today)
    return (_step("then_way", found.today + timedelta(days=days + _AFTER_NOTICE_DAYS), way=best),)


def _step(rule: str, by: date | None = None, **facts: object) -> Step:
    return Step(Because.of(rule, **facts), by)
