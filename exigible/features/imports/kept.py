"""Files that hold no rows of the ledger: who keeps what they say. One line a kind of file."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from exigible.features.imports.kept_bank import kept_statements
from exigible.features.imports.models import Import
from exigible.features.imports.originals import media_type_of, originals
from exigible.features.imports.registers import keep_notice_file, keep_register_file
from exigible.features.imports.reports import empty_report
from exigible.features.statuses.models import InvoiceStatus
from exigible.features.statuses.operations import RawMessage, keep_statuses
from exigible.formats.rows import Reading

Told = dict[str, Any]
Keeper = Callable[..., Told]


def keep_bank_file(upload: Import, reading: Reading, body: bytes, *, today: date, at: datetime, actor: str) -> Told:
    """Take in the statements of a bank."""
    kept = kept_statements(upload, reading, today=today, at=at)
    return empty_report(upload, reading, reading.errors) | {"unchanged": kept["known_movements"], "kept": kept}


def keep_status_file(upload: Import, reading: Reading, body: bytes, *, today: date, at: datetime, actor: str) -> Told:
    """Keep the statuses of a table, or of the messages of platforms."""
    is_table = reading.format == "statuses"
    wanted = {row.place for row in reading.statuses}
    messages = {0: RawMessage(upload.name, body, media_type_of(body))}
    if wanted - {0}:
        files = enumerate(originals(body, upload.name), 1)
        messages = {
            place: RawMessage(name, content, "application/xml") for place, (name, content) in files if place in wanted
        }
    source = InvoiceStatus.Source.TABLE if is_table else InvoiceStatus.Source.MESSAGE
    report = keep_statuses(upload.creditor, reading.statuses, messages, source, today=today, at=at, actor=actor)
    told = empty_report(upload, reading, [*reading.errors, *report.rejected])
    return told | {
        "unchanged": report.unchanged,
        "kept": {
            "template": "imports/statuses.html", "statuses": report.created, "without_invoice": report.without_invoice,
            "unchanged": report.unchanged, "accounts": len(report.customer_ids),
        },
    }  # fmt: skip


KEEPERS: dict[str, Keeper] = {
    "statuses": keep_status_file, "cdar": keep_status_file, "register": keep_register_file, "bodacc": keep_notice_file,
}  # fmt: skip


def keeper_of(reading: Reading) -> Keeper | None:
    """Who keeps what a file says, when it is no ledger: by its kind, or because it holds statements of a bank."""
    return keep_bank_file if reading.statements else KEEPERS.get(reading.format)


def preview_kept(upload: Import, reading: Reading, body: bytes, *, today: date, at: datetime, actor: str) -> Told:
    """Keep what a file says, look, and take it back."""
    with transaction.atomic():
        keeper = keeper_of(reading)
        assert keeper is not None, "only a file that somebody keeps is looked at so"
        told = keeper(upload, reading, body, today=today, at=at, actor=actor)
        transaction.set_rollback(True)
    return told
