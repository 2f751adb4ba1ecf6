"""Invoices that a ledger and an electronic invoice state in two ways: known by their number, never claimed twice."""

from collections import defaultdict
from typing import Any

from exigible.books.ledger.models import Allocation, Customer, Invoice
from exigible.books.ledger.posting_customers import reference_of
from exigible.books.ledger.posting_einvoices import folded
from exigible.books.ledger.posting_items import INVOICE_ITEM, INVOICE_STORED, invoice_item
from exigible.books.ledger.posting_records import Item, Work, lookups
from exigible.common.bulk import update_rows
from exigible.core.money import decimal_string
from exigible.formats.einvoice import SYNTAXES
from exigible.formats.rows import InvoiceRow

Stored = tuple[Item, tuple[Any, ...]]


def adopt_references(work: Work) -> None:
    """Give customers that electronic invoices brought the reference that the ledger has for the same name.

    Only where the name is the same letter for letter and stands once on either side: a doubt makes two customers.
    """
    brought = [pk for pk, kind in work.past.formats.items() if kind in SYNTAXES]
    if work.reading.format in SYNTAXES or not brought:
        return
    ours: dict[str, list[tuple[int, str]]] = defaultdict(list)
    rows = Customer.objects.of(work.creditor).filter(posting_id__in=brought)
    for pk, reference, name in rows.values_list("id", "reference", "name"):
        ours[folded(name)].append((pk, reference))
    theirs: dict[str, list[str]] = defaultdict(list)
    for row in work.reading.customers:
        theirs[folded(row.name)].append(reference_of(row.key))
    asked = [(*ours[name][0], given[0]) for name, given in theirs.items() if len(ours.get(name, ())) == len(given) == 1]
    taken = set(
        Customer.objects.of(work.creditor)
        .filter(reference__in=[new for *_, new in asked])
        .values_list("reference", flat=True)
    )
    changed = [(pk, old, new) for pk, old, new in asked if old != new and new not in taken]
    for pk, old, _new in changed:
        work.update(Customer, pk, {"reference": old})
        work.touch(pk)
    update_rows(Customer, ("reference",), [(new, pk) for pk, _old, new in changed])


def match_stated_otherwise(work: Work) -> None:
    """Take an electronic invoice for the one of the ledger that has its number and what it asks for after a prepayment.

    One that has its number and neither its total nor that is left out: two claims for one invoice would be asked for.
    """
    others = [pk for pk, kind in work.past.formats.items() if kind not in SYNTAXES]
    rows = [row for row in work.reading.invoices if row.source_key not in work.items]
    if work.reading.format not in SYNTAXES or not others or not rows:
        return
    found = _by_number(work, {row.number[:80] for row in rows}, others)
    for row in rows:
        same = found.get((work.customer_ids.get(row.customer_key, 0), row.number[:80], row.kind != "credit_note"), [])
        if not same:
            continue
        invoice = work.reading.einvoices[row.source_key]
        alike = [each for each in same if each[0].currency == row.currency and each[0].amount == invoice.payable]
        if len(alike) == 1:
            ((item, stored),) = alike
            work.items[row.source_key], work.stored[row.source_key] = [item], stored
            work.changes.aliases[row.source_key] = [item.key]
        else:
            _leave_out(work, row, same[0][0])


def match_net_of_prepayment(work: Work) -> None:
    """Take an invoice of a ledger for the electronic one of its number that asks for just its amount after a prepayment.

    The ledger keeps it less the advance (account 4191), the books keep its total and what was prepaid: one claim.
    """
    brought = [pk for pk, kind in work.past.formats.items() if kind in SYNTAXES]
    if work.reading.format in SYNTAXES or not brought:
        return
    rows = [row for row in work.reading.invoices if row.source_key not in work.items and row.kind != "credit_note"]
    found = _by_number(work, {row.number[:80] for row in rows}, brought)
    prepaid = _prepaid({item.id for some in found.values() for item, _ in some})
    for row in rows:
        same = found.get((work.customer_ids.get(row.customer_key, 0), row.number[:80], True), [])
        alike = [
            each for each in same
            if each[0].id in prepaid and each[0].currency == row.currency
            and each[0].amount - prepaid[each[0].id] == row.total_minor
        ]  # fmt: skip
        if len(alike) == 1:
            ((item, stored),) = alike
            work.items[row.source_key], work.stored[row.source_key] = [item], stored
            work.changes.aliases[row.source_key] = [item.key]
            work.net_of_prepayment.add(item.id)


def _prepaid(invoice_ids: set[int]) -> dict[int, int]:
    """What invoices said was paid before them, by invoice."""
    found: dict[int, int] = defaultdict(int)
    for some in lookups(invoice_ids):
        rows = Allocation.objects.filter(invoice_id__in=some, payment__origin="balance")
        for pk, amount in rows.values_list("invoice_id", "amount_minor"):
            found[pk] += amount
    return found


def _by_number(work: Work, numbers: set[str], postings: list[int]) -> dict[tuple[int, str, bool], list[Stored]]:
    """The invoices of other files by customer, number and side, those taken already left aside."""
    taken = set(work.known_items())
    found: dict[tuple[int, str, bool], list[Stored]] = defaultdict(list)
    for some in lookups(numbers):
        known = Invoice.objects.of(work.creditor).filter(number__in=some, posting_id__in=postings)
        for values in known.values_list(*INVOICE_ITEM, *INVOICE_STORED):
            item = invoice_item(values[: len(INVOICE_ITEM)])
            if item.key not in taken:
                found[item.customer_id, item.number, item.is_claim].append((item, values[len(INVOICE_ITEM) :]))
    return found


def _leave_out(work: Work, row: InvoiceRow, item: Item) -> None:
    known = f"{decimal_string(item.amount, item.currency)} {item.currency}"
    given = f"{decimal_string(row.total_minor, row.currency)} {row.currency}"
    work.reject("posting.other_amount", row.line, number=row.number, known=known, given=given)
    gone = {each.source_key_credit for each in work.reading.allocations if each.source_key_invoice == row.source_key}
    reading = work.reading
    reading.invoices = [each for each in reading.invoices if each.source_key != row.source_key]
    reading.payments = [each for each in reading.payments if each.source_key not in gone]
    reading.allocations = [each for each in reading.allocations if each.source_key_invoice != row.source_key]


def drop_known_prepayments(work: Work) -> None:
    """What an invoice says was prepaid counts only when the invoice itself is new: where the books knew it from the ledger,
    they know its payments too."""
    if work.reading.format not in SYNTAXES or work.is_first:
        return
    invoice_of = {each.source_key_credit: each.source_key_invoice for each in work.reading.allocations}
    dropped = {
        row.source_key
        for row in work.reading.payments
        if row.source_key not in work.items and invoice_of.get(row.source_key) in work.items
    }
    work.reading.payments = [row for row in work.reading.payments if row.source_key not in dropped]
    work.reading.allocations = [each for each in work.reading.allocations if each.source_key_credit not in dropped]
