"""When and how often a debtor may be contacted: pure functions of the book, a local moment and a calendar."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from exigible.core.dates import is_eve_of_holiday, is_working_day
from exigible.core.law.book import LawBook

_ONE_DAY = timedelta(days=1)
# Longer than any run of days off: a calendar that gives none in a year is a fault, not a wait.
_SEARCH_DAYS = 366

Hours = tuple[tuple[time, time], ...]


class Budget(NamedTuple):
    """How often: days between written demands, contacts a day, contacts and calls within a window of days."""

    min_gap_days: int
    contacts_a_day: int
    window_days: int
    contacts_in_window: int
    calls_in_window: int


def contact_budget(book: LawBook, debtor: str, on: date) -> Budget:
    """The caps for a kind of debtor; a call attempt counts as a contact. An unknown kind has the consumer's."""
    return _budget(book, debtor, on)


def may_write_at(
    book: LawBook, debtor: str, moment: datetime, country: str = "FR", subdivision: str | None = None
) -> bool:
    """Whether an e-mail may leave: a working day of the debtor's country, not the eve of a holiday, at its hours."""
    return may_write_on(moment.date(), country, subdivision) and _is_within(
        writing_hours(book, debtor, moment.date()), moment
    )


def may_call_at(
    book: LawBook, debtor: str, moment: datetime, country: str = "FR", subdivision: str | None = None
) -> bool:
    """Whether a call or a text message may be made: a working day of the debtor's country, at its hours."""
    return is_working_day(moment.date(), country, subdivision) and _is_within(
        calling_hours(book, debtor, moment.date()), moment
    )


def next_writing_moment(
    book: LawBook, debtor: str, moment: datetime, country: str = "FR", subdivision: str | None = None
) -> datetime:
    """The moment itself when an e-mail may leave then, else the opening of the next allowed hours, local time."""
    return _next(writing_hours(book, debtor, moment.date()), may_write_on, moment, country, subdivision)


def next_calling_moment(
    book: LawBook, debtor: str, moment: datetime, country: str = "FR", subdivision: str | None = None
) -> datetime:
    """The moment itself when a call may be made then, else the opening of the next allowed hours, local time."""
    return _next(calling_hours(book, debtor, moment.date()), is_working_day, moment, country, subdivision)


def writing_hours(book: LawBook, debtor: str, on: date) -> Hours:
    """The hours of e-mails, each a start (included) and an end (excluded), local time of the debtor."""
    return _hours(book, f"contact.writing_hours.{debtor}", on)


def calling_hours(book: LawBook, debtor: str, on: date) -> Hours:
    """The hours of calls and text messages, each a start (included) and an end (excluded), local time."""
    return _hours(book, f"contact.calling_hours.{debtor}", on)


def may_write_on(day: date, country: str = "FR", subdivision: str | None = None) -> bool:
    """Whether e-mails may leave on a day at all: a working day there, not the eve of a public holiday."""
    return is_working_day(day, country, subdivision) and not is_eve_of_holiday(day, country, subdivision)


def _next(
    hours: Hours,
    is_open: Callable[[date, str, str | None], bool],
    moment: datetime,
    country: str,
    subdivision: str | None,
) -> datetime:
    for later in range(_SEARCH_DAYS):
        day = moment.date() + later * _ONE_DAY
        if not is_open(day, country, subdivision):
            continue
        for start, end in hours:
            opening = datetime.combine(day, start, moment.tzinfo)
            if moment < datetime.combine(day, end, moment.tzinfo):
                return max(moment, opening)
    raise AssertionError(f"no allowed hour within a year of {moment} in {country}")


def _is_within(hours: Hours, moment: datetime) -> bool:
    clock = moment.time()
    return any(start <= clock < end for start, end in hours)


@lru_cache(maxsize=1024)
def _hours(book: LawBook, key: str, on: date) -> Hours:
    ranges = (text.split("-") for text in book.hours(key, on))
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in ranges)


@lru_cache(maxsize=1024)
def _budget(book: LawBook, debtor: str, on: date) -> Budget:
    return Budget(
        book.number("contact.min_gap_days", on),
        book.number("contact.contacts_a_day", on),
        book.number("contact.window_days", on),
        book.number(f"contact.contacts_in_window.{debtor}", on),
        book.number(f"contact.calls_in_window.{debtor}", on),
    )
