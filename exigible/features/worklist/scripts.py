"""What a caller reads: the script of a call, on the figures of today rather than those of the day it was decided."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from exigible.core.plan import InvoiceFacts
from exigible.features.messages.compose import house_of
from exigible.features.messages.script import call_script
from exigible.features.outbox.models import Message


def script_for(
    message: Message, late: Sequence[InvoiceFacts], language: str, today: date
) -> list[tuple[str, list[str]]]:
    """Return the sections of the call in the caller's language."""
    return call_script(
        facts_today(message.facts, late, today) | dict(house_of(message.creditor).facts) | {"language": language}
    )


def facts_today(facts: dict[str, Any], late: Sequence[InvoiceFacts], today: date) -> dict[str, Any]:
    """Return the facts of a call with what is late today; unchanged when nothing is, the call then being about nothing."""
    known = {line["id"]: line for line in facts.get("invoices", ())}
    lines = [
        known.get(invoice.id, {"interest": 0, "indemnity": 0, "order_reference": None, "step": None})
        | {
            "id": invoice.id, "number": invoice.number, "issued": invoice.issued.isoformat(), "due": invoice.due.isoformat(),
            "total": invoice.total, "open": invoice.open - invoice.held, "days_late": (today - invoice.due).days,
            "due_presumed": invoice.due_presumed,
        }
        for invoice in late
        if invoice.due is not None
    ]  # fmt: skip
    if not lines:
        return dict(facts)
    total = sum(line["open"] for line in lines)
    following = facts.get("next")
    if following and following["date"] <= today.isoformat():
        following = None
    return facts | {
        "date": today.isoformat(), "invoices": lines, "total": total, "balance": total - (facts.get("credits") or 0), "next": following,
    }  # fmt: skip
