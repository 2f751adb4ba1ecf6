"""The analysis in written words: what each open way would bring, on which assumptions, and what would change the choice."""

from decimal import Decimal
from typing import Any

from exigible.core.law.procedure_data import Assumption
from exigible.core.worth import Assumptions, Expected, Reversal
from exigible.features.analysis.analyse import Analysis
from exigible.features.analysis.report_ways import Said, range_words
from exigible.features.analysis.words import Words

AMOUNTS = ("relation", "cost")
"""What is a sum in minor units; all other assumptions are shares of one."""

_LEAST_CHANCE = Decimal("0.001")  # below it, "what chance it would take" says nothing


def worth_section(found: Analysis, word: Words, said: Said) -> dict[str, Any]:
    """Each open way's expected result, the assumptions that anyone may change, the ranking and its reversal."""
    ranking = found.worth.ranking
    results = {result.way: _result(result, word, said) for result in found.worth.results}
    places = {name: rank for rank, name in enumerate(ranking.order, 1)}
    return {
        "results": results,
        "order": [{"name": said.way(name), "place": places[name], **results[name]} for name in ranking.order],
        "unknown": [_unknown(name, chance, word, said) for name, chance in ranking.needed],
        "reversal": _reversal(ranking.reversal, word, said) if ranking.reversal else "",
        "left_out": _left_out(results, word),
        "intro": word("worth.intro", amount=word.money(found.owed.statement.balance_minor)),
    }


def _result(result: Expected, word: Words, said: Said) -> dict[str, Any]:
    if result.mid is None:
        shown, between = word("ways.unknown"), ""
    else:
        shown = word("worth.about", amount=_rounded(result.mid, word))
        low, high = result.low, result.high
        spread = low is not None and high is not None and low != high
        between = word("worth.between", low=_rounded(low or 0, word), high=_rounded(high or 0, word)) if spread else ""
    named = dict(zip(Assumptions._fields, result.assumptions, strict=True))
    relevant = {name: each for name, each in named.items() if each.source}
    missing = [_named(name, said) for name in result.unknown]
    return {
        "expected": shown,
        "between": between,
        "missing": word("worth.missing", names=", ".join(missing)) if missing else "",
        "lost_if_paid": range_words(result.lost_if_paid, word, is_money=True),
        "lost_if_not": range_words(result.lost_if_not, word, is_money=True),
        "unsourced": any(getattr(result.assumptions, name).value for name in result.unsourced),
        "assumptions": [_assumption(result.way, name, each, word, said) for name, each in relevant.items()],
    }


def _left_out(results: dict[str, dict[str, Any]], word: Words) -> str:
    """What is counted as nought for want of anything better, each named once."""
    nil = [each["label"] for result in results.values() for each in result["assumptions"] if each["is_nil"]]
    return word("worth.left_out", names=", ".join(dict.fromkeys(nil))) if nil else ""


def _rounded(minor: int, word: Words) -> str:
    """An expectation to the euro: cents would claim an exactness that it has not."""
    whole = (abs(minor) + 50) // 100 * 100
    return word.whole(whole if minor >= 0 else -whole)


def _assumption(way: str, name: str, each: Assumption, word: Words, said: Said) -> dict[str, Any]:
    return {
        "key": f"{way}.{name}",
        "label": _named(name, said),
        "value": "" if each.value is None else _plain(each.value, name),
        "shown": word("ways.unknown") if each.value is None else _shown(each.value, name, word),
        "unit": word.sign if name in AMOUNTS else "%",
        "source": said.source(each.source),
        "confidence": word(f"confidence.{each.confidence}"),
        "is_nil": each.value == 0,
    }


def _plain(value: Decimal, name: str) -> str:
    """A value as a form field takes it: whole per cents, or units of the currency."""
    scaled = value / 100 if name in AMOUNTS else value * 100
    return f"{scaled.normalize():f}"


def _shown(value: Decimal, name: str, word: Words) -> str:
    if name in AMOUNTS:
        return word.whole(int(value))
    return word.percent(round(value * 100, 1).normalize(), least=0)


def _named(name: str, said: Said) -> str:
    return said.named("assumption", name)


def _unknown(name: str, chance: Decimal | None, word: Words, said: Said) -> str:
    way = said.way(name)
    if chance is None or chance < _LEAST_CHANCE:
        return word("worth.unknown", way=way)
    return word("worth.needed", way=way, chance=_shown(chance, "", word))


def _reversal(found: Reversal, word: Words, said: Said) -> str:
    return word(
        "worth.reversal",
        instead=said.way(found.instead),
        assumption=_named(found.assumption, said),
        way=said.way(found.way),
        value=_shown(found.value, found.assumption, word),
        at=_shown(found.at, found.assumption, word),
    )
