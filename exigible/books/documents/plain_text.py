"""Makes any text safe to print: one line, only characters that the papers' fonts can draw."""

import re
import unicodedata
from collections.abc import Callable

MISSING = "\N{WHITE SQUARE}"
_ORDINARY = re.compile(
    "[\x20-\x7e\xa0-\xac\xae-\u017f\u0391-\u03a1\u03a3-\u03c9\u0410-\u044f"  # Latin, Greek, Cyrillic
    "\u2010-\u2015\u2018-\u201e\u2026\u202f\u20ac\u2212]+"  # punctuation, narrow space, euro, minus
)
_BLANKS = re.compile("[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
# Controls, invisible marks that reorder or join, private, unassigned and broken characters: no ink, only trouble.
_WITHOUT_INK = {"Cc", "Cf", "Cs", "Co", "Cn"}


def plain(text: str, can_draw: Callable[[str], bool]) -> str:
    """`text` on one line, without invisible characters; what no font can draw becomes a white square."""
    text = _BLANKS.sub(" ", text).strip(" ")
    if _ORDINARY.fullmatch(text) or not text:
        return text
    text = "".join(_drawn(mark, can_draw) for mark in unicodedata.normalize("NFC", text))
    return _BLANKS.sub(" ", text).strip(" ")


def _drawn(mark: str, can_draw: Callable[[str], bool]) -> str:
    if _ORDINARY.match(mark):
        return mark
    if unicodedata.category(mark) in _WITHOUT_INK or "\ufe00" <= mark <= "\ufe0f":
        return ""
    return mark if can_draw(mark) else MISSING


def ordinary(text: str) -> str:
    """`text` with a white square for all but the Latin, Greek and Cyrillic characters known to be drawn."""
    return "".join(mark if _ORDINARY.match(mark) else MISSING for mark in text)
