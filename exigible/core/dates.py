"""Working days, public holidays and months: the calendar of a country, pure and cached."""

import tomllib
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "law" / "data"
_ONE_DAY = timedelta(days=1)
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKEND = frozenset({5, 6})


@lru_cache(maxsize=4096)
def public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """The public holidays of a year; none for a country or year that is not known.

    A subdivision adds its own days (Moselle, "57", adds Good Friday and 26 December); an unknown one adds nothing. A
    country that no calendar knows has the days of the data packaged for it.
    """
    import holidays  # costs more to import than the commands that never ask for a holiday take to run

    try:
        days = holidays.country_holidays(country.upper(), subdiv=subdivision, years=year)
    except NotImplementedError:
        return public_holidays(country, None, year) if subdivision else frozenset(_own_holidays(country, year))
    return frozenset(day for day in days if day.year == year)


@lru_cache(maxsize=256)
def rest_days(country: str) -> frozenset[int]:
    """The days of the week without work, Monday being 0: Saturday and Sunday where the country's data say nothing else."""
    weekly = _own_calendar(country).get("weekly")
    return week_days(weekly[-1]["value"]) if weekly else WEEKEND


def week_days(names: str) -> frozenset[int]:
    """Days of the week, Monday being 0, from their English names: "friday saturday"."""
    return frozenset(_WEEK.index(name) for name in names.split())


def _own_holidays(country: str, year: int) -> Iterator[date]:
    """The days that the data give in force on the first day of a year: of every year, of one year, after Easter."""
    calendar = _own_calendar(country)
    for mark in _in_force(calendar.get("holidays", ()), year) or ():
        if len(mark) == len("01-01") or mark.startswith(f"{year}-"):
            yield date(year, int(mark[-5:-3]), int(mark[-2:]))
    for figures in calendar.get("after_easter", {}).values():
        yield easter(year) + timedelta(days=_in_force(figures, year) or 0)


def _in_force(figures: Iterable[Mapping[str, Any]], year: int) -> Any:
    values = [figure["value"] for figure in figures if figure["from"] <= date(year, 1, 1)]
    return values[-1] if values else None


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, from the age of the moon at the turn of the year and the Sunday letter."""
    century, golden = year // 100, year % 19
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    epact -= epact // 28 * (1 - epact // 28 * (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    offset = epact - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


@lru_cache(maxsize=256)
def _own_calendar(country: str) -> Mapping[str, Any]:
    """The table [calendar] of a country's own data; empty where it has none."""
    path = DATA / country.lower() / "calendar.toml"
    if not country.isalpha() or not path.is_file():
        return {}
    calendar: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["calendar"]
    return calendar


def is_working_day(day: date, country: str = "FR", subdivision: str | None = None) -> bool:
    """Not a day of rest of the week, Saturday and Sunday as a rule, nor a public holiday there."""
    return day.weekday() not in rest_days(country) and day not in public_holidays(country, subdivision, day.year)


def next_working_day(day: date, country: str = "FR", subdivision: str | None = None) -> date:
    """The first working day strictly after."""
    return add_working_days(day, 1, country, subdivision)


def add_working_days(day: date, count: int, country: str = "FR", subdivision: str | None = None) -> date:
    """The count-th working day strictly after the day; the day itself when count is 0."""
    assert count >= 0, "working days are only counted forwards"
    while count:
        day += _ONE_DAY
        if is_working_day(day, country, subdivision):
            count -= 1
    return day


def is_eve_of_holiday(day: date, country: str = "FR", subdivision: str | None = None) -> bool:
    """The next calendar day is a public holiday (a plain Sunday is not one)."""
    following = day + _ONE_DAY
    return following in public_holidays(country, subdivision, following.year)


def add_months(day: date, months: int) -> date:
    """The same day number months later (or earlier), or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_month(day: date) -> date:
    """The last day of the month."""
    return day.replace(day=monthrange(day.year, day.month)[1])
