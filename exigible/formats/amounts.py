"""Amounts as files write them, read into whole minor units without passing through a float."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

BLANKS = dict.fromkeys(map(ord, " \t\u00a0\u202f\u2009'’_"))
SIGNS = re.compile(r"(?i)€|\$|£|eur(os?)?|usd|gbp|chf")
SIDE = re.compile(r"(?i)(?<=[\d\s.)])\s*(cr|db|dr|c|d)\.?$")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
HELD_AT_MOST = 20_000


def minor(text: str, decimal_mark: str = ",", digits: int = 2) -> int:
    """The amount in minor units. ValueError when it is no amount or is finer than the currency.

    Takes blanks, currency signs, thousands marks, a sign before or after, parentheses for a negative, and the side of an
    account behind it: CR or C lowers what is owed, DB, DR or D does not.
    """
    side = SIDE.search(text)
    if side:
        amount = minor(text[: side.start()], decimal_mark, digits)
        return -amount if side[1].lower().startswith("c") else amount
    plain = SIGNS.sub("", text).translate(BLANKS).replace("−", "-")
    if plain.startswith("(") and plain.endswith(")"):
        plain = "-" + plain[1:-1]
    if plain.endswith(("-", "+")):
        plain = plain[-1] + plain[:-1]
    other = "," if decimal_mark == "." else "."
    if other in plain:
        plain = _without_thousands(plain, other, decimal_mark)
    plain = plain.replace(decimal_mark, ".", 1)
    plain = re.sub(r"^([+-]?)\.", r"\g<1>0.", plain)
    if not NUMBER.fullmatch(plain):
        raise ValueError(text)
    return _exact(Decimal(plain), digits, text)


def _without_thousands(plain: str, mark: str, decimal_mark: str) -> str:
    """Thousands marks stand before groups of three digits, else this is not the mark we think it is."""
    whole, _, _ = plain.partition(decimal_mark)
    first, *groups = whole.lstrip("+-").split(mark)
    if (
        not groups
        or not 1 <= len(first) <= 3
        or any(len(group) != 3 for group in groups)
        or mark in plain[len(whole) :]
    ):
        raise ValueError(plain)
    return plain.replace(mark, "")


def _exact(amount: Decimal, digits: int, text: str) -> int:
    scaled = amount.scaleb(digits)
    if scaled != scaled.to_integral_value():
        raise ValueError(text)
    return int(scaled)


def minor_of_float(value: float, digits: int = 2) -> int:
    """A spreadsheet's number: its shortest decimal writing, cleared of the noise that formulas leave.

    ValueError when it is truly finer than the currency: half a cent is not ours to round.
    """
    scaled = Decimal(repr(value)).scaleb(digits)
    whole = scaled.quantize(Decimal(1), ROUND_HALF_UP)
    if abs(scaled - whole) > Decimal("0.00001"):
        raise ValueError(repr(value))
    return int(whole)


def decimal_mark(values: Iterable[str]) -> str | None:
    """The decimal mark of a column: one mark for all its cells. None when no cell shows it."""
    votes = {",": 0, ".": 0}
    for value in values:
        plain = SIGNS.sub("", SIDE.sub("", value)).translate(BLANKS).strip("+-()−")
        comma, point = plain.rfind(","), plain.rfind(".")
        if comma >= 0 and point >= 0:
            votes["," if comma > point else "."] += 2
        elif comma >= 0 or point >= 0:
            mark = "," if comma >= 0 else "."
            after = len(plain) - 1 - max(comma, point)
            if plain.count(mark) == 1 and after != 3:
                votes[mark] += 1
            elif plain.count(mark) > 1:
                votes["." if mark == "," else ","] += 1
    if votes[","] == votes["."]:
        return None
    return "," if votes[","] > votes["."] else "."


class LedgerAmounts(dict[str, int]):
    """Amounts of a ledger by their text: zero and the usual ones are read once. ValueError for what is none."""

    def __missing__(self, text: str) -> int:
        value = _ledger_minor(text)
        if len(self) < HELD_AT_MOST:
            self[text] = value
        return value


def _ledger_minor(text: str) -> int:
    plain = text.strip()
    if not plain:
        return 0
    if plain[-3:-2] in (",", ".") and plain[:-3].isdecimal() and plain[-2:].isdecimal():
        return int(plain[:-3]) * 100 + int(plain[-2:])
    mark = decimal_mark([plain]) or ("," if "," in plain else ".")
    plain = plain.rstrip("0") if mark in plain and len(plain) - plain.rfind(mark) > 3 else plain
    return minor(plain + "0" if plain.endswith(mark) else plain, mark)
