"""A balance is an amount less what is allocated to it: never negative, and the dates of settlement agree with it."""

from collections.abc import Iterator

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Allocation, Charge, Invoice, Payment
from exigible.core.money import decimal_string


def broken_balances(creditor: Creditor) -> Iterator[str]:
    """Yield what is wrong with invoices, credit notes, payments, allocations and indemnities."""
    items = Invoice.objects.of(creditor)
    notes = Q(kind=Invoice.Kind.CREDIT_NOTE)
    yield from _invoices(items.exclude(notes), "invoice")
    yield from _invoices(items.filter(notes), "credit_note")
    yield from _payments(creditor)
    yield from _allocations(creditor)
    yield from _indemnities(creditor)


def _used(column: str) -> Coalesce:
    rows = Allocation.objects.filter(**{column: OuterRef("pk")}).order_by().values(column)
    return Coalesce(Subquery(rows.annotate(used=Sum("amount_minor")).values("used")), Value(0))


def _invoices(items: QuerySet[Invoice], column: str) -> Iterator[str]:
    done = Q(used=F("total_minor"))
    wrong = Q(used__gt=F("total_minor")) | (done & Q(settled_on=None)) | (~done & Q(settled_on__isnull=False))
    rows = items.annotate(used=_used(column)).filter(wrong).order_by("id")
    for invoice in rows.iterator():
        total, used = (decimal_string(minor, invoice.currency) for minor in (invoice.total_minor, invoice.used))
        says = f"settled on {invoice.settled_on}" if invoice.settled_on else "not settled"
        yield f"balance: {invoice.get_kind_display()} {invoice.number} of {total} has {used} allocated and is {says}"


def _payments(creditor: Creditor) -> Iterator[str]:
    done = Q(used=F("amount_minor"))
    wrong = Q(used__gt=F("amount_minor")) | (done & Q(exhausted_on=None)) | (~done & Q(exhausted_on__isnull=False))
    rows = Payment.objects.of(creditor).annotate(used=_used("payment")).filter(wrong).order_by("id")
    for payment in rows.iterator():
        amount, used = (decimal_string(minor, payment.currency) for minor in (payment.amount_minor, payment.used))
        says = f"used up on {payment.exhausted_on}" if payment.exhausted_on else "not used up"
        yield f"balance: payment {payment.pk} of {amount} has {used} allocated and is {says}"


def _allocations(creditor: Creditor) -> Iterator[str]:
    """An allocation stays within one creditor, one customer and one currency."""
    by_payment = Q(payment__isnull=False) & ~(
        Q(payment__customer=F("invoice__customer")) & Q(payment__currency=F("invoice__currency"))
    )
    by_note = Q(credit_note__isnull=False) & ~(
        Q(credit_note__customer=F("invoice__customer")) & Q(credit_note__currency=F("invoice__currency"))
    )
    foreign = ~Q(invoice__creditor=F("creditor"))
    rows = Allocation.objects.of(creditor).filter(by_payment | by_note | foreign).order_by("id")
    for key in rows.values_list("pk", flat=True).iterator():
        yield f"balance: allocation {key} joins two customers, currencies or companies"


def _indemnities(creditor: Creditor) -> Iterator[str]:
    rows = (
        Charge.objects.of(creditor)
        .filter(kind="indemnity", part_of__isnull=True)
        .order_by()
        .values_list("invoice__number")
    )
    for number, count in rows.annotate(count=Count("pk")).filter(count__gt=1):
        yield f"balance: invoice {number} has {count} indemnities"
