"""A policy as content (the shape of the presets), as a table of tracks and steps, in sentences, and compared with another."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from exigible.books.policies.models import Policy
from exigible.books.policies.operations import TRACKS
from exigible.books.policies.queries import KINDS
from exigible.core import plan, typography
from exigible.core.guard import limits_for
from exigible.core.law.book import law_book
from exigible.features.messages.labels import label

Content = dict[str, Any]
STEPS = ("preventive", "friendly", "firm", "call", "letter", "formal_notice", "handover", "task")
EXPECTED = STEPS[:-1]
CHANNELS_OF: dict[str, tuple[str, ...]] = {
    "preventive": ("email", "letter"), "friendly": ("email", "letter"), "firm": ("email", "letter"), "call": ("phone",),
    "letter": ("letter", "email"), "formal_notice": ("registered_letter",), "handover": ("task",), "task": ("task",),
}  # fmt: skip
WRITTEN = frozenset({"preventive", "friendly", "firm", "letter"})
TONES = {
    "preventive": 0,
    "friendly": 1,
    "firm": 2,
    "call": 2,
    "letter": 3,
    "formal_notice": 4,
    "handover": 4,
    "task": 2,
}
MODE_WORDS = {
    "auto": gettext_lazy("by itself"),
    "approve": gettext_lazy("after approval"),
    "manual": gettext_lazy("by a person"),
}
PRESET_WORDS = {"gentle": gettext_lazy("Gentle"), "standard": gettext_lazy("Standard"), "firm": gettext_lazy("Firm")}


def language() -> str:
    """Return the language of the screen, as the texts name it."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def track_name(track: str) -> str:
    """Return the word of a track: a payer profile of a business, a consumer or a public body."""
    return label("kind" if track in ("consumer", "public_body") else "segment", track, language())


def step_name(step: str) -> str:
    """Return the word of a step."""
    return label("step", step, language())


def content_of(policy: Policy) -> Content:
    """Return a published version in the shape of the presets."""
    tracks: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for step in policy.steps.order_by("track", "rank"):
        found: dict[str, Any] = {
            "name": step.name, "offset_days": step.offset_days, "channel": step.channel, "tone": step.tone, "mode": step.mode,
            "template": step.template,
        }  # fmt: skip
        if step.notice_days is not None:
            found["notice_days"] = step.notice_days
        tracks.setdefault(step.track, {"steps": []})["steps"].append(found)
    return {
        "name": policy.name,
        "minimum_minor": policy.minimum_minor,
        "min_gap_days": policy.min_gap_days,
        "tracks": tracks,
    }


def record_of(content: Content, country: str, on: date) -> plan.Policy:
    """Return content that is not published as the record that the strategy takes."""
    book = law_book(country)
    limits = {kind: limits_for(book, kind, on, content["min_gap_days"]) for kind in KINDS}
    tracks = {track: tuple(map(_step, table["steps"], range(1, 99))) for track, table in content["tracks"].items()}
    return plan.Policy(0, content["minimum_minor"], tracks, limits)


def _step(step: Mapping[str, Any], rank: int) -> plan.Step:
    return plan.Step(
        step["name"], rank, step["offset_days"], step["channel"], step["tone"], step["mode"],
        step.get("template", step["name"]), step.get("notice_days"),
    )  # fmt: skip


def by_step(content: Content, track: str) -> dict[str, Mapping[str, Any]]:
    """Return the steps of a track by their names."""
    return {step["name"]: step for step in content["tracks"].get(track, {"steps": []})["steps"]}


def columns_of(*contents: Content) -> list[str]:
    """Return the steps that a table needs as columns: those expected, and a task where one of the policies has it."""
    used = {name for content in contents for track in TRACKS for name in by_step(content, track)}
    return [name for name in STEPS if name in used or name in EXPECTED]


def overview(content: Content) -> dict[str, Any]:
    """Return the table of a policy: its columns and, for each track, a cell for each step (nothing where it has none)."""
    columns = columns_of(content)
    rows = []
    for track in TRACKS:
        steps = by_step(content, track)
        cells = [{"name": step_name(name), **cell_of(steps.get(name))} for name in columns]
        rows.append(
            {"track": track, "name": track_name(track), "cells": cells, "sentences": sentences_of(content, track)}
        )
    return {"columns": [step_name(name) for name in columns], "rows": rows}


def cell_of(step: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a cell of the table says of a step."""
    if step is None:
        return {"day": "", "channel": "", "mode": ""}
    channel = label("channel", step["channel"], language())
    return {"day": day_mark(step["offset_days"]), "channel": channel, "mode": str(MODE_WORDS[step["mode"]])}


def day_mark(offset_days: int) -> str:
    """Return an offset as collectors write it: `J+3`, `J−5`."""
    letter = "J" if language() == "fr" else "D"
    return f"{letter}{'+' if offset_days >= 0 else typography.MINUS}{abs(offset_days)}"


def sentences_of(content: Content, track: str) -> list[str]:
    """Return the steps of a track, each as a sentence."""
    return [_sentence(step) for step in content["tracks"].get(track, {"steps": []})["steps"]]


def _sentence(step: Mapping[str, Any]) -> str:
    days = abs(step["offset_days"])
    if step["offset_days"] < 0:
        when = ngettext("%(days)d day before the due date", "%(days)d days before the due date", days)
    else:
        when = ngettext("%(days)d day after the due date", "%(days)d days after the due date", days)
    facts = {
        "when": when % {"days": days}, "step": step_name(step["name"]), "channel": label("channel", step["channel"], language()),
        "mode": str(MODE_WORDS[step["mode"]]), "notice": step.get("notice_days"),
    }  # fmt: skip
    if step["name"] == "handover":
        return _("%(when)s at the earliest, once the notice's delay has passed: %(step)s, decided by a person.") % facts
    if facts["notice"]:
        return _("%(when)s: %(step)s (%(channel)s), prepared by a person; it gives %(notice)d days to pay.") % facts
    if step["name"] in ("call", "task"):
        return _("%(when)s: %(step)s, by a person.") % facts
    if facts["channel"] == facts["step"]:
        return _("%(when)s: %(step)s, %(mode)s.") % facts
    return _("%(when)s: %(step)s (%(channel)s), %(mode)s.") % facts


def differences(was: Content, new: Content, currency: str) -> list[str]:
    """Return in sentences what a policy changes compared with another."""
    found = []
    for name, text in (("name", _("Name")), ("min_gap_days", _("Days between written demands"))):
        if was[name] != new[name]:
            found.append(_changed(text, str(was[name]), str(new[name])))
    if was["minimum_minor"] != new["minimum_minor"]:
        amounts = [typography.amount(one["minimum_minor"], currency, language()) for one in (was, new)]
        found.append(_changed(_("Nothing is asked below"), *amounts))
    for track in TRACKS:
        before, after = by_step(was, track), by_step(new, track)
        found += [
            _changed(
                f"{track_name(track)}, {step_name(name)}", _cell_text(before.get(name)), _cell_text(after.get(name))
            )
            for name in STEPS
            if _cell_text(before.get(name)) != _cell_text(after.get(name))
        ]
    return found


def _changed(what: str, was: str, new: str) -> str:
    return _("%(what)s: %(was)s → %(new)s") % {"what": what, "was": was, "new": new}


def _cell_text(step: Mapping[str, Any] | None) -> str:
    if step is None:
        return _("none")
    cell = cell_of(step)
    notice = f", {step['notice_days']} {'j' if language() == 'fr' else 'd'}" if step.get("notice_days") else ""
    return f"{cell['day']}, {cell['channel']}, {cell['mode']}{notice}"


def comparison(contents: Mapping[str, Content], track: str) -> list[dict[str, Any]]:
    """Return a row for each step of a track, with the cell of each policy."""
    return [
        {
            "name": step_name(name),
            "cells": [cell_of(by_step(content, track).get(name)) for content in contents.values()],
        }
        for name in columns_of(*contents.values())
    ]


def track_choices() -> Sequence[tuple[str, str]]:
    """Return the tracks with their words."""
    return [(track, track_name(track)) for track in TRACKS]
