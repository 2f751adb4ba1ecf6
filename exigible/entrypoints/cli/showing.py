"""How the law commands show what they found: one line of JSON, or columns for a reader."""

import json
from argparse import ArgumentParser
from collections.abc import Collection, Sequence
from datetime import date

UNSURE = ("medium", "low")


def add_common(parser: ArgumentParser) -> None:
    """The options of every law command: whose law, and for a reader or a program."""
    parser.allow_abbrev = False
    parser.add_argument("--country", default="FR", help="whose law (FR)")
    parser.add_argument("--json", action="store_true", help="machine-readable output")


def as_json(shown: object) -> str:
    """One line of JSON, dates as ISO."""
    return json.dumps(shown, ensure_ascii=False, default=_iso)


def columns(rows: Sequence[tuple[str, ...]], right: Collection[int] = ()) -> list[str]:
    """Rows as lines of columns wide enough for their cells; those of these ranks are set to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if rank in right else cell.ljust(width)
            for rank, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def plain(name: str) -> str:
    """A name of the data as words: "mediation_start" is "mediation start"."""
    return name.replace("_", " ")


def caution(confidence: str) -> list[str]:
    """A line that says so where what is told is not sure."""
    return (
        [f"note: the confidence is {confidence}: have it checked before you rely on it"] if confidence in UNSURE else []
    )


def notes(flags: Sequence[str]) -> list[str]:
    """Flags as lines a reader understands."""
    return [f"note: {plain(flag)}" for flag in flags]


def _iso(value: object) -> str:
    assert isinstance(value, date), f"{value!r} has no form in JSON"
    return value.isoformat()
