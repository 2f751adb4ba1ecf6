"""Amounts, days and account numbers as a careful French or British writer prints them."""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from exigible.core.money import minor_digits

THIN: Final = "\u202f"
HARD: Final = "\u00a0"
MINUS: Final = "\u2212"

_SIGNS: Final = {"EUR": "€", "GBP": "£", "USD": "$"}
_MONTHS: Final = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_SHORT_MONTHS: Final = {
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_DAYS: Final = {
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}


@lru_cache(maxsize=8192)
def figure(minor: int, currency: str, language: str) -> str:
    """The amount without its currency, for a column whose head names it: `1 234,56` or `1,234.56`."""
    digits = minor_digits(currency)
    whole, part = divmod(abs(minor), 10**digits)
    text = f"{whole:,}"
    if language == "fr":
        text = text.replace(",", THIN)
    if digits:
        text += ("," if language == "fr" else ".") + f"{part:0{digits}d}"
    return MINUS + text if minor < 0 else text


@lru_cache(maxsize=8192)
def amount(minor: int, currency: str, language: str) -> str:
    """The amount with its currency: `1 234,56 €` in French, `€1,234.56` in English."""
    sign = _SIGNS.get(currency)
    if language == "fr":
        return f"{figure(minor, currency, language)}{HARD}{sign or currency}"
    before = MINUS if minor < 0 else ""
    return before + (sign or currency + HARD) + figure(abs(minor), currency, language)


@lru_cache(maxsize=4096)
def day_in_words(day: date, language: str) -> str:
    """`1er décembre 2026` or `1 December 2026`."""
    return f"{day_of_month(day, language)} {day.year}"


@lru_cache(maxsize=4096)
def day_of_month(day: date, language: str) -> str:
    """The day without its year: `1er décembre` or `1 December`."""
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[language][day.month - 1]}"


@lru_cache(maxsize=4096)
def day_with_weekday(day: date, language: str) -> str:
    """`jeudi 3 décembre` or `Thursday 3 December`: how one announces a day to come."""
    return f"{_DAYS[language][day.weekday()]} {day_of_month(day, language)}"


@lru_cache(maxsize=4096)
def short_day(day: date, language: str) -> str:
    """For a column: `03/12/2026` in French, `3 Dec 2026` in English."""
    if language == "fr":
        return f"{day.day:02d}/{day.month:02d}/{day.year}"
    return f"{day.day} {_SHORT_MONTHS[language][day.month - 1]} {day.year}"


@lru_cache(maxsize=4096)
def shorter_day(day: date, language: str) -> str:
    """For a subject line: `03/12` in French, `3 Dec` in English."""
    if language == "fr":
        return f"{day.day:02d}/{day.month:02d}"
    return f"{day.day} {_SHORT_MONTHS[language][day.month - 1]}"


@lru_cache(maxsize=4096)
def list_day(day: date, language: str) -> str:
    """For a list on screen: `mar. 24 nov.`, `mar. 1er déc.` or `Tue 24 Nov`."""
    weekday = _DAYS[language][day.weekday()][:3]
    mark = "." if language == "fr" else ""
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{weekday}{mark} {number} {_SHORT_MONTHS[language][day.month - 1]}"


@lru_cache(maxsize=1024)
def iban_groups(iban: str) -> str:
    """The account number in groups of four, which is how people read and copy it."""
    bare = re.sub(r"\s+", "", iban).upper()
    return " ".join(bare[start : start + 4] for start in range(0, len(bare), 4))


@lru_cache(maxsize=1024)
def siren_groups(number: str) -> str:
    """A SIREN in groups of three, as it is printed; a SIRET with its establishment apart; anything else as it is."""
    bare = re.sub(r"\s+", "", number)
    if not re.fullmatch(r"\d{9}(\d{5})?", bare):
        return number
    groups = [bare[:3], bare[3:6], bare[6:9], bare[9:]]
    return HARD.join(group for group in groups if group)


@lru_cache(maxsize=1024)
def phone_groups(number: str) -> str:
    """A French telephone number in pairs, `01 99 00 12 34` or `+33 1 99 00 12 34`; any other as it was typed."""
    bare = re.sub(r"[\s.\-/\u2011]", "", number).replace("(0)", "")
    found = re.fullmatch(r"(0|\+33|0033)([1-9])(\d{8})", bare)
    if found is None:
        return number.strip()
    pairs = HARD.join(found[3][start : start + 2] for start in range(0, 8, 2))
    return f"0{found[2]}{HARD}{pairs}" if found[1] == "0" else f"+33{HARD}{found[2]}{HARD}{pairs}"


_FRENCH: Final = (
    (re.compile(r"[ \u00a0]([;!?])"), THIN + r"\1"),
    (re.compile(r" (?=:)"), HARD),
    (re.compile(r"« "), "«" + HARD),
    (re.compile(r" »"), HARD + "»"),
    (re.compile(r"\bn° "), "n°" + HARD),
    (re.compile(r"(?<=\d) (?=(?:€|%|EUR\b))"), HARD),
)


def french(text: str) -> str:
    """Text typed with plain spaces, given the spaces of French typography (U+202F before ; ! ?, U+00A0 before :)."""
    for pattern, replacement in _FRENCH:
        text = pattern.sub(replacement, text)
    return text
