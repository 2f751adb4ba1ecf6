"""The analysis in written words, whole: what the page, the paper and the command line show, in one language."""

from datetime import date
from typing import Any

from exigible.core.dates import add_months
from exigible.features.analysis.advice import Step, next_steps
from exigible.features.analysis.analyse import Analysis
from exigible.features.analysis.letter import letter_of
from exigible.features.analysis.report_owed import owed_section, until_section, weeks_section
from exigible.features.analysis.report_ways import Said, file_section, ways_section
from exigible.features.analysis.report_worth import worth_section
from exigible.features.analysis.words import Words


def report(found: Analysis, language: str) -> dict[str, Any]:
    """Everything that is said of a claim; plain texts and lists, so that any door can show it."""
    word = Words(language, found.book.currency)
    said = Said(found, word)
    kind = letter_of(found)
    return {
        "language": language,
        "date": found.today.isoformat(),
        "title": word("report.title"),
        "subject": _subject(found, word),
        "made_on": word("report.made_on", day=word.day(found.today)),
        "headline": _headline(found, word),
        "steps": steps_section(found, word, said),
        "owed": owed_section(found, word),
        "weeks": weeks_section(found, word),
        "until": until_section(found, word),
        "file": file_section(found, word, said),
        "ways": ways_section(found, word, said),
        "worth": worth_section(found, word, said),
        "letter": {"kind": kind.kind, "text": word(f"letter.{kind.reason}")},
        "sources": _sources(found, word),
        "caveat": word("sources.caveat", day=word.day(found.today)),
    }


def _subject(found: Analysis, word: Words) -> str:
    number = found.facts.number
    subject = word("report.subject", number=number) if number else word("report.subject_plain")
    return word(
        "report.facts" if found.due < found.today else "report.facts_not_due",
        subject=subject,
        amount=word.money(found.facts.amount_minor),
        due=word.day(found.due),
        debtor=word(f"debtor.{found.facts.debtor}"),
    )


def _headline(found: Analysis, word: Words) -> dict[str, Any]:
    """The figure that matters, what it is made of, and three facts beside it."""
    statement = found.owed.statement
    if statement.balance_minor == 0:
        label, parts = word("headline.settled", day=word.day(found.today)), ""
    elif found.due >= found.today:
        label, parts = word("headline.not_due", day=word.day(found.due)), ""
    else:
        costs = statement.indemnity_minor + statement.complement_minor
        label = word("headline.owed", day=word.day(found.today))
        parts = word(
            "headline.parts" if costs else "headline.parts_no_costs",
            principal=word.money(statement.principal_minor),
            interest=word.money(statement.interest_minor),
            costs=word.money(costs),
        )
    return {
        "amount": word.money(statement.balance_minor),
        "label": label,
        "parts": parts,
        "facts": [*_late(found, word), _daily(found, word), _until(found, word)],
    }


def _late(found: Analysis, word: Words) -> list[dict[str, Any]]:
    days = found.owed.statement.late_days
    return [{"label": word("headline.late"), "value": word.days(days), "note": "", "is_legal": False}] if days else []


def _daily(found: Analysis, word: Words) -> dict[str, Any]:
    daily = found.owed.daily_minor
    value = f"+ {word.money(daily)}" if daily else word.money(0)
    note = "" if daily else word("headline.daily_none")
    return {"label": word("headline.daily"), "value": value.replace(" ", "\u00a0", 1), "note": note, "is_legal": False}


def _until(found: Analysis, word: Words) -> dict[str, Any]:
    last = found.limit.last_day
    if last is None:
        return {
            "label": word("headline.until"), "value": word("headline.until_unknown"), "note": "", "is_legal": False,
        }  # fmt: skip
    passed = last < found.today
    near = last < add_months(found.today, 6)
    return {
        "label": word("headline.until_passed" if passed else "headline.until"),
        "value": word.day(last),
        "note": "" if passed else word("headline.left", left=_left(found.today, last, word)),
        "is_legal": passed or near,
    }


def _left(today: date, last: date, word: Words) -> str:
    """The time left in whole years and months, or in days when it is short."""
    months = 0
    while add_months(today, months + 1) <= last:
        months += 1
    if months < 2:
        return word.days((last - today).days)
    years, rest = divmod(months, 12)
    shown = [word("headline.year" if years == 1 else "headline.years", n=years)] if years else []
    shown += [word("headline.month" if rest == 1 else "headline.months", n=rest)] if rest else []
    return word("headline.years_months", years=shown[0], months=shown[1]) if len(shown) == 2 else shown[0]


def steps_section(found: Analysis, word: Words, said: Said) -> list[dict[str, str]]:
    """What to do, each with its reason and its day."""
    return [_step(step, word, said, found.today) for step in next_steps(found, found.worth.best)]


def _step(step: Step, word: Words, said: Said, today: date) -> dict[str, str]:
    facts: dict[str, Any] = dict(step.because.facts)
    for name in ("last_day", "due", "insolvent"):
        if name in facts:
            facts[name] = word.day(date.fromisoformat(facts[name]))
    if "way" in facts:
        facts["way"] = said.way(facts["way"])
    if "pieces" in facts:
        facts["pieces"] = ", ".join(said.named("piece", piece) for piece in facts["pieces"])
    rule = step.because.rule
    waits = rule in ("not_due", "then_way")
    by = "" if step.by is None else word("advice.on" if waits else "advice.by", day=word.day(step.by))
    if step.by == today:
        by = word("advice.now")
    return {
        "rule": rule, "title": word(f"advice.{rule}", **facts), "text": word(f"advice.{rule}_why", **facts), "by": by,
    }  # fmt: skip


def _sources(found: Analysis, word: Words) -> list[dict[str, str]]:
    """Each rule that was applied, its article and how sure it is."""
    book, debtor, statement = found.book, found.facts.debtor, found.owed.statement
    rows = []
    keys = {"interest": f"interest.{debtor}.series"} if statement.segments else {}
    if statement.accrued_indemnity_minor:
        keys["indemnity"] = f"interest.{debtor}.indemnity"
    if statement.settled:
        keys["imputation"] = "interest.imputation"
    if found.facts.debtor != "unknown":
        keys["notice"] = f"notice.delay_days.{debtor}"
    for name, key in keys.items():
        figure = book.figure(key, found.today)
        rows.append((word(f"sources.{name}"), figure.article, figure.confidence))
    if found.limit.told:
        rows.append((word("sources.limitation"), found.limit.told.article, found.limit.told.confidence))
    said = Said(found, word)
    rows += [(said.way(way.name), way.article, way.confidence) for way in found.open_ways]
    return [
        {"rule": rule, "article": article, "confidence": word(f"confidence.{confidence}")}
        for rule, article, confidence in rows
    ]
