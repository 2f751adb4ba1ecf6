"""Credit notes that say which invoice they correct: set against it when both are known, in whichever order they come."""

from collections import defaultdict

from exigible.books.ledger.models import Correction, Invoice
from exigible.books.ledger.posting_items import INVOICE_ITEM, invoice_item
from exigible.books.ledger.posting_records import Item, Work, lookups
from exigible.common.bulk import insert_rows
from exigible.formats.rows import AllocationRow

Named = tuple[int, str, str]  # customer, number, currency


def allocate_corrections(work: Work) -> None:
    """Add to the file's allocations what its credit notes, and those of the books, say they correct.

    Only where customer and currency agree and one invoice has that number; the accountant's letters come first.
    """
    stated = _stated(work)
    has_known = not work.is_first and Correction.objects.of(work.creditor).exists()
    if not stated and not has_known:
        return
    claims = _claims_of_file(work)
    if not work.is_first:
        stated |= _known_corrections(work, {number for _, number, _ in claims})
        _add_claims_of_books(work, claims, {number for _, number in stated})
    keys = {id(items[0]): key for key, items in work.items.items() if len(items) == 1}
    rows = []
    for (_, number), credit in sorted(stated.items(), key=lambda pair: pair[0]):
        found = claims.get((credit.customer_id, number, credit.currency), [])
        if len(found) != 1:
            continue
        claim = found[0]
        ends = [keys.get(id(item), f"books:{item.id}") for item in (credit, claim)]
        for key, item in zip(ends, (credit, claim), strict=True):
            work.items.setdefault(key, [item])  # one of the books is made known to this posting
        on, amount = max(credit.day, claim.day), min(credit.amount, claim.amount)
        rows.append(AllocationRow(ends[0], "credit_note", ends[1], amount, on, "reference"))
    work.reading.allocations = [*rows, *work.reading.allocations]


def write_corrections(work: Work) -> None:
    """Keep which invoices the credit notes of the file correct."""
    stated = set(_stated(work))
    known: set[tuple[int, str]] = set()
    for some in lookups({pk for pk, _ in stated}):
        rows = Correction.objects.filter(credit_note_id__in=some)
        known.update(rows.values_list("credit_note_id", "number"))
    new = [(work.creditor.pk, pk, number) for pk, number in sorted(stated - known)]
    insert_rows(Correction, ("creditor_id", "credit_note_id", "number"), new)


def _stated(work: Work) -> dict[tuple[int, str], Item]:
    """The credit notes of the file by their id and a number that they correct."""
    return {
        (item.id, number[:80]): item
        for key, invoice in work.reading.einvoices.items()
        if invoice.kind == "credit_note" and (item := _one(work, key)) is not None
        for number in invoice.corrects
        if number
    }


def _one(work: Work, source_key: str) -> Item | None:
    items = work.items.get(source_key, [])
    return items[0] if len(items) == 1 and not items[0].is_payment and not items[0].is_claim else None


def _claims_of_file(work: Work) -> dict[Named, list[Item]]:
    """The claims of the file by customer, number and currency."""
    found: dict[Named, list[Item]] = defaultdict(list)
    for row in work.reading.invoices:
        items = work.items.get(row.source_key, [])
        if row.kind != "credit_note" and len(items) == 1 and items[0].is_claim:
            found[items[0].customer_id, row.number[:80], row.currency].append(items[0])
    return found


def _known_corrections(work: Work, numbers: set[str]) -> dict[tuple[int, str], Item]:
    """The credit notes of the books that correct an invoice of the file, or that the file holds."""
    pairs: set[tuple[int, str]] = set()
    notes = [item.id for item in work.known_items().values() if not item.is_claim and not item.is_payment]
    for column, values in (("number__in", numbers), ("credit_note_id__in", notes)):
        for some in lookups(values):
            rows = Correction.objects.of(work.creditor).filter(**{column: some})
            pairs.update(rows.values_list("credit_note_id", "number"))
    items: dict[int, Item] = {item.id: item for item in work.known_items().values() if not item.is_payment}
    for some in lookups({pk for pk, _ in pairs} - items.keys()):
        items.update({item.id: item for item in _of_books(work, pk__in=some)})
    return {(pk, number): items[pk] for pk, number in pairs if pk in items}


def _add_claims_of_books(work: Work, claims: dict[Named, list[Item]], numbers: set[str]) -> None:
    """The claims of the books that have one of these numbers and that the file does not hold."""
    held = {item.id for some in claims.values() for item in some}
    for some in lookups(numbers):
        for item in _of_books(work, number__in=some):
            if item.is_claim and item.id not in held:
                claims[item.customer_id, item.number, item.currency].append(item)


def _of_books(work: Work, **wanted: object) -> list[Item]:
    rows = Invoice.objects.of(work.creditor).filter(**wanted).values_list(*INVOICE_ITEM)
    return [invoice_item(values) for values in rows]
