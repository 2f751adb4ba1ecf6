"""The working days of a country as its law book gives them, so that a period's end needs no other calendar."""

from datetime import date, timedelta
from functools import lru_cache

from exigible.core import dates
from exigible.core.law.book import LawBook

_ONE_DAY = timedelta(days=1)


def next_working_day(book: LawBook, day: date, subdivision: str | None = None) -> date:
    """The day itself when it is a working day there, else the first one after it (CPC art. 642)."""
    while not is_working_day(book, day, subdivision):
        day += _ONE_DAY
    return day


def is_working_day(book: LawBook, day: date, subdivision: str | None = None) -> bool:
    """Monday to Friday, no public holiday of the country nor of its subdivision ("57" for Moselle, "974"...).

    A book without holidays of its own follows the general calendar of its country.
    """
    if not book.has("calendar.holidays"):
        return dates.is_working_day(day, book.country, subdivision)
    return day.weekday() < dates.SATURDAY and day not in _holidays(book, subdivision, day.year)


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


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, from the age of the moon at the turn of the year and the Sunday letter."""
    century, golden = year // 100, year % 19
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    epact -= epact // 28 * (1 - epact // 28 * (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    offset = epact - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))
