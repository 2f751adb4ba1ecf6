"""What the statuses of an electronic invoice say together: what they prove, why it is not chased, whether it is paid."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from exigible.core.dates import add_working_days
from exigible.core.law.book import DATA

DEPOSIT, RECEIPT = "deposit", "receipt"


class Meaning(NamedTuple):
    """What one status means: its names by language, what it proves, which reason it sets and which ones it lifts."""

    code: int
    names: Mapping[str, str]
    also: tuple[str, ...]
    said_by: str
    proves: str
    sets: str
    lifts: frozenset[str]
    is_paid: bool
    is_best: bool


class Reason(NamedTuple):
    """Why an invoice is not chased: the hold that this is, its words and what to do by language; `days` ends it."""

    name: str
    hold: str
    words: Mapping[str, str]
    act: Mapping[str, str]
    working_days: int | None


class Lifecycle(NamedTuple):
    """The statuses of a country's electronic invoices."""

    meanings: Mapping[int, Meaning]
    reasons: Mapping[str, Reason]
    exceptions: Mapping[tuple[int, str], str]

    def name(self, code: int, language: str) -> str:
        """The name of a status; of one that the standard may add later, its number."""
        known = self.meanings.get(code)
        return known.names.get(language, known.names["en"]) if known else str(code)


class Told(NamedTuple):
    """One status as told: when, and with which reason code; `key` names its row."""

    key: str
    code: int
    at: datetime
    reason_code: str = ""


class Blocking(NamedTuple):
    """A reason not to chase, the status that sets it, and the last day on which it holds (None: without an end)."""

    reason: Reason
    told: Told
    until: date | None


class Outcome(NamedTuple):
    """What statuses say together, each by the status that says it; `paid` are all that report money received."""

    deposit: Told | None
    receipt: Told | None
    blocking: tuple[Blocking, ...]
    paid: tuple[Told, ...]
    last: Told | None


@lru_cache
def lifecycle(country: str) -> Lifecycle | None:
    """The statuses of a country, or None where the data hold none."""
    path = DATA / country.lower() / "lifecycle.toml"
    if not path.is_file():
        return None
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    figures = {name: int(figure["value"]) for name, figure in data["figures"].items()}
    reasons = {
        name: Reason(
            name, row["hold"], {"fr": row["fr"], "en": row["en"]}, {"fr": row["act_fr"], "en": row["act_en"]},
            figures[row["until"]] if "until" in row else None,
        )
        for name, row in data["reason"].items()
    }  # fmt: skip
    meanings = {
        row["code"]: Meaning(
            row["code"], {"fr": row["fr"], "en": row["en"]}, tuple(row.get("also", ())), row["of"], row.get("proves", ""),
            row.get("sets", ""), frozenset(row.get("lifts", ())), row.get("is_paid", False), row.get("is_best", False),
        )
        for row in data["status"]
    }  # fmt: skip
    exceptions = {(row["code"], row["reason_code"]): row["sets"] for row in data["exception"]}
    used = {meaning.sets for meaning in meanings.values()} | set(exceptions.values()) - {""}
    named = used | {name for meaning in meanings.values() for name in meaning.lifts}
    assert named - {""} <= reasons.keys(), sorted(named - reasons.keys())
    return Lifecycle(meanings, reasons, exceptions)


def outcome(book: Lifecycle, statuses: Iterable[Told], country: str = "FR") -> Outcome:
    """What statuses say together, whatever the order in which they came: each counts at its own instant.

    Of one instant (a platform that gives only days) the lower code comes first, as in the life of an invoice. Receipt is
    proved by the status that dates it best, else by the earliest one that could not be without it.
    """
    ordered = sorted(statuses, key=lambda told: (told.at, told.code, told.key))
    proofs: dict[str, Told] = {}
    blocking: dict[str, Told] = {}
    paid: list[Told] = []
    for told in ordered:
        meaning = book.meanings.get(told.code)
        if meaning is None:
            continue
        sets = book.exceptions.get((told.code, told.reason_code.upper()), meaning.sets)
        if meaning.proves and (meaning.proves not in proofs or _is_better(book, meaning, proofs)):
            proofs[meaning.proves] = told
        for name in meaning.lifts - {sets}:
            blocking.pop(name, None)
        if sets:
            blocking[sets] = told
        if meaning.is_paid:
            paid.append(told)
    found = tuple(_blocking(book.reasons[name], told, country) for name, told in blocking.items())
    return Outcome(proofs.get(DEPOSIT), proofs.get(RECEIPT), found, tuple(paid), ordered[-1] if ordered else None)


def _is_better(book: Lifecycle, meaning: Meaning, proofs: Mapping[str, Told]) -> bool:
    return meaning.is_best and not book.meanings[proofs[meaning.proves].code].is_best


def _blocking(reason: Reason, told: Told, country: str) -> Blocking:
    days = reason.working_days
    return Blocking(reason, told, None if days is None else add_working_days(told.at.date(), days, country))
