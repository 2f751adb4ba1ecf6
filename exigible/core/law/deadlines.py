"""Deadlines: procedural and other periods that begin with an act, each a rule of the country's data."""

from datetime import date, timedelta
from typing import NamedTuple

from exigible.core.dates import add_months
from exigible.core.law.book import Figure, LawBook, LawError
from exigible.core.law.holidays import next_working_day
from exigible.core.law.limitation import weakest
from exigible.core.law.years import check_year

_ONE_DAY = timedelta(days=1)
_UNITS = ("days", "months", "years", "year_ends")
BY, AFTER, FROM = "by", "after", "from"


class Deadline(NamedTuple):
    """The end of a period. rolled_from is the end before it was moved to a working day: plan on that one.

    first_day is told where the period is a wait: the first day on which one may act.
    """

    rule: str
    from_on: date
    last_day: date
    rolled_from: date | None
    article: str
    confidence: str
    first_day: date | None = None


def deadline(book: LawBook, rule: str, from_on: date, *, subdivision: str | None = None) -> Deadline:
    """The end of a rule's period that begins with an act of a day, by the figures in force on that day.

    The day of the act is not counted; months end on the same day number or the month's last (CPC art. 640 to 642). The
    subdivision, a French department, adds its holidays. LawError, naming the rules, for one the country does not have.
    """
    if rule not in deadline_rules(book):
        raise LawError(f"There is no deadline '{rule}'; the rules are {', '.join(deadline_rules(book)) or 'none'}.")
    check_year(from_on, "an act of procedure")
    home = f"deadline.{rule}"
    begin, sureties = from_on, []
    if book.has(f"{home}.follows"):
        before = deadline(book, book.text(f"{home}.follows", from_on), from_on, subdivision=subdivision)
        begin, sureties = before.last_day, [before.confidence]
    length, end = _end(book, home, begin)
    sureties.append(length.confidence)
    last_day = end
    if book.has(f"{home}.rolls") and (rolls := book.figure(f"{home}.rolls", begin)).value is True:
        last_day = next_working_day(book, end, subdivision)
        sureties += [rolls.confidence] if last_day != end else []
    acts = book.text(f"{home}.acts", begin) if book.has(f"{home}.acts") else BY
    first_day = {AFTER: last_day + _ONE_DAY, FROM: last_day}.get(acts)
    rolled_from = end if last_day != end else None
    return Deadline(rule, from_on, last_day, rolled_from, length.article, weakest(*sureties), first_day)


def deadline_rules(book: LawBook) -> tuple[str, ...]:
    """The rules that the country's data hold, in their order."""
    return tuple(dict.fromkeys(key.split(".")[1] for key in book.figures if key.startswith("deadline.")))


def _end(book: LawBook, home: str, begin: date) -> tuple[Figure, date]:
    """The figure of the length, and the day on which the period ends before any move."""
    unit = next((unit for unit in _UNITS if book.has(f"{home}.{unit}")), None)
    if unit is None:
        raise LawError(f"The law of {book.country} gives {home} no length: one of {', '.join(_UNITS)}.")
    length, count = book.figure(f"{home}.{unit}", begin), book.number(f"{home}.{unit}", begin)
    if unit == "days":
        return length, begin + timedelta(days=count)
    if unit == "year_ends":
        return length, date(begin.year + count, 12, 31)
    return length, add_months(begin, count if unit == "months" else 12 * count)
