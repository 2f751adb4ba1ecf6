"""Writes a year's lines as a fichier des écritures comptables (art. A47 A-1 of the livre des procédures fiscales)."""

from collections.abc import Mapping
from datetime import date

from exigible.entrypoints.demo.days import month_end
from exigible.entrypoints.demo.fiscal import Posted
from exigible.entrypoints.demo.ledger import ACCOUNTS, JOURNALS

COLUMNS = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
]


def fec_text(posted: list[Posted], names: Mapping[str, str], until: date) -> str:
    """The eighteen columns, tab between them, decimal comma; entries of the last day's month are not validated yet."""
    rows = [COLUMNS, *(fec_row(item, names, until) for item in posted)]
    return "".join("\t".join(row) + "\r\n" for row in rows)


def fec_row(item: Posted, names: Mapping[str, str], until: date) -> list[str]:
    """One line; dates are written as eight digits."""
    entry, line = item.entry, item.line
    validated = month_end(entry.day)
    return [
        entry.journal,
        JOURNALS[entry.journal],
        str(item.number),
        f"{entry.day:%Y%m%d}",
        line.account,
        ACCOUNTS[line.account],
        line.party,
        names[line.party] if line.party else "",
        line.piece or entry.piece,
        f"{line.piece_day or entry.day:%Y%m%d}",
        line.text or entry.text,
        decimal_comma(line.debit),
        decimal_comma(line.credit),
        item.letter,
        f"{item.letter_day:%Y%m%d}" if item.letter_day else "",
        f"{validated:%Y%m%d}" if validated <= until else "",
        decimal_comma(line.foreign_minor) if line.currency else "",
        line.currency,
    ]


def decimal_comma(minor: int) -> str:
    """An amount in cents as French files write it."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100},{abs(minor) % 100:02d}"
