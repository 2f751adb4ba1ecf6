"""The words of the analysis, one file a language: the page, the paper and the command line say the same; no Django here."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from exigible.core import typography
from exigible.core.money import round_half_up
from exigible.core.typography import HARD, THIN, french

_MONTHS_FROM_DAYS: Final = 45
LANGUAGES: Final = ("fr", "en")
_TEXTS: Final = Path(__file__).parent / "texts"


class Words:
    """What the analysis says in one language, with the ways in which that language writes figures and days."""

    def __init__(self, language: str, currency: str = "EUR") -> None:
        self.language, self.currency = language, currency
        self._said = _read(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence of a key, filled in. KeyError for a key that the file lacks."""
        return self._said[key].format(**values)

    def has(self, key: str) -> bool:
        """Whether there is a sentence of that key."""
        return key in self._said

    def nested(self) -> dict[str, dict[str, str]]:
        """All sentences by section, for a template: `words.owed.title`."""
        found: dict[str, dict[str, str]] = {}
        for key, said in self._said.items():
            section, _, name = key.partition(".")
            found.setdefault(section, {})[name] = said
        return found

    @property
    def sign(self) -> str:
        """The sign of the currency, or its code."""
        return {"EUR": "€", "GBP": "£", "USD": "$"}.get(self.currency, self.currency)

    def money(self, minor: int) -> str:
        """An amount with its currency."""
        return typography.amount(minor, self.currency, self.language)

    def whole(self, minor: int) -> str:
        """An amount without its cents where it has none: a cost known to the euro should not look exact."""
        shown = self.money(minor)
        return shown.replace(",00", "").replace(".00", "") if minor % 100 == 0 else shown

    def day(self, day: date) -> str:
        """A day in prose, its number kept with its month."""
        return typography.day_in_words(day, self.language).replace(" ", HARD, 1)

    def short_day(self, day: date) -> str:
        """A day in a column."""
        return typography.short_day(day, self.language)

    def percent(self, rate: Any, *, least: int = 2) -> str:
        """A rate in per cent, with at least so many decimals."""
        whole, _, part = f"{rate:f}".partition(".")
        part = part.rstrip("0").ljust(least, "0")
        mark = "," if self.language == "fr" else "."
        shown = f"{whole}{mark}{part}" if part else whole
        return f"{shown}{THIN}%" if self.language == "fr" else f"{shown}%"

    def typeset(self, text: str) -> str:
        """Words from the country's data, with the spaces and apostrophes of the language."""
        text = text.replace("'", "’")
        return french(text) if self.language == "fr" else text

    def either(self, names: Sequence[str]) -> str:
        """Several candidates as `A, B ou C`; one as it is; nothing for none."""
        return f" {self('count.or')} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

    def span(self, days: int) -> str:
        """A time that is roughly known: days up to six weeks, then months, as people speak of it."""
        if days < _MONTHS_FROM_DAYS:
            return self.days(days)
        months = round_half_up(days * 12, 365)
        return self("headline.month" if months == 1 else "headline.months", n=months)

    def days(self, number: int) -> str:
        """A number of days in words."""
        shown = f"{number:,}".replace(",", THIN if self.language == "fr" else ",")
        return self("count.day" if abs(number) == 1 else "count.days", n=shown)


@lru_cache
def _read(language: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for path in sorted((_TEXTS / language).glob("*.toml")):
        found |= _flat(tomllib.loads(path.read_text(encoding="utf-8")), "")
    say = french if language == "fr" else str
    return {key: say(text.replace("'", "’")) for key, text in found.items()}


def _flat(tree: Mapping[str, Any], before: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{key}.")
        else:
            found[f"{before}{key}"] = value
    return found
