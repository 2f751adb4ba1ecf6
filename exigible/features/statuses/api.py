"""Statuses of electronic invoices over REST: told by a platform's connector, read back with what they mean."""

from datetime import date, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Field, Path, Router, Schema

from exigible.books.creditors.request import ApiRequest
from exigible.books.ledger.models import Invoice
from exigible.common.rest import Amount, Currency, Cursor, Id, Limit, answers, minor_of, page, words
from exigible.core.law.lifecycle import lifecycle
from exigible.core.money import decimal_string
from exigible.features.statuses.models import InvoiceStatus
from exigible.features.statuses.operations import RawMessage, keep_statuses
from exigible.features.statuses.queries import statuses_of
from exigible.formats.lifecycle import code_of, instant_of
from exigible.formats.rows import RowError, StatusRow
from exigible.formats.sentences import row_error

router, of_invoice = Router(), Router()
MOST = 1000


class StatusIn(Schema):
    """One status. `status` is its code or its name; `at` has its time zone, else it is local to the company."""

    number: Annotated[str, words(80, 1)]
    status: Annotated[str, words(60, 1)]
    at: Annotated[str, words(40, 8)]
    buyer_siren: Annotated[str, Field(pattern=r"^(\d{9}|\d{14})?$")] = ""
    reason: Annotated[str, words(300)] = ""
    reason_code: Annotated[str, words(40)] = ""
    platform: Annotated[str, words(120)] = ""
    amount: Amount | None = None
    currency: Currency = "EUR"


class StatusesIn(Schema):
    """One status or many."""

    statuses: Annotated[list[StatusIn], Field(min_length=1, max_length=MOST)]


class LeftOut(Schema):
    """A status that was not kept: its place in the request (from 1), and why."""

    line: int | None
    field: str
    reason: str


class KeptOut(Schema):
    """What came of the statuses."""

    created: int
    unchanged: int
    without_invoice: int
    rejected: list[LeftOut]


class StatusOut(Schema):
    """A status as kept; `document` is the SHA-256 of its raw message."""

    id: int
    invoice: int | None
    number: str
    code: int
    name: str
    at: datetime
    reason: str
    reason_code: str
    platform: str
    amount: str | None
    currency: str
    document: str


class StatusesOut(Schema):
    """A page of statuses."""

    items: list[StatusOut]
    next: str | None


class WaitsOut(Schema):
    """Why an invoice is not chased, what to do, and the last day of it."""

    reason: str
    act: str
    until: date | None


class OutcomeOut(Schema):
    """The statuses of one invoice, the last one first, and what they say together."""

    deposited_at: datetime | None
    received_at: datetime | None
    waits: list[WaitsOut]
    items: list[StatusOut]


@router.post("", response=answers(KeptOut), summary="Tell statuses of invoices")
def tell(request: ApiRequest, told: StatusesIn) -> dict[str, Any]:
    """Keep statuses with the body of this request as their raw message; sent twice, they are kept once."""
    rows: list[StatusRow] = []
    rejected: list[RowError] = []
    for line, one in enumerate(told.statuses, 1):
        found = _row(one, line)
        if isinstance(found, RowError):
            rejected.append(found)
        else:
            rows.append(found)
    raw = {0: RawMessage("statuses.json", bytes(request.body), "application/json")}
    report = keep_statuses(
        request.creditor, rows, raw, InvoiceStatus.Source.API, today=request.today, at=request.now, actor=request.actor
    )
    left_out = sorted([*rejected, *report.rejected], key=lambda error: error.line or 0)
    return {
        "created": report.created, "unchanged": report.unchanged, "without_invoice": report.without_invoice,
        "rejected": [{"line": error.line, "field": error.field, "reason": error.reason} for error in left_out],
    }  # fmt: skip


def _row(one: StatusIn, line: int) -> StatusRow | RowError:
    code = code_of(one.status)
    if code is None:
        return row_error("status.code", line, "status", value=one.status[:40])
    try:
        at = instant_of(one.at)
    except (ValueError, OverflowError):
        return row_error("status.at", line, "at", value=one.at)
    amount = None if one.amount is None else minor_of(one.amount, one.currency)
    return StatusRow(
        line, one.number.strip(), code, at, one.buyer_siren, "", one.reason, one.reason_code, one.platform, amount,
        one.currency if amount is not None else "",
    )  # fmt: skip


@router.get("", response=answers(StatusesOut), summary="Statuses, a page at a time")
def statuses(
    request: ApiRequest,
    invoice: Id | None = None,
    number: Annotated[str, words(80)] = "",
    after: Cursor = 0,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The statuses that were kept: all, those of one invoice, or those of one number."""
    rows = InvoiceStatus.objects.of(request.creditor).select_related("document")
    if invoice is not None:
        rows = rows.filter(invoice_id=invoice)
    if number:
        rows = rows.filter(number=number)
    found, following = page(rows, after, limit)
    return {
        "items": [_told(one, request.creditor.country, request.creditor.language) for one in found],
        "next": following,
    }


@of_invoice.get(
    "/{invoice_id}/statuses", response=answers(OutcomeOut), summary="The statuses of an invoice, and what they say"
)
def outcome(request: ApiRequest, invoice_id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> dict[str, Any]:
    """What platforms said of one invoice: what is proven, and why it waits."""
    invoice: Invoice = get_object_or_404(Invoice.objects.of(request.creditor), pk=invoice_id)
    shown = statuses_of(request.creditor, invoice, request.today)
    country, language = request.creditor.country, request.creditor.language
    return {
        "deposited_at": shown.deposit.status.at if shown.deposit else None,
        "received_at": shown.receipt.status.at if shown.receipt else None,
        "waits": [{"reason": each.words, "act": each.act, "until": each.until} for each in shown.waits],
        "items": [_told(line.status, country, language) for line in shown.lines],
    }  # fmt: skip


def _told(status: InvoiceStatus, country: str, language: str) -> dict[str, Any]:
    book = lifecycle(country)
    amount = None if status.amount_minor is None else decimal_string(status.amount_minor, status.currency or "EUR")
    return {
        "id": status.pk, "invoice": status.invoice_id, "number": status.number, "code": status.code,
        "name": book.name(status.code, language) if book else str(status.code), "at": status.at, "reason": status.reason,
        "reason_code": status.reason_code, "platform": status.platform, "amount": amount, "currency": status.currency,
        "document": status.document.digest,
    }  # fmt: skip
