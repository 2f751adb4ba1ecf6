"""Reads an upload: through the mapping given, else the one kept for its headings; says why it cannot be imported."""

import hashlib
import json
from collections.abc import Mapping as Dictionary
from dataclasses import replace
from typing import Any

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.posting_einvoices import for_creditor
from exigible.books.ledger.posting_merged import under_kept
from exigible.books.ledger.posting_period import with_days
from exigible.features.imports.models import SavedMapping
from exigible.formats import read
from exigible.formats.recognise import recognise
from exigible.formats.rows import Reading, RowError
from exigible.formats.table_grid import Grid, grid_of, text_of
from exigible.formats.table_mapping import Mapping, mapping_from_json, mapping_of, propose_mapping

SAMPLES = 3


def read_upload(creditor: Creditor, body: bytes, name: str, mapping_json: str = "") -> Reading:
    """The reading of an upload; a table without a mapping takes the one that was kept for the same headings."""
    mapping = mapping_from_json(json.loads(mapping_json)) if mapping_json else kept_mapping(creditor, body, name)
    return under_kept(creditor, for_creditor(creditor, with_days(read(body, name, mapping), body)))


def refusal_of(reading: Reading) -> RowError | None:
    """Why nothing of this file may be posted: it was not understood, it is out of balance, or it holds no line."""
    if reading.refusal is not None:
        return reading.refusal
    if not reading.facts.get("balanced", True):
        return next((warning for warning in reading.warnings if warning.code == "fec.unbalanced"), None)
    return None


def kept_mapping(creditor: Creditor, body: bytes, name: str) -> Mapping | None:
    """The mapping that was kept for a table with these headings."""
    if not SavedMapping.objects.of(creditor).exists() or recognise(body, name) != "table":
        return None
    proposed = propose_mapping(body)
    if not isinstance(proposed, Mapping):
        return None
    saved = SavedMapping.objects.of(creditor).filter(heading_digest=heading_digest(proposed.to_json())).first()
    if saved is None:
        return None
    kept = mapping_from_json(json.loads(saved.mapping_json))
    if [column.name for column in kept.columns] != [column.name for column in proposed.columns]:
        return kept  # a person said where its headings are, or how it is cut
    layout = (
        "header_line",
        "separator",
        "encoding",
        "sheet",
    )  # of this file, which may have more lines above its headings
    return replace(kept, **{name: getattr(proposed, name) for name in layout})


def keep_mapping(creditor: Creditor, mapping_json: str, body: bytes) -> None:
    """Keep a mapping for the next file with the same headings, as they are read when nobody says how."""
    proposed = propose_mapping(body)
    digest = heading_digest(proposed.to_json() if isinstance(proposed, Mapping) else json.loads(mapping_json))
    SavedMapping.objects.update_or_create(
        creditor=creditor, heading_digest=digest, defaults={"mapping_json": mapping_json}
    )


def heading_digest(mapping: Dictionary[str, Any]) -> str:
    """What tables with the same headings share."""
    names = [str(column["name"]) for column in mapping["columns"]]
    return hashlib.sha256(json.dumps(names, ensure_ascii=False).encode()).hexdigest()


def columns_of(body: bytes, mapping: Dictionary[str, Any]) -> list[dict[str, Any]]:
    """Each column of a table with its field and the first cells under it, for the mapping's screen."""
    grid = grid_of(
        body, str(mapping.get("separator", "")), str(mapping.get("encoding", "")), str(mapping.get("sheet", ""))
    )
    if not isinstance(grid, Grid):
        return []
    rows = grid.rows[int(mapping["header_line"]) :]
    found = []
    for column in mapping["columns"]:
        cells = [text_of(row[column["index"]]) for row in rows[:50] if column["index"] < len(row)]
        found.append({**column, "samples": [cell for cell in cells if cell][:SAMPLES]})
    return found


def columns_to_choose(body: bytes, mapping_json: str = "") -> dict[str, Any] | None:
    """The columns of a table of which too few were recognised, for a person to name them."""
    proposed = mapping_from_json(json.loads(mapping_json)) if mapping_json else propose_mapping(body)
    if not isinstance(proposed, Mapping):
        grid = grid_of(body)
        proposed = mapping_of(grid, _first_line(grid)) if isinstance(grid, Grid) else proposed
    if not isinstance(proposed, Mapping):
        return None
    mapping = proposed.to_json()
    return {
        "file": {"format": "table", "kind": proposed.kind, "mapping": mapping, "sheets": sheets_of(body)},
        "columns": columns_of(body, mapping),
    }


def _first_line(grid: Grid) -> int:
    """The first line that holds more than a title, from 1."""
    lines = (index for index, row in enumerate(grid.rows, 1) if sum(bool(text_of(cell)) for cell in row) > 1)
    return next(lines, 1)


def laid_out(body: bytes, mapping: Mapping) -> Mapping | RowError:
    """The mapping of a table that is cut, decoded or begun otherwise: its columns are other ones, proposed again."""
    grid = grid_of(body, mapping.separator, mapping.encoding, mapping.sheet)
    if isinstance(grid, RowError):
        return grid
    found = mapping_of(grid, mapping.header_line)
    if isinstance(found, RowError):
        return found
    return replace(found, currency=mapping.currency, is_inverted=mapping.is_inverted)


def sheets_of(body: bytes) -> list[str]:
    """The sheets of a workbook; none for any other table."""
    grid = grid_of(body) if body.startswith(b"PK") else None
    return list(grid.sheets) if isinstance(grid, Grid) else []
