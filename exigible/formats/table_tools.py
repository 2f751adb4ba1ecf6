"""Exports of known accounting tools, told from their headings: what each of their columns holds (data/table_tools.toml)."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from exigible.formats.fec_header import plain_name

DATA = Path(__file__).parent / "data" / "table_tools.toml"
MOST_OF_IT = 0.6


class Tool(NamedTuple):
    """One export of one tool: its headings (as `plain_name` has them) with the field of each; empty: not to be read.

    A file is taken for it when it has all the `needed` headings and most of the others. `confidence` says how the
    headings are known: certain (the tool's own source or documentation) or probable.
    """

    name: str
    export: str
    confidence: str
    needed: frozenset[str]
    fields: Mapping[str, str]

    def fields_of(self, headers: Sequence[str]) -> dict[int, str]:
        """The field of each column that this export is known to have, the first of two of one name."""
        found: dict[int, str] = {}
        for index, header in enumerate(headers):
            field = self.fields.get(plain_name(header))
            if field is not None and (not field or field not in found.values()):
                found[index] = field
        return found


@cache
def tools() -> tuple[Tool, ...]:
    """Every known export, as the data file has them."""
    with DATA.open("rb") as file:
        told = tomllib.load(file)
    return tuple(
        Tool(
            each["name"],
            each["export"],
            each["confidence"],
            frozenset(map(plain_name, each["needed"])),
            {plain_name(header): field for header, field in each["fields"].items()},
        )
        for each in told["tool"]
    )


def tool_of(headers: Sequence[str]) -> Tool | None:
    """The export whose headings these are: the one that knows most of them; None where no tool is certain enough."""
    given = {plain for header in headers if (plain := plain_name(header))}
    if len(given) < 3:
        return None
    best, most = None, 0
    for tool in tools():
        known = len(given & tool.fields.keys())
        if tool.needed <= given and known >= MOST_OF_IT * min(len(given), len(tool.fields)) and known > most:
            best, most = tool, known
    return best
