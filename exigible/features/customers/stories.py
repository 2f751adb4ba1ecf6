"""How each kind of event is told on the timeline of an account: a sentence and, where there is one, its detail."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from exigible.books.cases.models import Hold, cause_of
from exigible.core.typography import amount, day_in_words
from exigible.features.messages.labels import label

# Which side of the page tells it. What messages and payments say themselves is not told twice.
KINDS = {
    "customer.merged": "house", "customer.unmerged": "house", "customer.completed": "house", "insolvency.noticed": "debtor",
    "deadline.done": "house", "case.opened": "house", "case.closed": "house", "case.held": "house", "case.released": "house", "case.failed": "house",
    "call.made": "house", "task.done": "house", "note.added": "house", "customer.changed": "house", "contact.changed": "house",
    "payment.removed": "money", "payment.unallocated": "money", "bank.undone": "money", "bank.returned": "money",
    "invoice.changed": "house", "document.attached": "house",
    "step.declared": "house", "message.refused": "house", "charge.waived": "money",
    "promise.made": "debtor", "promise.amended": "debtor", "promise.kept": "money", "promise.partly": "debtor",
    "promise.broken": "debtor", "promise.cancelled": "house",
}  # fmt: skip
OUTCOMES = {
    "promised": _("promises to pay"), "paid": _("says it is paid"), "dispute": _("does not agree"), "wrong_person": _("wrong person"),
    "no_answer": _("no answer"), "message_left": _("message left"), "refuses": _("refuses to pay"),
}  # fmt: skip
OUTCOME_SIDES = dict.fromkeys(("promised", "paid", "dispute", "refuses"), "debtor")
_PLAIN = {
    "customer.merged": _("Accounts merged"), "customer.unmerged": _("Merge undone"), "customer.completed": _("Completed from the company register"),
    "insolvency.noticed": _("Notice of insolvency proceedings"), "deadline.done": _("Claim declared"),
    "case.opened": _("File opened"), "case.closed": _("File closed: nothing is owed any more"), "case.released": _("The pause ends"),
    "case.failed": _("This file could not be looked at"), "task.done": _("Task done"), "note.added": _("Note"),
    "bank.undone": _("The matching of a payment was undone"), "bank.returned": _("The bank took a payment back: its invoices are due again"),
    "payment.removed": _("Payment withdrawn"), "payment.unallocated": _("Allocation undone"), "invoice.changed": _("Invoice changed"),
    "document.attached": _("Document attached"),
    "message.refused": _("A message was held back: it was too soon to write again"), "charge.waived": _("Charge waived"),
}  # fmt: skip
_PROMISES = {
    "promise.made": _("Promise: %(amount)s for %(day)s"), "promise.kept": _("Promise kept: %(amount)s for %(day)s"),
    "promise.partly": _("Promise kept in part: %(amount)s for %(day)s"), "promise.broken": _("Promise not kept: %(amount)s for %(day)s"),
    "promise.amended": _("Promise put off: %(amount)s for %(day)s"), "promise.cancelled": _("Promise withdrawn: %(amount)s for %(day)s"),
}  # fmt: skip
_FIELDS = {
    "name": _("name"), "kind": _("kind"), "buyer": _("public buyer"), "language": _("language"), "country": _("country"),
    "siren": _("SIREN"), "vat_number": _("VAT identification number"), "address": _("address"), "postcode": _("postcode"), "city": _("city"),
    "terms": _("payment terms"), "segment": _("payer profile"), "segment_is_manual": _("payer profile"), "is_excluded": _("automatic reminders"),
    "role": _("position"), "email": _("e-mail address"), "phone": _("phone"), "is_main": _("main contact"), "copied_from_step": _("copies"),
}  # fmt: skip


def said(kind: str, payload: Mapping[str, Any]) -> tuple[str, str]:
    """Return the sentence and the detail of an event, in the language of the page."""
    match kind:
        case "case.held":
            return _held(payload)
        case "call.made":
            outcome = str(OUTCOMES.get(payload.get("outcome", ""), payload.get("outcome", "")))
            return gettext("Call: %(outcome)s") % {"outcome": outcome}, str(payload.get("note", ""))
        case "customer.changed":
            return gettext("Facts changed: %(fields)s") % {"fields": _names(payload.get("changed", {}))}, ""
        case "contact.changed":
            return _contact(payload)
        case "step.declared":
            return _declared(payload)
        case (
            "promise.made"
            | "promise.kept"
            | "promise.partly"
            | "promise.broken"
            | "promise.amended"
            | "promise.cancelled"
        ):
            return _promise(kind, payload), ""
        case "payment.removed" | "payment.unallocated" | "bank.undone" | "bank.returned":
            return str(_PLAIN[kind]), _minor(payload)
    return str(_PLAIN.get(kind, kind)), str(payload.get("text") or payload.get("note") or payload.get("name") or "")


def _promise(kind: str, payload: Mapping[str, Any]) -> str:
    day = day_in_words(date.fromisoformat(payload["promised_for"]), _language())
    return str(_PROMISES[kind]) % {"amount": _minor(payload), "day": day}


def _held(payload: Mapping[str, Any]) -> tuple[str, str]:
    reasons = dict(Hold.Reason.choices)
    words = {"reason": str(reasons.get(payload.get("reason", ""), payload.get("reason", "")))}
    until = payload.get("until")
    detail = _source(payload)
    if not until:
        return gettext("On hold: %(reason)s") % words, detail
    words["day"] = day_in_words(date.fromisoformat(until), _language())
    return gettext("On hold until %(day)s: %(reason)s") % words, detail


def _source(payload: Mapping[str, Any]) -> str:
    """Why it waits: the cause that a rule named, else what a person wrote."""
    source = str(payload.get("source") or "")
    if cause := cause_of(source):
        return label("hold", cause, _language())
    kind, _colon, number = source.partition(":")
    return label("hold_source", kind, _language()) if number.isdecimal() else source


def _declared(payload: Mapping[str, Any]) -> tuple[str, str]:
    """Which reminder, its own day, and what proves it: the day of the entry is only that of the declaration."""
    words = {"step": label("step", str(payload.get("step", "")), _language()), "day": ""}
    if payload.get("on"):
        words["day"] = day_in_words(date.fromisoformat(str(payload["on"])[:10]), _language())
    detail = " · ".join(str(payload[name]) for name in ("number", "proof") if payload.get(name))
    return gettext("Earlier reminder declared: %(step)s, %(day)s") % words, detail


def _contact(payload: Mapping[str, Any]) -> tuple[str, str]:
    before, after = payload.get("before") or {}, payload.get("after") or {}
    name = str((after or before).get("name") or (after or before).get("email") or "")
    if not before:
        return gettext("Contact added"), name
    if not after:
        return gettext("Contact removed"), name
    changed = {field: value for field, value in after.items() if before.get(field) != value}
    return gettext("Contact changed: %(fields)s") % {"fields": _names(changed)}, name


def _names(changed: Mapping[str, Any]) -> str:
    return ", ".join(dict.fromkeys(str(_FIELDS.get(name, name)) for name in changed))


def _minor(payload: Mapping[str, Any]) -> str:
    minor = payload.get("amount")
    currency = payload.get("currency")
    return amount(minor, str(currency), _language()) if isinstance(minor, int) and currency else ""


def _language() -> str:
    return "en" if (get_language() or "fr").startswith("en") else "fr"
