"""One pass over a FEC: totals and traits of every entry, and the customer lines kept aside."""

import csv
import io
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from exigible.formats.amounts import LedgerAmounts
from exigible.formats.days import LedgerDays
from exigible.formats.encoding import Encoding
from exigible.formats.fec_accounts import Accounts, Journal, journal
from exigible.formats.fec_header import ABSENT, Layout
from exigible.formats.rows import RowError
from exigible.formats.sentences import row_error

KEPT = ("CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib", "PieceDate", "EcritureLet", "DateLet", "Montantdevise",
        "Due", "PieceRef", "EcritureLib")  # fmt: skip
REPEATED = 9  # of KEPT, those that many lines share


class Line(NamedTuple):
    """A customer line as the file has it, without its padding; amounts in cents."""

    number: int
    entry: int
    journal: Journal
    day: date
    debit: int
    credit: int
    account: str
    account_name: str
    auxiliary: str
    auxiliary_name: str
    piece_day: str
    letter: str
    lettered: str
    foreign: str
    due: str
    piece: str
    label: str

    @property
    def customer(self) -> str:
        """Who the line speaks of: its auxiliary, else its account."""
        return self.auxiliary or self.account


@dataclass(slots=True)
class Scan:
    """What the pass found. Entries are numbered in the order of their first line; amounts in cents."""

    layout: Layout
    lines: list[Line] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of entries: journal, blank, number
    first_lines: "array[int]" = field(default_factory=lambda: array("q"))
    sums: "array[int]" = field(default_factory=lambda: array("q"))
    traits: bytearray = field(default_factory=bytearray)
    incomplete: set[int] = field(default_factory=set)
    shown: dict[str, int] = field(default_factory=dict)
    debit: int = 0
    credit: int = 0
    read: int = 0
    last_line: int = 0
    first_day: date = date.max
    unnumbered: Counter[str] = field(default_factory=Counter)  # entries told apart by balance, by journal
    errors: list[RowError] = field(default_factory=list)

    @property
    def unbalanced(self) -> list[int]:
        """The entries out of balance, except those of which a line was left out."""
        return [entry for entry, total in enumerate(self.sums) if total and entry not in self.incomplete]

    def new_entry(self, name: str, line: int) -> int:
        """Opens an entry; its index."""
        self.names.append(name)
        self.first_lines.append(line)
        self.sums.append(0)
        self.traits.append(0)
        return len(self.names) - 1


def text_lines(data: bytes, encoding: Encoding) -> Iterator[str]:
    """The lines of the file, decoded as they are asked for."""
    newline = "\n" if b"\n" in data[: 1 << 16] else None
    errors = "replace" if encoding.lossy else "strict"
    return iter(io.TextIOWrapper(io.BytesIO(data), encoding.name, errors=errors, newline=newline))


def scan(data: bytes, encoding: Encoding, layout: Layout) -> Scan | RowError:
    """The whole file in one pass, or one sentence when it was cut in the middle of a line."""
    lines = text_lines(data, encoding)
    separator = layout.separator
    csv.field_size_limit(1 << 20)
    cells = csv.reader((line.replace("\r", "") for line in lines), delimiter=separator) if layout.quoted else (
        line.rstrip("\r\n").split(separator) for line in lines
    )  # fmt: skip
    one_pass = _Pass(Scan(layout))
    try:
        one_pass.run(enumerate(cells, start=1))
    except csv.Error:
        return row_error("fec.quote", one_pass.found.last_line + 1)
    found, short = one_pass.found, one_pass.short
    ends_in_line = bytes(data[-4:]).strip(b" \t\0")[-1:] not in (b"\n", b"\r")
    ends_short = bool(short) and short[-1] == found.last_line
    if ends_in_line and ends_short and (one_pass.last_is_lacking or (len(short) == 1 and not one_pass.last_is_dated)):
        return row_error("fec.truncated", found.last_line)
    return found


class _Pass:
    """The loop over all lines, and what it remembers: journals, entries, one copy of each repeated text."""

    def __init__(self, found: Scan) -> None:
        self.found = found
        self.short: list[int] = []
        self.last_is_lacking = False
        self.last_is_dated = False
        self.journals: dict[str, Journal] = {}
        self.cents = LedgerAmounts()
        self._index: dict[str, int] = {}
        self._open: dict[str, int] = {}  # the unnumbered entry still out of balance in each journal
        self._texts: dict[str, str] = {}
        self._at = found.layout.at
        self._shared = [self._at[name] for name in KEPT[:REPEATED]]
        self._own = [self._at[name] for name in KEPT[REPEATED:]]

    def run(self, rows: Iterator[tuple[int, list[str]]]) -> None:
        """Reads every line. What stands in this loop is paid a million times."""
        found, at, journals = self.found, self._at, self.journals
        accounts, days, sums, traits = Accounts(), LedgerDays(), found.sums, found.traits
        at_journal, at_number, at_account, at_day = (
            at["JournalCode"], at["EcritureNum"], at["CompteNum"], at["EcritureDate"],
        )  # fmt: skip
        last_code, last_number, entry = "", "", -1
        for number, cells in self._full(rows):
            if cells[at_number] != last_number or cells[at_journal] != last_code or not last_number.strip(" 0"):
                last_code, last_number = cells[at_journal], cells[at_number]
                entry = self._entry(cells, number)
            try:
                debit, credit = self._amounts(cells)
            except ValueError as error:
                self._reject("fec.amount", number, entry, error)
                found.incomplete.add(entry)
                continue
            account, signed = accounts[cells[at_account]], debit - credit
            sums[entry] += signed
            traits[entry] |= account.debit_trait if signed > 0 else account.credit_trait
            found.debit += debit
            found.credit += credit
            try:
                day = days[cells[at_day]]
            except ValueError as error:
                self._reject("fec.date", number, entry, error)
                continue
            if day < found.first_day and not journals[last_code].is_opening:
                found.first_day = day
            if account.shown:
                found.shown[account.shown] = found.shown.get(account.shown, 0) + signed
                if account.holds_items and signed:
                    found.lines.append(Line(number, entry, journals[last_code], day, debit, credit, *self._keep(cells)))

    def _full(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
        """The lines that hold their amount; blank ones pass silently, shorter ones are rejected."""
        found, width, header_left = self.found, self.found.layout.width, self.found.layout.has_header
        for number, cells in rows:
            if len(cells) < width:
                if not any(cell.strip(" \t\r\n\x1a\0\xa0") for cell in cells):
                    continue
                found.last_line = number
                self.short.append(number)
                self.last_is_lacking = len(cells) < found.layout.shortest
                self.last_is_dated = cells[-1].strip().isdecimal() and len(cells) - 1 == self._at["ValidDate"]
                if self.last_is_lacking:
                    self._lacking(cells, number)
                    continue
                cells = cells + [""] * (width - len(cells))
            found.last_line = number
            if header_left:
                header_left = False
                continue
            found.read += 1
            yield number, cells

    def _lacking(self, cells: list[str], number: int) -> None:
        layout = self.found.layout
        if len(cells) > max(self._at["JournalCode"], self._at["EcritureNum"], self._at["JournalLib"]):
            self.found.incomplete.add(self._entry(cells, number))
        self.found.errors.append(row_error("fec.short", number, count=len(cells), expected=layout.width))

    def _reject(self, code: str, number: int, entry: int, error: ValueError) -> None:
        column = "EcritureDate" if code == "fec.date" else "Debit"
        value = str(error.args[0] if error.args else "").strip()[:40]
        self.found.errors.append(row_error(code, number, column, value=value, entry=self.found.names[entry]))

    def _entry(self, cells: list[str], line: int) -> int:
        """The entry of this line. An entry without a number ends where its journal comes back to balance."""
        code, number = cells[self._at["JournalCode"]], cells[self._at["EcritureNum"]].strip()
        if code not in self.journals:
            name = cells[self._at["JournalLib"]] if self._at["JournalLib"] != ABSENT else ""
            self.journals[code] = journal(code.strip(), name)
        if not number.strip("0"):
            entry = self._open.get(code, -1)
            if entry < 0 or not self.found.sums[entry]:
                self.found.unnumbered[code.strip()] += 1
                entry = self._open[code] = self.found.new_entry(f"{code.strip()} {number}", line)
            return entry
        name = f"{code.strip()} {number}"
        found = self._index.get(name)
        if found is None:
            found = self._index[name] = self.found.new_entry(name, line)
        return found

    def _amounts(self, cells: list[str]) -> tuple[int, int]:
        """Debit and credit in cents. ValueError for what is no amount."""
        if not self.found.layout.signed:
            return self.cents[cells[self._at["Debit"]]], self.cents[cells[self._at["Credit"]]]
        amount, side = self.cents[cells[self._at["Montant"]]], cells[self._at["Sens"]].strip().upper()
        if side in ("D", "+1", "1", "+", "DEBIT"):
            return amount, 0
        if side in ("C", "-1", "-", "CREDIT"):
            return 0, amount
        raise ValueError(side)

    def _keep(self, cells: list[str]) -> list[str]:
        """The cells of KEPT, a repeated text being held once for all its lines."""
        cells.append("")  # what an absent column (the last of all, -1) says
        once = self._texts.setdefault
        kept = [once(text, text) for text in [cells[at].strip() for at in self._shared]]
        kept += [cells[at].strip() for at in self._own]
        return kept
