"""What the screens show of statuses: those of an invoice with what follows from them, and those that wait for theirs."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import get_language

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Invoice
from exigible.common.paging import Page, page_of
from exigible.core.law.lifecycle import Lifecycle, lifecycle
from exigible.features.statuses.following import outcome_of
from exigible.features.statuses.models import InvoiceStatus

MOST = 200


class Line(NamedTuple):
    """A status with its name on screen."""

    status: InvoiceStatus
    name: str


class Waits(NamedTuple):
    """Why an invoice is not chased, since which status, until when, and what to do."""

    words: str
    act: str
    line: Line
    until: date | None


class Shown(NamedTuple):
    """The statuses of an invoice, the last one first; what proves deposit and receipt; what it waits for."""

    lines: list[Line]
    deposit: Line | None
    receipt: Line | None
    waits: list[Waits]


def language() -> str:
    """Return the language of the screen, as the law's data name it."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def statuses_of(creditor: Creditor, invoice: Invoice, today: date) -> Shown:
    """What platforms said of one invoice, and what follows."""
    book = lifecycle(creditor.country)
    rows = list(
        InvoiceStatus.objects.of(creditor)
        .filter(invoice=invoice)
        .select_related("document")
        .order_by("-at", "-code", "-id")[:MOST]
    )
    found = outcome_of(creditor, rows) if book and rows else None
    lines = _lines(book, rows)
    if found is None or book is None:
        return Shown(lines, None, None, [])
    by_key = {str(line.status.pk): line for line in lines}
    waits = [
        Waits(each.reason.words[language()], each.reason.act[language()], by_key[each.told.key], each.until)
        for each in found.blocking
        if each.until is None or each.until >= today
    ]
    deposit = by_key[found.deposit.key] if found.deposit else None
    return Shown(lines, deposit, by_key[found.receipt.key] if found.receipt else None, waits)


def _lines(book: Lifecycle | None, rows: list[InvoiceStatus]) -> list[Line]:
    return [Line(row, book.name(row.code, language()) if book else str(row.code)) for row in rows]


def waiting_statuses(creditor: Creditor, after: str, before: str) -> Page:
    """The statuses whose invoice the books do not hold, the last one received first, a page at a time."""
    rows = InvoiceStatus.objects.of(creditor).filter(invoice__isnull=True).select_related("document")
    found = page_of(rows, ("-id",), after, before)
    return found._replace(rows=_lines(lifecycle(creditor.country), found.rows))
