"""LawBook: one jurisdiction's law, read from the packaged data and checked as it is read."""

import csv
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from exigible.core.money import parse_decimal_string

DATA = Path(__file__).parent / "data"
CONFIDENCES = ("high", "medium", "low", "house")
_DAY = re.compile(r"(?:(?:19|20)[0-9]{2}-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_HOURS = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]")

Value = str | int | bool | date | tuple[str, ...]


class LawError(ValueError):
    """The law's data do not answer; the text is the sentence shown to the user."""


class Figure(NamedTuple):
    """A figure of the law: since when it holds, the text it comes from, how sure we are of it."""

    since: date
    value: Value
    article: str
    confidence: str


class Rate(NamedTuple):
    """One step of a series of rates: percent a year from a day on, with its source."""

    since: date
    percent: Decimal
    source: str
    confidence: str


@dataclass(frozen=True, eq=False, slots=True)
class LawBook:
    """The figures and series of one country. Compared by identity, so that what is derived from it can be cached."""

    country: str
    currency: str
    figures: Mapping[str, tuple[Figure, ...]]
    series: Mapping[str, tuple[Rate, ...]]

    def has(self, key: str) -> bool:
        """Whether the law knows this figure at all: no interest for an unknown kind of debtor, for example."""
        return key in self.figures

    def figure(self, key: str, on: date) -> Figure:
        """The figure in force on a day, the earliest one before the data begin. LawError for an unknown key."""
        if key not in self.figures:
            raise LawError(f"The law of {self.country} has no figure '{key}'.")
        dated = self.figures[key]
        return dated[max(0, bisect_right(dated, on, key=lambda figure: figure.since) - 1)]

    def number(self, key: str, on: date) -> int:
        """A whole figure: days, months, years, counts."""
        value = self.figure(key, on).value
        assert isinstance(value, int), key
        return value

    def text(self, key: str, on: date) -> str:
        """A figure that names something: a series, a starting point."""
        value = self.figure(key, on).value
        assert isinstance(value, str), key
        return value

    def decimal(self, key: str, on: date) -> Decimal:
        """A figure in points, percent or multiples."""
        return Decimal(self.text(key, on))

    def minor(self, key: str, on: date) -> int:
        """An amount, in minor units of the book's currency."""
        return parse_decimal_string(self.text(key, on), self.currency)

    def hours(self, key: str, on: date) -> tuple[str, ...]:
        """Allowed hours, as "09:00-11:30" ranges."""
        value = self.figure(key, on).value
        assert isinstance(value, tuple), key
        return value

    def days(self, key: str, on: date) -> tuple[str, ...]:
        """Days, each of one year ("2026-04-03") or of every year ("07-01")."""
        value = self.figure(key, on).value
        assert isinstance(value, tuple), key
        return value

    def article(self, key: str, on: date) -> str:
        """The article a figure comes from."""
        return self.figure(key, on).article

    def rate(self, series: str, on: date) -> Rate:
        """The rate of a series in force on a day. LawError before the series begins, or for an unknown series."""
        if series not in self.series:
            raise LawError(f"There is no series '{series}'; the series are {', '.join(self.series)}.")
        dated = self.series[series]
        rank = bisect_right(dated, on, key=lambda rate: rate.since)
        if rank == 0:
            raise LawError(f"The series {series} begins on {dated[0].since}: it has no rate on {on}.")
        return dated[rank - 1]

    def known_until(self, series: str) -> date:
        """The last day for which the series is published; the last rate stands in for later days, and is flagged."""
        value = self.figures[f"rates.known_until.{series}"][-1].value
        assert isinstance(value, date), series
        return value


@lru_cache(maxsize=64)
def law_book(country: str = "FR") -> LawBook:
    """The packaged law of a country. LawError when none is packaged."""
    return read_book(DATA, country)


def read_book(folder: Path, country: str) -> LawBook:
    """Read and check xx/law.toml, the files of figures that it names, and xx/rates.csv; LawError names what is wrong where."""
    home = folder / country.lower()
    if not country.isalpha() or not (home / "law.toml").is_file():
        known = ", ".join(sorted(other.parent.name.upper() for other in folder.glob("??/law.toml")))
        raise LawError(f"No law is packaged for the country '{country}'; there is {known}.")
    data = _read_toml(home / "law.toml")
    code, currency = data.pop("country", ""), data.pop("currency", "")
    if code != country.upper() or len(currency) != 3:
        raise LawError(f"law.toml: country must be {country.upper()} and currency three letters.")
    others = data.pop("figures", [])
    figures: dict[str, tuple[Figure, ...]] = {}
    for name, table in [("law.toml", data), *((other, _read_toml(home / other)) for other in others)]:
        found = dict(_figures(table, "", name))
        if twice := figures.keys() & found.keys():
            raise LawError(f"{name}: {min(twice)} is given in another file already.")
        figures |= found
    series = _read_series(home / "rates.csv")
    return LawBook(code, currency, figures, {name: series[name] for name in _series_named(figures, "law.toml", series)})


def _read_toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _figures(table: Mapping[str, Any], prefix: str, name: str) -> Iterator[tuple[str, tuple[Figure, ...]]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _figures(value, f"{prefix}{key}.", name)
        else:
            yield f"{prefix}{key}", _dated(value, f"{name}: {prefix}{key}")


def _dated(rows: Any, where: str) -> tuple[Figure, ...]:
    if not isinstance(rows, list) or not rows:
        raise LawError(f"{where} must be a list of figures with from, value, article and confidence.")
    figures = tuple(_figure(row, where) for row in rows)
    days = [figure.since for figure in figures]
    if days != sorted(set(days)):
        raise LawError(f"{where} must give its figures in the order of their dates, each date once.")
    if len({type(figure.value) for figure in figures}) > 1:
        raise LawError(f"{where} must keep one type of value.")
    return figures


def _figure(row: Any, where: str) -> Figure:
    if not isinstance(row, dict) or set(row) != {"from", "value", "article", "confidence"}:
        raise LawError(f"{where}: each figure has from, value, article and confidence, and nothing else.")
    value = tuple(row["value"]) if isinstance(row["value"], list) else row["value"]
    if type(row["from"]) is not date or not isinstance(value, str | int | date | tuple):
        raise LawError(
            f"{where}: 'from' must be a date, and 'value' a text, a whole number, a date or a list of hours or days."
        )
    if not row["article"] or row["confidence"] not in CONFIDENCES:
        raise LawError(f"{where}: a figure needs its article, and a confidence among {', '.join(CONFIDENCES)}.")
    if isinstance(value, tuple) and not (_are_all(value, _HOURS) or _are_days(value)):
        raise LawError(f"{where}: hours are written like 09:00-11:30, days like 07-01 or 2026-07-01.")
    return Figure(row["from"], value, row["article"], row["confidence"])


def _are_all(value: tuple[Any, ...], form: re.Pattern[str]) -> bool:
    return all(isinstance(one, str) and form.fullmatch(one) for one in value)


def _are_days(value: tuple[Any, ...]) -> bool:
    """Days of every year, 29 February excepted, or days of a year: in their order, each once."""
    try:
        for day in value:
            date.fromisoformat(day if len(day) > 5 else f"2001-{day}")
    except (TypeError, ValueError):
        return False
    return _are_all(value, _DAY) and list(value) == sorted(set(value))


def _series_named(figures: Mapping[str, tuple[Figure, ...]], name: str, known: Mapping[str, Any]) -> Iterator[str]:
    """The series this country's figures speak of; each must exist and say when it is read and until when it is published."""
    spoken = [f.value for key, dated in figures.items() if _names_series(key) for f in dated]
    published = [key.rpartition(".")[2] for key in figures if key.startswith("rates.known_until.")]
    for series in dict.fromkeys([*published, *spoken]):
        if series not in known or series not in published or not _is_read(figures.get(f"rates.read_on.{series}", ())):
            raise LawError(
                f"{name}: the series '{series}' needs rows in rates.csv, a day in rates.known_until"
                " and the days of each year on which it is read, like 01-01, in rates.read_on."
            )
        yield str(series)


def _names_series(key: str) -> bool:
    return "series" in key.rpartition(".")[2] and not key.startswith("rates.")


def _is_read(dated: tuple[Figure, ...]) -> bool:
    values = [figure.value for figure in dated]
    return bool(values) and all(
        isinstance(value, tuple) and value and {len(day) for day in value} == {len("01-01")} for value in values
    )


@lru_cache(maxsize=8)
def _read_series(path: Path) -> Mapping[str, tuple[Rate, ...]]:
    """All series of rates.csv, each oldest first."""
    series: dict[str, list[Rate]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                percent = Decimal(row["rate_percent"])
                rate = Rate(date.fromisoformat(row["effective_from"]), percent, row["source"], row["confidence"])
            except (InvalidOperation, ValueError, KeyError, TypeError) as fault:
                raise LawError(
                    f"{path.name}, line {line}: a row needs series, effective_from, rate_percent."
                ) from fault
            dated = series.setdefault(row["series"], [])
            if dated and dated[-1].since >= rate.since:
                raise LawError(f"{path.name}, line {line}: {row['series']} must be in the order of its dates.")
            dated.append(rate)
    return {name: tuple(dated) for name, dated in series.items()}
