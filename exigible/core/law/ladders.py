"""Rates summed day by day, prepared once per law and debtor, so that a day's interest is two look-ups and a product."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from exigible.core.law.book import LawBook
from exigible.core.law.periods import next_cut
from exigible.core.law.rates import (
    UNITS_PER_PERCENT,
    bears_interest,
    covered_from,
    default_rate,
    floor_rate,
    is_sliding,
    rate_keys,
    rate_units,
    rounding_of,
    starts_on_notice,
    takes_contract_rate,
)
from exigible.core.money import Rounding


class Ladder(NamedTuple):
    """What one minor unit of base has borne by the eve of each period, in rate units, and the rate of each."""

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
    rounding: Rounding


def through(ladder: Ladder, day: date) -> int:
    """What one minor unit has borne from the first covered day to the end of this one, in rate units."""
    ordinal = day.toordinal()
    rank = bisect_right(ladder.eves, ordinal) - 1
    return ladder.sums[rank] + ladder.rates[rank] * (ordinal - ladder.eves[rank]) if rank >= 0 else 0


@lru_cache(maxsize=4096)
def regime_of(book: LawBook, debtor: str, contract_rate: Decimal | None) -> Regime | None:
    """The debtor's regime, or None for a kind that owes no interest (unknown)."""
    if not bears_interest(book, debtor):
        return None
    first = covered_from(book, debtor)
    denominator = 100 * UNITS_PER_PERCENT * book.number("interest.day_divisor", first)
    ladders = _ladders(book, debtor, first, contract_rate) if is_sliding(book, debtor) else ()
    return Regime(ladders, denominator, starts_on_notice(book, debtor), rounding_of(book, first))


@lru_cache(maxsize=16384)
def frozen_ladder(book: LawBook, debtor: str, due: date) -> Ladder:
    """One rate for ever: that of the period in which interest began (CCP art. R2192-31)."""
    first = max(due + timedelta(days=1), covered_from(book, debtor))
    return _ladder([first], [rate_units(default_rate(book, debtor, first))])


def _ladders(book: LawBook, debtor: str, first: date, contract_rate: Decimal | None) -> tuple[Ladder, ...]:
    has_clause = contract_rate is not None and takes_contract_rate(book, debtor, first)
    starts = _starts(book, rate_keys(book, debtor, has_clause), first)
    default = [default_rate(book, debtor, start) for start in starts]
    readings = [default]
    if contract_rate is not None and has_clause:
        floors = [floor_rate(book, debtor, start) for start in starts]
        at_floor = [max(contract_rate, floor) for floor in floors]
        pairs = zip(floors, default, strict=True)
        at_default = [contract_rate if contract_rate >= floor else own for floor, own in pairs]
        readings = [at_floor] if at_floor == at_default else [at_floor, at_default]
    return tuple(_ladder(starts, [rate_units(rate) for rate in rates]) for rates in readings)


def _starts(book: LawBook, keys: Sequence[str], first: date) -> list[date]:
    """The periods from the first covered to the one after every figure and rate: the last rate then goes on."""
    figures = [figure.since for key, dated in book.figures.items() if key.startswith("interest.") for figure in dated]
    last = max(figures + [rates[-1].since for rates in book.series.values()])
    starts = [first]
    while starts[-1] <= last:
        starts.append(next_cut(book, keys, starts[-1]))
    return starts


def _ladder(starts: Sequence[date], rates: Sequence[int]) -> Ladder:
    eves = [start.toordinal() - 1 for start in starts]
    sums = [0]
    for rank in range(1, len(eves)):
        sums.append(sums[-1] + rates[rank - 1] * (eves[rank] - eves[rank - 1]))
    return Ladder(tuple(eves), tuple(sums), tuple(rates))
