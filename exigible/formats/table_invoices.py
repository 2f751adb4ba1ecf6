"""The lines of a table of invoices made into claims, credit notes and what was paid on them."""

import re
from collections.abc import Iterator
from hashlib import blake2b

from exigible.formats.fec_accounts import folded
from exigible.formats.rows import (
    AllocationRow,
    CustomerRow,
    InvoiceKind,
    InvoiceRow,
    PaymentRow,
    Reading,
    RowError,
)
from exigible.formats.sentences import row_error
from exigible.formats.settlement import SettlementRow
from exigible.formats.table_customers import customer_of
from exigible.formats.table_record import Record, Unreadable
from exigible.formats.table_settlement import settlement_of
from exigible.formats.table_totals import Totals

SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "EURO": "EUR", "EUROS": "EUR"}


class InvoiceTable:
    """Reads the lines into a reading; remembers customers, and the lines already seen."""

    def __init__(self, reading: Reading, currency: str) -> None:
        self.reading = reading
        self.currency = currency
        self._customers: dict[str, int] = {}
        self._seen: dict[tuple[str, ...], int] = {}
        self._ranks: dict[tuple[str, ...], int] = {}
        self._totals = Totals(currency, ("total", "open", "net", "paid"))

    def read(self, records: Iterator[Record]) -> None:
        """Every line: a bad one is named and left out."""
        for record in records:
            if record.is_total and not (record.text("number") and record.text("issued")):
                self.reading.warnings.append(self._totals.judged(record))
                continue
            try:
                error = self._line(record)
            except Unreadable as unreadable:
                error = unreadable.error
            if error:
                self.reading.errors.append(error)

    def _line(self, record: Record) -> RowError | None:
        number, customer, issued = record.text("number"), customer_of(record), record.day("issued")
        currency = SIGNS.get(record.text("currency").upper(), record.text("currency").upper()) or self.currency
        if not re.fullmatch("[A-Z]{3}", currency):
            return row_error("table.currency", record.line, "currency", value=record.text("currency"))
        total, open_minor = _amounts(record, currency)
        for field, value in (("number", number), ("customer", customer), ("issued", issued), ("total", total)):
            if value is None or value == "":
                return row_error("table.missing", record.line, field)
        assert customer is not None
        assert issued is not None
        assert total is not None
        first = self._seen.setdefault(record.content, record.line)
        if first != record.line:
            return row_error("table.duplicate", record.line, "number", first=first, value=number)
        kind = _kind(record.text("kind"), total)
        total, left = _unsigned(kind, total, open_minor)
        if left is not None and left > total:
            return row_error("table.open_above_total", record.line, "open", value=record.text("open"))
        invoice = InvoiceRow(
            self._key(customer.key, number, kind), customer.key, number, kind, issued, record.day("due"), currency,
            total, _absolute(record.amount("net", currency)), record.text("label"), line=record.line,
            order_reference=record.text("order_reference"),
        )  # fmt: skip
        self._totals.add(record)
        self._know(customer, record)
        self._settle(invoice, record)
        self._post(invoice, left, record)
        return None

    def _settle(self, invoice: InvoiceRow, record: Record) -> None:
        """How the invoice is to be settled, where the line says it."""
        terms, doubt = settlement_of(record, invoice.currency)
        if terms != SettlementRow():
            self.reading.settlements[invoice.source_key] = terms
        if doubt:
            self.reading.warnings.append(row_error("table.method", record.line, "method", value=doubt))

    def _know(self, customer: CustomerRow, record: Record) -> None:
        """Each customer once; a later line may fill what the first left empty."""
        at = self._customers.get(customer.key)
        if at is not None:
            known = self.reading.customers[at]
            filled = {field: getattr(customer, field) for field in CustomerRow._fields if not getattr(known, field)}
            self.reading.customers[at] = known._replace(**filled)
            return
        self._customers[customer.key] = len(self.reading.customers)
        self.reading.customers.append(customer)
        if customer.email and not record.email_is_plausible:
            self.reading.warnings.append(row_error("table.email", record.line, "email", value=customer.email))

    def _key(self, *parts: str) -> str:
        """The identity of a line: customer, number, kind and rank among equals (an invoice due in several parts)."""
        rank = self._ranks[parts] = self._ranks.get(parts, -1) + 1
        return blake2b("\x1f".join(("table", *parts, str(rank))).encode(), digest_size=12).hexdigest()

    def _post(self, invoice: InvoiceRow, left: int | None, record: Record) -> None:
        """The claim and, where less than all of it is open, what was paid."""
        used = 0 if left is None else invoice.total_minor - left
        if invoice.kind == "credit_note":
            if used:
                self.reading.warnings.append(row_error("table.credit_note_used", record.line))
                invoice = invoice._replace(total_minor=max(left or 0, 0))
            if invoice.total_minor:
                self.reading.invoices.append(invoice)
            return
        self.reading.invoices.append(invoice)
        settled = record.day("settled")
        if left is None and settled:
            used = invoice.total_minor
        if not used:
            return
        received = settled or invoice.issued
        key = blake2b(f"paid\x1f{invoice.source_key}".encode(), digest_size=12).hexdigest()
        self.reading.payments.append(
            PaymentRow(key, invoice.customer_key, received, invoice.currency, used, reference=invoice.number,
                       origin="bank" if settled else "balance", line=invoice.line)
        )  # fmt: skip
        spent = min(used, invoice.total_minor)
        if spent:
            self.reading.allocations.append(
                AllocationRow(key, "payment", invoice.source_key, spent, received, "exact_amount")
            )


def _amounts(record: Record, currency: str) -> tuple[int | None, int | None]:
    """Total and what is open of it, signed; either stands for the other when it is alone."""
    total, open_minor = record.amount("total", currency), record.amount("open", currency)
    if open_minor is None:
        open_minor = record.aged(currency)
    if total is None:
        debit, credit = record.amount("debit", currency), record.amount("credit", currency)
        if debit is not None or credit is not None:
            total = (debit or 0) - (credit or 0)
    paid = record.amount("paid", currency)
    if total is not None and open_minor is None and paid is not None:
        open_minor = total - paid
    return (open_minor, None) if total is None else (total, open_minor)


def _kind(text: str, total: int) -> InvoiceKind:
    plain = folded(text)
    if total < 0 or plain.startswith(("avoir", "credit", "note de credit", "cn")):
        return "credit_note"
    return "deposit" if plain.startswith(("acompte", "deposit", "advance", "arrhes")) else "invoice"


def _unsigned(kind: InvoiceKind, total: int, open_minor: int | None) -> tuple[int, int | None]:
    """Amounts as rows hold them: a credit note's are positive. An overpaid invoice has less than nothing open."""
    if kind != "credit_note":
        return total, open_minor
    return abs(total), None if open_minor is None else abs(open_minor)


def _absolute(amount: int | None) -> int | None:
    return None if amount is None else abs(amount)
