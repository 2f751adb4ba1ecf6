"""The texts of the letters: read once from `texts/`, each sentence chosen by what is true of the message."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from exigible.core.typography import french

LETTERS: Final = ("preventive", "friendly", "firm", "letter", "thank_you", "statement", "test")
LANGUAGES: Final = ("fr", "en")
SUBJECT_LIMIT: Final = 60
TEXTS: Final = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence, said when all the words of `needs` hold and none of `refuses`; the first that suits wins."""

    needs: frozenset[str]
    refuses: frozenset[str]
    say: tuple[str, ...]

    def suits(self, traits: frozenset[str]) -> bool:
        """Whether this sentence may be said of a message with these traits."""
        return self.needs <= traits and not self.refuses & traits


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a letter, or a sentence added to the paragraph before it."""

    choices: tuple[Choice, ...]
    continues: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A letter in one language; `level` is its tone, from 0 (no delay spoken of) to 3 (letter)."""

    version: int
    level: int
    service: bool
    table: str
    subject: tuple[Choice, ...]
    before: tuple[Paragraph, ...]
    after: tuple[Paragraph, ...]


def templates() -> list[str]:
    """The names of the letters that can be written."""
    return list(LETTERS)


def template_version(template: str, language: str) -> int:
    """The version of a letter's text; it rises when the letter, or what all letters share, is changed."""
    return text_of(template, language).version + int(shared(language)["version"]) - 1


@lru_cache
def text_of(template: str, language: str) -> Text:
    """The letter of that name in that language. Raises KeyError for a name that `templates()` does not list."""
    if template not in LETTERS:
        raise KeyError(f"No letter is named {template!r}; there are {', '.join(LETTERS)}.")
    raw = read(template, language)
    return Text(
        version=raw["version"],
        level=raw["level"],
        service=raw.get("service", False),
        table=raw.get("table", "" if raw.get("service") else "due"),
        subject=choices_of(raw["subject"]),
        before=tuple(_paragraph(entry) for entry in raw.get("before", ())),
        after=tuple(_paragraph(entry) for entry in raw.get("after", ())),
    )


@lru_cache
def read(name: str, language: str, apostrophe: str = "\u2019") -> dict[str, Any]:
    """One file of texts, with the apostrophes (curved in letters, straight on screen) and spaces of its language."""
    raw = tomllib.loads((TEXTS / language / f"{name}.toml").read_text(encoding="utf-8").replace("'", apostrophe))
    return {key: _typeset(value, language) for key, value in raw.items()}


@lru_cache
def shared(language: str) -> dict[str, Any]:
    """What all letters of a language share: greetings, announcements, labels."""
    return read("common", language)


@lru_cache
def shared_choices(section: str, language: str) -> tuple[Choice, ...]:
    """The sentences of one section of the shared texts."""
    return choices_of(shared(language)[section])


def choices_of(table: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The sentences of one table, in the order of the file."""
    return tuple(_choice(words, say) for words, say in table.items() if words != "continues")


def choose(choices: tuple[Choice, ...], traits: frozenset[str], values: Mapping[str, str]) -> str | None:
    """The first sentence that suits, its figures filled in; None if none does."""
    for choice in choices:
        if choice.suits(traits):
            return choice.say[0].format_map(values)
    return None


def subject_line(choices: tuple[Choice, ...], traits: frozenset[str], values: Mapping[str, str]) -> str:
    """The first wording short enough for a subject line, else the shortest, cut."""
    for choice in choices:
        if choice.suits(traits):
            lines = [say.format_map(values) for say in choice.say]
            shortest = min(lines, key=len)
            cut = shortest if len(shortest) < SUBJECT_LIMIT else shortest[: SUBJECT_LIMIT - 2] + "…"
            return next((line for line in lines if len(line) < SUBJECT_LIMIT), cut)
    return values["creditor"][: SUBJECT_LIMIT - 1]


def paragraphs(parts: tuple[Paragraph, ...], traits: frozenset[str], values: Mapping[str, str]) -> list[str]:
    """The paragraphs of one part of a letter."""
    said: list[str] = []
    for part in parts:
        sentence = choose(part.choices, traits, values)
        if sentence is None:
            continue
        if part.continues and said:
            said[-1] += " " + sentence
        else:
            said.append(sentence)
    return said


def _paragraph(entry: Mapping[str, Any]) -> Paragraph:
    return Paragraph(choices_of(entry), bool(entry.get("continues", False)))


def _choice(words: str, say: str | list[str]) -> Choice:
    conditions = [] if words == "otherwise" else words.split()
    return Choice(
        needs=frozenset(word for word in conditions if not word.startswith("!")),
        refuses=frozenset(word[1:] for word in conditions if word.startswith("!")),
        say=(say,) if isinstance(say, str) else tuple(say),
    )


def _typeset(value: Any, language: str) -> Any:
    if isinstance(value, str):
        return french(value) if language == "fr" else value
    if isinstance(value, list):
        return [_typeset(item, language) for item in value]
    if isinstance(value, dict):
        return {key: _typeset(item, language) for key, item in value.items()}
    return value
