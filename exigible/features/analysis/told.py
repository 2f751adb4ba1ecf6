"""An analysis as plain JSON for programs: amounts as decimal strings, days in ISO form, names as the law's data has them."""

from typing import Any

from exigible.core.law.interest import exact_string
from exigible.core.law.procedures import Range, Way
from exigible.core.money import decimal_string
from exigible.core.worth import Assumptions, Expected
from exigible.features.analysis.advice import Step, next_steps
from exigible.features.analysis.analyse import Analysis
from exigible.features.analysis.letter import letter_of


def told(found: Analysis) -> dict[str, Any]:
    """Everything the page shows, in the words of the data."""
    statement = found.owed.statement
    return {
        "date": found.today.isoformat(),
        "currency": found.book.currency,
        "debtor": found.facts.debtor,
        "due": found.due.isoformat(),
        "due_presumed": found.is_due_presumed,
        "owed": {
            "principal": _money(found, statement.principal_minor),
            "interest": _money(found, statement.interest_minor),
            "indemnity": _money(found, statement.indemnity_minor),
            "balance": _money(found, statement.balance_minor),
            "late_days": statement.late_days,
            "daily": _money(found, found.owed.daily_minor),
            "segments": _segments(found),
            "flags": list(statement.flags),
            "articles": list(statement.articles),
        },
        "weeks": [
            {
                "date": week.on.isoformat(), "interest": _money(found, week.interest_minor),
                "indemnity": _money(found, week.indemnity_minor), "balance": _money(found, week.balance_minor),
            }
            for week in found.owed.weeks
        ],
        "limitation": _limitation(found),
        "file": [
            {"piece": piece.name, "present": piece.is_there, "needed_by": list(piece.needed_by)} for piece in found.file
        ],
        "open": [_open(found, way) for way in found.open_ways],
        "closed": [
            {"name": way.name, "because": way.because.rule, "facts": dict(way.because.facts), "article": way.article}
            for way in found.ways
            if not way.is_open
        ],
        "ranking": _ranking(found),
        "next": [_step(step) for step in next_steps(found, found.worth.best)],
        "letter": letter_of(found).kind or None,
    }  # fmt: skip


def _money(found: Analysis, minor: int) -> str:
    return decimal_string(minor, found.book.currency)


def _segments(found: Analysis) -> list[dict[str, Any]]:
    return [
        {
            "from": part.first.isoformat(), "to": part.last.isoformat(), "days": part.days,
            "base": _money(found, part.base_minor), "rate": f"{part.rate:f}", "article": part.article,
            "interest": exact_string(part.interest, found.book.currency),
        }
        for part in found.owed.statement.segments
    ]  # fmt: skip


def _limitation(found: Analysis) -> dict[str, Any]:
    told_ = found.limit.told
    if told_ is None:
        return {"last_day": None, "reason": found.limit.fault}
    return {
        "start": told_.start.isoformat(),
        "last_day": told_.last_day.isoformat(),
        "safe_day": told_.safe_day.isoformat(),
        "rule": told_.rule,
        "article": told_.article,
        "confidence": told_.confidence,
        "alternatives": [
            {"rule": each.rule, "last_day": each.last_day.isoformat(), "article": each.article}
            for each in told_.readings
        ],
    }


def _open(found: Analysis, way: Way) -> dict[str, Any]:
    result = next(each for each in found.worth.results if each.way == way.name)
    return {
        "name": way.name,
        "court": "; ".join(f"{court.name}: {', '.join(court.places)}".rstrip(": ") for court in way.courts) or None,
        "cost": _range(found, way.cost),
        "delay_days": {"low": way.delay_days.low, "high": way.delay_days.high},
        "pieces": list(way.pieces),
        "missing": list(way.missing),
        "lawyer": way.lawyer,
        "article": way.article,
        "confidence": way.confidence,
        "warnings": [warning.rule for warning in way.warnings],
        "expected": _expected(found, result),
    }


def _range(found: Analysis, bounds: Range) -> dict[str, str | None]:
    ends = {"low": bounds.low, "high": bounds.high}
    return {end: None if minor is None else _money(found, minor) for end, minor in ends.items()}


def _expected(found: Analysis, result: Expected) -> dict[str, Any]:
    ends = {"low": result.low, "mid": result.mid, "high": result.high}
    named = zip(Assumptions._fields, result.assumptions, strict=True)
    return {
        **{end: None if minor is None else _money(found, minor) for end, minor in ends.items()},
        "unknown": list(result.unknown),
        "assumptions": {
            name: {"value": None if each.value is None else str(each.value), "confidence": each.confidence}
            for name, each in named
            if each.source
        },
    }


def _ranking(found: Analysis) -> dict[str, Any]:
    ranking = found.worth.ranking
    change = ranking.reversal
    shown = None
    if change:
        shown = {
            "way": change.way, "assumption": change.assumption, "value": str(change.value), "at": str(change.at),
            "instead": change.instead,
        }  # fmt: skip
    return {"order": list(ranking.order), "unknown": list(ranking.unknown), "reversal": shown}


def _step(step: Step) -> dict[str, Any]:
    by = step.by.isoformat() if step.by else None
    return {"step": step.because.rule, "facts": dict(step.because.facts), "by": by}
