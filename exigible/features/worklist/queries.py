"""worklist: what a person should do today, in the order of the screen, and why; for the screen's neighbours and the command line."""

from datetime import date
from typing import Any

from exigible.books.creditors.models import Creditor
from exigible.core.money import decimal_string
from exigible.features.messages.wording import because_sentence
from exigible.features.worklist.deadlines import limit_rows
from exigible.features.worklist.delays import delay_rows
from exigible.features.worklist.faults import fault_rows
from exigible.features.worklist.rows import GROUPS, Row, rows_of, waiting_by_group

EVERYTHING = 1_000_000
WIDE = 600


def worklist(creditor: Creditor, today: date, limit: int | None = None) -> list[Row]:
    """Return what is to be done, in the order of the screen: last days to sue, legal delays, data faults, then calls, approvals, post, tasks, e-mails."""
    window = max(limit, WIDE) if limit else EVERYTHING
    groups = waiting_by_group(creditor, today, window)
    rows = limit_rows(creditor, today, window) + delay_rows(creditor, today, window)
    rows += fault_rows(creditor, today, window)
    for group in GROUPS:
        rows += rows_of(creditor, group, groups[group], today)
    return rows[:limit]


def action_json(row: Row, language: str) -> dict[str, Any]:
    """Return a row as the command line and the API give it (ACTION)."""
    return {
        "customer": row.customer, "case": row.case_id, "channel": row.channel, "step": row.step or "task", "mode": row.mode,
        "invoices": list(row.invoices), "amount": decimal_string(row.amount_minor, row.currency), "currency": row.currency,
        "because": because_sentence(row.because, language).text, "facts": row.because.get("facts", {}),
        "next_if_silent": {"step": row.next_step, "date": row.next_on.isoformat()} if row.next_step and row.next_on else None,
    }  # fmt: skip
