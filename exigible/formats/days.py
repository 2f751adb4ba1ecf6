"""Days as files write them."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan janv janvier january", "feb fev fevr fevrier february", "mar mars march", "apr avr avril april",
         "may mai", "jun juin june", "jul juil juillet july", "aug aou aout august", "sep sept septembre september",
         "oct octobre october", "nov novembre november", "dec decembre december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
ORDERS = ("DMY", "MDY", "YMD")
PARTS = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:[T ].*)?")
NAMED = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)?[-/. ]+([a-z]+)\.?[-/. ,]+(\d{4}|\d{2})")


class LedgerDays(dict[str, date]):
    """Days of a ledger by their text, each read once. ValueError for what is no day."""

    def __missing__(self, text: str) -> date:
        value = ledger_day(text)
        if len(self) < 20_000:
            self[text] = value
        return value


def ledger_day(text: str) -> date:
    """A day of a FEC: YYYYMMDD, else ISO, else day first. ValueError when it is none."""
    plain = text.strip()
    if len(plain) == 8 and plain.isascii() and plain.isdigit():
        return _sane(int(plain[:4]), int(plain[4:6]), int(plain[6:]), plain)
    return day(plain, "DMY")


def day(text: str, order: str) -> date:
    """The day, its parts in this order (DMY, MDY, YMD); a year first is always a year. ValueError when it is none."""
    plain = text.strip()
    if len(plain) >= 8 and plain[:8].isascii() and plain[:8].isdigit():
        return _sane(int(plain[:4]), int(plain[4:6]), int(plain[6:8]), text)
    match = PARTS.fullmatch(plain)
    if not match:
        return _named_day(plain)
    first, second, third = match.groups()
    if len(first) == 4:
        return _sane(int(first), int(second), int(third), text)
    if order == "YMD":
        return _sane(_year(first), int(second), int(third), text)
    number, month = (first, second) if order == "DMY" else (second, first)
    return _sane(_year(third), int(month), int(number), text)


def _named_day(text: str) -> date:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    match = NAMED.fullmatch(plain)
    if not match or match[2] not in MONTHS:
        raise ValueError(text)
    return _sane(_year(match[3]), MONTHS[match[2]], int(match[1]), text)


def _year(text: str) -> int:
    if len(text) not in (2, 4):
        raise ValueError(text)
    return int(text) if len(text) == 4 else 2000 + int(text)


def _sane(year: int, month: int, number: int, text: str) -> date:
    """A year outside 1950-2100 is a fault of typing: it would reach every delay and every period of limitation."""
    if not 1950 <= year <= 2100:
        raise ValueError(text)
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueError(text) from None


def date_order(values: Iterable[str]) -> str | None:
    """The order of a column's parts: one for all its cells. None when no cell shows it."""
    firsts, seconds = 0, 0
    for value in values:
        match = PARTS.fullmatch(value.strip())
        if not match:
            continue
        if len(match[1]) == 4:
            return "YMD"
        firsts += int(match[1]) > 12
        seconds += int(match[2]) > 12
    if bool(firsts) == bool(seconds):
        return None
    return "DMY" if firsts else "MDY"
