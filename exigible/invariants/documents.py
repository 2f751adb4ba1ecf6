"""A document's bytes are those that its hash names."""

import hashlib
from collections.abc import Iterator

from exigible.books.creditors.models import Creditor
from exigible.books.documents.models import Document

CHUNK = 100


def broken_documents(creditor: Creditor) -> Iterator[str]:
    """Yield each document whose bytes are missing or are not those of its hash."""
    rows = Document.objects.of(creditor).select_related("content").order_by("id")
    last = 0
    while found := list(rows.filter(id__gt=last)[:CHUNK]):
        last = found[-1].pk
        for document in found:
            if not hasattr(document, "content"):
                yield f"document {document.pk} ({document.name}) has lost its bytes"
            elif hashlib.sha256(bytes(document.content.body)).hexdigest() != document.digest:
                yield f"document {document.pk} ({document.name}) was altered"
