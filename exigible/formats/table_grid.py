"""The cells of a CSV file or a workbook, before anyone knows what they mean."""

import csv
import io
import zipfile
from datetime import date, datetime
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, load_workbook

from exigible.formats.encoding import detect
from exigible.formats.rows import RowError
from exigible.formats.sentences import row_error
from exigible.formats.table_headers import header_of

Cell = str | float | date
SAMPLE = 20_000
LARGEST_WORKBOOK = 1 << 30
SHEETS_AT_MOST = 40
SEPARATORS = (";", "\t", ",", "|")


class Grid(NamedTuple):
    """Rows of cells; `encoding` and `separator` are empty for a workbook, `sheets` for anything else."""

    rows: list[list[Cell]]
    encoding: str
    separator: str
    lossy: bool = False
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def grid_of(data: bytes, separator: str = "", encoding: str = "", sheet: str = "") -> Grid | RowError:
    """The cells of the file; separator and encoding are found out unless they are given."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _workbook(data, sheet)
    if encoding:
        name, lossy = encoding, False
    else:
        found = detect(data)
        if isinstance(found, RowError):
            return found
        name, lossy = found.name, found.lossy
    try:
        text = data.decode(name, "replace" if lossy else "strict").removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        return row_error("encoding.broken", encoding=name)
    mark = separator or _separator(text)
    csv.field_size_limit(1 << 20)
    try:
        rows: list[list[Cell]] = [list(cells) for cells in csv.reader(io.StringIO(text, newline=""), delimiter=mark)]
    except csv.Error:
        rows = [list(line.split(mark)) for line in text.splitlines()]
    return Grid(rows, name, mark, lossy)


def _separator(text: str) -> str:
    """The separator that cuts the first lines alike; the slower sniffer is asked only where that does not tell."""
    lines = [line for line in text[:SAMPLE].splitlines()[:-1] or text.splitlines() if line.strip()][:50]
    alike = {}
    for mark in SEPARATORS:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=mark)]
        if widths and max(widths) > 1:
            alike[mark] = (sum(width == max(widths) for width in widths) / len(widths), max(widths))
    best = max(alike, key=lambda mark: alike[mark], default="")
    if best and alike[best][0] > 0.8:
        return best
    import clevercsv  # late: a tenth of a second that only an unclear file needs

    try:
        sniffed = clevercsv.Sniffer().sniff("\n".join(lines), delimiters=list(SEPARATORS))
    except clevercsv.Error:
        return best or ";"
    return (sniffed.delimiter if sniffed else "") or best or ";"


def _workbook(data: bytes, sheet: str) -> Grid | RowError:
    """The named sheet of a workbook, else the one whose headings name the most fields, else the first that holds anything."""
    try:
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if sum(info.file_size for info in archive.infolist()) > LARGEST_WORKBOOK:
                    return row_error("table.workbook")
        book = load_workbook(io.BytesIO(data))
        names = tuple(book.sheet_names)
        wanted = (sheet,) if sheet in names else names[:SHEETS_AT_MOST]
        read = [Grid(_cells(book.get_sheet_by_name(name)), "", "", sheet=name, sheets=names) for name in wanted]
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return row_error("table.workbook")
    found = [grid for grid in read if any(text_of(cell) for row in grid.rows for cell in row)]
    return max(found, key=_named, default=row_error("file.empty"))


def _named(grid: Grid) -> int:
    """How many fields the headings of a sheet name."""
    return len(header_of([text_of(cell) for cell in row] for row in grid.rows)[1])


def _cells(sheet: CalamineSheet) -> list[list[Cell]]:
    """The cells of a sheet; one that was merged over several lines stands on each of them."""
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        for index in range(top + 1, min(bottom + 1, len(rows))):
            if left < len(rows[index]) and not rows[index][left]:
                rows[index][left] = rows[top][left]
    return rows


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str | date) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    return "" if value is None else str(value)


def text_of(cell: Cell) -> str:
    """A cell as text: a whole number without the point that spreadsheets add to invoice numbers and postcodes."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return " ".join(str(cell).split())
