"""Statements of a bank among the files dropped: taken in at once, matched by the job that they announce."""

import json
from datetime import date, datetime
from typing import Any

from exigible.features.bank.models import Application, BankStatement
from exigible.features.bank.proposing import match_statement
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


def match_kept(upload: Import, today: date, at: datetime) -> None:
    """Match at once the statements that a file brought, and say in its report how many payments that made."""
    statements = BankStatement.objects.of(upload.creditor).filter(document=upload.document)
    for key in statements.filter(state=BankStatement.State.WAITING).order_by("id").values_list("pk", flat=True):
        match_statement(key, at, today)
    report = json.loads(upload.report_json or "{}")
    kept = report.get("kept", {})
    if upload.state != Import.State.DONE or not kept.get("statements"):
        return
    made = Application.objects.of(upload.creditor).filter(transaction__statement__in=statements, was_booked=False)
    kept["applied"] = made.order_by().values("transaction_id").distinct().count()
    report["created"]["payments"] = made.count()
    upload.report_json = json.dumps(report, ensure_ascii=False)
    upload.save(update_fields=["report_json"])


def told(received: Received) -> dict[str, Any]:
    """What a bank file brought, in numbers."""
    return {
        "template": "imports/bank.html", "statements": len(received.statements), "known_statements": len(received.known),
        "movements": received.movements_new, "known_movements": received.movements_known, "denied": received.dropped,
    }  # fmt: skip
