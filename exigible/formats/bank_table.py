"""Reads a bank's own table, CSV or XLSX: a line each movement, with a day, a text and an amount, maybe a running balance."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from exigible.core.money import minor_digits
from exigible.formats.amounts import decimal_mark, minor, minor_of_float
from exigible.formats.bank import Movement, Statement
from exigible.formats.bank_checks import checked
from exigible.formats.bank_table_headers import heading_among
from exigible.formats.bank_text import (
    CURRENCY,
    account_of,
    bounded,
    creditor_reference,
    iban_within,
    kind_of_label,
    one_line,
    plain_iban,
    said,
    with_sure_ids,
)
from exigible.formats.bank_words import name_within, references_within
from exigible.formats.days import date_order, day
from exigible.formats.fec_accounts import folded
from exigible.formats.rows import Reading
from exigible.formats.sentences import row_error
from exigible.formats.table_grid import Cell, Grid, text_of

SUMMARY = re.compile(r"(sous[- ]?)?total\b|solde\b|balance\b|opening\b|closing\b|ancien solde|nouveau solde")
ACCOUNT = re.compile(r"(?:compte|account)\D{0,40}([0-9]{5,}[0-9A-Z]{3,}|[0-9]{5}(?: [0-9]+){2,4})", re.IGNORECASE)

LEDGER = re.compile(r"^(compte\s*:?\s*)?411|grand[ -]livre|\bauxiliaire|comptes? (client|tiers)")
AMOUNTS = ("amount", "debit", "credit", "balance")


class Row(NamedTuple):
    """One movement and the balance after it, where the bank gives one."""

    movement: Movement
    account: str
    balance: int | None


def read_bank_table(grid: Grid) -> Reading | None:
    """The movements of a bank's table, one statement for each account; None when the headings are not a bank's.

    A running balance gives the opening and the closing one, whichever way the lines run, and is checked from line to line.
    """
    heading = heading_among([[text_of(cell) for cell in row] for row in grid.rows[:30]])
    if heading is None or _is_ledger(grid, heading[0]):
        return None
    return checked(_Table(grid, *heading).read())


def _is_ledger(grid: Grid, header: int) -> bool:
    """True where the lines around the headings speak of a customers' ledger: its accounts begin with 411."""
    rows = grid.rows[:header] + grid.rows[header + 1 : header + 50]
    return any(LEDGER.search(folded(text_of(cell))) for row in rows for cell in row)


class _Table:
    """The lines of a table under its headings, and how its columns are written."""

    def __init__(self, grid: Grid, header: int, columns: dict[str, list[int]]) -> None:
        self._grid, self._header, self._columns = grid, header, columns
        accounts = [text_of(cell) for cell in self._column("account")]
        if len(set(accounts)) > max(3, len(accounts) // 4):  # so many accounts are the other side's
            columns["payer_account"] = columns.pop("account")
        self.reading = Reading("table", grid.encoding, grid.separator)
        above = " ".join(text_of(cell) for row in grid.rows[:header] for cell in row)
        names = " ".join(text_of(cell) for cell in grid.rows[header])
        match = ACCOUNT.search(above)
        self._account = iban_within(above) or (account_of(match[1]) if match else "")
        is_euro = re.search(r"€|\beur(o|os)?\b", f"{above} {names}", re.IGNORECASE)
        self._currency = "EUR"
        self._marks: dict[str, str] = {name: self._mark(name) for name in AMOUNTS if name in columns}
        texts = [text_of(cell) for cell in self._column("booked")]
        self._order = date_order(texts) or "DMY"
        self._is_debit_negative = all(
            text_of(cell).strip().startswith(("-", "−", "(")) for cell in self._column("debit")
        )
        if grid.lossy:
            self.reading.warnings.append(row_error("fec.replaced", encoding=grid.encoding))
        if "currency" not in columns and not is_euro:
            self.reading.warnings.append(row_error("table.no_currency", currency="EUR"))

    def _column(self, field: str) -> list[Cell]:
        """The cells of a field that hold anything."""
        if field not in self._columns:
            return []
        place = self._columns[field][0]
        cells = [row[place] for row in self._grid.rows[self._header + 1 :] if place < len(row)]
        return [cell for cell in cells if text_of(cell)]

    def _mark(self, field: str) -> str:
        texts = [cell for cell in self._column(field) if isinstance(cell, str)]
        return decimal_mark(texts) or ("." if self._grid.separator == "," else ",")

    def read(self) -> Reading:
        """All lines into the reading."""
        rows: list[Row] = []
        for index in range(self._header + 1, len(self._grid.rows)):
            cells = self._grid.rows[index]
            label = one_line(" ".join(self._texts(cells)))
            if not any(text_of(cell) for cell in cells):
                continue
            if not self._text(cells, "booked") and (SUMMARY.match(folded(label)) or not label):
                continue
            if rows and not self._text(cells, "booked") and self._amounts_are_empty(cells):
                last = rows[-1]
                rows[-1] = last._replace(movement=self._longer(last.movement, label))
                continue
            if found := self._row(index + 1, cells, label):
                rows.append(found)
        for account in dict.fromkeys(row.account for row in rows):
            self._keep(account, [row for row in rows if row.account == account])
        return self.reading

    def _longer(self, movement: Movement, label: str) -> Movement:
        """The movement with the text of a line that goes on."""
        return bounded(movement._replace(label=f"{movement.label} {label}"))

    def _texts(self, cells: list[Cell]) -> list[str]:
        """The texts of a line once: banks repeat the short one in the long one."""
        texts = [text_of(cells[place]) for place in self._columns["label"] if place < len(cells)]
        kept = [each for each in dict.fromkeys(texts) if each]
        return [each for each in kept if not any(each != other and each in other for other in kept)]

    def _text(self, cells: list[Cell], field: str) -> str:
        cell = self._cell(cells, field)
        return text_of(cell).strip()

    def _cell(self, cells: list[Cell], field: str) -> Cell:
        place = self._columns.get(field, [-1])[0]
        return cells[place] if 0 <= place < len(cells) else ""

    def _amounts_are_empty(self, cells: list[Cell]) -> bool:
        return not any(self._text(cells, field) for field in ("amount", "debit", "credit"))

    def _row(self, line: int, cells: list[Cell], label: str) -> Row | None:
        """One movement, or a sentence about what is wrong with its line."""
        booked = self._read(line, cells, "booked", "day", self._day)
        currency = (self._text(cells, "currency") or self._currency).upper()
        if not CURRENCY.fullmatch(currency):
            self.reading.errors.append(row_error("bank.currency", line, "currency", value=currency[:20]))
            return None
        amount = self._read(line, cells, "amount", "amount", lambda row, _: self._amount(row, currency))
        if not isinstance(booked, date) or not isinstance(amount, int):
            return None
        movement = bounded(
            Movement(
                line, booked, amount, currency, label, self._optional(cells, "value"),
                references=(self._text(cells, "reference"), *references_within(label)),
                structured=creditor_reference(self._text(cells, "reference"), label),
                payer_name=self._text(cells, "payer") or name_within(label, amount > 0),
                payer_account=plain_iban(self._text(cells, "payer_account")), bank_id=said(self._text(cells, "bank_id")),
                kind=kind_of_label(label),
            )
        )  # fmt: skip
        own = self._text(cells, "account")
        try:
            balance = self._minor(cells, "balance", currency)
        except ValueError:
            balance = None
        return Row(movement, plain_iban(own) or account_of(own) or self._account, balance)

    def _read(
        self, line: int, cells: list[Cell], field: str, what: str, how: Callable[[list[Cell], str], object]
    ) -> object:
        """What a field holds, or None after a sentence: a line without it is left out."""
        try:
            found = how(cells, field)
        except ValueError as fault:
            self.reading.errors.append(row_error(f"bank.{what}", line, field, value=str(fault)[:40]))
            return None
        if found is None:
            self.reading.errors.append(row_error(f"bank.no_{what}", line, field))
        return found

    def _day(self, cells: list[Cell], field: str) -> date | None:
        cell = self._cell(cells, field)
        if isinstance(cell, date):
            return cell
        return day(text_of(cell), self._order) if text_of(cell).strip() else None

    def _optional(self, cells: list[Cell], field: str) -> date | None:
        try:
            return self._day(cells, field)
        except ValueError:
            return None

    def _amount(self, cells: list[Cell], currency: str) -> int | None:
        """Money in is positive; a debit is money out whether or not the bank writes it with a minus."""
        amount = self._minor(cells, "amount", currency)
        if amount is not None:
            is_out = folded(self._text(cells, "side")).startswith("d")
            return -abs(amount) if is_out else amount
        debit, credit = (self._minor(cells, field, currency) for field in ("debit", "credit"))
        if debit and credit:
            raise ValueError(f"{self._text(cells, 'debit')} / {self._text(cells, 'credit')}")
        if debit is None and credit is None:
            return None
        return (credit or 0) + (debit or 0) * (1 if self._is_debit_negative else -1)

    def _minor(self, cells: list[Cell], field: str, currency: str) -> int | None:
        cell, digits = self._cell(cells, field), minor_digits(currency)
        if not text_of(cell).strip(" -"):
            return None
        if isinstance(cell, int | float):
            return minor_of_float(cell, digits)
        value = minor(text_of(cell), self._marks[field], digits)
        if abs(value) >= 10**16:
            raise ValueError(text_of(cell))
        return value

    def _keep(self, account: str, rows: Sequence[Row]) -> None:
        """One account: its movements, the balances of the first and the last day, and where the running one breaks."""
        currency = rows[0].movement.currency
        others = [row for row in rows if row.movement.currency != currency]
        for row in others:
            value = row.movement.currency
            self.reading.errors.append(row_error("bank.currency", row.movement.line, "currency", value=value))
        rows = [row for row in rows if row.movement.currency == currency]
        opening, closing, broken = _balances(rows)
        if broken:
            self.reading.warnings.append(row_error("bank.running", broken))
        days = [row.movement.booked for row in rows]
        movements = with_sure_ids(row.movement for row in rows)
        self.reading.statements.append(
            Statement(account, currency, movements, "", min(days), max(days), opening, closing)
        )


def _balances(rows: Sequence[Row]) -> tuple[int | None, int | None, int | None]:
    """The opening and the closing balance that the running one gives, and the line where it first breaks.

    Lines run from the oldest or from the newest: whichever breaks less, by the days where that does not tell.
    """
    given = {row.balance for row in rows if row.balance is not None}
    if not given:
        return None, None, None
    if len(given) == 1 and len(rows) > 1:  # the balance of the day of the export on every line
        return None, given.pop(), None
    is_newest_first = rows[0].movement.booked > rows[-1].movement.booked
    orders = [list(rows)[::-1], list(rows)] if is_newest_first else [list(rows), list(rows)[::-1]]
    return min((_followed(order) for order in orders), key=lambda found: found[1])[0]


def _followed(rows: list[Row]) -> tuple[tuple[int | None, int | None, int | None], int]:
    """Opening, closing and first break of lines in this order, and how often it breaks."""
    opening = running = first = None
    before = breaks = 0
    for row in rows:
        amount = row.movement.amount_minor
        if running is None:
            before += amount
        else:
            running += amount
        if row.balance is None:
            continue
        if running is None:
            opening = row.balance - before
        elif running != row.balance:
            breaks, first = breaks + 1, first or row.movement.line
        running = row.balance
    return (opening, running, first), breaks
