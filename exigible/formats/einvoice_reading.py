"""Reads electronic invoices, one or an archive of them, into the rows that every reader returns."""

from hashlib import blake2b

from exigible.formats.archive import is_archive, members
from exigible.formats.cii import read_cii
from exigible.formats.einvoice import EInvoice, Party, Unreadable
from exigible.formats.facturx import xml_of
from exigible.formats.rows import AllocationRow, CustomerRow, InvoiceRow, PaymentRow, Reading, RowError
from exigible.formats.sentences import refused, row_error
from exigible.formats.settlement import settlement_of
from exigible.formats.ubl import read_ubl
from exigible.formats.xml_tree import local, tree_of

UBL = "oasis:names:specification:ubl"


def read_einvoice(body: bytes, name: str = "") -> EInvoice | RowError:
    """The invoice in a Factur-X PDF, a CII or a UBL document; one sentence, never an exception, for anything else."""
    try:
        is_pdf = body.startswith(b"%PDF")
        root = tree_of(xml_of(body) if is_pdf else body)
        if local(root) in ("CrossIndustryInvoice", "CrossIndustryDocument"):
            return read_cii(root, "facturx" if is_pdf else "cii")
        if local(root) in ("Invoice", "CreditNote") and UBL in str(root.tag):
            return read_ubl(root)
        raise Unreadable("einvoice.not_one")
    except Unreadable as fault:
        return row_error(fault.code, None, "file", file=name or "The file", **fault.params)


def read_einvoices(data: bytes, name: str, kind: str) -> Reading:
    """The rows of one electronic invoice or of an archive of them; a file that cannot be read is named and left out.

    An invoice's total is the one that it states; what was prepaid is a payment of origin `balance`, so that what is
    left open is what the invoice asks for. An invoice that asks for more than its total counts for what it asks.
    """
    if not is_archive(data):
        invoice = read_einvoice(data, name)
        if isinstance(invoice, RowError):
            return refused(kind, invoice)
        return _Batch(kind).add(1, name, invoice).reading
    batch = _Batch(kind)
    try:
        for place, member in enumerate(members(data), 1):
            found = read_einvoice(member.body, member.name) if member.error is None else member.error
            if isinstance(found, RowError):
                batch.reading.errors.append(found._replace(line=place))
            else:
                batch.add(place, member.name, found)
    except Unreadable as fault:
        return refused(kind, row_error(fault.code, None, "file", file=name or "The archive", **fault.params))
    if not batch.reading.invoices:
        first = batch.reading.errors[0] if batch.reading.errors else row_error("einvoice.not_one", file=name)
        return refused(kind, first)
    return batch.reading


class _Batch:
    """Collects invoices into one reading; knows customers again, and invoices that come twice."""

    def __init__(self, kind: str) -> None:
        self.reading = Reading(kind)
        self._customers: dict[str, int] = {}
        self._files: dict[str, str] = {}
        self._rows: dict[str, int] = {}

    def add(self, place: int, name: str, invoice: EInvoice) -> "_Batch":
        """Take one invoice in; the same one again is left out, another under the same number too, with a sentence."""
        key = source_key_of(invoice)
        known = self.reading.einvoices.get(key)
        if known is not None:
            self._twice(place, name, invoice, key)
            return self
        if not invoice.buyer.identity:
            self.reading.errors.append(row_error("einvoice.no_buyer", place, "buyer", file=name, number=invoice.number))
            return self
        self.reading.einvoices[key], self.reading.originals[key], self._files[key] = invoice, place, name
        self.reading.warnings += [row_error(code, place, number=invoice.number) for code in invoice.doubts]
        self._know(invoice.buyer)
        self._post(place, key, invoice)
        return self

    def _twice(self, place: int, name: str, invoice: EInvoice, key: str) -> None:
        """The same invoice again, maybe in a fuller profile, may fill what the first lacked; another one is left out."""
        known = self.reading.einvoices[key]
        same = ("issue_date", "currency", "total", "payable", "kind")
        is_same = all(getattr(known, each) == getattr(invoice, each) for each in same)
        facts = {"file": name, "number": invoice.number, "other": self._files[key]}
        if not is_same or known.buyer.identity != invoice.buyer.identity:
            self.reading.errors.append(row_error("einvoice.conflict", place, "number", **facts))
            return
        self.reading.warnings.append(row_error("einvoice.duplicate", place, "number", **facts))
        self._know(invoice.buyer)
        at = self._rows[key]
        row = self.reading.invoices[at]
        self.reading.invoices[at] = row._replace(due=row.due or invoice.due_date)

    def _know(self, buyer: Party) -> None:
        """Each buyer once; a later invoice may fill what the first left empty."""
        row = CustomerRow(
            buyer.identity, buyer.name or buyer.identity, country=buyer.country, siren=buyer.siren, vat=buyer.vat,
            email=buyer.email, phone=buyer.phone, contact_name=buyer.contact_name, address_lines=buyer.address_lines,
            postcode=buyer.postcode, city=buyer.city,
        )  # fmt: skip
        at = self._customers.get(row.key)
        if at is None:
            self._customers[row.key] = len(self.reading.customers)
            self.reading.customers.append(row)
            return
        known = self.reading.customers[at]
        filled = {field: getattr(row, field) for field in CustomerRow._fields if not getattr(known, field)}
        self.reading.customers[at] = known._replace(**filled)

    def _post(self, place: int, key: str, invoice: EInvoice) -> None:
        """The claim or the credit note and, where less than its total is asked for, what was prepaid."""
        is_credit = invoice.kind == "credit_note"
        used = 0 if is_credit else invoice.total - invoice.payable
        self._rows[key] = len(self.reading.invoices)
        self.reading.invoices.append(
            InvoiceRow(
                key, invoice.buyer.identity, invoice.number, invoice.kind, invoice.issue_date, invoice.due_date,
                invoice.currency, max(invoice.total, invoice.total - used), invoice.net, line=place,
                order_reference=invoice.order_reference,
            )
        )  # fmt: skip
        if not is_credit:
            self.reading.settlements[key] = settlement_of(invoice)
        if used <= 0:
            return
        paid = _digest("paid", key)
        self.reading.payments.append(
            PaymentRow(paid, invoice.buyer.identity, invoice.issue_date, invoice.currency, used,
                       reference=invoice.number, origin="balance", line=place)
        )  # fmt: skip
        spent = min(used, invoice.total)
        if spent:
            self.reading.allocations.append(AllocationRow(paid, "payment", key, spent, invoice.issue_date, "reference"))


def source_key_of(invoice: EInvoice) -> str:
    """By what an invoice is known again in whatever syntax it comes: its seller, its number, and on which side it stands."""
    side = "credit" if invoice.kind == "credit_note" else "claim"
    return _digest("einvoice", invoice.seller.identity, invoice.number, side)


def _digest(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
