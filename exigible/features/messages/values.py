"""What a text may say of a message: its traits (words that choose a sentence) and its values (words in it).

The facts of a message are a plain dict, stored when its step is decided: amounts in minor units, days in ISO.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from exigible.core.typography import amount, day_in_words, day_of_month, day_with_weekday, short_day, shorter_day
from exigible.features.messages.catalogue import choose, shared, shared_choices

Facts = Mapping[str, Any]
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
OLD_DAYS = 60  # beyond, no one believes in an oversight
ANNOUNCED_STEPS = ("call", "firm", "letter", "formal_notice")
_OWED_CHARGES = ("business", "public_body")


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """A value on one line, without control characters: nothing in the books may add a line to a letter."""
    return _CONTROL.sub(" ", text).strip()


def number_of(invoice: Facts) -> str:
    """The invoice's number in print, a dash if the books have none."""
    return clean(invoice["number"]) or "–"


def held_of(invoices: Sequence[Facts]) -> int:
    """What is on hold on the invoices and so not asked for, in minor units."""
    return sum(invoice.get("held") or 0 for invoice in invoices)


@lru_cache(maxsize=4096)
def day_of(iso: str) -> date:
    """The day written in ISO; the first ten characters count."""
    return date.fromisoformat(iso[:10])


def days_phrase(days: int, language: str) -> str:
    """`1 jour`, `9 jours`, `9 days`."""
    counts = shared(language)["counts"]
    one = days < 2 if language == "fr" else days == 1
    return str(counts["day" if one else "days"]).replace("{n}", str(days))


def traits_of(facts: Facts, level: int = 0) -> frozenset[str]:
    """The words that choose among the sentences of a text whose tone is `level`."""
    invoices: Sequence[Facts] = facts.get("invoices") or ()
    debtor, profile = facts.get("debtor") or "unknown", facts.get("profile") or "ordinary"
    if debtor in ("consumer", "public_body") and profile != "good":
        profile = "ordinary"  # new and chronic are profiles of a business; these have words of their own
    traits = {debtor, profile}
    traits.add("one" if len(invoices) == 1 else "many" if invoices else "nothing_open")
    if len(invoices) == 1 and invoices[0]["total"] != invoices[0]["open"]:
        traits.add("part_paid")
    recipient = facts.get("recipient") or {}
    present = {
        "named": recipient.get("name"),
        "contact": recipient.get("name"),
        "bank": facts.get("bank"),
        "credits": (facts.get("credits") or 0) > 0,
        "previous": _reminders(facts),
        "usual_delay": facts.get("usual_delay") is not None,
        "mediator": facts.get("debtor") == "consumer" and facts.get("mediator"),
        "reach": _reach(facts),
        "held": held_of(invoices) > 0,
        "gentle": facts.get("profile") == "good" or facts.get("tone", level) < level,
        "old": any((invoice.get("days_late") or 0) > OLD_DAYS for invoice in invoices),
        "broken": facts.get("broken"),
        "received": (facts.get("payment") or {}).get("received"),
    }
    traits.update(word for word, value in present.items() if value)
    return frozenset(traits | _next_traits(facts) | _charge_traits(facts, invoices, level))


def _next_traits(facts: Facts) -> set[str]:
    upcoming = facts.get("next")
    if not upcoming or not upcoming.get("date"):
        return {"eight_days"}
    days = (day_of(upcoming["date"]) - day_of(facts["date"])).days
    words = {"eight_days"} if days >= 8 else set()
    step = upcoming["step"]
    if step == "formal_notice" and facts.get("debtor", "unknown") == "unknown":
        return words  # no notice may be announced while one does not know which law applies
    if step in ANNOUNCED_STEPS:
        words |= {"next", "announced", f"next_{step}"}
    return words


def _charge_traits(facts: Facts, invoices: Sequence[Facts], level: int) -> set[str]:
    """Interest and indemnity: only of who may owe them, and never in a tone higher than the one allowed."""
    if level < 2 or facts.get("debtor") not in _OWED_CHARGES or facts.get("tone", level) < 2:
        return set()
    words = {word for word in ("interest", "indemnity") if (facts.get(word) or 0) > 0}
    indemnities = {invoice.get("indemnity") or 0 for invoice in invoices}
    if len(invoices) > 1 and len(indemnities) == 1 and indemnities != {0}:
        words.add("each")
    return words


def values_of(facts: Facts, traits: frozenset[str]) -> dict[str, str]:
    """The words that fill a text, each printed in the message's language."""
    language = facts["language"]
    values = _parties(facts) | _sums(facts, language) | _days(facts, language)
    invoices: Sequence[Facts] = facts.get("invoices") or ()
    if invoices:
        values |= _invoice_values(invoices, facts, language)
    values["previous_list"] = _previous_list(facts, language)
    values["announcement"] = choose(shared_choices("announcement", language), traits, values) or ""
    return values


def _parties(facts: Facts) -> dict[str, str]:
    signatory = facts.get("signatory") or {}
    customer = facts.get("customer") or {}
    creditor = facts["creditor"]
    recipient = clean((facts.get("recipient") or {}).get("name") or "")
    return {
        "creditor": clean(creditor["name"]),
        "signatory": clean(signatory.get("name") or creditor["name"]),
        "customer": clean(customer.get("name") or ""),
        "recipient": recipient,
        "contact": recipient,
        "mediator": clean(facts.get("mediator") or ""),
        "reach": _reach(facts),
        "pay_reference": clean(facts.get("pay_reference") or ""),
    }


def _reach(facts: Facts) -> str:
    """How to answer a message on paper: the signatory's direct line and address."""
    signatory, creditor = facts.get("signatory") or {}, facts["creditor"]
    phone = clean(signatory.get("phone") or creditor.get("phone") or "")
    email = clean(signatory.get("email") or creditor.get("email") or "")
    if not phone and not email:
        return ""
    pattern = "reach_both" if phone and email else "reach_phone" if phone else "reach_email"
    found: str = shared(facts["language"])["labels"][pattern]
    return found.replace("{phone}", phone).replace("{email}", email)


def _sums(facts: Facts, language: str) -> dict[str, str]:
    currency = facts["currency"]
    sums = ("total", "balance", "credits", "interest", "indemnity")
    values = {name: amount(facts.get(name) or 0, currency, language) for name in sums}
    payment = facts.get("payment") or {}
    values["broken_amount"] = amount((facts.get("broken") or {}).get("amount") or 0, currency, language)
    values["payment_amount"] = amount(payment.get("amount") or 0, currency, language)
    return values


def _days(facts: Facts, language: str) -> dict[str, str]:
    today = day_of(facts["date"])
    values = {"date": day_in_words(today, language), "date_short": shorter_day(today, language)}
    values |= {"next_day": "", "next_date": "", "next_short": "", "payment_day": "", "usual_delay": ""}
    upcoming = (facts.get("next") or {}).get("date")
    if upcoming:
        day = day_of(upcoming)
        values["next_day"] = day_with_weekday(day, language)
        values["next_date"] = day_in_words(day, language)
        values["next_short"] = shorter_day(day, language)
    broken = (facts.get("broken") or {}).get("on")
    values["broken_day"] = day_in_words(day_of(broken), language) if broken else ""
    received = (facts.get("payment") or {}).get("received")
    if received:
        values["payment_day"] = day_in_words(day_of(received), language)
    usual = facts.get("usual_delay")
    if usual is not None:
        values["usual_delay"] = usual_phrase(usual, language)
    return values


def usual_phrase(days: int, language: str) -> str:
    """When a customer usually pays, counted from the due date."""
    if days == 0:
        return "à l’échéance" if language == "fr" else "on the due date"
    count = days_phrase(abs(days), language)
    if language == "fr":
        return f"{count} {'après' if days > 0 else 'avant'} l’échéance"
    return f"{count} {'after' if days > 0 else 'before'} the due date"


def _invoice_values(invoices: Sequence[Facts], facts: Facts, language: str) -> dict[str, str]:
    first, currency = invoices[0], facts["currency"]
    number = number_of(first)
    due = sorted(invoice["due"] for invoice in invoices if invoice.get("due"))
    oldest = day_of(due[0]) if due else None
    shorter = shorter_day if oldest and oldest.year == day_of(facts["date"]).year else short_day
    issued = first.get("issued")
    of_day = (" du " if language == "fr" else " of ") + day_in_words(day_of(issued), language) if issued else ""
    indemnity = next((invoice["indemnity"] for invoice in invoices if invoice.get("indemnity")), 0)
    return {
        "number": number,
        "invoice": number + of_day,
        "count": str(len(invoices)),
        "open": amount(first["open"], currency, language),
        "invoice_total": amount(first["total"], currency, language),
        "due": day_in_words(oldest, language) if oldest else "–",
        "due_short": shorter(oldest, language) if oldest else "–",
        "first_due": day_in_words(oldest, language) if oldest else "–",
        "days": days_phrase(max(first.get("days_late") or 0, 0), language),
        "oldest_days": days_phrase(max(max(invoice.get("days_late") or 0 for invoice in invoices), 0), language),
        "held": amount(held_of(invoices), currency, language),
        "indemnity_each": amount(indemnity, currency, language),
    }


def _reminders(facts: Facts) -> list[Facts]:
    """The contacts that a demand may recall: those made since the due date, the last three."""
    return [contact for contact in facts.get("previous") or () if contact.get("step") != "preventive"][-3:]


def _previous_list(facts: Facts, language: str) -> str:
    words = shared(language)["contacts"]
    year = facts["date"][:4]
    said: list[str] = []
    for contact in _reminders(facts):
        day = day_of(contact["on"])
        printed = day_of_month(day, language) if contact["on"][:4] == year else day_in_words(day, language)
        said.append(words.get(contact.get("channel"), words["other"]).replace("{day}", printed))
    last = said.pop() if said else ""
    return ", ".join(said) + (str(words["and"]) if said else "") + last
