"""Statements of a bank among the files dropped: taken in at once, matched by the job that they announce."""

from datetime import date, datetime
from typing import Any

from exigible.features.bank.receiving import Received, keep_statements
from exigible.features.imports.models import Import
from exigible.features.outbox.freshness import go_on
from exigible.formats.rows import Reading


def kept_statements(upload: Import, reading: Reading, *, today: date, at: datetime) -> dict[str, Any]:
    """Keep the statements of a bank file, and say what was new of them; what waited for fresher money goes on."""
    received = keep_statements(
        upload.creditor, reading, upload.document, upload.name, upload.uploaded_by, today=today, at=at
    )
    if not received.is_nothing:
        go_on(upload.creditor, today)
    return told(received)


def told(received: Received) -> dict[str, Any]:
    """What a bank file brought, in numbers."""
    return {
        "template": "imports/bank.html", "statements": len(received.statements), "known_statements": len(received.known),
        "movements": received.movements_new, "known_movements": received.movements_known, "denied": received.dropped,
    }  # fmt: skip
