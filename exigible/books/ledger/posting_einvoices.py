"""Electronic invoices beside what the books know: whose they are, who bought, and what was prepaid on them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Customer
from exigible.books.ledger.posting_records import posting_error
from exigible.formats.einvoice import EInvoice, plain_vat
from exigible.formats.rows import CustomerRow, Reading, RowError


class Known(NamedTuple):
    """A customer of the books, as far as an invoice may name it."""

    reference: str
    name: str
    siren: str
    vat: str
    stated: frozenset[str]


def for_creditor(creditor: Creditor, reading: Reading) -> Reading:
    """The reading with what is the creditor's own to collect, its buyers under the references that the books have.

    What others sold, and what the creditor bought, is left out with a sentence. A creditor without a SIREN takes all.
    """
    if reading.refusal is not None or not reading.einvoices:
        return reading
    own = creditor.siren.replace(" ", "")[:9]
    errors = {key: found for key, each in reading.einvoices.items() if (found := _not_ours(own, each, reading, key))}
    reading = _without(reading, errors)
    if errors and not reading.invoices:
        return Reading(reading.format, refusal=next(iter(errors.values())))
    return _adopted(creditor, reading)


def _not_ours(own: str, invoice: EInvoice, reading: Reading, key: str) -> RowError | None:
    seller, buyer = invoice.seller, invoice.buyer
    facts = {"number": invoice.number, "seller": seller.name, "buyer": buyer.name}
    if own and buyer.siren == own:
        return posting_error("posting.purchase", reading.originals[key], **facts)
    if own and seller.siren and seller.siren != own:
        return posting_error("posting.other_seller", reading.originals[key], **facts)
    return None


def _without(reading: Reading, errors: dict[str, RowError]) -> Reading:
    """The reading without some of its invoices, and without what was prepaid on them."""
    if not errors:
        return reading
    invoices = [row for row in reading.invoices if row.source_key not in errors]
    allocations = [each for each in reading.allocations if each.source_key_invoice not in errors]
    gone = {each.source_key_credit for each in reading.allocations if each.source_key_invoice in errors}
    lines = {reading.originals[key] for key in errors}
    buyers = {row.customer_key for row in invoices}
    return replace(
        reading,
        invoices=invoices,
        allocations=allocations,
        payments=[row for row in reading.payments if row.source_key not in gone and row.line not in lines],
        customers=[row for row in reading.customers if row.key in buyers],
        errors=[*reading.errors, *errors.values()],
        warnings=[each for each in reading.warnings if each.line not in lines],
        einvoices={key: each for key, each in reading.einvoices.items() if key not in errors},
        originals={key: place for key, place in reading.originals.items() if key not in errors},
    )


def _adopted(creditor: Creditor, reading: Reading) -> Reading:
    """The reading with each buyer that the books know under its reference there; only what the books lack is stated."""
    find = _finder(creditor)
    renamed: dict[str, str] = {}
    customers: dict[str, CustomerRow] = {}
    for row in reading.customers:
        known = find(row)
        renamed[row.key] = known.reference if known else row.key
        stated = _lacking(row, known) if known else row
        customers.setdefault(stated.key, stated)
    return replace(
        reading,
        customers=list(customers.values()),
        invoices=[row._replace(customer_key=renamed[row.customer_key]) for row in reading.invoices],
        payments=[row._replace(customer_key=renamed[row.customer_key]) for row in reading.payments],
    )


def _finder(creditor: Creditor) -> Callable[[CustomerRow], Known | None]:
    """Finds a buyer among the customers: by SIREN, else by VAT number, else by its name alone where neither contradicts it.

    Where several share a number (branches of one firm), the one of the same name, else the first by reference.
    """
    by: dict[tuple[str, str], list[Known]] = defaultdict(list)
    columns = ("reference", "name", "siren", "vat_number", "address", "postcode", "city", "country")
    rows = Customer.objects.of(creditor).order_by("reference").values_list(*columns)
    for reference, name, siren, vat, *others in rows.iterator():
        filled = {column for column, value in zip(columns[4:], others, strict=True) if value}
        known = Known(reference, name, siren.replace(" ", "")[:9], plain_vat(vat), frozenset(filled))
        by["name", folded(name)].append(known)
        by["siren", known.siren].append(known)
        by["vat", known.vat].append(known)

    def find(row: CustomerRow) -> Known | None:
        for kind, value in (("siren", row.siren), ("vat", row.vat)):
            same = by.get((kind, value), []) if value else []
            if same:
                return next((each for each in same if folded(each.name) == folded(row.name)), same[0])
        named = [each for each in by.get(("name", folded(row.name)), []) if not _differ(each, row)]
        return named[0] if len(named) == 1 else None

    return find


def _differ(known: Known, row: CustomerRow) -> bool:
    return any(ours and theirs and ours != theirs for ours, theirs in ((known.siren, row.siren), (known.vat, row.vat)))


def folded(name: str) -> str:
    """A name without case, marks and superfluous blanks, as two programs may write it."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in name.casefold()).split())


def _lacking(row: CustomerRow, known: Known) -> CustomerRow:
    """What the invoice states and the books lack: the accountant's name, address and numbers stand."""
    stated = row._replace(
        key=known.reference,
        name=known.reference,
        siren="" if known.siren else row.siren,
        vat="" if known.vat else row.vat,
        country="" if "country" in known.stated else row.country,
    )
    if known.stated & {"address", "postcode", "city"}:
        return stated._replace(address_lines=(), postcode="", city="")
    return stated
