"""Customers, their balance and their payments over REST."""

from datetime import date
from typing import Annotated, Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from ninja import Field, Path, Query, Router, Schema, Status

from exigible.books.creditors.request import ApiRequest
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Customer, Invoice, Payment
from exigible.books.ledger.queries import invoice_balance, payment_remainder
from exigible.common.errors import Refused
from exigible.common.rest import Amount, Currency, Cursor, Day, Id, Limit, answers, minor_of, page, words
from exigible.core.money import decimal_string
from exigible.features.customers.account import account
from exigible.features.customers.balance import balance_json
from exigible.features.customers.operations import receive_payment

router, balance, payments = Router(), Router(), Router()
MOST_SHARES = 200


class CustomerUnknown(Refused):
    """No customer has the reference %(reference)s; import the ledger that holds it, or correct the reference."""


class InvoiceUnknown(Refused):
    """This customer has no single invoice %(number)s; give the invoice's id."""


class KeyReused(Refused):
    """Another payment of this customer was recorded under the key %(key)s; use a new key for a new payment."""


class CustomerOut(Schema):
    """A customer, as the accounts know it."""

    id: int
    reference: str
    name: str
    kind: str
    siren: str
    vat_number: str
    country: str
    city: str
    language: str


class FigureOut(Schema):
    """What is owed in one currency."""

    currency: str
    overdue: str
    not_due: str
    credits: str
    balance: str


class AccountOut(CustomerOut):
    """A customer with what is owed."""

    case: int | None
    stage: str
    on_hold: bool
    figures: list[FigureOut]


class CustomersOut(Schema):
    """A page of customers."""

    items: list[CustomerOut]
    next: str | None


class ShareIn(Schema):
    """An invoice, by its id or its number, and how much of the payment it gets (all it can take when not said)."""

    invoice: Id | None = None
    number: Annotated[str, words(80)] = ""
    amount: Amount | None = None


class PaymentIn(Schema):
    """Money received. `key` names it for your program: sent twice, it is recorded once."""

    customer: Id | None = None
    reference: Annotated[str, words(60)] = ""
    amount: Amount
    currency: Currency = "EUR"
    received_on: Day
    label: Annotated[str, words(200)] = ""
    key: Annotated[str, words(80)] = ""
    invoices: Annotated[list[ShareIn], Field(max_length=MOST_SHARES)] = []


class PaymentOut(Schema):
    """A payment as it stands."""

    id: int
    customer: int
    amount: str
    currency: str
    received_on: date
    label: str
    allocated: str
    is_new: bool


def customer_json(customer: Customer) -> dict[str, Any]:
    """A customer as programs read it."""
    names = ("id", "reference", "name", "kind", "siren", "vat_number", "country", "city", "language")
    return {name: getattr(customer, name) for name in names}


@router.get("", response=answers(CustomersOut), summary="Customers, a page at a time")
def customers(
    request: ApiRequest, reference: Annotated[str, words(60)] = "", siren: Annotated[str, words(14)] = "",
    after: Cursor = 0, limit: Limit = 50,
) -> dict[str, Any]:  # fmt: skip
    """The customers of the company, perhaps of one reference or SIREN."""
    rows = Customer.objects.of(request.creditor)
    if reference:
        rows = rows.filter(reference=reference)
    if siren:
        rows = rows.filter(siren=siren)
    found, following = page(rows, after, limit)
    return {"items": [customer_json(one) for one in found], "next": following}


@router.get("/{customer_id}", response=answers(AccountOut), summary="A customer with what is owed")
def customer(request: ApiRequest, customer_id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> dict[str, Any]:
    """One customer, what is owed in each currency, and whether anything is on hold."""
    found = get_object_or_404(Customer.objects.of(request.creditor).select_related("creditor"), pk=customer_id)
    shown = account(found, request.today)
    names = ("overdue", "not_due", "credits", "balance")
    figures = [
        {"currency": one.currency} | {name: decimal_string(getattr(one, name), one.currency) for name in names}
        for one in shown.figures
    ]
    case = shown.case.pk if shown.case else None
    return customer_json(found) | {"case": case, "stage": shown.stage, "on_hold": bool(shown.holds), "figures": figures}


@balance.get("", response=answers(dict[str, Any]), summary="The aged balance")
def aged(
    request: ApiRequest,
    as_of: Annotated[Day | None, Query()] = None,
    currency: Annotated[Currency | None, Query()] = None,
) -> dict[str, Any]:
    """The aged balance of a day in one currency, as `exigible balance` gives it."""
    return balance_json(request.creditor, as_of or request.today, currency or request.creditor.currency)


@payments.post("", response=answers(PaymentOut, status=201), summary="Record a payment")
def record(request: ApiRequest, payment: PaymentIn) -> Status:  # type: ignore[type-arg]
    """Record money received, and what it pays; what is not set against an invoice stays as a credit."""
    minor = minor_of(payment.amount, payment.currency)
    with transaction.atomic():
        customer = _customer(request, payment)
        lock_customers([customer.pk])
        known = (
            Payment.objects.of(request.creditor).filter(customer=customer, origin="hand", reference=payment.key).first()
        )
        if payment.key and known is not None:
            if (known.amount_minor, known.currency, known.received_on) != (
                minor,
                payment.currency,
                payment.received_on,
            ):
                raise KeyReused(key=payment.key)
            return Status(201, _told(known, is_new=False))
        made = receive_payment(
            customer, minor, payment.received_on, _shares(customer, payment, minor), today=request.today, at=request.now,
            currency=payment.currency, label=payment.label, actor=request.actor,
        )  # fmt: skip
        if payment.key:
            Payment.objects.filter(pk=made.pk).update(reference=payment.key)
    return Status(201, _told(made, is_new=True))


def _customer(request: ApiRequest, payment: PaymentIn) -> Customer:
    rows = Customer.objects.of(request.creditor).select_related("creditor")
    if payment.customer is not None:
        named: Customer = get_object_or_404(rows, pk=payment.customer)
        return named
    found: Customer | None = rows.filter(reference=payment.reference).first() if payment.reference else None
    if found is None:
        raise CustomerUnknown(reference=payment.reference or "-")
    return found


def _shares(customer: Customer, payment: PaymentIn, minor: int) -> list[tuple[Invoice, int]]:
    shares: list[tuple[Invoice, int]] = []
    left = minor
    for share in payment.invoices:
        rows = Invoice.objects.filter(customer=customer, currency=payment.currency).exclude(
            kind=Invoice.Kind.CREDIT_NOTE
        )
        found = list(rows.filter(pk=share.invoice) if share.invoice else rows.filter(number=share.number))
        if len(found) != 1:
            raise InvoiceUnknown(number=share.number or str(share.invoice))
        amount = minor_of(share.amount, payment.currency) if share.amount else min(left, invoice_balance(found[0]))
        shares.append((found[0], amount))
        left -= amount
    return shares


def _told(payment: Payment, *, is_new: bool) -> dict[str, Any]:
    allocated = payment.amount_minor - payment_remainder(payment)
    return {
        "id": payment.pk, "customer": payment.customer_id, "amount": decimal_string(payment.amount_minor, payment.currency),
        "currency": payment.currency, "received_on": payment.received_on, "label": payment.label,
        "allocated": decimal_string(allocated, payment.currency), "is_new": is_new,
    }  # fmt: skip
