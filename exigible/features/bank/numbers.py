"""Keeps the keys under which open invoices are found by their numbers: written for what is new, when movements are matched."""

from collections.abc import Iterable

from django.db import transaction

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Invoice
from exigible.common.bulk import insert_rows, plain_rows
from exigible.core.matching import number_key
from exigible.features.bank.models import NumberIndex, NumberKey

CHUNK = 100_000
COLUMNS = ("creditor_id", "key", "invoice_id")
MOST_ALIKE = 36  # a key that more open invoices share tells nothing


@transaction.atomic
def index_numbers(creditor: Creditor) -> int:
    """Write the keys of open invoices that came since the last time; returns how many."""
    row, _made = NumberIndex.objects.select_for_update(no_key=True).get_or_create(creditor=creditor)
    last, written = row.last_invoice, 0
    while True:
        rows = Invoice.objects.of(creditor).filter(pk__gt=last).order_by("pk")
        found = plain_rows(rows.values_list("pk", "number", "settled_on")[:CHUNK])
        if not found:
            break
        last = found[-1][0]
        written += insert_rows(
            NumberKey,
            COLUMNS,
            [(creditor.pk, number_key(number), pk) for pk, number, settled in found if settled is None],
        )
    if last != row.last_invoice:
        NumberIndex.objects.filter(pk=row.pk).update(last_invoice=last)
    return written


@transaction.atomic
def index_again(creditor: Creditor, invoice_ids: Iterable[int]) -> None:
    """Write the keys of invoices that are open again, or whose number was told later."""
    ids = set(invoice_ids)
    known = NumberKey.objects.of(creditor).filter(invoice_id__among=ids)
    had = set(known.values_list("invoice_id", "key"))
    rows = Invoice.objects.of(creditor).filter(pk__among=ids).values_list("pk", "number")
    now = {(pk, number_key(number)) for pk, number in rows}
    insert_rows(NumberKey, COLUMNS, [(creditor.pk, key, pk) for pk, key in sorted(now - had)])


def invoices_of_keys(creditor: Creditor, keys: Iterable[str]) -> dict[str, list[int]]:
    """Return the invoices under each key, those keys left out that say nothing."""
    found: dict[str, list[int]] = {}
    rows = NumberKey.objects.of(creditor).filter(key__among_texts=set(keys))
    for key, pk in plain_rows(rows.values_list("key", "invoice_id")):
        found.setdefault(key, []).append(pk)
    return {key: ids for key, ids in found.items() if len(ids) <= MOST_ALIKE}
