"""Days as one types them on the phone: `ven`, `friday`, `+7`, `15/12`, `15/12/2026`, `2026-12-15`."""

import re
from datetime import date, timedelta

WEEKDAYS = (
    ("lun", "mon"),
    ("mar", "tue"),
    ("mer", "wed"),
    ("jeu", "thu"),
    ("ven", "fri"),
    ("sam", "sat"),
    ("dim", "sun"),
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[/. -](\d{1,2})(?:[/. -](\d{4}|\d{2}))?")


def typed_day(text: str, today: date) -> date:
    """Return the day meant, today or later where the year or the week is left out. ValueError when it is none."""
    bare = text.strip().lower()
    if re.fullmatch(r"\+ ?\d{1,3}", bare):
        return today + timedelta(days=int(bare[1:]))
    for number, names in enumerate(WEEKDAYS):
        if bare[:3] in names:
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    if found := _ISO.fullmatch(bare):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(bare):
        return _day_first(int(found[1]), int(found[2]), found[3], today)
    raise ValueError(text)


def _day_first(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    found = date(today.year, month, day)
    return found if found >= today else date(today.year + 1, month, day)
