"""The report of a file that posts nothing to the ledger, in the shape of every report."""

from typing import Any

from exigible.books.ledger.posting_records import error_json
from exigible.features.imports.models import Import
from exigible.formats.rows import Reading, RowError

SHOWN = 200
COUNTED = ("customers", "invoices", "payments", "allocations")


def empty_report(upload: Import, reading: Reading, rejected: list[RowError]) -> dict[str, Any]:
    """The report of a file that posts nothing to the ledger, in the shape of every report."""
    return {
        **{part: dict.fromkeys(COUNTED, 0) for part in ("created", "updated", "removed")},
        "unchanged": 0, "recognised": [], "rejected": [error_json(error) for error in rejected[:SHOWN]],
        "rejected_count": len(rejected), "warnings": [error_json(warning) for warning in reading.warnings[:SHOWN]],
        "control": {
            "currency": upload.creditor.currency, "file": 0, "book": 0, "difference": 0, "differences": [], "accounts": {}, "elsewhere": 0,
        },
    }  # fmt: skip
