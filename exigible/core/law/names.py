"""What the figures of a country's law are called on screen: data beside the figures, read on demand."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from exigible.core.law.book import DATA
from exigible.core.typography import french

UNITS = ("", "days", "months", "years", "points", "times", "money")

_Words = Mapping[str, Mapping[str, str]]


class Names(NamedTuple):
    """The words of one country: groups (first part of a key), sections (all but the last), figures, values, series."""

    group: _Words
    section: _Words
    figure: _Words
    value: _Words
    series: _Words

    def of_group(self, key: str, language: str) -> str:
        """The group of a key, the word itself where it has no name."""
        return _said(self.group, [key.partition(".")[0]], language)

    def of_section(self, key: str, language: str) -> str:
        """The part of its group to which a key belongs."""
        return _said(self.section, [key.rpartition(".")[0]], language)

    def of_figure(self, key: str, language: str) -> str:
        """The figure itself; of a series its own name."""
        last = key.rpartition(".")[2]
        return _said(self.series if last in self.series else self.figure, [key, last], language)

    def of_value(self, value: str, language: str) -> str:
        """What a value that is a word means."""
        return _said(self.series if value in self.series else self.value, [value], language)

    def unit(self, key: str) -> str:
        """What a figure counts: one of UNITS, empty where it counts nothing with a name."""
        return next(
            (self.figure[name].get("unit", "") for name in (key, key.rpartition(".")[2]) if name in self.figure), ""
        )

    def unnamed(self, key: str) -> list[str]:
        """What is missing to show a figure: of its group, its section and itself."""
        group, section, last = key.partition(".")[0], key.rpartition(".")[0], key.rpartition(".")[2]
        wanted = [(self.group, [group]), (self.section, [section]), ({**self.figure, **self.series}, [key, last])]
        return [names[-1] for words, names in wanted if not any(name in words for name in names)]


def _said(words: _Words, names: list[str], language: str) -> str:
    said = next((words[name][language] for name in names if name in words), names[-1].replace("_", " "))
    return french(said) if language == "fr" else said


@lru_cache(maxsize=16)
def names_of(country: str, folder: Path = DATA) -> Names:
    """The words of a country; a country without names.toml is shown by its keys."""
    path = folder / country.lower() / "names.toml"
    found = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return Names(*(found.get(table, {}) for table in Names._fields))
