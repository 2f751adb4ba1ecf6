"""The whole analysis of one claim, from facts alone: no database, no clock, no network."""

from datetime import date
from typing import NamedTuple

from exigible.core.law.book import LawBook
from exigible.core.law.procedures import Facts, Way, ways
from exigible.features.analysis.facts import ClaimFacts, FactsError, due_of
from exigible.features.analysis.owed import Owed, owed
from exigible.features.analysis.pieces import Piece, file_check
from exigible.features.analysis.until import TimeLimit, time_limit
from exigible.features.analysis.worth import Worth, worth


class Analysis(NamedTuple):
    """What can be said of a claim on a day: what is owed, until when, what the file lacks, which ways lie open."""

    book: LawBook
    facts: ClaimFacts
    today: date
    due: date
    is_due_presumed: bool
    owed: Owed
    limit: TimeLimit
    ways: tuple[Way, ...]
    file: tuple[Piece, ...]
    worth: Worth

    @property
    def is_late(self) -> bool:
        """Whether the due date has passed with principal left."""
        return self.due < self.today and self.owed.statement.principal_minor > 0

    @property
    def is_barred(self) -> bool:
        """Whether the time to sue is over."""
        return self.limit.last_day is not None and self.limit.last_day < self.today

    @property
    def open_ways(self) -> tuple[Way, ...]:
        """The ways that lie open."""
        return tuple(way for way in self.ways if way.is_open)


def analyse(book: LawBook, facts: ClaimFacts, today: date) -> Analysis:
    """The analysis of a claim on a day; FactsError or LawError, with a sentence, for facts that cannot be one."""
    due, is_presumed = due_of(book, facts)
    _check(facts, today)
    sums = owed(book, facts, due, today)
    limit = time_limit(book, facts, due, today)
    found = ways(book, _asked(facts, due, today, sums, limit))
    open_ways = [way for way in found if way.is_open]
    weighed = worth(book, open_ways, facts.debtor, sums.statement.balance_minor, facts.assumed)
    return Analysis(book, facts, today, due, is_presumed, sums, limit, found, file_check(facts, found), weighed)


def _check(facts: ClaimFacts, today: date) -> None:
    if facts.issued and facts.issued > today:
        raise FactsError("issued_later")
    if facts.insolvent and facts.insolvent > today:
        raise FactsError("insolvent_later")
    if facts.paid_minor > facts.amount_minor * 2:
        raise FactsError("overpaid")


def _asked(facts: ClaimFacts, due: date, today: date, sums: Owed, limit: TimeLimit) -> Facts:
    statement = sums.statement
    return Facts(
        debtor=facts.debtor,
        amount_minor=statement.principal_minor,
        accessories_minor=statement.balance_minor - statement.principal_minor,
        due=due,
        today=today,
        country=facts.country,
        postcode=facts.postcode,
        disputed=facts.disputed,
        insolvent=facts.insolvent,
        both_traders=facts.both_traders,
        has=facts.pieces,
        buyer=facts.buyer,
        last_day_to_sue=limit.last_day,
    )
