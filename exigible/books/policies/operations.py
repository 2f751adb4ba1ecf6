"""Publishes policies: a new version at each change, the old ones kept as they were."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.policies.models import Policy, Step
from exigible.common.errors import Refused

PRESETS = Path(__file__).parent / "presets"
PRESET_NAMES = ("gentle", "standard", "firm")
STEP_NAMES = ("preventive", "friendly", "firm", "call", "letter", "formal_notice", "handover", "task")
CHANNELS = ("email", "letter", "registered_letter", "sms", "phone", "task")
MODES = ("auto", "approve", "manual")
TRACKS = {
    "new": _("new customers"), "good": _("good payers"), "ordinary": _("ordinary payers"), "chronic": _("late payers"),
    "consumer": _("consumers"), "public_body": _("public bodies"),
}  # fmt: skip


class PolicyInvalid(Refused):
    """The policy cannot be published: %(fault)s."""


def read_preset(preset: str) -> dict[str, Any]:
    """Return a preset as data: name, minimum_minor, min_gap_days and tracks of steps."""
    with (PRESETS / f"{preset}.toml").open("rb") as file:
        return tomllib.load(file)


def faults(tracks: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """Return what forbids a table of steps, in sentences of the reader's language; empty when it may be published."""
    found = [
        _("the track “%(track)s” is missing") % {"track": name}
        for track, name in TRACKS.items()
        if not tracks.get(track)
    ]
    for track, steps in tracks.items():
        where = {"track": TRACKS.get(track, track)}
        found += [str(sentence) % where for sentence, is_wrong in _faults_of(steps) if is_wrong]
    return found


def _faults_of(steps: Sequence[Mapping[str, Any]]) -> list[tuple[Any, bool]]:
    """Each thing that a track may not be, and whether it is."""
    names = [step["name"] for step in steps]
    offsets = [step["offset_days"] for step in steps]
    before = set(names[: names.index("formal_notice")]) if "formal_notice" in names else {"friendly"}
    return [
        (_("%(track)s: a step stands twice"), len(set(names)) != len(names)),
        (_("%(track)s: the steps are not in the order of their days"), offsets != sorted(offsets)),
        (_("%(track)s: a step has an unknown name"), any(name not in STEP_NAMES for name in names)),
        (_("%(track)s: a formal notice cannot come before a reminder"), not {"friendly", "firm", "letter"} & before),
        (
            _("%(track)s: a step has an unknown channel or mode"),
            any(step["channel"] not in CHANNELS or step["mode"] not in MODES for step in steps),
        ),
    ]


@transaction.atomic
def publish_policy(
    creditor: Creditor, content: Mapping[str, Any], preset: str, *, today: date, at: datetime, actor: str = SYSTEM
) -> Policy:
    """Publish a version of the policy; the one before stays readable. PolicyInvalid names what is wrong."""
    tracks = {track: table["steps"] for track, table in content["tracks"].items()}
    if found := faults(tracks):
        raise PolicyInvalid(fault="; ".join(found))
    Creditor.objects.select_for_update(no_key=True).get(pk=creditor.pk)
    version = (Policy.objects.of(creditor).aggregate(last=Max("version"))["last"] or 0) + 1
    Policy.objects.of(creditor).filter(is_current=True).update(is_current=False)
    policy = Policy.objects.create(
        creditor=creditor, name=content["name"], preset=preset, version=version, is_current=True, published_on=today,
        minimum_minor=content["minimum_minor"], min_gap_days=content["min_gap_days"],
    )  # fmt: skip
    Step.objects.bulk_create(
        Step(
            policy=policy, track=track, rank=rank, name=step["name"], offset_days=step["offset_days"], channel=step["channel"],
            tone=step["tone"], mode=step["mode"], template=step.get("template", step["name"]), notice_days=step.get("notice_days"),
        )
        for track, steps in tracks.items()
        for rank, step in enumerate(steps, start=1)
    )  # fmt: skip
    record(
        "policy.published",
        creditor,
        {"version": version, "preset": preset, "policy": policy.pk},
        on=today,
        at=at,
        actor=actor,
    )
    return policy


def publish_preset(creditor: Creditor, preset: str, today: date, at: datetime, actor: str = SYSTEM) -> Policy:
    """Publish one of the three presets as the creditor's policy."""
    assert preset in PRESET_NAMES
    return publish_policy(creditor, read_preset(preset), preset, today=today, at=at, actor=actor)
