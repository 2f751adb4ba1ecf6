"""Rates summed day by day, prepared once per law and debtor, so that a day's interest is two look-ups and a product."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from exigible.core.law.book import LawBook
from exigible.core.law.rates import (
    UNITS_PER_PERCENT,
    bears_interest,
    covered_from,
    default_rate,
    floor_rate,
    is_sliding,
    next_semester,
    rate_units,
    starts_on_notice,
    takes_contract_rate,
)


class Ladder(NamedTuple):
    """What one minor unit of base has borne by the eve of each half-year, in rate units, and the rate of each."""

    first_year: int
    eves: tuple[int, ...]
    sums: tuple[int, ...]
    rates: tuple[int, ...]


class Regime(NamedTuple):
    """A debtor's law made ready for the daily run; no ladder where the first late day freezes the rate.

    Two ladders stand for a clause below the floor: the lower of the two sums is claimed.
    """

    ladders: tuple[Ladder, ...]
    denominator: int
    starts_on_notice: bool


def through(ladder: Ladder, day: date) -> int:
    """What one minor unit has borne from the first covered day to the end of this one, in rate units."""
    rank = 2 * (day.year - ladder.first_year) + (day.month > 6)
    if rank <= 0:
        return max(0, ladder.rates[0] * (day.toordinal() - ladder.eves[0]))
    if rank >= len(ladder.eves):
        rank = -1
    return ladder.sums[rank] + ladder.rates[rank] * (day.toordinal() - ladder.eves[rank])


@lru_cache(maxsize=4096)
def regime_of(book: LawBook, debtor: str, contract_rate: Decimal | None) -> Regime | None:
    """The debtor's regime, or None for a kind that owes no interest (unknown)."""
    if not bears_interest(book, debtor):
        return None
    first = covered_from(book, debtor)
    denominator = 100 * UNITS_PER_PERCENT * book.number("interest.day_divisor", first)
    ladders = _ladders(book, debtor, first, contract_rate) if is_sliding(book, debtor) else ()
    return Regime(ladders, denominator, starts_on_notice(book, debtor))


@lru_cache(maxsize=16384)
def frozen_ladder(book: LawBook, debtor: str, due: date) -> Ladder:
    """One rate for ever: that of the half-year in which interest began (CCP art. R2192-31)."""
    first = max(due + timedelta(days=1), covered_from(book, debtor))
    return _ladder([first], [rate_units(default_rate(book, debtor, first))])


def _ladders(book: LawBook, debtor: str, first: date, contract_rate: Decimal | None) -> tuple[Ladder, ...]:
    semesters = _semesters(book, first)
    default = [default_rate(book, debtor, start) for start in semesters]
    readings = [default]
    if contract_rate is not None and takes_contract_rate(book, debtor, first):
        floors = [floor_rate(book, debtor, start) for start in semesters]
        at_floor = [max(contract_rate, floor) for floor in floors]
        pairs = zip(floors, default, strict=True)
        at_default = [contract_rate if contract_rate >= floor else own for floor, own in pairs]
        readings = [at_floor] if at_floor == at_default else [at_floor, at_default]
    return tuple(_ladder(semesters, [rate_units(rate) for rate in rates]) for rates in readings)


def _semesters(book: LawBook, first: date) -> list[date]:
    """The half-years from the first covered to the one after every figure and rate: the last rate then goes on."""
    figures = [figure.since for key, dated in book.figures.items() if key.startswith("interest.") for figure in dated]
    last = max(figures + [rates[-1].since for rates in book.series.values()])
    semesters = [first]
    while semesters[-1] <= last:
        semesters.append(next_semester(semesters[-1]))
    return semesters


def _ladder(semesters: Sequence[date], rates: Sequence[int]) -> Ladder:
    eves = [start.toordinal() - 1 for start in semesters]
    sums = [0]
    for rank in range(1, len(eves)):
        sums.append(sums[-1] + rates[rank - 1] * (eves[rank] - eves[rank - 1]))
    if semesters[0].month > 6:  # half-years are counted from a first of January
        eves, sums, rates = [eves[0], *eves], [0, *sums], [0, *rates]
    return Ladder(semesters[0].year, tuple(eves), tuple(sums), tuple(rates))
