"""Balances, open items and the aged balance: always derived, as of any date."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Allocation, Charge, Customer, Invoice, Payment

BUCKETS = ("not_due", "1-30", "31-60", "61-90", "90+")


def _sum(rows: QuerySet[Allocation]) -> int:
    return rows.aggregate(total=Sum("amount_minor"))["total"] or 0


def invoice_balance(invoice: Invoice, as_of: date | None = None) -> int:
    """Return what is left of an invoice to pay, or of a credit note to use, in minor units."""
    given = Q(credit_note=invoice) if invoice.kind == Invoice.Kind.CREDIT_NOTE else Q(invoice=invoice)
    rows = Allocation.objects.filter(given)
    return invoice.total_minor - _sum(rows.filter(allocated_on__lte=as_of) if as_of else rows)


def payment_remainder(payment: Payment) -> int:
    """Return what of a payment is set against no invoice and pays no charge, in minor units."""
    left = payment.amount_minor - _sum(Allocation.objects.filter(payment=payment))
    return max(0, left - charges_paid_by([payment.pk]).get(payment.pk, 0))


def charges_paid_by(payment_ids: Iterable[int]) -> dict[int, int]:
    """Return, per payment, what of it pays charges, in minor units; nothing for one that pays none.

    The accounts keep that part as a credit until the accountant writes the charge: the aged balance shows it so.
    """
    rows = Charge.objects.filter(payment_id__among=payment_ids).order_by().values_list("payment_id")
    return dict(rows.annotate(total=Sum("amount_minor")))


def settled_charges(customer_ids: Iterable[int], until: date) -> dict[int, dict[str, int]]:
    """Return, per invoice and kind of charge, what was waived or paid by a day, in minor units: it is not asked any more."""
    rows = Charge.objects.filter(invoice__customer_id__among=customer_ids, settled_on__lte=until)
    found: dict[int, dict[str, int]] = {}
    for key, kind, minor in rows.order_by().values_list("invoice_id", "kind").annotate(total=Sum("amount_minor")):
        found.setdefault(key, {})[kind] = minor
    return found


def unallocated_credits(customer_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return, per customer and currency, what of payments and credit notes is set against no invoice and pays no charge."""
    ids = list(customer_ids)
    credits: dict[int, dict[str, int]] = {}

    def add(customer_id: int, currency: str, amount_minor: int) -> None:
        if amount_minor:
            of_customer = credits.setdefault(customer_id, {})
            of_customer[currency] = of_customer.get(currency, 0) + amount_minor

    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        notes = Invoice.objects.filter(customer_id__among=chunk, kind=Invoice.Kind.CREDIT_NOTE, settled_on__isnull=True)
        for customer_id, currency, total, used in notes.annotate(used=Sum("credits_given__amount_minor")).values_list(
            "customer_id", "currency", "total_minor", "used"
        ):
            add(customer_id, currency, total - (used or 0))
        payments = Payment.objects.filter(customer_id__among=chunk, exhausted_on__isnull=True)
        money = list(
            payments.annotate(used=Sum("allocations__amount_minor")).values_list(
                "id", "customer_id", "currency", "amount_minor", "used"
            )
        )
        for_charges = charges_paid_by([key for key, *_facts in money]) if money else {}
        for key, customer_id, currency, amount, used in money:
            add(customer_id, currency, max(0, amount - (used or 0) - for_charges.get(key, 0)))
    return credits


class AgedRow(NamedTuple):
    """One customer's ageing: minor units per bucket of days past due, credits apart (negative), total."""

    customer_id: int
    reference: str
    name: str
    buckets: tuple[int, ...]
    unallocated: int
    total: int


def bucket_of(due: date | None, as_of: date) -> int:
    """Return the index in BUCKETS of an item due on a day; without a due date it is not due."""
    days = (as_of - due).days if due else 0
    return 0 if days <= 0 else 1 if days <= 30 else 2 if days <= 60 else 3 if days <= 90 else 4


def aged_balance(
    creditor: Creditor, as_of: date, currency: str, customer_ids: Iterable[int] | None = None
) -> list[AgedRow]:
    """Return the aged balance of a creditor on any date, in one currency, ordered by name.

    What was paid after the date counts as unpaid at it. Sum of buckets + unallocated = balance of the accounts 411 and 416.
    """
    within = {} if customer_ids is None else {"customer_id__in": list(customer_ids)}
    allocations = Allocation.objects.of(creditor).filter(allocated_on__lte=as_of)
    if customer_ids is not None:
        allocations = allocations.filter(invoice__customer_id__in=within["customer_id__in"])
    still = Q(settled_on__isnull=True) | Q(settled_on__gt=as_of)
    open_at = allocations.filter(Q(invoice__settled_on__isnull=True) | Q(invoice__settled_on__gt=as_of))
    paid = dict(open_at.order_by().values_list("invoice_id").annotate(total=Sum("amount_minor")))
    of_notes = allocations.filter(credit_note__isnull=False).order_by().values_list("credit_note_id")
    given = dict(of_notes.annotate(total=Sum("amount_minor")))
    of_payments = allocations.filter(payment__isnull=False, payment__received_on__lte=as_of)
    spent = dict(of_payments.order_by().values_list("payment_id").annotate(total=Sum("amount_minor")))
    table: dict[int, list[int]] = {}
    items = Invoice.objects.of(creditor).filter(still, issued_on__lte=as_of, currency=currency, **within)
    for key, customer_id, kind, due, total in items.values_list(
        "id", "customer_id", "kind", "due_on", "total_minor"
    ).iterator():
        row = table.setdefault(customer_id, [0] * 6)
        if kind == Invoice.Kind.CREDIT_NOTE:
            row[5] -= total - given.get(key, 0)
        else:
            row[bucket_of(due, as_of)] += total - paid.get(key, 0)
    money = Payment.objects.of(creditor).filter(received_on__lte=as_of, currency=currency, **within)
    money = money.filter(Q(exhausted_on__isnull=True) | Q(exhausted_on__gt=as_of))
    for key, customer_id, amount in money.values_list("id", "customer_id", "amount_minor").iterator():
        table.setdefault(customer_id, [0] * 6)[5] -= amount - spent.get(key, 0)
    customers = Customer.objects.of(creditor).order_by("name", "id")
    if customer_ids is not None:
        customers = customers.filter(pk__in=within["customer_id__in"])
    names = customers.values_list("id", "reference", "name")
    return [
        AgedRow(key, reference, name, tuple(found[:5]), found[5], sum(found))
        for key, reference, name in names
        if (found := table.get(key)) and any(found)
    ]
