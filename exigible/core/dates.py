"""Working days, public holidays and months: the calendar of a country, pure and cached."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=4096)
def public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """The public holidays of a year; none for a country or year that is not known.

    A subdivision adds its own days (Moselle, "57", adds Good Friday and 26 December); an unknown one adds nothing.
    """
    import holidays  # costs more to import than the commands that never ask for a holiday take to run

    try:
        days = holidays.country_holidays(country.upper(), subdiv=subdivision, years=year)
    except NotImplementedError:
        return public_holidays(country, None, year) if subdivision else frozenset()
    return frozenset(day for day in days if day.year == year)


def is_working_day(day: date, country: str = "FR", subdivision: str | None = None) -> bool:
    """Monday to Friday, not a public holiday there."""
    return day.weekday() < _SATURDAY and day not in public_holidays(country, subdivision, day.year)


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
