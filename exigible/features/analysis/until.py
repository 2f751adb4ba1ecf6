"""Until when one can sue: the prudent day, each other reading, and what interrupts."""

from datetime import date
from typing import NamedTuple

from exigible.core.law.book import LawBook, LawError
from exigible.core.law.limitation import Limitation, LimitationEvent, limitation
from exigible.features.analysis.facts import ClaimFacts


class TimeLimit(NamedTuple):
    """The limitation that is told, and the later day if part payments are taken as an acknowledgement; why there is none."""

    told: Limitation | None
    with_payments: date | None
    fault: str

    @property
    def last_day(self) -> date | None:
        """The last day to sue that is told."""
        return self.told.last_day if self.told else None


def time_limit(book: LawBook, facts: ClaimFacts, due: date, today: date) -> TimeLimit:
    """The last day to sue. Part payments are left out of the day told: whether each acknowledges the debt is arguable."""
    events = []
    if facts.acknowledged:
        events.append(LimitationEvent(facts.acknowledged, "acknowledgement"))
    if facts.notice_received:
        events.append(LimitationEvent(facts.notice_received, "formal_notice"))
    paid = [LimitationEvent(day, "part_payment") for day, _amount in facts.payments if day <= today]
    try:
        told = _limitation(book, facts, due, events)
        later = _limitation(book, facts, due, [*events, *paid]).last_day if paid else None
    except LawError as fault:
        return TimeLimit(None, None, str(fault))
    return TimeLimit(told, later if later != told.last_day else None, "")


def _limitation(book: LawBook, facts: ClaimFacts, due: date, events: list[LimitationEvent]) -> Limitation:
    return limitation(
        book, facts.debtor, due=due, completed=facts.completed, activity=facts.activity, events=tuple(events)
    )
