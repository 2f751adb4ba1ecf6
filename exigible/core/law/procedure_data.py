"""What procedures.toml says of a country's ways: articles, pieces, costs, delays, chances, words; read and checked once."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from exigible.core.law.book import DATA, Figure, LawError
from exigible.core.money import parse_decimal_string

CONFIDENCES = ("high", "medium", "low", "house", "unknown")
COURTS = ("claim", "commercial", "administrative", "none")
GROUPS = ("piece", "rule", "part", "assumption", "court", "lawyer")
LAWYERS = ("not_needed", "useful", "compulsory", "compulsory_above", "unknown")


class Part(NamedTuple):
    """One part of a cost (minor units) or of a delay (days), since a day, perhaps for some courts or amounts only.

    None is unknown; `above` is exclusive and `up_to` inclusive, both in minor units of the claim. A bound may be read
    elsewhere: `high_figure` from the law book, `low_rule` and `high_rule` from its deadlines.
    """

    name: str
    since: date
    low: int | None
    high: int | None
    source: str
    confidence: str
    courts: tuple[str, ...] = ()
    above: int | None = None
    up_to: int | None = None
    high_figure: str = ""
    low_rule: str = ""
    high_rule: str = ""


class Assumption(NamedTuple):
    """A figure of the sum that no text gives: a chance, a share, a rate. None is unknown. `low` and `high` bound it."""

    value: Decimal | None
    source: str
    confidence: str
    low: Decimal | None = None
    high: Decimal | None = None


class Closing(NamedTuple):
    """A rule that closes a way, with the article that says so."""

    rule: str
    article: str
    confidence: str


class WayData(NamedTuple):
    """One entry of the data: `words` holds its name and its sentence by language, `assumptions` are by kind of debtor."""

    name: str
    article: str
    confidence: str
    court: str
    lawyer: str
    since: date | None
    cap: str
    cap_counts_accessories: bool
    pieces: tuple[str, ...]
    closed_by: tuple[Closing, ...]
    warns: tuple[str, ...]
    costs: tuple[Part, ...]
    delays: tuple[Part, ...]
    assumptions: Mapping[str, Mapping[str, Assumption]]
    words: Mapping[str, tuple[str, str]]


class Proceedings(NamedTuple):
    """All that a country's file says; `words` maps what is named (piece.order, rule.disputed) to its French and English."""

    ways: tuple[WayData, ...]
    figures: Mapping[str, tuple[Figure, ...]]
    members: tuple[str, ...]
    assumed: Mapping[str, Assumption]
    words: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=8)
def proceedings(country: str) -> Proceedings:
    """The ways of a country, from the packaged data. LawError when it has none."""
    return read_proceedings(DATA, country)


def read_proceedings(folder: Path, country: str) -> Proceedings:
    """Read and check xx/procedures.toml; LawError says what of it cannot be read."""
    path = folder / country.lower() / "procedures.toml"
    if not path.is_file():
        raise LawError(f"No proceedings are described for the country '{country}'.")
    with path.open("rb") as file:
        data = tomllib.load(file)
    try:
        words = {f"{group}.{name}": row for group in GROUPS for name, row in data[group].items()}
        words |= {f"source.{row['fr']}": row for row in data["source"]}
        assumed = {name: _assumption(row) for name, row in data["assume"].items()}
        figures = {name: tuple(_figure(row) for row in rows) for name, rows in data["figures"].items()}
        found = tuple(_way(name, row, data) for name, row in data["way"].items())
        _check_words(found, words)
    except (KeyError, TypeError, ValueError) as fault:
        raise LawError(f"{path.name} cannot be read: {fault}.") from fault
    return Proceedings(found, figures, tuple(data["european_union"]), assumed, words)


def _check_words(found: Sequence[WayData], words: Mapping[str, Mapping[str, str]]) -> None:
    """Whatever a way names must read on a screen, in both languages."""
    for way in found:
        named = [f"rule.{shut.rule}" for shut in way.closed_by] + [f"rule.{rule}" for rule in way.warns]
        named += [f"piece.{piece}" for piece in way.pieces]
        named += [f"part.{part.name}" for part in (*way.costs, *way.delays)]
        for name in named:
            _check(bool(words.get(name, {}).get("fr") and words[name].get("en")), f"{name} has no words")


def _figure(row: Mapping[str, Any]) -> Figure:
    _check(row["confidence"] in CONFIDENCES, f"the confidence {row['confidence']}")
    return Figure(row["from"], row["value"], row["article"], row["confidence"])


def _way(name: str, row: Mapping[str, Any], data: Mapping[str, Any]) -> WayData:
    _check(row["court"] in COURTS and row.get("lawyer", "not_needed") in LAWYERS, f"the court or lawyer of {name}")
    _check(row["confidence"] in CONFIDENCES, f"the confidence of {name}")
    return WayData(
        name=name,
        article=row["article"],
        confidence=row["confidence"],
        court=row["court"],
        lawyer=row.get("lawyer", "not_needed"),
        since=row.get("since"),
        cap=row.get("cap", ""),
        cap_counts_accessories=row.get("cap_counts_accessories", False),
        pieces=tuple(row["pieces"]),
        closed_by=tuple(_closing(each, data["rule"]) for each in row["closed_by"]),
        warns=tuple(row.get("warns", ())),
        costs=tuple(_part(each, data["currency"]) for each in row["costs"]),
        delays=tuple(_part(each, None) for each in row["delays"]),
        assumptions={
            debtor: {key: _assumption(each) for key, each in rows.items()} for debtor, rows in row["assume"].items()
        },
        words={language: (row[language], row["why"][language]) for language in ("fr", "en")},
    )


def _closing(row: Mapping[str, str], rules: Mapping[str, Mapping[str, str]]) -> Closing:
    """A rule with the article of this way, else the rule's own."""
    rule = rules[row["rule"]]
    confidence = row.get("confidence") or rule["confidence"]
    _check(confidence in CONFIDENCES, confidence)
    return Closing(row["rule"], row.get("article") or rule["article"], confidence)


def _part(row: Mapping[str, Any], currency: str | None) -> Part:
    """A part whose bounds are amounts of the currency or, without one, days."""
    _check(row["confidence"] in CONFIDENCES and bool(row["source"]), row["name"])
    low, high = (_bound(row.get(end), currency) for end in ("low", "high"))
    _check(low is None or high is None or low <= high, f"the bounds of {row['name']}")
    above, up_to = (_bound(row.get(end), "EUR" if currency is None else currency) for end in ("above", "up_to"))
    return Part(
        name=row["name"],
        since=row["from"],
        low=low,
        high=high,
        source=row["source"],
        confidence=row["confidence"],
        courts=tuple(row.get("courts", ())),
        above=above,
        up_to=up_to,
        high_figure=row.get("high_figure", ""),
        low_rule=row.get("low_rule", ""),
        high_rule=row.get("high_rule", ""),
    )


def _bound(value: str | int | None, currency: str | None) -> int | None:
    if value is None or isinstance(value, int):
        return value
    _check(currency is not None, f"'{value}' is not a number of days")
    return parse_decimal_string(value, str(currency))


def _assumption(row: Mapping[str, str]) -> Assumption:
    _check(row["confidence"] in CONFIDENCES, "the confidence of an assumption")
    value, low, high = (Decimal(row[key]) if key in row else None for key in ("value", "low", "high"))
    return Assumption(value, row["source"], row["confidence"], low, high)


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)
