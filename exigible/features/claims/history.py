"""The journal of one claim, in sentences: what happened to the invoice, when, and who did it."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exigible.books.cases.models import Activity, LimitationEvent
from exigible.books.creditors.models import User
from exigible.books.journal.models import Event, EventPayload
from exigible.books.ledger.models import Invoice
from exigible.core import typography
from exigible.features.claims.queries import language
from exigible.features.messages.labels import label

LOOKED_AT = 300
LIMITATION = dict(LimitationEvent.Kind.choices)
ACTIVITIES = dict(Activity.choices)
WORDS = {
    "payment.allocated": gettext_lazy("%(amount)s set against this invoice"),
    "payment.unallocated": gettext_lazy("An allocation of %(amount)s was undone"),
    "invoice.changed": gettext_lazy("Facts changed: %(changes)s"),
    "status.paid": gettext_lazy("Recorded on the word of a platform: %(amount)s"),
    "document.attached": gettext_lazy("Document added: %(name)s"),
    "limitation.recorded": gettext_lazy("Time to sue: %(event)s on %(day)s; last day %(last)s"),
    "limitation.removed": gettext_lazy("Time to sue: taken back, %(event)s on %(day)s; last day %(last)s"),
    "limitation.changed": gettext_lazy("Time to sue: %(changes)s"),
    "limitation.warned": gettext_lazy("Alert: last day to sue, %(last)s"),
    "limitation.handled": gettext_lazy("About the last day to sue: %(note)s"),
    "mentions.checked": gettext_lazy("The mentions of the invoice were looked at"),
    "charge.accrued": gettext_lazy("Interest and indemnity written down: %(amount)s"),
    "charge.claimed": gettext_lazy("Interest and indemnity claimed: %(amount)s"),
    "charge.waived": gettext_lazy("Interest and indemnity waived: %(amount)s"),
    "charge.paid": gettext_lazy("Interest and indemnity paid: %(amount)s"),
    "charge.unpaid": gettext_lazy("A payment of interest and indemnity was taken back: %(amount)s"),
    "charge.restored": gettext_lazy("Unpaid again, the waiver falls: %(amount)s"),
    "charge.corrected": gettext_lazy("Interest and indemnity brought in line with the accounts: %(amount)s"),
    "cost.recorded": gettext_lazy("Recovery cost recorded: %(amount)s"),
    "cost.removed": gettext_lazy("Recovery cost taken back: %(amount)s"),
    "case.held": gettext_lazy("Put on hold"),
    "case.released": gettext_lazy("Hold ended"),
    "step.taken": gettext_lazy("Step decided: %(step)s"),
    "step.delivered": gettext_lazy("Step delivered: %(step)s"),
    "step.failed": gettext_lazy("Step not delivered, owed again: %(step)s"),
    "step.declared": gettext_lazy("Earlier reminder declared at import: %(step)s"),
}
FIELDS = {
    "due_on": gettext_lazy("due date"),
    "due_origin": gettext_lazy("origin of the due date"),
    "contract_rate": gettext_lazy("rate of the contract"),
    "request_received_on": gettext_lazy("request received"),
    "notice_received_on": gettext_lazy("formal notice received"),
    "is_confirmed": gettext_lazy("confirmation"),
    "number": gettext_lazy("number"),
    "activity": gettext_lazy("supply"),
    "completed_on": gettext_lazy("delivery or end of the service"),
}


class Line(NamedTuple):
    """One fact of the journal, as a person reads it."""

    on: date
    at: datetime
    sentence: str
    actor: str


def history_of(invoice: Invoice) -> list[Line]:
    """Return what the journal tells of an invoice, the last fact first, among the latest of its customer."""
    events = list(Event.objects.filter(customer_id=invoice.customer_id, kind__in=WORDS).order_by("-id")[:LOOKED_AT])
    bodies = EventPayload.objects.filter(event_id__in=[event.pk for event in events])
    payloads = {key: json.loads(body) for key, body in bodies.values_list("event_id", "body")}
    told = [event for event in events if _is_about(payloads.get(event.pk, {}), invoice.pk)]
    names = _names({event.actor for event in told})
    return [
        Line(event.on, event.at, _sentence(event.kind, payloads[event.pk], invoice), names.get(event.actor, ""))
        for event in told
    ]


def _is_about(payload: Mapping[str, Any], invoice_id: int) -> bool:
    named = (payload.get("marks") or {}) | (payload.get("limits") or {})
    return payload.get("invoice") == invoice_id or str(invoice_id) in named


def _names(actors: set[str]) -> dict[str, str]:
    ids = [int(actor[5:]) for actor in actors if actor.startswith("user:") and actor[5:].isdigit()]
    return {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=ids)}


def _sentence(kind: str, payload: Mapping[str, Any], invoice: Invoice) -> str:
    step = (payload.get("marks") or {}).get(str(invoice.pk)) or payload.get("step", "")
    limit = (payload.get("limits") or {}).get(str(invoice.pk)) or payload
    amount = payload.get("amount")
    facts = {
        "amount": typography.amount(amount, invoice.currency, language()) if isinstance(amount, int) else "",
        "changes": ", ".join(_changes(payload)), "name": payload.get("name", ""), "step": label("step", step, language()),
        "event": LIMITATION.get(payload.get("kind", ""), ""), "day": _value(payload.get("day")), "last": _value(limit.get("last_day")),
        "note": payload.get("note") or _("seen"),
    }  # fmt: skip
    return str(WORDS[kind]) % facts


def _changes(payload: Mapping[str, Any]) -> list[str]:
    was, new = payload.get("was") or {}, payload.get("is") or {}
    shown = [name for name in FIELDS if name in new and name != "due_origin" and was.get(name) != new[name]]
    return [f"{FIELDS[name]} {_value(was.get(name))} → {_value(new[name])}" for name in shown]


def _value(value: Any) -> str:
    if value is None:
        return "–"
    if value in ACTIVITIES:
        return str(ACTIVITIES[value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    try:
        return typography.short_day(date.fromisoformat(str(value)), language())
    except ValueError:
        return str(value)
