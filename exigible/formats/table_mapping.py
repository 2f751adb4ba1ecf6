"""The mapping of a table: which column holds which field, and how. Proposed, shown, changed, saved, used again."""

from collections.abc import Mapping as Dictionary
from dataclasses import asdict, dataclass, replace

from exigible.formats.amounts import decimal_mark
from exigible.formats.days import ORDERS, date_order
from exigible.formats.rows import RowError
from exigible.formats.sentences import row_error
from exigible.formats.table_grid import Cell, Grid, grid_of, text_of
from exigible.formats.table_headers import AMOUNTS, BUCKETS, DATES, HEADER_WITHIN, NAMES, SUMS, header_of, is_bucket

KINDS = ("invoices", "movements", "balances", "customers")
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
    """How to read a table. `header_line` counts from 1; `currency` stands where no column gives one; `doubts` are the columns
    whose marks were taken for want of a proof; `is_inverted` where what is owed is written with a minus; `tool` is the
    export that was recognised.

    `kind`: `invoices` (a line each), `movements` (a ledger of customers: a line each debit and credit), `balances` (an aged
    balance without invoices: a line each customer) or `customers`.
    """

    kind: str
    columns: tuple[Column, ...]
    header_line: int = 1
    separator: str = ""
    encoding: str = ""
    sheet: str = ""
    currency: str = "EUR"
    doubts: tuple[str, ...] = ()
    is_inverted: bool = False
    tool: str = ""

    def to_json(self) -> dict[str, object]:
        """The mapping as plain values, to be saved and shown."""
        return asdict(self)

    def column_of(self, field: str) -> Column | None:
        """The column that holds a field."""
        return next((column for column in self.columns if column.field == field), None)

    def with_field(self, index: int, field: str) -> "Mapping":
        """The mapping with one column set to another field (empty: none); a field stands on one column only, but `bucket`."""
        single = field if field != BUCKETS else ""
        columns = tuple(
            replace(each, field=field if each.index == index else "" if single and each.field == field else each.field)
            for each in self.columns
        )
        return replace(self, columns=columns)


def mapping_from_json(value: Dictionary[str, object]) -> Mapping:
    """A saved mapping. ValueError says what is wrong with it."""
    raw = value.get("columns")
    if not isinstance(raw, list | tuple) or value.get("kind") not in KINDS:
        raise ValueError(f"A mapping holds a kind (one of {', '.join(KINDS)}) and columns.")
    columns = tuple(_column(each, index) for index, each in enumerate(raw))
    header_line = value.get("header_line", 1)
    if not isinstance(header_line, int) or header_line < 1:
        raise ValueError("header_line is a line number, from 1.")
    separator, encoding, sheet = (str(value.get(name, "") or "") for name in ("separator", "encoding", "sheet"))
    currency = str(value.get("currency", "") or "EUR").upper()
    return Mapping(
        str(value["kind"]), columns, header_line, separator, encoding, sheet, currency,
        is_inverted=bool(value.get("is_inverted", False)), tool=str(value.get("tool", "") or ""),
    )  # fmt: skip


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


def mapping_of(grid: Grid, header_line: int = 0) -> Mapping | RowError:
    """The same, of cells already read; `header_line` (from 1) where a person says on which line the headings stand."""
    skipped = max(header_line - 1, 0)
    within = HEADER_WITHIN if not header_line else 1
    found, fields, tool = header_of([text_of(cell) for cell in row] for row in grid.rows[skipped : skipped + within])
    at = skipped + found
    headers = aligned_headers(grid.rows, at)
    buckets = [index for index, header in enumerate(headers) if is_bucket(header)]
    if not fields and not header_line:
        return row_error("table.no_header", count=min(HEADER_WITHIN, len(grid.rows)))
    moved = _moved(headers, [text_of(cell) for cell in grid.rows[at]] if at < len(grid.rows) else [], fields)
    if len(buckets) >= 2:
        moved |= dict.fromkeys(buckets, BUCKETS)
    body = grid.rows[at + 1 : at + 1 + JUDGED_ROWS]
    columns, doubts = [], []
    for index, name in enumerate(headers):
        column, doubt = _judged(Column(name, index, moved.get(index, "")), body, grid.separator)
        columns.append(column)
        if doubt:
            doubts.append(name)
    kind = _kind(set(moved.values()))
    return Mapping(
        kind, tuple(columns), at + 1, grid.separator, grid.encoding, grid.sheet if len(grid.sheets) > 1 else "",
        doubts=tuple(doubts), tool=f"{tool.name}, {tool.export}" if tool else "",
    )  # fmt: skip


def _kind(fields: set[str]) -> str:
    """What a table with these fields lists."""
    if {"debit", "credit", "issued"} <= fields:
        return "movements"
    if (BUCKETS in fields or {"debit", "credit"} <= fields) and not fields & {"number", "issued", "due"}:
        return "balances"
    return "invoices" if fields & {*SUMS, BUCKETS} else "customers"


def aligned_headers(rows: list[list[Cell]], at: int) -> list[str]:
    """The headings over their data: a heading merged over several columns stands over the first, its cells in the last."""
    headers = [text_of(cell) for cell in rows[at]] if at < len(rows) else []
    body = rows[at + 1 : at + 201]
    width = max([len(headers), *(len(row) for row in body)], default=0)
    headers += [""] * (width - len(headers))
    filled = [any(index < len(row) and text_of(row[index]) for row in body) for index in range(width)]
    for index in range(width - 1, -1, -1):
        if not headers[index] or filled[index]:
            continue
        following = range(index + 1, next((at for at in range(index + 1, width) if headers[at]), width))
        place = next((each for each in following if filled[each]), None)
        if place is not None:
            headers[index], headers[place] = "", headers[index]
    return headers


def _moved(headers: list[str], stated: list[str], fields: dict[int, str]) -> dict[int, str]:
    """The fields of headings where the headings now stand."""
    found: dict[int, str] = {}
    for index, field in fields.items():
        name = stated[index]
        if index < len(headers) and headers[index] == name:
            found[index] = field
        else:
            place = next((at for at in range(index + 1, len(headers)) if headers[at] == name and at not in found), None)
            found[index if place is None else place] = field
    return found


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
