"""Ledgers written for tests: entries of an invented firm, put into a FEC the way different software does."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from exigible.formats.fec_header import COLUMNS

SAMPLES = Path(os.environ.get("EXIGIBLE_SAMPLES", Path(__file__).parents[4] / "shared" / "samples"))
OWN_SAMPLES = Path(__file__).parent / "samples"
SAMPLE_FECS = ("000000000FEC20231231.txt", "111111111FEC20221231.TXT", "tryton/FEC-previous.csv", "tryton/FEC.csv")
JOURNALS = {"VE": "Ventes", "BQ": "Banque", "AN": "À nouveaux", "OD": "Opérations diverses"}


@dataclass(frozen=True)
class Line:
    """One line of a ledger; amounts in cents."""

    journal: str
    number: str
    day: str
    account: str
    debit: int = 0
    credit: int = 0
    customer: str = ""
    piece: str = ""
    label: str = ""
    letter: str = ""
    lettered: str = ""
    foreign: str = ""


def sale(number: int, customer: str, amount: int, day: str = "20250110", **more: Any) -> list[Line]:
    """An invoice; a negative amount is a credit note."""
    piece = more.pop("piece", f"FA{number:04d}")
    debit, credit = max(amount, 0), max(-amount, 0)
    first = Line("VE", str(number), day, "41100000", debit, credit, customer, piece, f"Facture {customer}")
    return [
        replace(first, **more),
        Line("VE", str(number), day, "70600000", credit, debit, piece=piece, label="Prestations"),
    ]


def payment(number: int, customer: str, amount: int, day: str = "20250210", **more: Any) -> list[Line]:
    """Money received; a negative amount is a refund or a bounced payment."""
    debit, credit = max(-amount, 0), max(amount, 0)
    first = Line("BQ", str(number), day, "41100000", debit, credit, customer, f"VIR{number}", f"Virement {customer}")
    return [replace(first, **more), Line("BQ", str(number), day, "51200000", credit, debit, label="Banque")]


def opening(number: int, customer: str, amount: int, day: str = "20250101", **more: Any) -> list[Line]:
    """A balance brought forward."""
    first = Line("AN", str(number), day, "41100000", max(amount, 0), max(-amount, 0), customer, "AN", "À nouveau")
    return [replace(first, **more), Line("AN", str(number), day, "12000000", max(-amount, 0), max(amount, 0))]


def transfer(number: int, customer: str, amount: int, account: str = "65400000", day: str = "20250320") -> list[Line]:
    """An entry of the miscellaneous journal that credits a customer."""
    first = Line("OD", str(number), day, "41100000", max(-amount, 0), max(amount, 0), customer, f"OD{number}", "Écart")
    return [first, Line("OD", str(number), day, account, max(amount, 0), max(-amount, 0))]


def fec(
    lines: Sequence[Line],
    encoding: str = "utf-8",
    separator: str = "\t",
    decimal: str = ",",
    newline: str = "\r\n",
    *,
    signed: bool = False,
    padded: bool = False,
    columns: Sequence[str] = COLUMNS,
) -> bytes:
    """The statutory file of these lines."""
    names = [{"Debit": "Montant", "Credit": "Sens"}.get(name, name) if signed else name for name in columns]
    rows = [separator.join(names)]
    for line in lines:
        cells = _cells(line, decimal, signed)
        rows.append(separator.join(cells[name].ljust(12) if padded else cells[name] for name in columns))
    return (newline.join(rows) + newline).encode(encoding)


def _cells(line: Line, decimal: str, signed: bool) -> dict[str, str]:
    debit, credit = (_amount(cents, decimal) for cents in (line.debit, line.credit))
    if signed:
        debit, credit = (debit, "D") if line.debit else (credit, "C")
    return {
        "JournalCode": line.journal,
        "JournalLib": JOURNALS[line.journal],
        "EcritureNum": line.number,
        "EcritureDate": line.day,
        "CompteNum": line.account,
        "CompteLib": "Clients" if line.account.startswith("41") else "Autre",
        "CompAuxNum": line.customer,
        "CompAuxLib": f"Société {line.customer}" if line.customer else "",
        "PieceRef": line.piece,
        "PieceDate": line.day,
        "EcritureLib": line.label,
        "Debit": debit,
        "Credit": credit,
        "EcritureLet": line.letter,
        "DateLet": line.lettered,
        "ValidDate": line.day,
        "Montantdevise": line.foreign,
        "Idevise": "USD" if line.foreign else "",
    }


def _amount(cents: int, decimal: str) -> str:
    return f"{cents // 100}{decimal}{cents % 100:02d}"
