"""What one minor unit bears from each day to a given one, as a table: a database that joins it computes interest in sets."""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from exigible.core.law.book import LawBook
from exigible.core.law.interest import indemnity_minor
from exigible.core.law.ladders import frozen_ladder, regime_of, through
from exigible.core.law.rates import covered_from

_ONE_DAY = timedelta(days=1)


class DayWeight(NamedTuple):
    """A day and what follows from it, for one debtor's regime.

    A minor unit owed from the end of this day to the end of the last one bears `factor` x `span`, in rate units; `other` is the
    span of a second lawful reading (the lower of the two sums is claimed), the same where there is one reading. The factor
    is that of the due date: a rate that is frozen on it; 1 where the rate slides. The indemnity is that of an
    invoice due on this day, in minor units.
    """

    day: date
    span: int
    other: int
    factor: int
    indemnity: int


def first_weighed(book: LawBook, debtor: str) -> date:
    """The first day of the table: on all earlier ones, what they bear and the indemnity are the same as on it."""
    key = f"interest.{debtor}.indemnity"
    changes = [figure.since for figure in book.figures.get(key, ())[1:]]
    return min([covered_from(book, debtor), *changes]) - 2 * _ONE_DAY


@lru_cache(maxsize=32)
def day_weights(
    book: LawBook, debtor: str, contract_rate: Decimal | None, first: date, until: date
) -> tuple[DayWeight, ...]:
    """The table of a debtor that bears interest, from a day (`first_weighed` or earlier) to the last day counted."""
    regime = regime_of(book, debtor, contract_rate)
    assert regime is not None, debtor
    assert regime.ladders or not regime.starts_on_notice, "a rate frozen on the due date starts on it"
    covered = covered_from(book, debtor)
    found = []
    for rank, indemnity in enumerate(_indemnities(book, debtor, first, until)):
        day = first + rank * _ONE_DAY
        if regime.ladders:
            spans = [through(ladder, until) - through(ladder, day) for ladder in regime.ladders]
            factor = 1
        else:
            spans = [max(0, (until - max(day, covered - _ONE_DAY)).days)]
            factor = frozen_ladder(book, debtor, day).rates[0]
        found.append(DayWeight(day, spans[0], spans[-1], factor, indemnity))
    return tuple(found)


@lru_cache(maxsize=32)
def _indemnities(book: LawBook, debtor: str, first: date, until: date) -> tuple[int, ...]:
    """The indemnity of an invoice due on each day."""
    return tuple(indemnity_minor(book, debtor, first + rank * _ONE_DAY) for rank in range((until - first).days + 1))
