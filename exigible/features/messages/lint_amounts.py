"""The figures of a message read back from its text: each amount and each day must be a fact."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from exigible.core.money import minor_digits
from exigible.core.typography import MINUS, day_in_words, day_of_month, short_day, shorter_day
from exigible.features.messages.values import Facts, day_of, held_of

_SPACES = "\u202f\u00a0 "
# A figure is an amount when it has decimals, thousands apart, or a currency beside it.
_NUMBER = {
    "fr": r"\d{1,3}(?:[\u202f\u00a0 ]\d{3})+(?:,\d+)?|\d+(?:,\d+)?",
    "en": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?",
}
_DAYS = re.compile(
    r"\b\d{2}/\d{2}/\d{4}\b|\b\d{2}/\d{2}\b(?!/)"
    r"|\b(?:\d{1,2}|1er) (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
    r"(?: \d{4})?"
    r"|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b(?: \d{4})?"
)


def faults(facts: Facts, own: str) -> Iterator[tuple[str, str]]:
    """The amounts and days of the text that no fact accounts for."""
    known = amounts_of(facts)
    for printed, minor in amounts_in(own, facts["language"], facts["currency"]):
        if minor not in known:
            yield "amount.unknown", printed
    days = days_of(facts)
    for printed in dict.fromkeys(_DAYS.findall(own)):
        if printed not in days:
            yield "date.unknown", printed


def looks_like_figures(value: str) -> bool:
    """Whether a name or reference of the books could be read as an amount or a day."""
    return bool(re.search(r"\d[,. \u00a0\u202f]\d|\d\s?(?:€|£|\$|[A-Z]{3}\b)|[€£$]\s?\d", value) or _DAYS.search(value))


def amounts_in(text: str, language: str, currency: str) -> list[tuple[str, int]]:
    """Each amount printed in the text, with its minor units (sign left aside)."""
    found = []
    for match in _amount_pattern(language, currency).finditer(text):
        number = match.group("number")
        digits = re.sub(rf"[{_SPACES}]" if language == "fr" else ",", "", number)
        whole, _, part = digits.partition("," if language == "fr" else ".")
        if not part and not (match.group("before") or match.group("after")):
            continue
        places = minor_digits(currency)
        if len(part) > places or (part and len(part) < places):
            found.append((match.group(0).strip(), -1))
            continue
        found.append((match.group(0).strip(), int(whole + part.ljust(places, "0"))))
    return found


@lru_cache
def _amount_pattern(language: str, currency: str) -> re.Pattern[str]:
    mark = rf"(?:€|£|\$|EUR|GBP|USD|{re.escape(currency)})"
    number = rf"(?P<number>{_NUMBER[language]})"
    return re.compile(
        rf"(?<![\w.,/\u202f\u00a0{MINUS}-])(?:{MINUS})?(?P<before>{mark}[{_SPACES}]?)?{number}(?P<after>[{_SPACES}]?{mark})?(?![\w/]|[.,]\d)"
    )


def amounts_of(facts: Facts) -> set[int]:
    """The amounts that a message may print: those of its facts, and what is paid of each invoice."""
    amounts = {abs(facts.get(name) or 0) for name in ("total", "interest", "indemnity", "balance", "credits")}
    amounts |= {(facts.get("broken") or {}).get("amount") or 0}
    amounts |= {(facts.get("payment") or {}).get("amount") or 0, held_of(facts.get("invoices") or ())}
    for invoice in facts.get("invoices") or ():
        amounts |= {invoice["total"], invoice["open"], invoice["total"] - invoice["open"]}
        amounts |= {invoice.get("interest") or 0, invoice.get("indemnity") or 0}
    return amounts


def days_of(facts: Facts) -> set[str]:
    """The days that a message may name, in each way of printing them."""
    days = {day_of(facts["date"])}
    stated = [
        (facts.get("broken") or {}).get("on"),
        (facts.get("next") or {}).get("date"),
        (facts.get("payment") or {}).get("received"),
    ]
    stated += [contact["on"] for contact in facts.get("previous") or ()]
    stated += [invoice.get(name) for invoice in facts.get("invoices") or () for name in ("issued", "due")]
    days |= {day_of(iso) for iso in stated if iso}
    return {form for day in days for form in _forms(day, facts["language"])}


def _forms(day: date, language: str) -> tuple[str, ...]:
    return tuple(form(day, language) for form in (day_in_words, day_of_month, short_day, shorter_day))
