"""What a FEC says is owed to suppliers who are customers too: their debts may be set off against each other."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from exigible.formats.amounts import LedgerAmounts
from exigible.formats.days import LedgerDays
from exigible.formats.encoding import Encoding
from exigible.formats.fec_accounts import folded
from exigible.formats.fec_header import Layout
from exigible.formats.rows import CustomerRow
from exigible.formats.settlement import SupplierRow

SUPPLIERS = "401"
DEBIT_SIDES = ("D", "+1", "1", "+", "DEBIT")


def suppliers(data: bytes, encoding: Encoding, layout: Layout, customers: list[CustomerRow]) -> list[SupplierRow]:
    """The balances of account 401 of those who are customers by the same auxiliary number or the same name, each alone.

    Only the lines that hold the account are looked at again. A balance is positive where the creditor owes.
    """
    owed: dict[str, int] = defaultdict(int)
    names: dict[str, str] = {}
    last = date.min
    cents, days = LedgerAmounts(), LedgerDays()
    for cells in _lines(data, encoding, layout):
        at = layout.at
        account = cells[at["CompteNum"]].strip()
        if not account.startswith(SUPPLIERS):
            continue
        key = (_cell(cells, at, "CompAuxNum") or account).strip()
        try:
            owed[key] -= _signed(cells, layout, cents)
            last = max(last, days[cells[at["EcritureDate"]]])
        except ValueError:
            continue
        names[key] = _cell(cells, at, "CompAuxLib") or _cell(cells, at, "CompteLib")
    found = _matched(names, customers)
    return [SupplierRow(found[key], names[key], SUPPLIERS, owed[key], last) for key in names if key in found]


def _lines(data: bytes, encoding: Encoding, layout: Layout) -> Iterator[list[str]]:
    """The lines that hold a cell beginning with 401, found without reading the others."""
    if encoding.name.startswith("utf-16"):
        return  # two bytes a letter: such a file is rare, and what it would tell is a warning
    marks, line_end = [f"{layout.separator}{quote}{SUPPLIERS}".encode("ascii") for quote in ("", '"')], b"\n"
    for mark in marks:
        place = data.find(mark)
        while place >= 0:
            start, end = data.rfind(line_end, 0, place) + 1, data.find(line_end, place)
            text = data[start : end if end >= 0 else len(data)].decode(encoding.name, "replace").strip("\r")
            cells = (
                next(csv.reader([text], delimiter=layout.separator)) if layout.quoted else text.split(layout.separator)
            )
            if len(cells) >= layout.shortest:
                yield cells
            place = data.find(mark, end) if end >= 0 else -1


def _cell(cells: list[str], at: dict[str, int], name: str) -> str:
    place = at.get(name, -1)
    return cells[place].strip() if 0 <= place < len(cells) else ""


def _signed(cells: list[str], layout: Layout, cents: LedgerAmounts) -> int:
    at = layout.at
    if not layout.signed:
        return cents[cells[at["Debit"]]] - cents[cells[at["Credit"]]]
    amount = cents[cells[at["Montant"]]]
    return amount if cells[at["Sens"]].strip().upper() in DEBIT_SIDES else -amount


def _matched(names: dict[str, str], customers: list[CustomerRow]) -> dict[str, str]:
    """The customer of each supplier: the same auxiliary number, else the same name where it stands once on either side."""
    keys = {row.key for row in customers}
    by_name: dict[str, list[str]] = defaultdict(list)
    for row in customers:
        by_name[folded(row.name).strip()].append(row.key)
    of_name: dict[str, list[str]] = defaultdict(list)
    for key, name in names.items():
        of_name[folded(name).strip()].append(key)
    found = {}
    for key, name in names.items():
        plain = folded(name).strip()
        if key in keys and key[:3] != SUPPLIERS:
            found[key] = key
        elif plain and len(by_name.get(plain, ())) == len(of_name[plain]) == 1:
            found[key] = by_name[plain][0]
    return found
