"""Numbers of invoices: the key under which each is found, its written forms, and what a label quotes."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from exigible.core.matching.text import WORDS, plain_text

_RUNS = re.compile(r"\d+")
_PIECES = re.compile(r"\d+|[A-Z]+|[^A-Z0-9]+")
_LONGEST = 18  # digits: longer runs are accounts and the bank's own references
_LEAST = 3
_YEAR = re.compile(r"20[0-4]\d$")
INVOICE_WORDS = WORDS["invoice"]
OTHER_WORDS = WORDS["other"]
_NUMBER_SIGNS = WORDS["number_signs"]
_SILENT = WORDS["silent"]


class Quoted(NamedTuple):
    """Digits of a label that may be a number of invoice: `word` is the word before them, "" when none is near.

    `text` is how the label writes them, `digits` without the zeros at the head; `place` and `last` say where their first
    and last runs stand; `keys` under which it may be found. `is_derived` of the second of "2031/33", read as 2033.
    """

    text: str
    digits: str
    word: str
    place: int
    last: int
    keys: tuple[str, ...]
    is_derived: bool = False


def number_key(number: str) -> str:
    """The one key under which an invoice is found by its number, for an indexed column: digits only, at most 18.

    It is the last run of digits without its zeros, "2031" of "FA-2025-002031" or of "FA20250002031"; when that has
    fewer than three digits, or is only a year, all digits together ("FA25-042" gives "25042"). A number without digits
    is its own key. What a label quotes is looked up with `clues(credit).keys`, which holds the same key however the
    number was written. A key that very many open invoices share is of no use: leave it out of the search.
    """
    runs = _RUNS.findall(number)
    if not runs:
        return plain_text(number).replace(" ", "")[:_LONGEST]
    return (_tail(runs) or strip_zeros("".join(runs)))[-_LONGEST:]


def strip_zeros(digits: str) -> str:
    """The digits without the zeros at their head; "0" of zeros alone."""
    return digits.lstrip("0") or "0"


def _tail(runs: list[str]) -> str:
    """The number within its series, without year or zeros; "" when it is too short to be looked for alone."""
    last = runs[-1]
    if len(runs) > 1 and _YEAR.match(last) and not _YEAR.match(runs[-2]):
        last = runs[-2]
    elif len(last) >= 7 and _YEAR.match(last[:4]):
        last = last[4:]
    found = strip_zeros(last)
    return found if len(found) >= _LEAST else ""


@lru_cache(maxsize=65_536)
def number_forms(number: str) -> tuple[frozenset[str], str, str]:
    """How a number may be written: its whole forms, its tail alone (or ""), and the letters that stand before it.

    All without zeros at the head. Whole forms: all digits; each run without its zeros; the year with two digits or four.
    """
    text = plain_text(number)
    runs = _RUNS.findall(text)
    letters = "".join(re.findall(r"[A-Z]+", text.split(runs[0], 1)[0])) if runs else text.replace(" ", "")
    if not runs:
        return frozenset(), "", letters
    split = runs
    if len(runs) == 1 and len(runs[0]) >= 7 and _YEAR.match(runs[0][:4]):
        split = [runs[0][:4], runs[0][4:]]
    whole = {strip_zeros("".join(split)), "".join(strip_zeros(run) for run in split)}
    if len(split) > 1 and _YEAR.match(split[0]):
        short = [split[0][2:], *split[1:]]
        whole |= {strip_zeros("".join(short)), "".join(strip_zeros(run) for run in short)}
    elif len(split) > 1 and len(split[0]) == 2 and split[0] >= "15":
        whole.add("20" + "".join(split))
    tail = _tail(runs) if len(split) > 1 else ""
    return frozenset(whole), tail if tail not in whole else "", letters


@lru_cache(maxsize=65_536)
def number_lengths(number: str) -> tuple[int, ...]:
    """How many digits others of its series may have when written: alone, with and without zeros, or all; at least four."""
    runs = _RUNS.findall(number)
    if not runs:
        return ()
    bare = len(strip_zeros(runs[-1]))
    found = {len(runs[-1]), bare - 1, bare, bare + 1, len("".join(runs))}
    return tuple(sorted(size for size in found if size > _LEAST))


def quoted(text: str) -> list[Quoted]:
    """All that a plain label (`plain_text`) quotes and that may be a number; dates and amounts left out."""
    pieces = _PIECES.findall(text)
    return [each for group in _groups(pieces) for each in _readings(group)]


def count_pieces(text: str) -> int:
    """The place that follows those of a plain text."""
    return len(_PIECES.findall(text))


class _Run(NamedTuple):
    digits: str
    before: str  # what stands between the run before and this one
    word: str
    place: int


def _groups(pieces: list[str]) -> Iterator[list[_Run]]:
    """Runs of digits that stand close together, cut where words or wide spaces part them."""
    group: list[_Run] = []
    word, between, far = "", "", True
    for place, piece in enumerate(pieces):
        if piece[0].isdigit():
            if far and group:
                yield group
                group = []
            group.append(_Run(piece, between, word, place))
            between, far = "", False
        elif piece[0].isalpha():
            between += piece
            if piece in _NUMBER_SIGNS:
                word = word if word in INVOICE_WORDS or word in OTHER_WORDS else "N"
            elif piece not in _SILENT:
                word = piece
            far = far or len(piece) > 3 or " " in between
        else:
            between += piece
            far = far or len(piece) > 1
    if group:
        yield group


def _readings(group: list[_Run]) -> Iterator[Quoted]:
    """Each run alone, a short one as the end of the one before it, and two or three together; no dates or amounts."""
    dates, amounts = _dates(group), _amounts(group)
    skipped = dates | amounts
    for at, run in enumerate(group):
        if at not in skipped and len(run.digits) <= _LONGEST:
            digits = strip_zeros(run.digits)
            yield Quoted(run.digits, digits, run.word, run.place, run.place, _ends(digits))
            if at and at - 1 not in skipped and len(run.digits) <= 3 < len(group[at - 1].digits):
                before = group[at - 1].digits
                digits = strip_zeros(before[: -len(run.digits)] + run.digits)
                text = before + run.before + run.digits
                yield Quoted(text, digits, run.word, run.place, run.place, _ends(digits), True)
        if at not in amounts:
            yield from _together(group, at, skipped, dates)


def _ends(digits: str) -> tuple[str, ...]:
    """Digits written in one, and each end of them that may be the number within its series."""
    if len(digits) <= 4:
        return (digits,)
    ends = (digits[at:] for at in range(1, len(digits) - _LEAST + 1) if digits[at] != "0")
    return (digits, *ends)


def _together(group: list[_Run], at: int, skipped: set[int], dates: set[int]) -> Iterator[Quoted]:
    """Two or three neighbours as one number, with and without the zeros at the head of each.

    Of a date only the whole: 2025-11-12 may be the twelfth invoice of a month.
    """
    first, text = group[at], group[at].digits
    for last in range(at + 1, min(at + 3, len(group))):
        nearest = group[last]
        text += nearest.before + nearest.digits
        digits = [each.digits for each in group[at : last + 1]]
        if sum(map(len, digits)) > _LONGEST:
            return
        places = set(range(at, last + 1))
        if places & skipped and not (len(places) == 3 and places <= dates):
            continue
        bare = [*map(strip_zeros, digits)]
        whole, short = strip_zeros("".join(digits)), "".join(bare)
        keys = (whole, whole[2:] if _YEAR.match(digits[0]) else short, *bare)
        yield Quoted(text, whole, first.word, first.place, nearest.place, keys)
        if short != whole:
            yield Quoted(text, short, first.word, first.place, nearest.place, (short, *keys))


def _dates(group: list[_Run]) -> set[int]:
    """The places of runs that make a date: 12/11/2025, 2025-11-12."""
    found: set[int] = set()
    for at in range(len(group) - 2):
        if group[at + 1].before in ("/", ".", "-") and group[at + 2].before == group[at + 1].before:
            first, second, third = (each.digits for each in group[at : at + 3])
            day, month, year = (first, second, third) if len(first) <= 2 else (third, second, first)
            if len(day) <= 2 and len(month) <= 2 and len(year) in (2, 4) and 0 < int(day) < 32 and 0 < int(month) < 13:
                found |= {at, at + 1, at + 2}
    return found


def _amounts(group: list[_Run]) -> set[int]:
    """The places of runs that make an amount with cents: 1 234,56."""
    found: set[int] = set()
    for at in range(len(group) - 1):
        if group[at + 1].before in (",", ".") and len(group[at + 1].digits) == 2 and len(group[at].digits) != 2:
            found |= {at, at + 1}
            if at and group[at].before == " " and len(group[at].digits) == 3 and len(group[at - 1].digits) <= 3:
                found.add(at - 1)
    return found
