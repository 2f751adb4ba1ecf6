"""The mapping of a table: which column holds which field, and how. Proposed, shown, changed, saved, used again."""

from collections.abc import Mapping as Dictionary
from dataclasses import asdict, dataclass, replace

from exigible.formats.amounts import decimal_mark
from exigible.formats.days import ORDERS, date_order
from exigible.formats.rows import RowError
from exigible.formats.sentences import row_error
from exigible.formats.table_grid import Cell, Grid, grid_of, text_of
from exigible.formats.table_headers import AMOUNTS, DATES, NAMES, fields_of

HEADER_WITHIN = 30
JUDGED_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, its place from 0, the field it holds (empty: none), and for amounts and dates how."""

    name: str
    index: int
    field: str = ""
    decimal_mark: str = ""
    date_order: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How to read a table. `kind` is invoices or customers; `header_line` counts from 1; `currency` stands where no
    column gives one; `doubts` are the columns whose marks were taken for want of a proof."""

    kind: str
    columns: tuple[Column, ...]
    header_line: int = 1
    separator: str = ""
    encoding: str = ""
    sheet: str = ""
    currency: str = "EUR"
    doubts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The mapping as plain values, to be saved and shown."""
        return asdict(self)

    def column_of(self, field: str) -> Column | None:
        """The column that holds a field."""
        return next((column for column in self.columns if column.field == field), None)

    def with_field(self, index: int, field: str) -> "Mapping":
        """The mapping with one column set to another field (empty: none); a field stands on one column only."""
        columns = tuple(
            replace(each, field=field if each.index == index else "" if field and each.field == field else each.field)
            for each in self.columns
        )
        return replace(self, columns=columns)


def mapping_from_json(value: Dictionary[str, object]) -> Mapping:
    """A saved mapping. ValueError says what is wrong with it."""
    raw = value.get("columns")
    if not isinstance(raw, list | tuple) or value.get("kind") not in ("invoices", "customers"):
        raise ValueError("A mapping holds a kind (invoices or customers) and columns.")
    columns = tuple(_column(each, index) for index, each in enumerate(raw))
    header_line = value.get("header_line", 1)
    if not isinstance(header_line, int) or header_line < 1:
        raise ValueError("header_line is a line number, from 1.")
    separator, encoding, sheet = (str(value.get(name, "") or "") for name in ("separator", "encoding", "sheet"))
    currency = str(value.get("currency", "") or "EUR").upper()
    return Mapping(str(value["kind"]), columns, header_line, separator, encoding, sheet, currency)


def _column(raw: object, index: int) -> Column:
    if not isinstance(raw, Dictionary):
        raise ValueError("Each column of a mapping holds a name and a field.")
    column = Column(
        str(raw.get("name", "")),
        int(raw.get("index", index)),
        str(raw.get("field", "") or ""),
        str(raw.get("decimal_mark", "") or ""),
        str(raw.get("date_order", "") or ""),
    )
    if column.field and column.field not in NAMES:
        raise ValueError(f"“{column.field}” is not a field: use one of {', '.join(NAMES)}.")
    if column.decimal_mark not in ("", ",", ".") or column.date_order not in ("", *ORDERS):
        raise ValueError(f"Column “{column.name}”: the decimal mark is , or . and the order of dates one of {ORDERS}.")
    return column


def propose_mapping(data: bytes) -> Mapping | RowError:
    """The mapping that the headers and the cells of a table suggest, or why there is none."""
    grid = grid_of(data)
    return grid if isinstance(grid, RowError) else mapping_of(grid)


def mapping_of(grid: Grid) -> Mapping | RowError:
    """The same, of cells already read."""
    header_line, fields = _header(grid.rows)
    if not fields:
        return row_error("table.no_header", count=min(HEADER_WITHIN, len(grid.rows)))
    headers = [text_of(cell) for cell in grid.rows[header_line]]
    body = grid.rows[header_line + 1 : header_line + 1 + JUDGED_ROWS]
    columns, doubts = [], []
    for index, name in enumerate(headers):
        column, doubt = _judged(Column(name, index, fields.get(index, "")), body, grid.separator)
        columns.append(column)
        if doubt:
            doubts.append(name)
    kind = "invoices" if any(field in AMOUNTS for field in fields.values()) else "customers"
    return Mapping(kind, tuple(columns), header_line + 1, grid.separator, grid.encoding, doubts=tuple(doubts))


def _header(rows: list[list[Cell]]) -> tuple[int, dict[int, str]]:
    """The line that names the most fields, among the first ones: reports often start with a title."""
    best: tuple[int, dict[int, str]] = (0, {})
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        fields = fields_of([text_of(cell) for cell in row])
        if len(fields) >= 2 and len(fields) > len(best[1]):
            best = (index, fields)
    return best


def _judged(column: Column, body: list[list[Cell]], separator: str) -> tuple[Column, bool]:
    """The column with its decimal mark or order of dates, and whether that had to be supposed."""
    if column.field not in (*AMOUNTS, *DATES):
        return column, False
    cells = [row[column.index] for row in body if column.index < len(row)]
    texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
    if column.field in AMOUNTS:
        mark = decimal_mark(texts)
        supposed = mark is None and any("," in text or "." in text for text in texts)
        return replace(column, decimal_mark=mark or ("." if separator == "," else ",")), supposed
    order = date_order(texts)
    return replace(column, date_order=order or "DMY"), order is None and bool(texts) and any(
        "/" in text for text in texts
    )
