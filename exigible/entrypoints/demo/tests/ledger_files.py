"""Reads the committed files with code that shares nothing with what wrote them."""

from csv import DictReader
from datetime import date
from io import StringIO
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "files"
UNTIL = date(2026, 11, 20)


def fec_rows(name: str, encoding: str) -> list[dict[str, str]]:
    """The lines of a FEC by column."""
    return list(DictReader(StringIO((FOLDER / name).read_bytes().decode(encoding)), delimiter="\t"))


def previous_year() -> list[dict[str, str]]:
    """The closed year."""
    return fec_rows("000100008FEC20251231.txt", "cp1252")


def current_year() -> list[dict[str, str]]:
    """The provisional year."""
    return fec_rows("000100008FEC20261120.txt", "utf-8")


def customer_rows() -> dict[str, dict[str, str]]:
    """The customers by code."""
    text = (FOLDER / "customers.csv").read_bytes().decode("utf-8-sig")
    return {row["Code client"]: row for row in DictReader(StringIO(text), delimiter=";")}


def foreign_rows() -> list[dict[str, str]]:
    """The invoices that are not in the ledger."""
    return list(DictReader(StringIO((FOLDER / "foreign-invoices.csv").read_bytes().decode("cp1252")), delimiter=";"))


def signed(row: dict[str, str]) -> int:
    """Debit less credit of a line, in cents."""
    return int(row["Debit"].replace(",", "")) - int(row["Credit"].replace(",", ""))


def balances(rows: list[dict[str, str]], *columns: str) -> dict[tuple[str, ...], int]:
    """Debit less credit for each combination of these columns."""
    found: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        found[key] = found.get(key, 0) + signed(row)
    return found
