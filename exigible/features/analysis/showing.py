"""From the form to what the page shows: the analysis in words, or the sentence that says why there is none."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import get_language

from exigible.core.law.book import LawError, law_book
from exigible.features.analysis.analyse import Analysis, analyse
from exigible.features.analysis.facts import FactsError
from exigible.features.analysis.forms import OWN, ClaimForm, LetterForm
from exigible.features.analysis.report import report
from exigible.features.analysis.words import Words

COUNTRY = "FR"


class Shown(NamedTuple):
    """What the page shows: its two forms, the report if there is one, the words around it, a fault."""

    form: ClaimForm
    letter: LetterForm
    report: dict[str, Any] | None = None
    words: Mapping[str, Mapping[str, str]] = {}
    from_file: bool = False
    fault: str = ""
    not_said: tuple[str, ...] = ()


def language() -> str:
    """The language of the screen, among those in which the analysis speaks."""
    return "en" if (get_language() or "").startswith("en") else "fr"


def found_of(form: ClaimForm, today: date) -> Analysis | None:
    """The analysis of what a form says; None, with the fault on the form, when it cannot be."""
    if not form.is_valid():
        return None
    try:
        return analyse(law_book(COUNTRY), form.facts(), form.cleaned_data["on"] or today)
    except FactsError as fault:
        form.add_error(None, fault.said(language()))
    except LawError as fault:
        form.add_error(None, str(fault))
    return None


def show(form: ClaimForm, letter: LetterForm, today: date, *, from_file: bool = False) -> Shown:
    """What the page shows of a form that was sent."""
    found = found_of(form, today)
    if found is None:
        return Shown(form, letter, from_file=from_file)
    words = Words(language())
    return Shown(form, letter, report(found, language()), words.nested(), from_file)


def facts_sent(form: ClaimForm) -> tuple[tuple[str, str], ...]:
    """The facts as they were sent, for an address of the same analysis; nobody's name is among them."""
    return tuple(
        (name, value)
        for name in form.data
        if name in form.fields or name.startswith(OWN)
        for value in _values(form.data, name)
    )


def _values(data: Any, name: str) -> Iterator[str]:
    values = data.getlist(name) if hasattr(data, "getlist") else data[name]
    yield from (str(value) for value in (values if isinstance(values, list) else [values]))
