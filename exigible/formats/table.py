"""Reads a table, CSV or XLSX, of invoices or of customers, through a mapping of its columns."""

from collections.abc import Iterator

from exigible.formats.bank_table import read_bank_table
from exigible.formats.rows import Reading, RowError
from exigible.formats.sentences import refused, row_error
from exigible.formats.table_aged import refuse_balances
from exigible.formats.table_customers import customer_of
from exigible.formats.table_grid import Grid, grid_of, text_of
from exigible.formats.table_headers import BUCKETS
from exigible.formats.table_invoices import InvoiceTable
from exigible.formats.table_mapping import Mapping, mapping_of
from exigible.formats.table_movements import MovementTable
from exigible.formats.table_record import Record, Written, place_of, places

SUM = ("total", "open", "debit", "credit", BUCKETS)
NEEDED = {
    "invoices": (("number",), ("issued",), ("customer", "customer_key"), SUM),
    "movements": (("issued",), ("debit",), ("credit",)),
    "balances": (("customer", "customer_key"),),
    "customers": (("customer", "customer_key"),),
}


def read_table(data: bytes, mapping: Mapping | None = None) -> Reading:
    """The rows of a table. Without a mapping the proposed one is used; `facts["mapping"]` holds the one that was.

    A table of invoices has one line each; where it gives what is still open, the difference is a payment of origin
    `balance` (all that was paid so far, whatever the day). Negative amounts are credit notes. A ledger of customers has a
    line each movement, lettered or not. An aged balance without invoices is refused with its total. A bank's table, known
    by its headings, gives statements.
    """
    grid = grid_of(data, mapping.separator, mapping.encoding, mapping.sheet) if mapping else grid_of(data)
    if isinstance(grid, RowError):
        return refused("table", grid)
    if mapping is None and (of_bank := read_bank_table(grid)):
        return of_bank
    used = mapping or mapping_of(grid)
    if isinstance(used, RowError):
        return refused("table", used, grid.encoding, grid.separator)
    at = places(used, grid)
    if isinstance(at, RowError):
        return refused("table", at, grid.encoding, grid.separator)
    missing = [names[0] for names in NEEDED[used.kind] if not any(place.rstrip("0123456789") in names for place in at)]
    if missing:
        return refused("table", row_error("table.unmapped", missing=", ".join(missing)), grid.encoding, grid.separator)
    reading = Reading("table", grid.encoding, grid.separator, warnings=_warnings(used, grid))
    reading.facts = {"kind": used.kind, "mapping": used.to_json()}
    records = _records(used, grid, at)
    if used.kind == "balances":
        return refuse_balances(reading, records, used.currency)
    if used.kind == "customers":
        _read_customers(reading, records)
    elif used.kind == "movements":
        MovementTable(reading, used.currency).read(records)
    else:
        InvoiceTable(reading, used.currency).read(records)
    return reading


def _records(mapping: Mapping, grid: Grid, at: dict[str, int]) -> Iterator[Record]:
    """Every line under the headings that holds anything; headings that a report repeats on each page are no line."""
    marks = {place_of(column): column.decimal_mark or "," for column in mapping.columns}
    orders = {column.field: column.date_order or "DMY" for column in mapping.columns}
    written = Written(marks, orders, -1 if mapping.is_inverted else 1)
    head = [text for cell in grid.rows[mapping.header_line - 1] if (text := text_of(cell))]
    for index in range(mapping.header_line, len(grid.rows)):
        record = Record(index + 1, grid.rows[index], at, written)
        if not record.is_blank and record.texts() != head:
            yield record


def _warnings(mapping: Mapping, grid: Grid) -> list[RowError]:
    warnings = [row_error("fec.replaced", encoding=grid.encoding)] if grid.lossy else []
    for column in mapping.columns:
        if column.name in mapping.doubts and column.decimal_mark:
            warnings.append(row_error("table.decimal_mark", column=column.name, mark=column.decimal_mark))
        elif column.name in mapping.doubts:
            warnings.append(row_error("table.date_order", column=column.name))
    if mapping.kind in ("invoices", "movements") and not mapping.column_of("currency"):
        warnings.append(row_error("table.no_currency", currency=mapping.currency))
    return warnings


def _read_customers(reading: Reading, records: Iterator[Record]) -> None:
    lines: dict[str, int] = {}
    for record in records:
        customer = customer_of(record)
        if customer is None:
            reading.errors.append(row_error("table.missing", record.line, "customer"))
        elif customer.key in lines:
            first = lines[customer.key]
            reading.errors.append(
                row_error("table.duplicate", record.line, "customer", first=first, value=customer.key)
            )
        else:
            lines[customer.key] = record.line
            reading.customers.append(customer)
            if customer.email and not record.email_is_plausible:
                reading.warnings.append(row_error("table.email", record.line, "email", value=customer.email))
