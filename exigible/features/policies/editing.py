"""The form of a policy: a row for each track and step. Reads what was typed back into content, or says what is wrong."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from exigible.books.policies.operations import TRACKS, faults
from exigible.core.money import AmountError, parse_decimal_string
from exigible.core.typography import figure
from exigible.features.messages.labels import label
from exigible.features.policies.tables import (
    CHANNELS_OF,
    MODE_WORDS,
    STEPS,
    TONES,
    WRITTEN,
    Content,
    by_step,
    columns_of,
    language,
    step_name,
    track_name,
)

MOST_DAYS = 365
LEAST_GAP_DAYS, MOST_GAP_DAYS = 5, 60
MOST_NOTICE_DAYS = 60
MOST_MINIMUM_MINOR = 100_000_000


def fields_of(content: Content, currency: str) -> dict[str, str]:
    """Return the fields of the form filled with a policy."""
    found = {
        "name": content["name"], "min_gap_days": str(content["min_gap_days"]),
        "minimum": figure(content["minimum_minor"], currency, language()),
    }  # fmt: skip
    for track in TRACKS:
        for name, step in by_step(content, track).items():
            key = f"{track}-{name}"
            found |= {f"{key}-used": "on", f"{key}-day": str(step["offset_days"]), f"{key}-channel": step["channel"]}
            found |= {f"{key}-mode": step["mode"], f"{key}-notice": str(step.get("notice_days") or "")}
    return found


def grid_of(fields: Mapping[str, str], base: Content) -> list[dict[str, Any]]:
    """Return the tracks of the form with a row for each step, filled with what was typed."""
    return [
        {"name": track_name(track), "rows": [_row(fields, track, name) for name in columns_of(base)]}
        for track in TRACKS
    ]


def _row(fields: Mapping[str, str], track: str, name: str) -> dict[str, Any]:
    key, word = f"{track}-{name}", language()
    modes = ("auto", "approve") if name in WRITTEN else ("manual",)
    return {
        "key": key, "name": step_name(name), "used": bool(fields.get(f"{key}-used")), "day": fields.get(f"{key}-day", ""),
        "channels": [(one, label("channel", one, word), one == fields.get(f"{key}-channel")) for one in CHANNELS_OF[name]],
        "modes": [(one, MODE_WORDS[one], one == fields.get(f"{key}-mode")) for one in modes],
        "has_notice": name == "formal_notice", "notice": fields.get(f"{key}-notice", ""),
        "least": -MOST_DAYS if name == "preventive" else 0, "most": -1 if name == "preventive" else MOST_DAYS,
    }  # fmt: skip


def content_from(fields: Mapping[str, str], base: Content, currency: str) -> tuple[Content, list[str]]:
    """Return the policy that was typed, and in sentences what forbids it; steps are put in the order of their days."""
    wrong: list[str] = []
    tracks = {}
    for track in TRACKS:
        steps = []
        for name in STEPS:
            if fields.get(f"{track}-{name}-used"):
                steps.append(_typed_step(fields, track, name, base, wrong))
        steps.sort(key=lambda step: (step["offset_days"], STEPS.index(step["name"])))
        tracks[track] = {"steps": steps}
    content = {
        "name": fields.get("name", "").strip()[:80], "minimum_minor": _minimum(fields.get("minimum", ""), currency, wrong),
        "min_gap_days": _whole(fields, "min_gap_days", (LEAST_GAP_DAYS, MOST_GAP_DAYS), _("Days between written demands"), wrong),
        "tracks": tracks,
    }  # fmt: skip
    if not content["name"]:
        wrong.append(_("Give the policy a name."))
    return content, wrong or forbidden(content)


def _typed_step(fields: Mapping[str, str], track: str, name: str, base: Content, wrong: list[str]) -> dict[str, Any]:
    key, where = f"{track}-{name}", f"{track_name(track)}, {step_name(name)}"
    known = by_step(base, track).get(name, {})
    bounds = (-MOST_DAYS, -1) if name == "preventive" else (0, MOST_DAYS)
    channel, mode = fields.get(f"{key}-channel", ""), fields.get(f"{key}-mode", "")
    step = {
        "name": name, "offset_days": _whole(fields, f"{key}-day", bounds, where, wrong),
        "channel": channel if channel in CHANNELS_OF[name] else CHANNELS_OF[name][0],
        "mode": mode if name in WRITTEN and mode in ("auto", "approve") else "approve" if name in WRITTEN else "manual",
        "tone": known.get("tone", TONES[name]), "template": known.get("template", name),
    }  # fmt: skip
    if name == "formal_notice":
        step["notice_days"] = _whole(fields, f"{key}-notice", (1, MOST_NOTICE_DAYS), where, wrong)
    return step


def _whole(fields: Mapping[str, str], key: str, bounds: tuple[int, int], where: str, wrong: list[str]) -> int:
    text = fields.get(key, "").strip().replace("\u2212", "-")
    low, high = bounds
    if text.lstrip("+-").isdecimal() and len(text) < 6 and low <= int(text) <= high:
        return int(text)
    wrong.append(
        _("%(where)s: write a whole number of days from %(low)d to %(high)d.")
        % {"where": where, "low": low, "high": high}
    )
    return low


def _minimum(text: str, currency: str, wrong: list[str]) -> int:
    plain = text.strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    plain = (
        plain.replace(",", ".")
        if language() == "fr" or plain.count(",") == 1 and "." not in plain
        else plain.replace(",", "")
    )
    try:
        minimum = parse_decimal_string(plain or "0", currency)
    except AmountError:
        minimum = -1
    if not 0 <= minimum <= MOST_MINIMUM_MINOR:
        wrong.append(_("Minimum amount: write an amount such as 15 or 15,50."))
        return 0
    return minimum


def forbidden(content: Content) -> list[str]:
    """Return in sentences what forbids publishing a policy; empty when it may be published."""
    found = []
    for track in TRACKS:
        names = list(by_step(content, track))
        where = {"track": track_name(track)}
        if not names:
            found.append(_("%(track)s: keep at least one step.") % where)
        before = names[: names.index("formal_notice")] if "formal_notice" in names else ["friendly"]
        if not {"friendly", "firm", "letter"} & set(before):
            found.append(_("%(track)s: a formal notice cannot come before a reminder.") % where)
        if "handover" in names and (
            "formal_notice" not in names or names.index("handover") < names.index("formal_notice")
        ):
            found.append(_("%(track)s: a hand-over comes after a formal notice.") % where)
    tracks = {track: table["steps"] for track, table in content["tracks"].items()}
    return found or faults(tracks)
