"""What a set of items is besides its sum: a month named or not, all that is due, the oldest ones."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from exigible.core.matching.records import OpenItem

_MONTHS = ("JAN", "FEV", "MAR", "AVR", "MAI", "JUIN", "JUIL", "AOU", "SEP", "OCT", "NOV", "DEC")
_MONTH = re.compile(
    r"\b(JANV?(?:IER)?|FEVR?(?:IER)?|MARS|AVR(?:IL)?|MAI|JUIN|JUIL(?:LET)?|AOUT?|SEPT?(?:EMBRE)?|OCT(?:OBRE)?|NOV(?:EMBRE)?|DEC(?:EMBRE)?)\b"
    r"\.?(?:[ /-]?(20\d\d|\d\d)\b(?![ /.-]?\d))?"
)


class MonthNamed(NamedTuple):
    """A month that a label names."""

    word: str
    year: int
    month: int


def month_named(text: str, booked: date) -> MonthNamed | None:
    """The month that a plain label names ("FACTS NOV"), without a year the latest one; None when it names none or two."""
    found = list(_MONTH.finditer(text))
    if len(found) != 1:
        return None
    word, year = found[0].group(1), found[0].group(2)
    month = next(at for at, name in enumerate(_MONTHS, 1) if word.startswith(name))
    if year:
        return MonthNamed(found[0].group(), int(year) % 100 + 2000, month)
    return MonthNamed(word, booked.year - (month > booked.month), month)


def habit_of(
    taken: Sequence[OpenItem], items: Sequence[OpenItem], booked: date, month: MonthNamed | None = None
) -> str:
    """What a set of a customer's items is: "month_named", "all_due", "month", "oldest_first", or "" for none of these.

    A single item is none of these but by the month named.
    """
    ids = {item.id for item in taken if item.kind != "credit_note"}
    claims = [item for item in items if item.kind != "credit_note"]
    if month and ids == {each.id for each in claims if (each.issued.year, each.issued.month) == month[1:]}:
        return "month_named"
    if len(ids) < 2:
        return ""
    if ids == {item.id for item in claims if item.due and item.due <= booked}:
        return "all_due"
    months = {(item.issued.year, item.issued.month) for item in claims if item.id in ids}
    if len(months) == 1 and ids == {each.id for each in claims if (each.issued.year, each.issued.month) in months}:
        return "month"
    return "oldest_first" if ids == {item.id for item in claims[: len(ids)]} else ""
