"""Stores documents once, by their hash, and says what they prove."""

import hashlib
from datetime import date, datetime

from django.db import transaction

from exigible.books.creditors.models import Creditor
from exigible.books.documents.models import Document, DocumentContent, Evidence
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.models import Invoice


@transaction.atomic
def store_document(creditor: Creditor, body: bytes, name: str, media_type: str, at: datetime) -> Document:
    """Store bytes and return their document; the same bytes of a creditor are stored once."""
    digest = hashlib.sha256(body).hexdigest()
    document, created = Document.objects.get_or_create(
        creditor=creditor,
        digest=digest,
        defaults={"name": name[:255], "media_type": media_type, "size_bytes": len(body), "stored_at": at},
    )
    if created:
        DocumentContent.objects.create(document=document, body=body)
    return document


def read_document(document: Document) -> bytes:
    """Return the bytes of a document, as they were stored; asserts that they still have their hash."""
    body = bytes(document.content.body)
    assert hashlib.sha256(body).hexdigest() == document.digest, "a stored document was altered"
    return body


@transaction.atomic
def attach_to_invoice(
    invoice: Invoice, document: Document, proves: str, *, today: date, at: datetime, actor: str = SYSTEM
) -> Evidence:
    """Say that a document proves something of an invoice; saying it twice changes nothing."""
    evidence, created = Evidence.objects.get_or_create(
        creditor=invoice.creditor, document=document, invoice=invoice, proves=proves, defaults={"added_on": today}
    )
    if created:
        payload = {"invoice": invoice.pk, "document": document.digest, "proves": proves, "name": document.name}
        record("document.attached", invoice.customer, payload, on=today, at=at, actor=actor)
    return evidence
