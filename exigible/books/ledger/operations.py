"""What is done to the ledger by a person: record a payment, allocate, undo; each with its journal event."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Case, F, Max, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.charges import unpay_charges
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Allocation, Customer, Invoice, Payment
from exigible.books.ledger.queries import invoice_balance, payment_remainder
from exigible.common.errors import Refused
from exigible.core.money import decimal_string


class AmountNotPositive(Refused):
    """The amount must be more than zero."""


class TooMuchAllocated(Refused):
    """Only %(left)s is left to allocate here; reduce the amount."""


class CurrencyDiffers(Refused):
    """A payment in %(paid)s cannot settle an invoice in %(billed)s; convert it first in your accounts."""


class PaymentFromFile(Refused):
    """This payment comes from your accounting file: correct it there and import again."""


class FuturePayment(Refused):
    """A payment cannot be dated after today."""


def mark_settled(invoice_ids: Iterable[int], payment_ids: Iterable[int] = ()) -> None:
    """Make settled_on and exhausted_on agree with the allocations of these invoices, credit notes and payments."""

    def used(column: str) -> Coalesce:
        rows = Allocation.objects.filter(**{column: OuterRef("pk")}).order_by().values(column)
        return Coalesce(Subquery(rows.annotate(used=Sum("amount_minor")).values("used")), Value(0))

    def last(column: str) -> Subquery:
        rows = Allocation.objects.filter(**{column: OuterRef("pk")}).order_by().values(column)
        return Subquery(rows.annotate(last=Max("allocated_on")).values("last"))

    ids = list(invoice_ids)
    for start in range(0, len(ids), 500):
        touched = Invoice.objects.filter(pk__in=ids[start : start + 500])
        credit_notes = touched.filter(kind=Invoice.Kind.CREDIT_NOTE)
        credit_notes.annotate(used=used("credit_note")).update(
            settled_on=Case(
                When(used=F("total_minor"), then=Coalesce(last("credit_note"), F("issued_on"))), default=None
            )
        )
        touched.exclude(kind=Invoice.Kind.CREDIT_NOTE).annotate(used=used("invoice")).update(
            settled_on=Case(When(used=F("total_minor"), then=Coalesce(last("invoice"), F("issued_on"))), default=None)
        )
    payments = list(payment_ids)
    for start in range(0, len(payments), 500):
        Payment.objects.filter(pk__in=payments[start : start + 500]).annotate(used=used("payment")).update(
            exhausted_on=Case(When(used=F("amount_minor"), then=last("payment")), default=None)
        )


@transaction.atomic
def record_payment(
    customer: Customer, amount_minor: int, received_on: date, shares: Sequence[tuple[Invoice, int]], *,
    today: date, at: datetime, currency: str = "EUR", label: str = "", actor: str = SYSTEM,
) -> Payment:  # fmt: skip
    """Record money received from a customer and set it against invoices: (invoice, amount in minor units) each.

    What is not set against an invoice stays as a credit of the customer.
    """
    if amount_minor <= 0:
        raise AmountNotPositive
    if received_on > today:
        raise FuturePayment
    lock_customers([customer.pk])
    payment = Payment.objects.create(
        creditor=customer.creditor, customer=customer, received_on=received_on, currency=currency, amount_minor=amount_minor,
        label=label[:200], origin="hand", source_key=f"hand:{uuid4().hex}",
    )  # fmt: skip
    payload = {
        "payment": payment.pk,
        "amount": amount_minor,
        "currency": currency,
        "received_on": received_on,
        "label": label,
    }
    record("payment.recorded", customer, payload, on=today, at=at, actor=actor)
    for invoice, share_minor in shares:
        allocate(payment, invoice, share_minor, today=today, at=at, actor=actor)
    return payment


@transaction.atomic
def allocate(
    source: Payment | Invoice, invoice: Invoice, amount_minor: int, *, today: date, at: datetime, actor: str = SYSTEM
) -> Allocation:
    """Set a part of a payment or credit note against an invoice of the same customer and currency, never beyond either."""
    if amount_minor <= 0:
        raise AmountNotPositive
    if source.currency != invoice.currency:
        raise CurrencyDiffers(paid=source.currency, billed=invoice.currency)
    assert source.customer_id == invoice.customer_id, "an allocation stays within one customer"
    lock_customers([invoice.customer_id])
    is_payment = isinstance(source, Payment)
    left_of_source = payment_remainder(source) if isinstance(source, Payment) else invoice_balance(source)
    left = min(left_of_source, invoice_balance(invoice))
    if amount_minor > left:
        raise TooMuchAllocated(left=decimal_string(left, invoice.currency))
    allocated_on = max(source.received_on if isinstance(source, Payment) else source.issued_on, invoice.issued_on)
    allocation = Allocation.objects.create(
        creditor=invoice.creditor, payment=source if isinstance(source, Payment) else None,
        credit_note=None if isinstance(source, Payment) else source,
        invoice=invoice, amount_minor=amount_minor, allocated_on=allocated_on, basis="hand",
    )  # fmt: skip
    mark_settled([invoice.pk] if is_payment else [invoice.pk, source.pk], [source.pk] if is_payment else [])
    payload = {"allocation": allocation.pk, "invoice": invoice.pk, "amount": amount_minor, "source": source.source_key}
    record("payment.allocated", invoice.customer, payload, on=today, at=at, actor=actor)
    return allocation


@transaction.atomic
def undo_allocation(allocation: Allocation, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Take an allocation back: the invoice is unpaid again by that amount, the money is a credit again."""
    lock_customers([allocation.invoice.customer_id])
    invoice, payment_id, credit_note_id = allocation.invoice, allocation.payment_id, allocation.credit_note_id
    payload = {
        "invoice": invoice.pk,
        "amount": allocation.amount_minor,
        "payment": payment_id,
        "credit_note": credit_note_id,
    }
    record("payment.unallocated", invoice.customer, payload, on=today, at=at, actor=actor)
    allocation.delete()
    mark_settled(
        [key for key in (invoice.pk, credit_note_id) if key is not None], [payment_id] if payment_id is not None else []
    )


@transaction.atomic
def remove_payment(payment: Payment, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Take back a payment recorded by hand, with its allocations; charges it paid are due again. One from a file is refused."""
    if payment.origin != "hand":
        raise PaymentFromFile
    lock_customers([payment.customer_id])
    payload = {"payment": payment.pk, "amount": payment.amount_minor, "received_on": payment.received_on}
    record("payment.removed", payment.customer, payload, on=today, at=at, actor=actor)
    unpay_charges(payment, today=today, at=at, actor=actor)
    invoice_ids = list(payment.allocations.values_list("invoice_id", flat=True))
    payment.delete()
    mark_settled(invoice_ids)
