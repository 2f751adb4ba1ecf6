"""The days on which a series of rates is read: the rate of such a day holds until the next (half-years in France)."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from exigible.core.law.book import LawBook


def period_start(book: LawBook, series: str, day: date) -> date:
    """The last day, at or before this one, on which the series is read: its rate is the one that counts."""
    return max(found for year in (day.year - 1, day.year) for found in _days(book, series, year) if found <= day)


def next_period(book: LawBook, series: str, day: date) -> date:
    """The first day after this one on which the series is read."""
    return min(found for year in (day.year, day.year + 1) for found in _days(book, series, year) if found > day)


def next_cut(book: LawBook, keys: Sequence[str], on: date) -> date:
    """The first day after this one on which the rate may be another: a series is read, or another series is named.

    The keys are figures that name a series, such as interest.business.series.
    """
    read = [next_period(book, book.text(key, on), on) for key in keys]
    named = [figure.since for key in keys for figure in book.figures[key] if figure.since > on]
    return min(read + named)


def next_publication(book: LawBook, series: str) -> date:
    """The first day whose rate is not published yet."""
    return next_period(book, series, book.known_until(series))


@lru_cache(maxsize=4096)
def _days(book: LawBook, series: str, year: int) -> tuple[date, ...]:
    marks = book.days(f"rates.read_on.{series}", date(year, 1, 1))
    return tuple(date(year, int(mark[:2]), int(mark[3:])) for mark in marks)
