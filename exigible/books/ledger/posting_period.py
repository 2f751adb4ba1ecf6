"""The days that a ledger covers: those of its entries, which the rows of a reading no longer hold."""

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO, TextIOWrapper

from exigible.formats.fec_accounts import journal
from exigible.formats.fec_header import Layout, layout_of
from exigible.formats.rows import Reading

Day = tuple[str, str, str]  # journal code, journal name, day as eight digits


def with_days(reading: Reading, body: bytes) -> Reading:
    """Add first_day and last_day to the facts of a ledger, from its raw lines; any other reading is left as it is."""
    days = ledger_days(body) if reading.format == "fec" and reading.refusal is None else None
    if days:
        reading.facts["first_day"], reading.facts["last_day"] = days
    return reading


def ledger_days(body: bytes) -> tuple[date, date] | None:
    """First and last day of the entries, opening ones apart: those may be dated years before.

    A file of opening entries alone covers the day on which most of them stand.
    """
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"
    text = TextIOWrapper(BytesIO(body), encoding, newline=None)  # line by line: a whole ledger is large
    lines = (line.rstrip("\n") for line in text if line.strip())
    layout = layout_of(next(lines, "").removeprefix("\u00ef\u00bb\u00bf").strip("\ufeff"))
    if not isinstance(layout, Layout):
        return None
    found = Counter(_days(lines, layout))
    own: list[date] = []
    opening: Counter[date] = Counter()
    for cells, count in found.items():
        code, name, day = (cell.strip().strip('"') for cell in cells)
        with contextlib.suppress(ValueError):
            if journal(code, name).is_opening:
                opening[date.fromisoformat(day)] += count
            else:
                own.append(date.fromisoformat(day))
    if own:
        return min(own), max(own)
    return (opening.most_common(1)[0][0],) * 2 if opening else None


def _days(lines: Iterable[str], layout: Layout) -> Iterator[Day]:
    """The journal and the day of each line; what stands after the day is not cut."""
    code, name, day = (layout.at[column] for column in ("JournalCode", "JournalLib", "EcritureDate"))
    last, separator = max(code, name, day), layout.separator
    for line in lines:
        cells = line.split(separator, last + 1)
        if len(cells) > last:
            yield cells[code], cells[name] if name >= 0 else "", cells[day]
