"""Reads a table, CSV or XLSX, of invoices or of customers, through a mapping of its columns."""

from collections.abc import Iterator

from exigible.formats.rows import Reading, RowError
from exigible.formats.sentences import refused, row_error
from exigible.formats.table_customers import customer_of
from exigible.formats.table_grid import Grid, grid_of
from exigible.formats.table_invoices import InvoiceTable
from exigible.formats.table_mapping import Mapping, mapping_of
from exigible.formats.table_record import Record, places

NEEDED = {
    "invoices": (("number",), ("issued",), ("customer", "customer_key"), ("total", "open", "debit", "credit")),
    "customers": (("customer", "customer_key"),),
}


def read_table(data: bytes, mapping: Mapping | None = None) -> Reading:
    """The rows of a table. Without a mapping the proposed one is used; `facts["mapping"]` holds the one that was.

    A table of invoices has one line each; where it gives what is still open, the difference is a payment of origin
    `balance` (all that was paid so far, whatever the day). Negative amounts are credit notes.
    """
    grid = grid_of(data, mapping.separator, mapping.encoding, mapping.sheet) if mapping else grid_of(data)
    if isinstance(grid, RowError):
        return refused("table", grid)
    used = mapping or mapping_of(grid)
    if isinstance(used, RowError):
        return refused("table", used, grid.encoding, grid.separator)
    at = places(used, grid)
    if isinstance(at, RowError):
        return refused("table", at, grid.encoding, grid.separator)
    missing = [names[0] for names in NEEDED[used.kind] if not any(name in at for name in names)]
    if missing:
        return refused("table", row_error("table.unmapped", missing=", ".join(missing)), grid.encoding, grid.separator)
    reading = Reading("table", grid.encoding, grid.separator, warnings=_warnings(used, grid))
    reading.facts = {"kind": used.kind, "mapping": used.to_json()}
    records = _records(used, grid, at)
    if used.kind == "customers":
        _read_customers(reading, records)
    else:
        InvoiceTable(reading, used.currency).read(records)
    return reading


def _records(mapping: Mapping, grid: Grid, at: dict[str, int]) -> Iterator[Record]:
    marks = {column.field: column.decimal_mark or "," for column in mapping.columns}
    orders = {column.field: column.date_order or "DMY" for column in mapping.columns}
    for index in range(mapping.header_line, len(grid.rows)):
        record = Record(index + 1, grid.rows[index], at, marks, orders)
        if not record.is_blank:
            yield record


def _warnings(mapping: Mapping, grid: Grid) -> list[RowError]:
    warnings = [row_error("fec.replaced", encoding=grid.encoding)] if grid.lossy else []
    for column in mapping.columns:
        if column.name in mapping.doubts and column.decimal_mark:
            warnings.append(row_error("table.decimal_mark", column=column.name, mark=column.decimal_mark))
        elif column.name in mapping.doubts:
            warnings.append(row_error("table.date_order", column=column.name))
    if mapping.kind == "invoices" and not mapping.column_of("currency"):
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
