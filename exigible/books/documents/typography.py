"""How a paper writes amounts, rates, dates and bank details: the house's typography, held on one line."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from exigible.core.money import minor_digits
from exigible.core.typography import HARD, MINUS, THIN, amount, day_in_words, figure, iban_groups, short_day

DASH = "\N{EN DASH}"
_BREAK = "\N{ZERO WIDTH SPACE}"
_SHORT_LIMIT = 20
_SIGNED = {"EUR": "€", "GBP": "£", "USD": "$"}


@dataclass(frozen=True)
class Hand:
    """The ways of writing of one language (fr, en) and one currency (ISO code)."""

    language: str
    currency: str

    @property
    def french(self) -> bool:
        """Whether the paper is in French."""
        return self.language == "fr"

    @property
    def symbol(self) -> str:
        """The sign of the currency, or its code where it has no sign known to all."""
        return _SIGNED.get(self.currency, self.currency)

    @property
    def digits(self) -> int:
        """How many digits the minor unit takes."""
        return minor_digits(self.currency)

    def figures(self, minor: int) -> str:
        """123456 minor units as `1 234,56`, without currency and with a true minus."""
        return figure(minor, self.currency, self.language)

    def money(self, minor: int) -> str:
        """123456 minor units as `1 234,56 €` in French, `€1,234.56` in English."""
        return amount(minor, self.currency, self.language)

    def exact(self, unrounded: str) -> str:
        """An unrounded amount in major units, shown to four decimals: `12,3457`."""
        shown = decimal_of(unrounded).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        text = f"{abs(shown):,.4f}"
        if self.french:
            text = text.replace(",", THIN).replace(".", ",")
        return MINUS + text if shown < 0 else text

    def percent(self, rate: str) -> str:
        """A rate in per cent with at least two decimals: `12,15 %`."""
        whole, _, fraction = f"{decimal_of(rate):f}".partition(".")
        return f"{whole},{fraction:0<2}{THIN}%" if self.french else f"{whole}.{fraction:0<2}%"

    def long_date(self, iso: str) -> str:
        """2026-11-24 as `24 novembre 2026`, the day kept with its month."""
        return day_in_words(day_of(iso), self.language).replace(" ", HARD, 1)

    def short_date(self, iso: str | None) -> str:
        """2026-11-24 as `24/11/2026` in French, `24 Nov 2026` in English; no date is a dash."""
        return DASH if iso is None else short_day(day_of(iso), self.language).replace(" ", HARD)

    def labelled(self, label: str, value: str = "") -> str:
        """`Objet : value`, with the colon of the language."""
        return label + (HARD + ":" if self.french else ":") + (f" {value}" if value else "")


def decimal_of(text: str) -> Decimal:
    """A decimal number from its text. Raises ValueError with a sentence."""
    try:
        return Decimal(text)
    except (InvalidOperation, TypeError):
        raise ValueError(f"{text!r} is not a decimal number such as 12.15.") from None


def day_of(iso: str) -> date:
    """A day from its ISO text. Raises ValueError with a sentence."""
    try:
        return date.fromisoformat(iso)
    except (TypeError, ValueError):
        raise ValueError(f"{iso!r} is not a date such as 2026-11-24.") from None


def in_fours(iban: str) -> str:
    """An IBAN in groups of four that stay on one line."""
    return iban_groups(iban).replace(" ", HARD)


def breakable(text: str, limit: int) -> str:
    """`text` whose runs longer than `limit` characters may break, so that no value leaves its box."""
    if len(text) <= limit // 2:
        return text
    return " ".join(_broken(word, limit) for word in text.split(" "))


def _broken(word: str, limit: int) -> str:
    """Capitals are broader than small letters, save in short limits, which are made for them."""
    if limit > _SHORT_LIMIT and word == word.upper():
        limit = limit * 5 // 9
    return _BREAK.join(word[start : start + limit] for start in range(0, max(1, len(word)), limit))
