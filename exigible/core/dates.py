"""Working days, public holidays and months: the calendar of a country, pure and cached."""

import tomllib
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "law" / "data"
_ONE_DAY = timedelta(days=1)
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKEND = frozenset({5, 6})


@lru_cache(maxsize=4096)
def public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """The public holidays of a year; none for a country or year that is not known.

    A country whose law is packaged with holidays.toml has these. Elsewhere a subdivision adds its own days (Moselle,
    "57", adds Good Friday and 26 December); an unknown one adds nothing.
    """
    if own := _own_days(country):
        return frozenset(_days_of_year(own, year))
    import holidays  # costs more to import than the commands that never ask for a holiday take to run

    try:
        days = holidays.country_holidays(country.upper(), subdiv=subdivision, years=year)
    except NotImplementedError:
        return public_holidays(country, None, year) if subdivision else frozenset()
    return frozenset(day for day in days if day.year == year)


@lru_cache(maxsize=256)
def rest_days(country: str) -> frozenset[int]:
    """The days of the week without work, Monday being 0: Saturday and Sunday where the data say nothing else."""
    if own := _own_days(country):
        return frozenset(_WEEK.index(name) for name in own["weekly"][-1]["value"].split())
    return _WEEKEND


@lru_cache(maxsize=256)
def _own_days(country: str) -> Mapping[str, Any]:
    """The calendar of a country's own data, empty where it has none: weekly, yearly and dated, each a list of figures."""
    path = DATA / country.lower() / "holidays.toml"
    if not country.isalpha() or not path.is_file():
        return {}
    calendar: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["holidays"]
    return calendar


def _days_of_year(own: Mapping[str, Any], year: int) -> Iterator[date]:
    """The days that every year has, as the figure in force on its first day gives them, and those of this year."""
    in_force = [row["value"] for row in own["yearly"] if row["from"] <= date(year, 1, 1)]
    for mark in in_force[-1] if in_force else ():
        yield date(year, int(mark[:2]), int(mark[3:]))
    for row in own["dated"]:
        yield from (date.fromisoformat(day) for day in row["value"] if day.startswith(f"{year}-"))


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
