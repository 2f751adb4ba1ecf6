"""The facts of a reason in words: each key is printed in its own way, a piece whose fact is unknown is left out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from exigible.core.typography import amount, day_in_words, figure
from exigible.features.messages.catalogue import read
from exigible.features.messages.labels import label
from exigible.features.messages.values import clean, day_of

Known = Mapping[str, Any]
Link = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence, the rule that says it, and the record it leads to (kind and id)."""

    text: str
    rule: str
    link: Link | None = None


_PIECE: Final = re.compile(r"\[([^\]]*)\]")
_FACT: Final = re.compile(r"\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}")
_DATES: Final = ("date", "on", "last", "until")
_MONEY: Final = ("amount", "minimum", "was", "is", "credits")
_CODES: Final = {"step": "step", "channel": "channel", "reason": "hold", "tone": "tone", "step_tone": "tone"}


def texts(language: str) -> dict[str, Any]:
    """The because sentences of a language, as they are shown on screen."""
    return read("because", language, "'")


def filled(pattern: str, facts: Known, language: str) -> str:
    """The pattern with its facts in words; a piece in brackets is left out when a fact it names is unknown."""

    def piece(found: re.Match[str]) -> str:
        names = _FACT.findall(found[1])
        return found[1] if all(facts.get(name) not in (None, "", []) for name, _, _ in names) else ""

    said = _FACT.sub(lambda found: _said(found, facts, language), _PIECE.sub(piece, pattern))
    return said.strip(" ,\u00a0\u202f")


def count_phrase(count: int, one: str, many: str, language: str) -> str:
    """The number with its noun; French says zero in the singular."""
    return f"{count} {one if count == 1 or (language == 'fr' and count == 0) else many}"


def money(minor: Any, facts: Known, language: str) -> str:
    """An amount in the facts' currency; without one, in no currency."""
    currency = facts.get("currency")
    if not isinstance(minor, int) or not currency:
        return figure(minor, "EUR", language) if isinstance(minor, int) else clean(str(minor))
    return amount(minor, str(currency), language)


def record_of(facts: Known) -> Link | None:
    """The record that the facts name: the message, else the invoices, else the case, else the customer."""
    if facts.get("message"):
        return ("message", facts["message"])
    if facts.get("invoices"):
        return invoices_link(facts["invoices"])
    return next(((kind, facts[kind]) for kind in ("case", "customer_id") if facts.get(kind)), None)


def invoices_link(ids: Sequence[int]) -> Link:
    """One invoice by its id, several by theirs joined by commas."""
    return ("invoice", ids[0]) if len(ids) == 1 else ("invoices", ",".join(map(str, ids)))


def _said(found: re.Match[str], facts: Known, language: str) -> str:
    name, one, many = found.groups()
    value = facts.get(name)
    if value is None:
        return ""
    if one is not None and isinstance(value, int):
        return count_phrase(value, one, many, language)
    return _in_words(name, value, facts, language)


def _in_words(name: str, value: Any, facts: Known, language: str) -> str:
    if name in _DATES:
        return day_in_words(day_of(value), language)
    if name in _MONEY:
        return label("channel", value, language) if isinstance(value, str) else money(value, facts, language)
    if name in _CODES:
        return label(_CODES[name], str(value), language)
    if name == "by" and isinstance(value, int):
        return str(texts(language)["step"]["user"]).replace("{n}", str(value))
    if name == "holds":
        return ", ".join(_hold(hold, facts, language) for hold in value)
    return clean(str(value))


def _hold(hold: Known, facts: Known, language: str) -> str:
    said = label("hold", str(hold.get("reason") or "paused"), language)
    if hold.get("amount"):
        said += " " + money(hold["amount"], {"currency": hold.get("currency") or facts.get("currency")}, language)
    if hold.get("until"):
        said += texts(language)["step"]["until"].replace("{date}", day_in_words(day_of(hold["until"]), language))
    return said
