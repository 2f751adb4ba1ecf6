"""The columns of a FEC and its separator (article A47 A-1 of the Livre des procédures fiscales)."""

import csv
import re
import unicodedata
from typing import NamedTuple

from exigible.formats.rows import RowError
from exigible.formats.sentences import row_error

COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
NEEDED = ("JournalCode", "EcritureNum", "EcritureDate", "CompteNum")
DUE_NAMES = ("dateecheance", "echeance", "dateech", "echeancedate", "duedate")
SEPARATORS = "\t|;,"
ABSENT = -1


class Layout(NamedTuple):
    """Where each column stands (ABSENT when it does not), and how the lines are cut."""

    separator: str
    quoted: bool
    has_header: bool
    width: int
    at: dict[str, int]
    signed: bool

    @property
    def shortest(self) -> int:
        """How many columns a line must have for its amount to be read."""
        amounts = ("Montant", "Sens") if self.signed else ("Debit", "Credit")
        return max(self.at[name] for name in (*NEEDED, *amounts)) + 1

    @property
    def missing(self) -> list[str]:
        """The columns of the law that are absent though the file can be read."""
        return [name for name in COLUMNS if self.at.get(name, ABSENT) == ABSENT and name not in ("Debit", "Credit")]


def plain_name(text: str) -> str:
    """A header without case, accents, blanks and punctuation."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]", "", folded)


KNOWN = {plain_name(name): name for name in (*COLUMNS, "Montant", "Sens")} | dict.fromkeys(DUE_NAMES, "Due")


def cut(line: str, separator: str, quoted: bool) -> list[str]:
    """The cells of one line."""
    return (
        next(csv.reader([line.replace("\r", "")[: 1 << 16]], delimiter=separator), [])
        if quoted
        else line.split(separator)
    )


def statutory_names(line: str) -> int:
    """How many names of the law this line of headers holds, whatever its separator."""
    return max(sum(plain_name(cell) in KNOWN for cell in line.split(separator)) for separator in SEPARATORS)


def layout_of(line: str) -> Layout | RowError:
    """The layout told by the first line; a first line of data is taken in the order of the law."""
    separator = max(SEPARATORS, key=lambda each: sum(plain_name(cell) in KNOWN for cell in line.split(each)))
    quoted = '"' in line
    cells = cut(line, separator, quoted)
    at: dict[str, int] = {}
    for index, cell in enumerate(cells):
        at.setdefault(KNOWN.get(plain_name(cell), ""), index)
    if len(at) < 3:
        return _without_header(line)
    at = {name: at.get(name, ABSENT) for name in (*COLUMNS, "Montant", "Sens", "Due")}
    signed = at["Debit"] == ABSENT and at["Montant"] != ABSENT
    amounts = ("Montant", "Sens") if signed else ("Debit", "Credit")
    missing = [name for name in (*NEEDED, *amounts) if at[name] == ABSENT]
    if missing:
        return row_error("fec.columns", 1, missing[0], missing=", ".join(missing))
    return Layout(separator, quoted, True, len(cells), at, signed)


def _without_header(line: str) -> Layout | RowError:
    separator = max(SEPARATORS[:3], key=line.count)
    quoted = '"' in line
    cells = cut(line, separator, quoted)
    if not looks_like_entry(cells):
        return row_error("fec.columns", 1, NEEDED[0], missing=", ".join(COLUMNS[:5]))
    at = {name: index for index, name in enumerate(COLUMNS)} | {"Montant": ABSENT, "Sens": ABSENT, "Due": ABSENT}
    return Layout(separator, quoted, False, len(cells), at, False)


def looks_like_entry(cells: list[str]) -> bool:
    """True for a line of entry in the order of the law: a date, an account and an amount where they belong."""
    return (
        len(cells) >= len(COLUMNS)
        and bool(re.fullmatch(r"\s*(19|20)\d{6}\s*", cells[3]))
        and bool(re.fullmatch(r"\s*[1-9]\w{2,}\s*", cells[4]))
        and all(re.fullmatch(r"\s*-?[\d\s.,]*", cell) for cell in cells[11:13])
    )
