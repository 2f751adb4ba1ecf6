"""The because sentence, rebuilt from a rule and its facts: what to do, why, what holds it back, what next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exigible.features.messages import step_wording
from exigible.features.messages.phrases import Clause, Known, filled, record_of, texts

__all__ = ["Clause", "Sentence", "because_sentence"]
_STEPS = ("step.due", "step.upcoming")


@dataclass(frozen=True, slots=True)
class Sentence:
    """The whole text, and its clauses in order, each with its rule and the record it leads to."""

    text: str
    clauses: tuple[Clause, ...]


def because_sentence(because: Mapping[str, Any], language: str) -> Sentence:
    """The reason of a decision in words. An unknown rule is its own name; a fact that is missing is not spoken of."""
    rule, facts = str(because.get("rule") or ""), because.get("facts") or {}
    try:
        return _step_sentence(rule, facts, language) if rule in _STEPS else _plain_sentence(rule, facts, language)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return _only_the_rule(rule)  # facts of another age or shape never break a page


def _step_sentence(rule: str, facts: Known, language: str) -> Sentence:
    act = step_wording.act_clause(rule, facts, language)
    middle = [*step_wording.fact_clauses(rule, facts, language), *step_wording.limit_clauses(facts, language)]
    return _assembled(act, middle, step_wording.next_clause(rule, facts, language), language)


def _plain_sentence(rule: str, facts: Known, language: str) -> Sentence:
    found = texts(language).get(rule)
    if not isinstance(found, dict) or "why" not in found:
        return _only_the_rule(rule)
    link = record_of(facts)
    act = Clause(filled(found.get("act", ""), facts, language), rule, link)
    why = Clause(filled(found["why"], facts, language), rule, link)
    if not act.text and not why.text:
        return _only_the_rule(rule)
    if not act.text:
        return _assembled(Clause(why.text[:1].upper() + why.text[1:], rule, link), [], None, language)
    return _assembled(act, [why] if why.text else [], None, language)


def _only_the_rule(rule: str) -> Sentence:
    return Sentence(rule, (Clause(rule, rule),))


def _assembled(act: Clause, middle: Sequence[Clause], following: Clause | None, language: str) -> Sentence:
    pieces = texts(language)["step"]
    text = act.text
    if middle:
        text += pieces["colon"] + pieces["semicolon"].join(clause.text for clause in middle)
    text += "." + (f" {following.text}." if following else "")
    return Sentence(text, (act, *middle, *([following] if following else [])))
