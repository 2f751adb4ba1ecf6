"""The originals of electronic invoices: each file is kept by its hash, as evidence of its invoice."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime

from exigible.books.creditors.models import Creditor
from exigible.books.documents.models import Evidence
from exigible.books.documents.operations import attach_to_invoice, store_document
from exigible.books.ledger.models import Invoice
from exigible.books.ledger.posting_records import lookups, past_of
from exigible.formats.archive import is_archive, members
from exigible.formats.recognise import recognise
from exigible.formats.rows import Reading

PDF, XML, ANY = "application/pdf", "application/xml", "application/octet-stream"


def media_type_of(body: bytes) -> str:
    """What a file is to a browser: a PDF, an electronic invoice in XML, or anything."""
    if body.startswith(b"%PDF"):
        return PDF
    return XML if recognise(body) in ("cii", "ubl") and not is_archive(body) else ANY


def attach_originals(
    creditor: Creditor, reading: Reading, body: bytes, name: str, *, today: date, at: datetime, actor: str
) -> int:
    """Attach each original to its invoice in the books; doing it twice changes nothing. Returns how many were attached."""
    if not reading.originals:
        return 0
    by_place = {place: key for key, place in reading.originals.items()}
    invoices = _invoices(creditor, list(reading.originals))
    attached = 0
    for place, (file_name, content) in enumerate(originals(body, name), 1):
        invoice = invoices.get(by_place.get(place, ""))
        if invoice is None:
            continue
        document = store_document(creditor, content, file_name, media_type_of(content), at)
        attach_to_invoice(invoice, document, Evidence.Proves.INVOICE, today=today, at=at, actor=actor)
        attached += 1
    return attached


def originals(body: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the file itself, or of each file of an archive."""
    if not is_archive(body):
        yield name, body
        return
    for member in members(body):
        yield member.name, member.body


def forget_originals(invoice_ids: set[int], body: bytes, name: str) -> None:
    """Take the originals of an import off the invoices that go with it; what others attached stays."""
    digests = {hashlib.sha256(content).hexdigest() for _name, content in originals(body, name)}
    for some in lookups(invoice_ids):
        proofs = Evidence.objects.filter(invoice_id__in=some, proves=Evidence.Proves.INVOICE)
        found = [pk for pk, digest in proofs.values_list("id", "document__digest") if digest in digests]
        Evidence.objects.filter(pk__in=found).delete()


def _invoices(creditor: Creditor, keys: list[str]) -> dict[str, Invoice]:
    """The invoices of the books by the source keys of a reading, whether it brought them or another file did."""
    found: dict[str, Invoice] = {}
    aliases = past_of(creditor).aliases
    ids = {pk: key for key in keys for is_payment, pk in aliases.get(key, ())[:1] if not is_payment}
    for some in lookups(ids):
        rows = Invoice.objects.of(creditor).select_related("customer", "creditor").in_bulk(some)
        found.update({ids[pk]: invoice for pk, invoice in rows.items()})
    for some in lookups(keys):
        for invoice in Invoice.objects.of(creditor).filter(source_key__in=some).select_related("customer", "creditor"):
            found[invoice.source_key] = invoice
    return found
