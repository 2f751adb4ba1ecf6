"""Charges, each in one state, add up to what accrued to the last day written; none is paid beyond its payment."""

from collections.abc import Iterator
from datetime import date

from django.db.models import F, Q, Sum

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.accruals import accrued_on
from exigible.books.ledger.charge_rows import INDEMNITY, INTEREST, sums_of
from exigible.books.ledger.models import Charge, Invoice
from exigible.core.money import decimal_string

CHUNK = 500


def broken_charges(creditor: Creditor) -> Iterator[str]:
    """Yield what is wrong with interest, indemnities and what paid them."""
    written = Charge.objects.of(creditor).exclude(kind="cost")
    invoices = Invoice.objects.filter(pk__in=written.values("invoice_id")).select_related("customer", "creditor")
    for invoice in invoices.order_by("id").iterator(chunk_size=CHUNK):
        yield from _of_invoice(invoice, list(Charge.objects.filter(invoice=invoice)))
    yield from _payments(creditor)


def _of_invoice(invoice: Invoice, rows: list[Charge]) -> Iterator[str]:
    """What was paid may be more than accrued, when the books changed afterwards; nothing else may."""
    days = [row.until_on for row in rows if row.kind == INTEREST]
    for kind, until in ((INTEREST, max(days, default=None)), (INDEMNITY, max(row.until_on for row in rows))):
        if until is None or not any(row.kind == kind for row in rows):
            continue
        sums, owed = sums_of(rows, kind), _owed(invoice, kind, until)
        if sums.total != max(owed, sums.paid):
            told = [decimal_string(minor, invoice.currency) for minor in (sums.total, owed)]
            yield f"charge: invoice {invoice.number} has {told[0]} of {kind} written to {until}, {told[1]} accrued"


def _owed(invoice: Invoice, kind: str, until: date) -> int:
    found = accrued_on(invoice, until)
    return found.interest_minor if kind == INTEREST else found.indemnity_minor


def _payments(creditor: Creditor) -> Iterator[str]:
    rows = Charge.objects.of(creditor).filter(payment__isnull=False)
    foreign = ~Q(payment__customer=F("invoice__customer")) | ~Q(payment__currency=F("currency"))
    for key in rows.filter(foreign | ~Q(invoice__creditor=F("creditor"))).values_list("pk", flat=True):
        yield f"charge: charge {key} is paid by another customer or in another currency"
    sums = rows.order_by().values_list("payment_id", "payment__amount_minor").annotate(paid=Sum("amount_minor"))
    for key, amount, paid in sums.filter(paid__gt=F("payment__amount_minor")):
        yield f"charge: payment {key} of {amount} minor units pays {paid} of charges"
