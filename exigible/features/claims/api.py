"""Invoices and credit notes over REST: what is open, since when, until when one can sue."""

from datetime import date
from typing import Annotated, Any, Literal

from django.db.models import QuerySet, Sum
from django.shortcuts import get_object_or_404
from ninja import Path, Router, Schema

from exigible.books.cases.models import Hold, Standing
from exigible.books.creditors.request import ApiRequest
from exigible.books.ledger.models import Allocation, Invoice
from exigible.common.rest import Cursor, Id, Limit, answers, page, words
from exigible.core.money import decimal_string
from exigible.features.claims.queries import holds_on

router = Router()
State = Literal["any", "open", "overdue", "settled"]


class InvoiceOut(Schema):
    """An invoice, a credit note or a deposit; amounts are strings in its currency."""

    id: int
    number: str
    kind: str
    customer: int
    customer_name: str
    issue_date: date
    due_date: date | None
    due_is_presumed: bool
    currency: str
    total: str
    open: str
    settled_on: date | None
    stage: str | None
    last_day_to_sue: date | None


class HoldOut(Schema):
    """Why an invoice waits."""

    reason: str
    since: date
    until: date | None
    amount: str | None


class InvoiceInFull(InvoiceOut):
    """An invoice with what holds it."""

    limitation_rule: str
    holds: list[HoldOut]


class InvoicesOut(Schema):
    """A page of invoices."""

    items: list[InvoiceOut]
    next: str | None


def invoice_json(invoice: Invoice, used_minor: int, standing: Standing | None) -> dict[str, Any]:
    """An invoice as programs read it; `used_minor` is what is set against it, or of a credit note what it was used for."""
    return {
        "id": invoice.pk, "number": invoice.number, "kind": invoice.kind, "customer": invoice.customer_id,
        "customer_name": invoice.customer.name, "issue_date": invoice.issued_on, "due_date": invoice.due_on,
        "due_is_presumed": invoice.due_origin != Invoice.DueOrigin.STATED, "currency": invoice.currency,
        "total": decimal_string(invoice.total_minor, invoice.currency),
        "open": decimal_string(invoice.total_minor - used_minor, invoice.currency), "settled_on": invoice.settled_on,
        "stage": standing.stage if standing else None, "last_day_to_sue": standing.last_day_to_sue if standing else None,
    }  # fmt: skip


def used_of(invoices: list[Invoice]) -> dict[int, int]:
    """What is set against invoices, and what credit notes were used for, in minor units; two queries."""
    ids = [invoice.pk for invoice in invoices]
    found: dict[int, int] = {}
    for column in ("invoice_id", "credit_note_id"):
        rows = Allocation.objects.filter(**{f"{column}__in": ids}).order_by().values_list(column)
        for key, minor in rows.annotate(used=Sum("amount_minor")):
            found[key] = found.get(key, 0) + minor
    return found


def _filtered(request: ApiRequest, number: str, status: State, customer: int | None) -> QuerySet[Invoice]:
    rows: QuerySet[Invoice] = Invoice.objects.of(request.creditor)
    if number:
        rows = rows.filter(number=number)
    if customer is not None:
        rows = rows.filter(customer_id=customer)
    if status in ("open", "overdue"):
        rows = rows.filter(settled_on__isnull=True)
    if status == "overdue":
        rows = rows.filter(due_on__lt=request.today).exclude(kind=Invoice.Kind.CREDIT_NOTE)
    return rows.filter(settled_on__isnull=False) if status == "settled" else rows


@router.get("", response=answers(InvoicesOut), summary="Invoices and credit notes, a page at a time")
def invoices(
    request: ApiRequest,
    *, number: Annotated[str, words(80)] = "", status: State = "any", customer: Id | None = None,
    after: Cursor = 0, limit: Limit = 50,
) -> dict[str, Any]:  # fmt: skip
    """The invoices of the company: of one number, of one customer, those that are open, overdue or settled."""
    rows = _filtered(request, number, status, customer).select_related("customer", "standing")
    found, following = page(rows, after, limit)
    used = used_of(found)
    items = [invoice_json(one, used.get(one.pk, 0), getattr(one, "standing", None)) for one in found]
    return {"items": items, "next": following}


@router.get("/{invoice_id}", response=answers(InvoiceInFull), summary="An invoice with what holds it")
def invoice(request: ApiRequest, invoice_id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> dict[str, Any]:
    """One invoice: its balance, its holds, and the last day to sue on it. Its statuses stand under /statuses."""
    rows = Invoice.objects.of(request.creditor).select_related("customer", "standing")
    found: Invoice = get_object_or_404(rows, pk=invoice_id)
    standing: Standing | None = getattr(found, "standing", None)
    told = invoice_json(found, used_of([found]).get(found.pk, 0), standing)
    holds = [_hold(hold, found.currency) for hold in holds_on(found, standing, request.today)]
    return told | {"limitation_rule": standing.limitation_rule if standing else "", "holds": holds}


def _hold(hold: Hold, currency: str) -> dict[str, Any]:
    amount = None if hold.amount_minor is None else decimal_string(hold.amount_minor, currency)
    return {"reason": hold.reason, "since": hold.from_on, "until": hold.until_on, "amount": amount}
