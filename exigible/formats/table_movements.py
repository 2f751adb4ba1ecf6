"""A ledger of customers as a table: one line a movement, the customer on each line or above its lines."""

import re
from collections.abc import Iterator
from datetime import date
from hashlib import blake2b

from exigible.formats import fec_accounts as traits
from exigible.formats.fec_accounts import folded, is_opening_label, journal
from exigible.formats.fec_items import CODE_IN_LABEL, NO_LETTER, NUMBER_IN_LABEL
from exigible.formats.lettering import allocate
from exigible.formats.rows import (
    CustomerRow,
    InvoiceKind,
    InvoiceOrigin,
    InvoiceRow,
    PaymentOrigin,
    PaymentRow,
    Reading,
    RowError,
)
from exigible.formats.sentences import row_error
from exigible.formats.table_customers import customer_of
from exigible.formats.table_record import Record, Unreadable
from exigible.formats.table_totals import Totals

ACCOUNT_WORD = re.compile(r"(?i)^(compte|tiers|client|code|n[°o])\s*(tiers|client|auxiliaire)?\s*[:.]?\s+")
CODE_AND_NAME = re.compile(r"^(\S*\d\S*|[A-Z0-9_.]{3,})\s*[-–:]?\s+(\S.*)$")
FURNITURE = re.compile(
    r"(?:edite|imprime|page|periode|date de|tenue de compte|sage|exercice|dossier|le \d|du \d|report$|a reporter)\b"
)
OTHER_ACCOUNT = re.compile(r"\d{3,}[A-Z0-9]*")
CREDIT_NOTE = re.compile(r"\b(avoir|av|note de credit|credit note)\b")
RETURNED = re.compile(r"\b(impaye|rejet|remboursement|rembt|retour|contre[- ]?passation)\b")
Kind = tuple[InvoiceKind, InvoiceOrigin] | PaymentOrigin


class MovementTable:
    """Reads the movements into a reading; knows under which customer it stands."""

    def __init__(self, reading: Reading, currency: str) -> None:
        self.reading, self.currency = reading, currency
        self._customers: dict[str, CustomerRow] = {}
        self._heading: list[str] = []
        self._others = 0
        self._ranks: dict[str, int] = {}
        self._totals = Totals(currency, ("debit", "credit"))

    def read(self, records: Iterator[Record]) -> None:
        """Every line; then what settles what, by the accountant's letters, else as a ledger presumes."""
        for record in records:
            try:
                error = self._line(record)
            except Unreadable as unreadable:
                error = unreadable.error
            if error:
                self.reading.errors.append(error)
        reading = self.reading
        reading.customers = list(self._customers.values())
        reading.allocations = allocate(reading.invoices, reading.payments)
        reading.facts["lettered"] = any(row.allocation_ref for row in reading.items)
        if self._others:
            reading.warnings.append(row_error("table.other_accounts", count=self._others))

    def _line(self, record: Record) -> RowError | None:
        if record.is_total and not _day_of(record):
            self.reading.warnings.append(self._totals.judged(record))
            return None
        debit, credit = record.amount("debit", self.currency), record.amount("credit", self.currency)
        on = _day_of(record)
        if on is None and debit is None and credit is None:
            self._head(record)
            return None
        opening = is_opening_label(record.text("label")) or any(map(is_opening_label, record.texts()[:2]))
        if on is None and not opening:
            return row_error("table.missing", record.line, "issued")
        self._totals.add(record)
        amount = (debit or 0) - (credit or 0)
        if not amount:
            return None if debit or credit else row_error("table.no_side", record.line)
        customer = self._customer(record)
        if customer is None:
            return None if self._is_other(record) else row_error("table.no_customer", record.line)
        if on is None:
            return row_error("table.missing", record.line, "issued")
        self._customers.setdefault(customer.key, customer)
        self._post(record, customer.key, amount, on)
        return None

    def _head(self, record: Record) -> None:
        """A line without day and amount is the heading of the customer whose movements follow, unless it is page furniture."""
        texts = record.texts()
        if not FURNITURE.match(folded(texts[0])):
            self._heading = texts

    def _customer(self, record: Record) -> CustomerRow | None:
        """Whose movement this is: the line says it, else the heading above."""
        stated = customer_of(record)
        if stated is None:
            stated = _of_heading(self._heading)
        if stated is not None and self._is_other_account(stated.key):
            self._others += 1
            return None
        return stated

    def _is_other(self, record: Record) -> bool:
        stated = customer_of(record) or _of_heading(self._heading)
        return stated is not None and self._is_other_account(stated.key)

    @staticmethod
    def _is_other_account(key: str) -> bool:
        """An account number that is no customer's (411, 416): a supplier's, a bank's."""
        return bool(re.match(r"[1-7]\d{2}", key)) and bool(OTHER_ACCOUNT.fullmatch(key)) and key[:3] not in (
            "411", "416"
        ) and len(key) >= 5  # fmt: skip

    def _post(self, record: Record, customer: str, amount: int, on: date) -> None:
        label, letter = record.text("label"), record.text("letter")
        number = _number(record.text("number"), label) or record.text("order_reference")
        identity = "\x1f".join(("movement", customer, on.isoformat(), number, str(amount)))
        rank = self._ranks[identity] = self._ranks.get(identity, -1) + 1
        key = blake2b(f"{identity}\x1f{rank}".encode(), digest_size=12).hexdigest()
        kind = _kind(record, amount)
        ref = letter if letter not in NO_LETTER else None
        opening = kind == "opening" or (not isinstance(kind, str) and kind[1] == "opening")
        if isinstance(kind, str):
            self.reading.payments.append(
                PaymentRow(key, customer, on, self.currency, -amount, label, number, opening, kind, line=record.line,
                           allocation_ref=ref)
            )  # fmt: skip
        else:
            self.reading.invoices.append(
                InvoiceRow(key, customer, number or label[:80] or on.isoformat(), kind[0], on, record.day("due"), self.currency,
                           abs(amount), None, label, opening, kind[1], line=record.line, allocation_ref=ref)
            )  # fmt: skip


def _day_of(record: Record) -> date | None:
    """The day of the movement, None where the cell holds none: in some ledgers the customer's code stands there."""
    try:
        return record.day("issued")
    except Unreadable:
        return None


def _of_heading(texts: list[str]) -> CustomerRow | None:
    """The customer that a heading names: its code and its name, in two cells or in one."""
    plain = [found for text in texts if (found := ACCOUNT_WORD.sub("", text).strip(" -–:"))]
    if not plain:
        return None
    if len(plain) > 1:
        return CustomerRow(plain[0], plain[1])
    both = CODE_AND_NAME.match(plain[0])
    return CustomerRow(both[1], both[2]) if both else CustomerRow(plain[0], plain[0])


def _kind(record: Record, amount: int) -> Kind:
    """What a movement is: by its journal, else by the words of its label, else by its side."""
    code, label = record.text("journal"), folded(record.text("label"))
    found = journal(code, code)
    if is_opening_label(record.text("label")) or (code and found.is_opening):
        return ("invoice", "opening") if amount > 0 else "opening"
    is_sale, is_bank = bool(found.presumed & traits.REVENUE_CREDIT), bool(found.presumed & traits.BANK_CREDIT)
    if amount > 0:
        if is_bank or RETURNED.search(label):
            return "invoice", "refund"
        return "invoice", "sale" if is_sale or not code else "other"
    if is_sale or (not is_bank and CREDIT_NOTE.search(label)):
        return "credit_note", "sale"
    return "bank" if is_bank or not code else "adjustment"


def _number(piece: str, label: str) -> str:
    """The number of a claim: the one that the label says, where the piece is only the ledger's own count."""
    said = NUMBER_IN_LABEL.search(label) or CODE_IN_LABEL.search(label)
    if said and (not piece or (piece.isdigit() and len(piece) <= 5 and piece not in said[1])):
        return said[1]
    return piece
