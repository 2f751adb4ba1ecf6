"""What is owed: on the day, each week after it, and what one more day adds."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from exigible.core.law.book import LawBook
from exigible.core.law.statement import Statement, state_claim
from exigible.core.money import round_half_up
from exigible.features.analysis.facts import ClaimFacts, claim_of

WEEKS = 8


class Week(NamedTuple):
    """What is owed on a day to come if nothing is paid, in minor units, and what that adds to today."""

    on: date
    interest_minor: int
    indemnity_minor: int
    balance_minor: int
    added_minor: int


class Owed(NamedTuple):
    """The statement of the day, the weeks to come, and what one more day of lateness costs the debtor in minor units."""

    statement: Statement
    weeks: tuple[Week, ...]
    daily_minor: int


def owed(book: LawBook, facts: ClaimFacts, due: date, today: date) -> Owed:
    """What is owed today and, if nothing more is paid, each of the next weeks; payments in the law's own order."""
    now = state_claim(book, claim_of(facts, due, today))
    paid = replace(facts, payments=tuple(payment for payment in facts.payments if payment[0] <= today))
    weeks = []
    for rank in range(1, WEEKS + 1):
        on = today + timedelta(weeks=rank)
        then = state_claim(book, claim_of(paid, due, on))
        costs = then.indemnity_minor + then.complement_minor
        weeks.append(Week(on, then.interest_minor, costs, then.balance_minor, then.balance_minor - now.balance_minor))
    return Owed(now, tuple(weeks), _daily(book, facts, due, today))


def _daily(book: LawBook, facts: ClaimFacts, due: date, today: date) -> int:
    """The interest of the day after today, rounded to the cent; nought when none runs then."""
    tomorrow = today + timedelta(days=1)
    segments = state_claim(book, claim_of(facts, due, tomorrow)).segments
    if not segments or segments[-1].last != tomorrow:
        return 0
    exact = Fraction(segments[-1].interest) / segments[-1].days
    return round_half_up(exact.numerator, exact.denominator)
