"""Rows that are new to a file but not to the books: invoices of another format, payments recorded by hand."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from exigible.books.ledger.models import Allocation, Customer, Invoice, Payment
from exigible.books.ledger.posting_items import INVOICE_ITEM, INVOICE_STORED, PAYMENT_ITEM, invoice_item, payment_item
from exigible.books.ledger.posting_matches import become, overwrite
from exigible.books.ledger.posting_records import OWN_PAYMENTS, Item, Work, lookups, mapped_fields
from exigible.core.money import decimal_string
from exigible.formats.rows import InvoiceRow, PaymentRow

SAME_PAYMENT_DAYS = timedelta(days=5)


def match_other_formats(work: Work) -> None:
    """Take an invoice for the one that another format brought: same customer, number, amount, currency and nature."""
    kind = work.reading.format
    others = [pk for pk, known in work.past.formats.items() if known != kind]
    rows = [row for row in work.reading.invoices if row.source_key not in work.items and not row.is_opening]
    if not others or not rows:
        return
    taken = set(work.known_items())
    found: dict[tuple[Any, ...], list[tuple[Item, tuple[Any, ...]]]] = defaultdict(list)
    for some in lookups({row.number[:80] for row in rows}):
        known = Invoice.objects.of(work.creditor).filter(number__in=some, posting_id__in=others)
        for values in known.values_list(*INVOICE_ITEM, *INVOICE_STORED):
            item = invoice_item(values[: len(INVOICE_ITEM)])
            if item.key not in taken:
                identity = (item.customer_id, item.number, item.amount, item.currency, item.is_claim)
                found[identity].append((item, values[len(INVOICE_ITEM) :]))
    asking: dict[tuple[Any, ...], list[InvoiceRow]] = defaultdict(list)
    for row in rows:
        customer = work.customer_ids.get(row.customer_key)
        asking[customer, row.number[:80], row.total_minor, row.currency, row.signed_minor > 0].append(row)
    for identity, same in asking.items():
        if len(same) == len(found.get(identity, ())) == 1:
            (item, stored), (row,) = found[identity][0], same
            work.items[row.source_key] = [item]
            work.stored[row.source_key] = stored
            work.changes.aliases[row.source_key] = [item.key]


def recognise_payments(work: Work) -> None:
    """Take a payment of the file for one recorded by hand or from the bank: same customer and amount, at most five days apart.

    The payment becomes the file's; what it was set against by hand or from the bank yields to the file's lettering.
    """
    rows = [row for row in work.reading.payments if row.source_key not in work.items and not row.is_opening]
    if work.is_first or not rows:
        return
    by_hand: dict[tuple[int, str, int], list[Item]] = defaultdict(list)
    payments = Payment.objects.of(work.creditor).filter(origin__in=OWN_PAYMENTS).order_by("received_on", "id")
    for item in map(payment_item, payments.values_list(*PAYMENT_ITEM)):
        by_hand[item.customer_id, item.currency, item.amount].append(item)
    for row in rows:
        customer = work.customer_ids.get(row.customer_key, 0)
        waiting = by_hand.get((customer, row.currency, row.amount_minor), [])
        near = [item for item in waiting if abs(item.day - row.received) <= SAME_PAYMENT_DAYS]
        if not near or row.origin == "balance":
            continue
        item = min(near, key=lambda each: abs(each.day - row.received))
        waiting.remove(item)
        recorded_on = item.day
        become(work, item, row)
        name = Customer.objects.values_list("name", flat=True).get(pk=customer)
        amount = decimal_string(row.amount_minor, row.currency)
        told = {"customer": name, "amount": amount, "currency": row.currency}
        work.report.recognised.append(
            told | {"recorded_on": recorded_on.isoformat(), "received_on": row.received.isoformat()}
        )


def recognise_refunds(work: Work) -> None:
    """Take a claim for money given back for the one that the bank's return made: same customer and amount, a few days apart."""
    rows = [row for row in work.reading.invoices if row.source_key not in work.items and row.origin == "refund"]
    if work.is_first or not rows:
        return
    known = Invoice.objects.of(work.creditor).filter(origin="refund", posting=None, source_key__startswith="bank:")
    waiting = [invoice_item(values) for values in known.order_by("issued_on", "id").values_list(*INVOICE_ITEM)]
    for row in rows:
        sought = (work.customer_ids.get(row.customer_key, 0), row.currency, row.total_minor)
        near = [
            item
            for item in waiting
            if (item.customer_id, item.currency, item.amount) == sought
            and abs(item.day - row.issued) <= SAME_PAYMENT_DAYS
        ]
        if near:
            item = min(near, key=lambda each: abs(each.day - row.issued))
            waiting.remove(item)
            become(work, item, row)


def drop_stale_table_payments(work: Work) -> None:
    """A table says what was paid on each invoice so far: what the books know from elsewhere is not counted again."""
    if work.reading.format != "table" or work.is_ledger or work.is_first:
        return
    invoice_of = {each.source_key_credit: each.source_key_invoice for each in work.reading.allocations}
    known = {key: items[0] for key, items in work.items.items() if not items[0].is_payment and items[0].is_claim}
    paid = _paid_otherwise(work, {item.id for item in known.values()})
    kept, spent = [], {}
    for row in work.reading.payments:
        item = known.get(invoice_of.get(row.source_key, ""))
        amount = row.amount_minor - (paid.get((item.id, row.source_key), paid.get((item.id, ""), 0)) if item else 0)
        if amount > 0:
            kept.append(row._replace(amount_minor=amount))
            spent[row.source_key] = min(amount, item.amount - (row.amount_minor - amount)) if item else amount
            _change_paid(work, kept[-1])
    work.reading.payments = kept
    work.reading.allocations = [
        each._replace(amount_minor=min(each.amount_minor, spent[each.source_key_credit]))
        for each in work.reading.allocations
        if spent.get(each.source_key_credit, 0) > 0
    ]
    _forget_paid(work, known)


def _paid_otherwise(work: Work, invoice_ids: set[int]) -> dict[tuple[int, str], int]:
    """What invoices have allocated that their table payment (by its source key) does not explain."""
    total: dict[int, int] = defaultdict(int)
    own: dict[tuple[int, str], int] = defaultdict(int)
    for some in lookups(invoice_ids):
        rows = Allocation.objects.filter(invoice_id__in=some)
        for pk, key, amount in rows.values_list("invoice_id", "payment__source_key", "amount_minor"):
            total[pk] += amount
            if key:
                own[pk, key] += amount
    return {(pk, ""): amount for pk, amount in total.items()} | {
        (pk, key): total[pk] - amount for (pk, key), amount in own.items()
    }


def _change_paid(work: Work, row: PaymentRow) -> None:
    """What was paid so far has grown or was corrected: the payment that stands for it follows."""
    items = work.items.get(row.source_key)
    if not items or (items[0].amount, items[0].day) == (row.amount_minor, row.received):
        return
    values = {"amount_minor": row.amount_minor, "received_on": row.received, "origin": row.origin}
    overwrite(work, Payment, items[0], values)
    items[0].amount, items[0].day = row.amount_minor, row.received


def _forget_paid(work: Work, known: dict[str, Item]) -> None:
    """A payment that stood for what was paid so far, and of which the table now says nothing, is taken out."""
    if not {"open", "paid", "settled"} & mapped_fields(work.reading):
        return
    stated = {row.source_key for row in work.reading.payments}
    tables = [pk for pk, kind in work.past.formats.items() if kind == "table"]
    for some in lookups(item.id for item in known.values()):
        gone = Payment.objects.filter(
            allocations__invoice_id__in=some, posting_id__in=tables, origin__in=("balance", "bank")
        )
        for payment in gone.exclude(source_key__in=stated).distinct():
            remove_payment_row(work, payment)
    # A table payment whose invoice is not in the table any more stays: the table may only list what is open.


def remove_payment_row(work: Work, payment: Payment) -> None:
    """Take a payment that a file brought out of the books, with its allocations."""
    columns = [column.attname for column in Allocation._meta.concrete_fields]
    for values in Allocation.objects.filter(payment=payment).values_list(*columns):
        work.remove(Allocation, columns, values)
    columns = [column.attname for column in Payment._meta.concrete_fields]
    work.remove(Payment, columns, [getattr(payment, column) for column in columns])
    work.touch(payment.customer_id)
    work.touched_invoices.update(payment.allocations.values_list("invoice_id", flat=True))
    work.report.removed["payments"] += 1
    payment.delete()
