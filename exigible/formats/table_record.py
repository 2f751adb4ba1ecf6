"""One line of a table, asked field by field."""

import re
from collections.abc import Mapping as Dictionary
from datetime import date, timedelta
from typing import NamedTuple

from exigible.core.money import minor_digits
from exigible.formats.amounts import minor, minor_of_float
from exigible.formats.days import day
from exigible.formats.fec_accounts import folded
from exigible.formats.rows import RowError
from exigible.formats.sentences import row_error
from exigible.formats.table_grid import Cell, Grid, text_of
from exigible.formats.table_headers import BUCKETS
from exigible.formats.table_mapping import Column, Mapping, aligned_headers

EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
TOTAL = re.compile(
    r"(sous[- ]?)?tota(l|ux)\b|grand total\b|cumuls?\b|solde (du compte|du tiers|final|cumule)\b|a reporter\b"
)
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # spreadsheet days of 1954 and 2119
SPREADSHEET_EPOCH = date(1899, 12, 30)


class Written(NamedTuple):
    """How a table writes: the decimal mark and the order of dates of each field, and -1 where a minus means owed."""

    marks: Dictionary[str, str]
    orders: Dictionary[str, str]
    sign: int = 1


class Unreadable(ValueError):
    """A cell that does not hold what its column should; carries the error to show."""

    def __init__(self, error: RowError) -> None:
        super().__init__(error.reason)
        self.error = error


def places(mapping: Mapping, grid: Grid) -> dict[str, int] | RowError:
    """Where each mapped field stands in this file: by header where the header is there once, else by place."""
    headers = aligned_headers(grid.rows, mapping.header_line - 1)
    at = {}
    for column in mapping.columns:
        field = place_of(column)
        if not field:
            continue
        if headers.count(column.name) == 1 and column.name:
            at[field] = headers.index(column.name)
        elif column.index < len(headers) and headers[column.index] == column.name:
            at[field] = column.index
        else:
            return row_error("table.mapping", mapping.header_line, column.field, column=column.name)
    return at


def place_of(column: Column) -> str:
    """Under which name the cells of a column are asked for: its field; a period of an aged balance has its number."""
    return f"{BUCKETS}{column.index}" if column.field == BUCKETS else column.field


class Record:
    """The cells of one line and how to read them."""

    def __init__(
        self,
        line: int,
        cells: list[Cell],
        at: Dictionary[str, int],
        written: "Written",
    ) -> None:
        self.line = line
        self._cells, self._at, self._written = cells, at, written

    @property
    def is_blank(self) -> bool:
        """True when no cell holds anything."""
        return not any(text_of(cell) for cell in self._cells)

    @property
    def is_total(self) -> bool:
        """True for the line that closes a report."""
        texts = [folded(text_of(cell)) for cell in self._cells]
        return any(TOTAL.match(text) for text in texts)

    @property
    def content(self) -> tuple[str, ...]:
        """All cells as text, to know a line again."""
        return tuple(text_of(cell) for cell in self._cells)

    @property
    def email_is_plausible(self) -> bool:
        """True for an address of the usual form."""
        text = self.text("email")
        return text.isascii() and EMAIL.fullmatch(text) is not None

    def _cell(self, field: str) -> Cell:
        at = self._at.get(field, -1)
        return self._cells[at] if 0 <= at < len(self._cells) else ""

    def text(self, field: str) -> str:
        """The cell as text, blanks pressed together; empty when there is none."""
        return text_of(self._cell(field))

    def amount(self, field: str, currency: str) -> int | None:
        """The amount in minor units, None for an empty cell. Unreadable for anything else."""
        cell, digits = self._cell(field), minor_digits(currency)
        if text_of(cell) in ("", "-"):
            return None
        try:
            if isinstance(cell, int | float):
                return self._written.sign * minor_of_float(cell, digits)
            return self._written.sign * minor(text_of(cell), self._written.marks.get(field, ","), digits)
        except ValueError as error:
            raise Unreadable(row_error("table.amount", self.line, field, value=self.text(field)[:40])) from error

    def aged(self, currency: str) -> int | None:
        """What the periods of an aged balance add up to, None where the table has none or the line leaves them empty."""
        amounts = [self.amount(field, currency) for field in self._at if field.startswith(BUCKETS)]
        stated = [amount for amount in amounts if amount is not None]
        return sum(stated) if stated else None

    def has(self, field: str) -> bool:
        """Whether the table has a column for a field."""
        return field in self._at

    def texts(self) -> list[str]:
        """The cells that hold anything, as texts in their order."""
        return [text for cell in self._cells if (text := text_of(cell))]

    def day(self, field: str) -> date | None:
        """The day, None for an empty cell. Unreadable for anything else."""
        cell = self._cell(field)
        if isinstance(cell, date):
            return cell
        if text_of(cell) in ("", "-"):
            return None
        try:
            if isinstance(cell, int | float) and FIRST_SERIAL <= cell <= LAST_SERIAL:
                return SPREADSHEET_EPOCH + timedelta(days=int(cell))
            return day(text_of(cell), self._written.orders.get(field, "DMY"))
        except ValueError as error:
            raise Unreadable(row_error("table.date", self.line, field, value=self.text(field)[:40])) from error
