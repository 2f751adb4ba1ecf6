"""Statuses in: kept once with their raw message, attached to their invoice, and what follows from them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from exigible.books.creditors.models import Creditor
from exigible.books.documents.models import Document
from exigible.books.documents.operations import store_document
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Invoice
from exigible.common.bulk import insert_rows
from exigible.features.statuses.following import follow_invoices
from exigible.features.statuses.models import InvoiceStatus
from exigible.formats.rows import RowError, StatusRow
from exigible.formats.sentences import row_error

SOME = 500
SLACK = timedelta(days=1)
TOLD_AT_MOST = 200
COLUMNS = (
    "creditor_id", "invoice_id", "number", "buyer_siren", "code", "at", "reason", "reason_code", "platform", "amount_minor",
    "currency", "source", "document_id", "line", "paid_minor", "source_key", "received_at",
)  # fmt: skip


class RawMessage(NamedTuple):
    """What statuses came in: a file (or the file of an archive), or the body of a request."""

    name: str
    body: bytes
    media_type: str = "application/octet-stream"


@dataclass(slots=True)
class StatusReport:
    """What came of statuses: how many are new, known already, without an invoice yet, and which lines were left out."""

    created: int = 0
    unchanged: int = 0
    without_invoice: int = 0
    customer_ids: set[int] = field(default_factory=set)
    rejected: list[RowError] = field(default_factory=list)


class Coming(NamedTuple):
    """A status to keep, at its instant, with the key by which it is known."""

    row: StatusRow
    at: datetime
    key: str


@transaction.atomic
def keep_statuses(
    creditor: Creditor, rows: Sequence[StatusRow], messages: Mapping[int, RawMessage], source: str, *,
    today: date, at: datetime, actor: str = SYSTEM,
) -> StatusReport:  # fmt: skip
    """Keep statuses and let their invoices follow; one that is known already, whatever its file, changes nothing.

    `messages` gives the raw message of each `row.place`. A status of an invoice that the books do not hold waits for it.
    """
    report = StatusReport()
    coming = _new(creditor, rows, at, report)
    if not coming:
        return report
    invoices = invoices_of(creditor, [(each.row.number, each.row.siren) for each in coming])
    lock_customers(invoice.customer_id for invoice in invoices.values())
    documents = {place: _kept(creditor, messages[place], at) for place in sorted({each.row.place for each in coming})}
    _write(creditor, coming, invoices, documents, source=source, at=at)
    report.created = len(coming)
    _tell(creditor, coming, invoices, documents, report, today=today, at=at, actor=actor)
    found = {invoice.pk: invoice for invoice in invoices.values()}
    report.customer_ids = follow_invoices(creditor, found.values(), today=today, at=at, actor=actor)
    return report


def _kept(creditor: Creditor, message: RawMessage, at: datetime) -> Document:
    return store_document(creditor, message.body, message.name, message.media_type, at)


def _new(creditor: Creditor, rows: Sequence[StatusRow], at: datetime, report: StatusReport) -> list[Coming]:
    """The rows that are ours, not of the future and not known yet, each once."""
    zone = ZoneInfo(creditor.time_zone)
    coming: dict[str, Coming] = {}
    for row in rows:
        instant = row.at if row.at.tzinfo else row.at.replace(tzinfo=zone)
        if creditor.siren and row.seller and not row.seller.startswith(creditor.siren):
            report.rejected.append(row_error("status.seller", row.line, "seller", value=row.seller[:9]))
        elif instant > at + SLACK:
            report.rejected.append(row_error("status.future", row.line, "at"))
        else:
            each = Coming(row, instant.astimezone(zone), _key(row, instant))
            report.unchanged += each.key in coming
            coming.setdefault(each.key, each)
    keys = list(coming)
    for start in range(0, len(keys), SOME):
        known = InvoiceStatus.objects.of(creditor).filter(source_key__in=keys[start : start + SOME])
        for key in known.values_list("source_key", flat=True):
            del coming[key]
            report.unchanged += 1
    return list(coming.values())


def _key(row: StatusRow, instant: datetime) -> str:
    """What makes two messages the same, by whatever door they come."""
    told = (row.number, str(row.code), str(int(instant.timestamp())), row.platform.casefold())
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def invoices_of(creditor: Creditor, asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Invoice]:
    """The invoices of (number, SIREN of the buyer or ''): the only one of that number, else the only one of that buyer."""
    pairs = set(asked)
    numbers = sorted({number for number, _siren in pairs})
    by_number: dict[str, list[Invoice]] = {}
    for start in range(0, len(numbers), SOME):
        rows = Invoice.objects.of(creditor).filter(number__in=numbers[start : start + SOME])
        for invoice in rows.select_related("customer", "creditor"):
            by_number.setdefault(invoice.number, []).append(invoice)
    found: dict[tuple[str, str], Invoice] = {}
    for number, siren in pairs:
        same = by_number.get(number, [])
        if len(same) > 1 and siren:
            same = [invoice for invoice in same if invoice.customer.siren[:9] == siren[:9]]
        if len(same) == 1:
            found[number, siren] = same[0]
    return found


def _write(
    creditor: Creditor, coming: Sequence[Coming], invoices: Mapping[tuple[str, str], Invoice], documents: Mapping[int, Document],
    *, source: str, at: datetime,
) -> None:  # fmt: skip
    rows = []
    for each in coming:
        row, invoice = each.row, invoices.get((each.row.number, each.row.siren))
        rows.append(
            (creditor.pk, invoice.pk if invoice else None, row.number, row.siren, row.code, each.at, row.reason, row.reason_code,
             row.platform, row.amount_minor, row.currency, source, documents[row.place].pk, row.line, 0, each.key, at)
        )  # fmt: skip
    insert_rows(InvoiceStatus, COLUMNS, rows)


def _tell(
    creditor: Creditor, coming: Sequence[Coming], invoices: Mapping[tuple[str, str], Invoice], documents: Mapping[int, Document],
    report: StatusReport, *, today: date, at: datetime, actor: str,
) -> None:  # fmt: skip
    """One event for each customer whose invoices are told of, one for what has no invoice yet."""
    told: dict[int | None, list[dict[str, Any]]] = {}
    customers = {invoice.customer_id: invoice.customer for invoice in invoices.values()}
    for each in coming:
        invoice = invoices.get((each.row.number, each.row.siren))
        report.without_invoice += invoice is None
        told.setdefault(invoice.customer_id if invoice else None, []).append(
            {"number": each.row.number, "code": each.row.code, "at": each.at, "platform": each.row.platform,
             "document": documents[each.row.place].digest} | ({"invoice": invoice.pk} if invoice else {})
        )  # fmt: skip
    for customer_id, some in told.items():
        owner = creditor if customer_id is None else customers[customer_id]
        payload = {"count": len(some), "statuses": some[:TOLD_AT_MOST]}
        record("status.received", owner, payload, on=today, at=at, actor=actor)


@transaction.atomic
def follow_statuses(
    creditor: Creditor, customer_ids: Iterable[int], *, today: date, at: datetime, actor: str = SYSTEM
) -> set[int]:
    """After the books changed: statuses that waited for their invoice meet it, and those of these customers count anew.

    Returns the customers whose invoices were looked at; nothing is read further when no status was ever given.
    """
    statuses = InvoiceStatus.objects.of(creditor)
    if not statuses.exists():
        return set()
    touched = _attach_waiting(creditor)
    ids = sorted(set(customer_ids))
    for start in range(0, len(ids), SOME):
        some = statuses.filter(invoice__customer_id__in=ids[start : start + SOME])
        touched |= set(some.order_by().values_list("invoice_id", flat=True).distinct())
    invoices = Invoice.objects.of(creditor).filter(pk__among=touched).select_related("customer", "creditor")
    found = list(invoices.order_by("customer_id", "id"))
    lock_customers(invoice.customer_id for invoice in found)
    return follow_invoices(creditor, found, today=today, at=at, actor=actor)


def _attach_waiting(creditor: Creditor) -> set[int]:
    """Give the statuses without an invoice theirs, where the books hold it by now; returns the invoices."""
    waiting = InvoiceStatus.objects.of(creditor).filter(invoice__isnull=True)
    asked = {(number, siren) for number, siren in waiting.values_list("number", "buyer_siren")}
    found = invoices_of(creditor, asked)
    for (number, siren), invoice in found.items():
        waiting.filter(number=number, buyer_siren=siren).update(invoice=invoice)
    return {invoice.pk for invoice in found.values()}
