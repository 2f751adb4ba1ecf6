"""The words that a message may not use, by kind of debtor, tone and step; the words are in `forbidden.toml`."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from exigible.features.messages.catalogue import LANGUAGES, TEXTS, text_of
from exigible.features.messages.values import Facts

ADMISSION: Final = {"fr": "sauf erreur ou croisement", "en": "unless our messages have crossed"}
_CROSSED: Final = {"fr": r"sauf erreur ou croisement", "en": r"unless our (?:messages|letters) have crossed"}
_NOT_OF: Final = {
    "business": ("law_public",),
    "public_body": ("law_business",),
    "consumer": ("charges", "law_business", "law_public"),
    "unknown": ("charges", "law_business", "law_public", "notice"),
}
_SERVICE: Final = ("thank_you", "statement", "test")
Faults = Iterator[tuple[str, str]]


def faults(facts: Facts, own: str) -> Faults:
    """The words that may not stand in this message, each with its rule."""
    language, lowered = facts["language"], own.lower()
    yield from _found("word.forbidden", language, ("always",), lowered)
    yield from _found("statistics", language, ("statistics",), lowered)
    yield from _found("word.debtor", language, _NOT_OF[facts.get("debtor") or "unknown"], lowered)
    tone = facts.get("tone", text_of(facts["template"], language).level)
    if facts["template"] not in _SERVICE and tone < 2:
        groups = ("tone_1", "tone_2") if tone < 1 else ("tone_2",)
        yield from _found("word.tone", language, groups, lowered)
    allowed = _scheduled(facts)
    unplanned = tuple(f"announces.{step}" for step in _words(language)["announces"] if step not in allowed)
    yield from _found("threat.unscheduled", language, unplanned, lowered)


def is_suspect(value: str) -> bool:
    """Whether a name of the books holds signs or words that the lint would take for the writer's."""
    lowered = value.lower()
    signs = bool(set("!?{%") & set(value)) or "None" in value
    return signs or any(_pattern(language, _all_groups(language)).search(lowered) for language in LANGUAGES)


def admits_error(text: str, language: str) -> bool:
    """Whether the message says that it may be mistaken or have crossed a payment."""
    return re.search(_CROSSED[language], text, re.IGNORECASE) is not None


def _scheduled(facts: Facts) -> set[str]:
    """The steps of which one may speak: the one that comes next, and those already made."""
    steps = {(facts.get("next") or {}).get("step") or ""}
    for contact in facts.get("previous") or ():
        steps |= {contact.get("step") or "", contact.get("channel") or ""}
    return steps | ({"formal_notice"} if "registered_letter" in steps else set())


def _found(rule: str, language: str, groups: Sequence[str], lowered: str) -> Faults:
    for found in _pattern(language, tuple(groups)).finditer(lowered) if groups else ():
        if not lowered[found.start() - 1 : found.start()].isalpha():
            yield rule, found.group(0)


@lru_cache
def _pattern(language: str, groups: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for several groups; it begins with its branches, so that the engine skips to their letters."""
    words = [word for group in groups for word in _group(language, group)]
    return re.compile("|".join(words))


def _group(language: str, name: str) -> list[str]:
    table, words = name.rpartition(".")[::2], _words(language)
    found: list[str] = words[table[0]][table[1]] if table[0] else words[table[1]]
    return found


@lru_cache
def _all_groups(language: str) -> tuple[str, ...]:
    words = _words(language)
    lists = tuple(name for name, value in words.items() if isinstance(value, list))
    return lists + tuple(f"announces.{step}" for step in words["announces"])


@lru_cache
def _words(language: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / language / "forbidden.toml").read_text(encoding="utf-8"))
