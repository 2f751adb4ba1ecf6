"""The working days of a country as its law book gives them, so that a period's end needs no other calendar."""

from datetime import date, timedelta
from functools import lru_cache

from exigible.core import dates
from exigible.core.dates import easter, week_days
from exigible.core.law.book import LawBook

_ONE_DAY = timedelta(days=1)


def next_working_day(book: LawBook, day: date, subdivision: str | None = None) -> date:
    """The day itself when it is a working day there, else the first one after it (CPC art. 642)."""
    while not is_working_day(book, day, subdivision):
        day += _ONE_DAY
    return day


def is_working_day(book: LawBook, day: date, subdivision: str | None = None) -> bool:
    """No day of rest of the week, no public holiday of the country nor of its subdivision ("57" for Moselle, "974"...).

    A book without holidays of its own follows the general calendar of its country.
    """
    if not book.has("calendar.holidays"):
        return dates.is_working_day(day, book.country, subdivision)
    return day.weekday() not in _rest_days(book) and day not in _holidays(book, subdivision, day.year)


@lru_cache(maxsize=64)
def _rest_days(book: LawBook) -> frozenset[int]:
    """Saturday and Sunday where the book says nothing else."""
    weekly = book.figures.get("calendar.weekly")
    return week_days(str(weekly[-1].value)) if weekly else dates.WEEKEND


@lru_cache(maxsize=1024)
def _holidays(book: LawBook, subdivision: str | None, year: int) -> frozenset[date]:
    first = date(year, 1, 1)
    found: set[date] = set()
    for home in ("calendar", f"calendar.local.{subdivision}"):
        if book.has(f"{home}.holidays"):
            marks = book.days(f"{home}.holidays", first)
            found |= {date.fromisoformat(mark if len(mark) > 5 else f"{year:04}-{mark}") for mark in marks}
        names = [key for key in book.figures if key.startswith(f"{home}.after_easter.")]
        found |= {easter(year) + timedelta(days=book.number(key, first)) for key in names}
    return frozenset(found)
