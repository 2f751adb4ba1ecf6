"""Takes a posting back: deletes what it created and puts back what it changed, while nothing rests on it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.models import (
    Allocation,
    Charge,
    Contact,
    Correction,
    Customer,
    Invoice,
    Payment,
    Posting,
    RecoveryCost,
)
from exigible.books.ledger.operations import mark_settled
from exigible.books.ledger.posting_records import OWN_BASES, OWN_PAYMENTS, from_ranges, lookups
from exigible.common.bulk import insert_rows, update_rows
from exigible.common.errors import Refused
from exigible.core.typography import amount

MODELS: dict[str, type[models.Model]] = {
    "customer": Customer, "contact": Contact, "invoice": Invoice, "payment": Payment, "allocation": Allocation,
}  # fmt: skip


class AlreadyUndone(Refused):
    """This import was undone already."""


class PostingRestsOnIt(Refused):
    """« %(name)s » was imported afterwards for the same customers: undo it first."""


class PaymentRestsOnIt(Refused):
    """A payment of %(amount)s by %(customer)s was recorded by hand or from the bank on these invoices: take it back first."""


class AllocationRestsOnIt(Refused):
    """An amount was set by hand or from the bank against invoice %(number)s of %(customer)s: undo that first."""


class ChargeRestsOnIt(Refused):
    """Interest, an indemnity or costs are recorded on invoice %(number)s of %(customer)s; the import can no longer be undone."""


@transaction.atomic
def undo_posting(posting: Posting, today: date, *, at: datetime, actor: str = SYSTEM) -> set[int]:
    """Undo a posting; returns the customers whose books changed and who are still there.

    Refused, with what rests on it: a later posting for the same customers, money or allocations by hand, charges.
    What stands above the ledger (cases, steps, messages) is the caller's to check and to clear first.
    """
    if not Posting.objects.filter(pk=posting.pk, undone_at__isnull=True).update(undone_at=at):
        raise AlreadyUndone
    told = json.loads(posting.changes)
    assert isinstance(told, dict), "a posting says what it changed"
    customers = from_ranges(told["customers"])
    _refuse_if_later(posting, customers)
    _refuse_if_by_hand(posting)
    invoices, payments = _ends_of_allocations(posting, told)
    Allocation.objects.filter(posting=posting).delete()
    _put_back_values(told["updated"])
    _delete_created(posting)
    _put_back_rows(told["removed"])
    mark_settled(invoices, payments)
    payload = {"posting": posting.pk, "file": posting.name, "digest": posting.digest}
    record("ledger.undone", posting.creditor, payload, on=today, at=at, actor=actor)
    return set(Customer.objects.filter(pk__in=list(customers)).values_list("id", flat=True)) if customers else set()


def created_invoices(posting: Posting) -> models.QuerySet[Any]:
    """The invoices that go when this posting is undone."""
    return Invoice.objects.filter(posting=posting).exclude(pk__in=taken_over(posting, "invoice"))


def taken_over(posting: Posting, model: str) -> list[int]:
    """The rows that this posting made its own and gives back: recognised payments, opening items."""
    told = json.loads(posting.changes)
    return [pk for name, pk, old in told["updated"] if name == model and "posting_id" in old]


def _refuse_if_later(posting: Posting, customers: set[int]) -> None:
    later = Posting.objects.filter(creditor=posting.creditor, undone_at__isnull=True, pk__gt=posting.pk).order_by("-pk")
    for other in later:
        told = json.loads(other.changes)
        if isinstance(told, dict) and customers & from_ranges(told["customers"]):
            raise PostingRestsOnIt(name=other.name)


def _refuse_if_by_hand(posting: Posting) -> None:
    own = Q(invoice__posting=posting) | Q(payment__posting=posting) | Q(credit_note__posting=posting)
    by_hand = Allocation.objects.filter(own, basis__in=OWN_BASES, posting__isnull=True)
    found = by_hand.select_related("invoice__customer", "payment").order_by("-id").first()
    if found is not None:
        facts = {"customer": found.invoice.customer.name, "number": found.invoice.number}
        if found.payment is not None and found.payment.origin in OWN_PAYMENTS:
            raise PaymentRestsOnIt(amount=_amount(found.payment), **facts)
        raise AllocationRestsOnIt(**facts)
    own_money = Payment.objects.filter(origin__in=OWN_PAYMENTS, customer__posting=posting)
    money = own_money.select_related("customer").first()
    if money is not None:
        raise PaymentRestsOnIt(amount=_amount(money), customer=money.customer.name)
    on_charges = Q(invoice__posting=posting) | Q(payment__posting=posting)
    cost = RecoveryCost.objects.filter(invoice__posting=posting).select_related("invoice__customer").first()
    if cost is not None:
        raise ChargeRestsOnIt(number=cost.invoice.number, customer=cost.invoice.customer.name)
    charge = Charge.objects.filter(on_charges).select_related("invoice__customer").first()
    if charge is not None:
        raise ChargeRestsOnIt(number=charge.invoice.number, customer=charge.invoice.customer.name)


def _amount(payment: Payment) -> str:
    return amount(payment.amount_minor, payment.currency, payment.creditor.language)


def _ends_of_allocations(posting: Posting, told: dict[str, Any]) -> tuple[set[int], set[int]]:
    """The items whose settlement must be looked at again."""
    invoices: set[int] = set()
    payments: set[int] = set()
    made = Allocation.objects.filter(posting=posting).exclude(invoice__posting=posting, payment__posting=posting)
    ends = [*made.values_list("invoice_id", "credit_note_id", "payment_id")]
    ends += [
        (row["invoice_id"], row["credit_note_id"], row["payment_id"])
        for name, row in told["removed"]
        if name == "allocation"
    ]
    for invoice, credit_note, payment in ends:
        invoices.update(key for key in (invoice, credit_note) if key is not None)
        payments.update([payment] if payment is not None else [])
    for name, pk, _old in told["updated"]:
        if name in ("invoice", "payment"):
            (invoices if name == "invoice" else payments).add(pk)
    return invoices, payments


def _put_back_values(updated: Iterable[Sequence[Any]]) -> None:
    """Old values, the last change first: a row changed twice ends as it was before both."""
    for name, pk, old in reversed(list(updated)):
        if old:
            model = MODELS[name]
            update_rows(model, tuple(old), [(*_typed(model, old).values(), pk)])


def _put_back_rows(removed: Iterable[Sequence[Any]]) -> None:
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, values in removed:
        rows[name].append(_typed(MODELS[name], values))
    for name in ("payment", "allocation"):
        if rows[name]:
            insert_rows(MODELS[name], tuple(rows[name][0]), [tuple(values.values()) for values in rows[name]])


def _typed(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """Values as the database takes them: JSON knows no dates."""
    fields = {column.attname: column for column in model._meta.concrete_fields}
    return {
        name: value if value is None or isinstance(fields[name], models.ForeignKey) else fields[name].to_python(value)
        for name, value in values.items()
    }


def _delete_created(posting: Posting) -> None:
    """Delete set-wise: what hangs on these rows above the ledger was cleared by the caller. Contacts go with their customer."""
    for ids in lookups(Customer.objects.filter(posting=posting).values_list("id", flat=True)):
        Contact.objects.filter(customer_id__in=ids)._raw_delete("default")
    for ids in lookups(Invoice.objects.filter(posting=posting).values_list("id", flat=True)):
        Correction.objects.filter(credit_note_id__in=ids)._raw_delete("default")
    for model in (Payment, Invoice, Contact, Customer):
        for ids in lookups(model.objects.filter(posting=posting).values_list("id", flat=True)):
            model.objects.filter(pk__in=ids)._raw_delete("default")
