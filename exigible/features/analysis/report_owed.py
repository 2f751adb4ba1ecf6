"""The analysis in written words: what is owed line by line, the weeks to come, and until when one can sue."""

from datetime import date
from decimal import Decimal
from typing import Any

from exigible.core.law.interest import Segment, exact_string
from exigible.core.law.statement import Statement
from exigible.core.typography import MINUS, THIN
from exigible.features.analysis.analyse import Analysis
from exigible.features.analysis.words import Words

Row = dict[str, Any]


def row(label: str, detail: str = "", amount: str = "", *, article: str = "", kind: str = "") -> Row:
    """One line: what it is, how it is reckoned, its text of law, its amount; kind is part, sum, total or quiet."""
    return {"label": label, "detail": detail, "article": article, "amount": amount, "kind": kind}


def owed_section(found: Analysis, word: Words) -> dict[str, Any]:
    """What is owed today, line by line, and what a reader must know before claiming it."""
    statement, debtor = found.owed.statement, found.facts.debtor
    divisor = found.book.number("interest.day_divisor", found.today)
    article = found.book.article("interest.day_divisor", found.today)
    rows = [*_principal_rows(found, word), *_interest_rows(found, word, divisor), *_cost_rows(found, word)]
    total = row(word("owed.total", day=word.day(found.today)), amount=word.money(statement.balance_minor), kind="total")
    flags = [*statement.flags, *(["due_presumed"] if found.is_due_presumed else [])]
    notes = [word(f"flag.{flag}") for flag in flags if word.has(f"flag.{flag}")]
    if statement.settled:
        notes.append(word("owed.order"))
    if statement.alternatives:
        notes.append(word("owed.readings", readings=_readings(statement, word)))
    method = word("owed.method", divisor=divisor, article=article) if statement.segments else ""
    return {"rows": [*rows, total], "notes": notes, "method": method, "debtor": word(f"debtor.{debtor}")}


def _principal_rows(found: Analysis, word: Words) -> list[Row]:
    facts, statement = found.facts, found.owed.statement
    detail = word("owed.invoice_presumed" if found.is_due_presumed else "owed.invoice_detail", due=word.day(found.due))
    rows = [row(word("owed.invoice"), detail, word.money(facts.amount_minor))]
    for paid in statement.settled:
        heads = {"interest": paid.interest_minor, "costs": paid.costs_minor, "principal": paid.principal_minor}
        heads["nothing"] = paid.overpaid_minor
        parts = [word(f"owed.to_{head}", amount=word.money(minor)) for head, minor in heads.items() if minor]
        label = word("owed.payment", day=word.short_day(paid.day))
        rows.append(row(label, ", ".join(parts), MINUS + word.money(paid.amount_minor), kind="part"))
    if statement.settled:
        amount = word.money(statement.principal_minor)
        rows.append(row(word("owed.principal"), word("owed.principal_detail"), amount, kind="sum"))
    return rows


def _interest_rows(found: Analysis, word: Words, divisor: int) -> list[Row]:
    statement = found.owed.statement
    if not statement.segments:
        return [row(word("owed.interest_none"), _why_no_interest(found, word), word.money(0), kind="quiet")]
    rows = [_segment_row(part, word, divisor) for part in statement.segments]
    is_paid = any(paid.interest_minor for paid in statement.settled)
    detail = word("owed.interest_less" if is_paid else "owed.interest_detail")
    rows.append(row(word("owed.interest"), detail, word.money(statement.interest_minor), kind="sum"))
    return rows


def _segment_row(part: Segment, word: Words, divisor: int) -> Row:
    label = word("owed.segment", first=word.short_day(part.first), last=word.short_day(part.last))
    detail = word(
        "owed.segment_detail",
        base=word.money(part.base_minor),
        rate=word.percent(part.rate),
        days=word.days(part.days),
        divisor=divisor,
        exact=exact(exact_string(part.interest, word.currency), word),
    )
    return row(label, detail, article=part.article, kind="part")


def exact(unrounded: str, word: Words) -> str:
    """An amount before it is rounded, shown to four decimals."""
    shown = f"{Decimal(unrounded):,.4f}"
    return shown.replace(",", THIN).replace(".", ",") if word.language == "fr" else shown


def _why_no_interest(found: Analysis, word: Words) -> str:
    if found.due >= found.today:
        return word("owed.no_interest_not_late")
    if found.facts.debtor == "unknown":
        return word("owed.no_interest_unknown")
    if found.facts.debtor == "consumer":
        return word("owed.no_interest_consumer")
    return word("owed.no_interest")


def _cost_rows(found: Analysis, word: Words) -> list[Row]:
    statement, debtor = found.owed.statement, found.facts.debtor
    if not statement.accrued_indemnity_minor:
        return []
    article = found.book.article(f"interest.{debtor}.indemnity", found.today)
    detail = word("owed.indemnity_detail" if statement.indemnity_minor else "owed.indemnity_paid")
    return [row(word("owed.indemnity"), detail, word.money(statement.indemnity_minor), article=article, kind="sum")]


def _readings(statement: Statement, word: Words) -> str:
    shown = []
    for reading in statement.alternatives:
        key = f"owed.rule_{reading.rule}"
        name = word(key) if word.has(key) else reading.rule
        shown.append(word("owed.reading", name=name, interest=word.money(reading.interest_minor)))
    return ", ".join(shown)


def weeks_section(found: Analysis, word: Words) -> dict[str, Any]:
    """What is owed each week to come; `share` is the growth against the last week's, in hundredths, for a bar."""
    most = max((week.added_minor for week in found.owed.weeks), default=0) or 1
    rows = [
        {
            "day": word.day(week.on),
            "interest": word.money(week.interest_minor),
            "costs": word.money(week.indemnity_minor),
            "balance": word.money(week.balance_minor),
            "added": word.money(week.added_minor),
            "share": 100 * week.added_minor // most,
        }
        for week in found.owed.weeks
    ]
    grows = found.owed.weeks[-1].added_minor > 0
    return {"rows": rows, "has_costs": any(week.indemnity_minor for week in found.owed.weeks), "grows": grows}


def until_section(found: Analysis, word: Words) -> dict[str, Any]:
    """The last day to sue: the prudent one, each reading, what each event did, and what would move the day."""
    limit = found.limit
    if limit.told is None:
        return {"day": "", "fault": limit.fault, "readings": [], "events": [], "notes": [], "article": ""}
    told = limit.told
    readings = [
        {
            "name": word(f"until.{reading.rule}"),
            "start": word.day(reading.start),
            "last_day": word.day(reading.last_day),
            "article": reading.article,
            "confidence": word(f"confidence.{reading.confidence}"),
            "is_told": reading.last_day == told.last_day,
        }
        for reading in told.readings
    ]
    events = [_event(event.on, event.kind, event.rule, event.article, word) for event in told.events]
    return {
        "day": word.day(told.last_day),
        "fault": "",
        "readings": readings,
        "events": events,
        "notes": _until_notes(found, word),
        "article": told.article,
    }


def _event(on: date, kind: str, rule: str, article: str, word: Words) -> dict[str, str]:
    effect = f"until.effect_{rule}"
    return {
        "label": word(f"until.event_{kind}", day=word.day(on)),
        "effect": word(effect) if word.has(effect) else rule,
        "article": article,
    }


def _until_notes(found: Analysis, word: Words) -> list[str]:
    limit, told = found.limit, found.limit.told
    assert told is not None
    notes = []
    if told.safe_day < told.last_day:
        notes.append(word("until.safe_day", day=word.day(told.safe_day)))
    if limit.with_payments:
        notes.append(word("until.with_payments", day=word.day(limit.with_payments)))
    public = found.facts.debtor == "public_body"
    if found.facts.completed is None and not public:
        notes.append(word("until.completion_missing", article=found.book.article(f"{told.rule}.completion", found.due)))
    notes.append(word("until.letter_interrupts" if public else "until.letter_does_not"))
    notes.append(word("until.never_rolled"))
    return notes
