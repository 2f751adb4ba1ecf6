"""The years that a date of a claim can be of: outside them it was mistyped, and would reach every period that follows."""

from datetime import date

from exigible.core.law.book import LawError

FIRST, LAST = 1950, 2200


def check_year(day: date, of: str) -> None:
    """LawError, with its sentence, for a day that cannot be that of an invoice, a claim or an act."""
    if not FIRST <= day.year <= LAST:
        raise LawError(f"The year of {day} cannot be that of {of}: write one between {FIRST} and {LAST}.")
