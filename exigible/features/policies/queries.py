"""What the policy's screens read: versions, policies to start from, customers to try one on, the limits of contact."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django.db.models import Q

from exigible.books.cases.models import Case
from exigible.books.creditors.models import Creditor
from exigible.books.policies.models import Policy
from exigible.books.policies.operations import PRESET_NAMES, read_preset
from exigible.core.law.book import law_book
from exigible.core.law.contact import Hours, calling_hours, contact_budget, writing_hours
from exigible.features.messages.labels import label
from exigible.features.policies.tables import PRESET_WORDS, Content, content_of, language

KINDS = ("business", "public_body", "consumer", "unknown")
MOST_VERSIONS = 50
MOST_CUSTOMERS = 12


def current(creditor: Creditor) -> Policy | None:
    """Return the version in force."""
    found: Policy | None = Policy.objects.of(creditor).filter(is_current=True).first()
    return found


def versions(creditor: Creditor) -> list[Policy]:
    """Return the latest versions, the last one first."""
    return list(Policy.objects.of(creditor).order_by("-version")[:MOST_VERSIONS])


def content_named(creditor: Creditor, name: str) -> tuple[Content, str] | None:
    """Return a preset, or a version by its number, or for an empty name the current one; with the preset it comes from."""
    if name in PRESET_NAMES:
        return preset_content(name), name
    rows = Policy.objects.of(creditor)
    if not name or name == "current":
        found = rows.filter(is_current=True).first()
    else:
        found = rows.filter(version=int(name)).first() if name.isdecimal() and len(name) < 10 else None
    return (content_of(found) | {"name": name_of(found)}, found.preset) if found else None


def presets() -> dict[str, Content]:
    """Return the three presets by their names."""
    return {name: preset_content(name) for name in PRESET_NAMES}


def preset_content(preset: str) -> Content:
    """Return a preset under its name in the language of the screen: it becomes the name of what is made of it."""
    return read_preset(preset) | {"name": str(PRESET_WORDS[preset])}


def name_of(policy: Policy) -> str:
    """Return the name of a version; one that was published as packaged has its preset's, in the language of the screen."""
    is_as_packaged = policy.preset in PRESET_NAMES and policy.name == read_preset(policy.preset)["name"]
    return str(PRESET_WORDS[policy.preset]) if is_as_packaged else policy.name


def cases_to_try(creditor: Creditor, text: str) -> list[Case]:
    """Return accounts on which a policy can be tried: those whose name holds a text, else those where most is late."""
    rows = Case.objects.of(creditor).exclude(state=Case.State.CLOSED).select_related("customer")
    if text:
        rows = rows.filter(Q(customer__name__icontains=text[:100]) | Q(customer__reference__istartswith=text[:60]))
        return list(rows.order_by("customer__name", "pk")[:MOST_CUSTOMERS])
    return list(rows.filter(state=Case.State.OPEN).order_by("-priority", "pk")[:MOST_CUSTOMERS])


def limits(creditor: Creditor, min_gap_days: int, on: date) -> list[dict[str, Any]]:
    """Return, for each kind of debtor, how often and when it may be contacted, with the article behind it."""
    book = law_book(creditor.country)
    rows = []
    for kind in KINDS:
        budget = contact_budget(book, kind, on)
        figure = book.figure(f"contact.contacts_in_window.{kind}", on)
        rows.append({
            "name": label("kind", kind, language()), "gap": max(min_gap_days, budget.min_gap_days), "contacts": budget.contacts_in_window,
            "calls": budget.calls_in_window, "window": budget.window_days, "writing": hours(writing_hours(book, kind, on)),
            "calling": hours(calling_hours(book, kind, on)), "article": figure.article, "is_ours": figure.confidence == "house",
        })  # fmt: skip
    return rows


def hours(ranges: Hours) -> str:
    """Return hours as people write them: `9:00–11:30, 14:00–16:30`, or `9 h–11 h 30` in French."""
    return ", ".join(f"{_hour(start)}–{_hour(end)}" for start, end in ranges)


def _hour(moment: time) -> str:
    if language() == "en":
        return f"{moment.hour}:{moment.minute:02d}"
    return f"{moment.hour}\u00a0h" + (f"\u00a0{moment.minute:02d}" if moment.minute else "")


def names_of(rows: Sequence[Policy]) -> list[dict[str, Any]]:
    """Return versions as a list shows them."""
    return [{"policy": row, "name": name_of(row)} for row in rows]
