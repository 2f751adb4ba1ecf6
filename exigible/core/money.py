"""Money: whole minor units with their currency, and the only rounding of the project."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_MINOR_DIGITS = dict.fromkeys(_NO_DECIMALS.split(), 0) | dict.fromkeys(_THREE_DECIMALS.split(), 3)
_DECIMAL_STRING = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]+))?")


class AmountError(ValueError):
    """An amount that cannot be read; the text is the sentence shown to the user."""


class Money(NamedTuple):
    """An amount in minor units (cents) of one currency. Two currencies never meet: that is an assert."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":  # type: ignore[override]
        assert self.currency == other.currency, f"{self.currency} and {other.currency} do not add"
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        assert self.currency == other.currency, f"{self.currency} and {other.currency} do not subtract"
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:  # type: ignore[override]
        assert self.currency == other.currency, f"{self.currency} and {other.currency} do not compare"
        return self.minor < other.minor

    def __le__(self, other: "Money") -> bool:  # type: ignore[override]
        assert self.currency == other.currency, f"{self.currency} and {other.currency} do not compare"
        return self.minor <= other.minor

    def __gt__(self, other: "Money") -> bool:  # type: ignore[override]
        return other < self

    def __ge__(self, other: "Money") -> bool:  # type: ignore[override]
        return other <= self

    def __str__(self) -> str:
        return f"{decimal_string(self.minor, self.currency)} {self.currency}"


def round_half_up(numerator: int, denominator: int) -> int:
    """The whole number nearest to numerator / denominator, halves away from zero, exact for any size."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator < 0:
        return -((denominator - 2 * numerator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def round_half_even(numerator: int, denominator: int) -> int:
    """The whole number nearest to numerator / denominator, halves to the even one, exact for any size."""
    return round(Fraction(numerator, denominator))


def round_down(numerator: int, denominator: int) -> int:
    """The whole number next to numerator / denominator towards zero: a part of a minor unit is left out."""
    return int(Fraction(numerator, denominator))


Rounding = Callable[[int, int], int]
ROUNDINGS: Mapping[str, Rounding] = {"half_up": round_half_up, "half_even": round_half_even, "down": round_down}
"""The roundings that a country's data may name."""


def minor_digits(currency: str) -> int:
    """How many decimals a currency has (ISO 4217): 2 for EUR, 0 for JPY, 3 for TND."""
    return _MINOR_DIGITS.get(currency, 2)


def decimal_string(minor: int, currency: str) -> str:
    """Minor units as the exact string of the command line and the API: 123450 EUR is "1234.50"."""
    digits = minor_digits(currency)
    sign = "-" if minor < 0 else ""
    if digits == 0:
        return f"{sign}{abs(minor)}"
    whole, part = divmod(abs(minor), 10**digits)
    return f"{sign}{whole}.{part:0{digits}d}"


def parse_decimal_string(text: str, currency: str) -> int:
    """Minor units of a plain decimal such as "1234.50"; no thousands separator, no comma, no currency sign.

    Raises AmountError, with a sentence, for anything else or for more decimals than the currency has.
    """
    found = _DECIMAL_STRING.fullmatch(text.strip())
    if found is None:
        raise AmountError(f"'{text}' is not an amount: write digits with a point before the decimals, like 1234.50")
    sign, whole, part = found[1], found[2], found[3] or ""
    digits = minor_digits(currency)
    if len(part) > digits:
        raise AmountError(f"'{text}' has more decimals than {currency} allows ({digits})")
    minor = int(whole + part.ljust(digits, "0"))
    return -minor if sign else minor
