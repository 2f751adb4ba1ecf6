"""The words of the ways out, in French and English: their names, pieces and parts, and the sentence of each reason."""

import re
from collections.abc import Mapping
from datetime import date

from exigible.core.because import JSON, Because
from exigible.core.law.procedure_data import proceedings
from exigible.core.money import parse_decimal_string
from exigible.core.typography import amount, day_in_words, french

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def way_name(country: str, way: str, language: str) -> str:
    """The name of a way: "Injonction de payer" or "Payment order"."""
    return _typed(_way_words(country, way, language)[0], language)


def word(country: str, group: str, name: str, language: str) -> str:
    """What a name of the data reads on screen; the groups are piece, part, assumption, court and lawyer."""
    return _typed(proceedings(country).words[f"{group}.{name}"][language], language)


def say(country: str, because: Because, language: str) -> str:
    """The sentence of a reason or warning of a way, with its facts; of an open way, why it is open."""
    if because.rule == "open":
        return _typed(_way_words(country, str(because.facts["way"]), language)[1], language)
    sentence = proceedings(country).words[f"rule.{because.rule}"][language]
    return _typed(sentence, language).format(**{name: _fact(fact, language) for name, fact in because.facts.items()})


def source(country: str, text: str, language: str) -> str:
    """A source of the data, which is written in French, in the language of the reader."""
    found = proceedings(country).words.get(f"source.{text}")
    return _typed(found[language] if found else text, language)


def _way_words(country: str, way: str, language: str) -> tuple[str, str]:
    return next(each.words[language] for each in proceedings(country).ways if each.name == way)


def _fact(fact: JSON, language: str) -> str:
    """A day in words and an amount with its sign; anything else as it is."""
    if isinstance(fact, Mapping):
        currency = str(fact["currency"])
        return amount(parse_decimal_string(str(fact["amount"]), currency), currency, language)
    if isinstance(fact, str) and _DAY.fullmatch(fact):
        return day_in_words(date.fromisoformat(fact), language)
    return str(fact)


def _typed(text: str, language: str) -> str:
    return french(text).replace("'", "\u2019") if language == "fr" else text
