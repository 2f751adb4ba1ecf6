"""Invoices and payments of a file: which of them the books know, which are new, what a newer file completes."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from exigible.books.journal.models import Event, EventPayload
from exigible.books.ledger.models import Invoice, Payment
from exigible.books.ledger.posting_records import Item, ItemId, Row, Work, lookups, posting_error
from exigible.common.bulk import insert_rows, reserve_ids, update_rows
from exigible.core.law.terms import TermsError, due_date, parse_terms
from exigible.core.money import decimal_string
from exigible.core.typography import short_day
from exigible.formats.rows import InvoiceRow, PaymentRow

ITEM = ("id", "customer_id", "currency", "origin", "posting_id")
INVOICE_ITEM = (*ITEM, "kind", "total_minor", "issued_on", "number", "settled_on")
PAYMENT_ITEM = (*ITEM, "amount_minor", "received_on", "reference", "exhausted_on")
INVOICE_STORED = ("due_on", "due_origin", "net_minor", "label", "order_reference", "is_confirmed", "account")
PAYMENT_STORED = ("label", "account")
INVOICE_COLUMNS = (
    "id", "creditor_id", "posting_id", "customer_id", "kind", "number", "issued_on", "due_on", "due_origin", "currency", "total_minor",
    "net_minor", "label", "account", "order_reference", "origin", "is_confirmed", "source_key", "settled_on",
)  # fmt: skip
PAYMENT_COLUMNS = (
    "id", "creditor_id", "posting_id", "customer_id", "received_on", "currency", "amount_minor", "label", "reference", "account",
    "origin", "source_key", "exhausted_on",
)  # fmt: skip
PRESUMED = (Invoice.DueOrigin.CUSTOMER, Invoice.DueOrigin.CREDITOR, Invoice.DueOrigin.DEFAULT, Invoice.DueOrigin.NONE)
USUAL_TERMS = "30"


class Due(NamedTuple):
    """A due date and where it comes from."""

    on: date | None
    origin: str


def invoice_item(values: Iterable[Any]) -> Item:
    """An item from INVOICE_ITEM columns."""
    pk, customer, currency, origin, posting, kind, total, issued, number, settled = values
    is_claim = kind != Invoice.Kind.CREDIT_NOTE
    return Item(pk, False, is_claim, customer, total, issued, currency, number, origin, posting, settled)


def payment_item(values: Iterable[Any]) -> Item:
    """An item from PAYMENT_ITEM columns."""
    pk, customer, currency, origin, posting, amount, received, reference, exhausted = values
    return Item(pk, True, False, customer, amount, received, currency, reference, origin, posting, exhausted)


def find_known(work: Work) -> None:
    """Find the rows whose source key the books have; aliases lead to items that were known otherwise."""
    if work.is_first:
        return
    keys = [row.source_key for rows in (work.reading.invoices, work.reading.payments) for row in rows]
    for some in lookups(keys):
        invoices = Invoice.objects.of(work.creditor).filter(source_key__in=some)
        for key, *values in invoices.values_list("source_key", *INVOICE_ITEM, *INVOICE_STORED):
            work.items[key] = [invoice_item(values[: len(INVOICE_ITEM)])]
            work.stored[key] = tuple(values[len(INVOICE_ITEM) :])
        payments = Payment.objects.of(work.creditor).filter(source_key__in=some)
        for key, *values in payments.values_list("source_key", *PAYMENT_ITEM, *PAYMENT_STORED):
            work.items[key] = [payment_item(values[: len(PAYMENT_ITEM)])]
            work.stored[key] = tuple(values[len(PAYMENT_ITEM) :])
    aliased = {key: work.past.aliases[key] for key in keys if key not in work.items and key in work.past.aliases}
    found = items_by_id({item_id for ids in aliased.values() for item_id in ids})
    for key, ids in aliased.items():
        if all(item_id in found for item_id in ids):
            work.items[key] = [found[item_id] for item_id in ids]


def items_by_id(ids: set[ItemId]) -> dict[ItemId, Item]:
    """Items of the books by whether they are payments, and primary key."""
    found: dict[ItemId, Item] = {}
    for some in lookups(pk for is_payment, pk in ids if not is_payment):
        for values in Invoice.objects.filter(pk__in=some).values_list(*INVOICE_ITEM):
            item = invoice_item(values)
            found[item.key] = item
    for some in lookups(pk for is_payment, pk in ids if is_payment):
        for values in Payment.objects.filter(pk__in=some).values_list(*PAYMENT_ITEM):
            item = payment_item(values)
            found[item.key] = item
    return found


def items_of_customers(customer_ids: Iterable[int]) -> list[Item]:
    """All the items of customers."""
    found: list[Item] = []
    for some in lookups(customer_ids):
        invoices = Invoice.objects.filter(customer_id__in=some).order_by("issued_on", "id")
        found.extend(map(invoice_item, invoices.values_list(*INVOICE_ITEM)))
        payments = Payment.objects.filter(customer_id__in=some).order_by("received_on", "id")
        found.extend(map(payment_item, payments.values_list(*PAYMENT_ITEM)))
    return found


def make_new(work: Work) -> tuple[list[tuple[InvoiceRow, Item]], list[tuple[PaymentRow, Item]]]:
    """Give an item to each row that the books do not know."""
    invoices = [row for row in work.reading.invoices if row.source_key not in work.items and _has_customer(work, row)]
    payments = [row for row in work.reading.payments if row.source_key not in work.items and _has_customer(work, row)]
    made_invoices, made_payments = [], []
    for invoice, pk in zip(invoices, reserve_ids(Invoice, len(invoices)) if invoices else (), strict=True):
        customer = work.customer_ids[invoice.customer_key]
        is_claim = invoice.kind != "credit_note"
        item = Item(pk, False, is_claim, customer, invoice.total_minor, invoice.issued, invoice.currency, is_new=True)
        work.items[invoice.source_key] = [item]
        made_invoices.append((invoice, item))
        work.report.openings_new += invoice.is_opening
    for payment, pk in zip(payments, reserve_ids(Payment, len(payments)) if payments else (), strict=True):
        customer = work.customer_ids[payment.customer_key]
        item = Item(pk, True, False, customer, payment.amount_minor, payment.received, payment.currency, is_new=True)
        work.items[payment.source_key] = [item]
        made_payments.append((payment, item))
        work.report.openings_new += payment.is_opening
    return made_invoices, made_payments


def _has_customer(work: Work, row: Row) -> bool:
    if row.customer_key in work.customer_ids:
        return True
    work.reject("posting.no_customer", row.line, given=row.customer_key)
    return False


class DueDates:
    """The due date of invoices: as stated, else by the customer's terms, else by the creditor's, else 30 days."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._read: dict[str, Any] = {}

    def of(self, issued: date, stated: date | None, customer_id: int) -> Due:
        """The due date of a claim."""
        if stated is not None:
            return Due(stated, Invoice.DueOrigin.STATED)
        terms = self._terms(self.work.terms.get(customer_id, ""), customer_id)
        if terms is not None:
            return Due(due_date(issued, terms), Invoice.DueOrigin.CUSTOMER)
        terms = self._terms(self.work.creditor.default_terms, None)
        if terms is not None:
            return Due(due_date(issued, terms), Invoice.DueOrigin.CREDITOR)
        return Due(due_date(issued, parse_terms(USUAL_TERMS)), Invoice.DueOrigin.DEFAULT)

    def _terms(self, text: str, customer_id: int | None) -> Any:
        if not text.strip():
            return None
        if text not in self._read:
            try:
                self._read[text] = parse_terms(text)
            except TermsError:
                self._read[text] = None
                if customer_id is not None:
                    number = next((key for key, pk in self.work.customer_ids.items() if pk == customer_id), "")
                    self.work.report.notes.append(posting_error("posting.terms", number=number, given=text))
        return self._read[text]


def write_new(
    work: Work, invoices: list[tuple[InvoiceRow, Item]], payments: list[tuple[PaymentRow, Item]], dues: DueDates
) -> None:
    """Write the new rows, settled as their allocations say."""
    creditor, posting = work.creditor.pk, work.posting.pk
    rows = []
    for invoice, item in invoices:
        due = dues.of(invoice.issued, invoice.due, item.customer_id) if item.is_claim else Due(invoice.due, "none")
        rows.append(
            (item.id, creditor, posting, item.customer_id, invoice.kind, invoice.number[:80], invoice.issued, due.on, due.origin,
             invoice.currency, invoice.total_minor, invoice.net_minor, invoice.label[:200], invoice.account[:20],
             invoice.order_reference[:80], invoice.origin, invoice.origin == "sale", invoice.source_key, item.settled_on())
        )  # fmt: skip
    insert_rows(Invoice, INVOICE_COLUMNS, rows)
    insert_rows(
        Payment,
        PAYMENT_COLUMNS,
        [
            (item.id, creditor, posting, item.customer_id, payment.received, payment.currency, payment.amount_minor,
             payment.label[:200], payment.reference[:80], payment.account[:20], payment.origin, payment.source_key,
             item.settled_on())
            for payment, item in payments
        ],
    )  # fmt: skip
    work.changes.customers.update(item.customer_id for _row, item in (*invoices, *payments))
    work.report.created["invoices"] += len(invoices)
    work.report.created["payments"] += len(payments)


def complete_known(work: Work, dues: DueDates) -> None:
    """Complete what the books know with what the file adds; a row whose substance differs is left out and named."""
    columns = ("due_on", "due_origin", "net_minor", "label", "order_reference", "is_confirmed", "origin")
    invoices, payments = [], []
    for row in work.reading.invoices:
        items = work.items.get(row.source_key)
        if not items or items[0].is_new:
            continue
        stored = work.stored.get(row.source_key)
        if stored is None or items[0].is_payment:
            work.report.unchanged += 1
        elif _is_same(work, row, items[0]):
            values = _completed(row, stored, items[0])
            if values is None or not _may_move_due(work, items[0], stored, values):
                work.report.unchanged += 1
                continue
            old = (*stored[:6], items[0].origin)
            differing = {name: was for name, was, now in zip(columns, old, values, strict=True) if was != now}
            work.update(Invoice, items[0].id, differing)
            work.touch(items[0].customer_id)
            invoices.append((*values, items[0].id))
    for payment in work.reading.payments:
        items = work.items.get(payment.source_key)
        if items and not items[0].is_new and _is_same(work, payment, items[0]):
            label = work.stored.get(payment.source_key, (payment.label,))[0]
            if not label and payment.label:
                work.update(Payment, items[0].id, {"label": label})
                payments.append((payment.label[:200], items[0].id))
            else:
                work.report.unchanged += 1
    update_rows(Invoice, columns, invoices)
    update_rows(Payment, ("label",), payments)
    work.report.updated["invoices"] += len(invoices)
    work.report.updated["payments"] += len(payments)


def _is_same(work: Work, row: Row, item: Item) -> bool:
    """Say whether a row has the substance that the books have; an opening row stands for what it brings forward."""
    key = row.source_key
    if key not in work.stored or key in work.changes.aliases or key in work.past.aliases:
        return True
    given, day = (row.amount_minor, row.received) if isinstance(row, PaymentRow) else (row.total_minor, row.issued)
    number = row.reference if isinstance(row, PaymentRow) else row.number
    if work.customer_ids.get(row.customer_key) != item.customer_id:
        work.reject("posting.other_customer", row.line, number=number, known=item.customer_id, given=row.customer_key)
        work.items.pop(row.source_key)
    elif (row.signed_minor > 0) != item.is_claim or isinstance(row, PaymentRow) != item.is_payment:
        known = "payment" if item.is_payment else "claim" if item.is_claim else "credit note"
        work.reject("posting.other_nature", row.line, number=number, known=known, given=getattr(row, "kind", "payment"))
    elif given != item.amount or row.currency != item.currency:
        known = f"{decimal_string(item.amount, item.currency)} {item.currency}"
        amount = f"{decimal_string(given, row.currency)} {row.currency}"
        work.reject("posting.other_amount", row.line, number=number, known=known, given=amount)
    elif day != item.day:
        known, told = (short_day(each, work.creditor.language) for each in (item.day, day))
        work.reject("posting.other_day", row.line, number=number, known=known, given=told)
    else:
        return True
    return False


def _completed(row: InvoiceRow, stored: tuple[Any, ...], item: Item) -> tuple[Any, ...] | None:
    """The columns with what the file adds, or None when it adds nothing."""
    due_on, due_origin, net, label, order, confirmed, _account = stored
    values = [due_on, due_origin, net, label, order, confirmed, item.origin]
    if row.due is not None and row.due != due_on:
        values[:2] = [row.due, Invoice.DueOrigin.STATED]
    elif row.due is not None and due_origin in PRESUMED and item.is_claim:
        values[1] = Invoice.DueOrigin.STATED
    values[2] = row.net_minor if net is None else net
    values[3] = label or row.label[:200]
    values[4] = order or row.order_reference[:80]
    if item.origin in ("other", "refund") and row.origin == "sale":
        values[5], values[6] = True, "sale"
    return None if values == [*stored[:6], item.origin] else tuple(values)


def _may_move_due(work: Work, item: Item, stored: tuple[Any, ...], values: tuple[Any, ...]) -> bool:
    """A due date that a person stated is not the file's to change."""
    if stored[1] != Invoice.DueOrigin.STATED or stored[0] == values[0]:
        return True
    events = Event.objects.filter(customer_id=item.customer_id, kind="invoice.changed").values_list("id", flat=True)
    bodies = EventPayload.objects.filter(event_id__in=list(events), body__contains=f'"invoice":{item.id},')
    return not bodies.filter(body__contains='"due_on"').exists()


def presume_again(work: Work, dues: DueDates) -> None:
    """Count the presumed due dates of customers again whose terms the file gives anew."""
    changed = []
    for some in lookups(work.terms_changed):
        rows = Invoice.objects.filter(customer_id__in=some, due_origin__in=PRESUMED).exclude(posting=work.posting)
        rows = rows.exclude(kind=Invoice.Kind.CREDIT_NOTE)
        for pk, customer, issued, due_on, origin in rows.values_list(
            "id", "customer_id", "issued_on", "due_on", "due_origin"
        ):
            due = dues.of(issued, None, customer)
            if due != (due_on, origin):
                work.update(Invoice, pk, {"due_on": due_on, "due_origin": origin})
                work.touch(customer)
                changed.append((due.on, due.origin, pk))
    update_rows(Invoice, ("due_on", "due_origin"), changed)
    work.report.updated["invoices"] += len(changed)
