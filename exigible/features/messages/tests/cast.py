"""Facts of invented messages, for the tests: a test says only what differs from them."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as some

TODAY = date(2026, 11, 23)
STEPS = {"preventive": 0, "friendly": 1, "firm": 2, "letter": 3}
DEBTORS = ("business", "consumer", "public_body", "unknown")
PROFILES = ("new", "good", "ordinary", "chronic")
LANGUAGES = ("fr", "en")


def invoice(number: str = "F-2031", open_minor: int = 420000, days_late: int = 9, **changes: Any) -> dict[str, Any]:
    """One unpaid invoice of 4 200,00 EUR, nine days late."""
    due = TODAY - timedelta(days=days_late)
    return {
        "id": 1,
        "number": number,
        "issued": (due - timedelta(days=30)).isoformat(),
        "due": due.isoformat(),
        "total": open_minor,
        "open": open_minor,
        "days_late": days_late,
        "interest": 1284 if days_late > 0 else 0,
        "indemnity": 4000 if days_late > 0 else 0,
        "order_reference": None,
        "step": "friendly",
        "due_presumed": False,
    } | changes


def message(*invoices: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The facts of a message of Atelier Lumen to Martin SARL."""
    listed = list(invoices) or [invoice(days_late=-5 if changes.get("template") == "preventive" else 9)]
    template = changes.get("template", "friendly")
    total, credits = sum(row["open"] for row in listed), changes.get("credits", 0)
    return {
        "version": 1,
        "language": "fr",
        "template": template,
        "template_version": 1,
        "step": template,
        "tone": STEPS.get(template, 1),
        "debtor": "business",
        "profile": "ordinary",
        "date": TODAY.isoformat(),
        "creditor": {
            "name": "Atelier Lumen",
            "legal": "Atelier Lumen SAS au capital de 10 000 € – RCS Caen 123 456 789",
            "address": ["4 rue des Ateliers", "14000 Caen"],
            "place": "Caen",
            "phone": "02 31 00 00 00",
            "email": "compta@lumen.example",
        },
        "signatory": {
            "name": "Alice Roux",
            "role": "Comptabilité clients",
            "phone": "02 31 00 00 01",
            "email": "alice@lumen.example",
        },
        "customer": {"id": 7, "name": "Martin SARL", "reference": "C0042"},
        "recipient": {
            "contact": 3,
            "name": "Mme Durand",
            "email": "durand@martin.example",
            "address": ["Martin SARL", "12 rue Haute", "50000 Saint-Lô"],
        },
        "currency": "EUR",
        "invoices": listed,
        "credits": 0,
        "total": total,
        "interest": sum(row["interest"] for row in listed),
        "indemnity": sum(row["indemnity"] for row in listed),
        "balance": total - credits,
        "next": {"step": "call", "date": "2026-12-01"},
        "previous": [],
        "bank": {"holder": "Atelier Lumen", "iban": "FR7630006000011234567890189", "bic": "AGRIFRPP"},
        "pay_reference": "C0042 F-2031",
        "usual_delay": 9,
    } | changes


def several(count: int, days_late: int = 9) -> list[dict[str, Any]]:
    """Invoices that all differ: number, amount, due date, part paid or not."""
    return [
        invoice(f"F-{2031 + place}", 420000 - place * 10007, days_late + place * (1 if days_late > 0 else -1), id=place)
        | ({"total": 500000} if place % 3 == 2 else {})
        for place in range(count)
    ]


_names = some.text(min_size=1, max_size=30).filter(lambda name: bool(name.strip()))
_money = some.integers(1, 10**9)


@some.composite
def any_invoice(draw: Any, late: bool) -> dict[str, Any]:
    """An invoice with any number, amount and delay."""
    open_minor = draw(_money)
    days = draw(some.integers(1, 900)) if late else -draw(some.integers(1, 60))
    return invoice(draw(_names), open_minor, days) | {
        "total": open_minor + draw(some.sampled_from([0, 0, 12345])),
        "order_reference": draw(some.none() | _names),
        "due_presumed": draw(some.booleans()),
        "interest": draw(some.integers(0, 10**7)) if late else 0,
    }


@some.composite
def any_message(draw: Any, templates: tuple[str, ...] = tuple(STEPS)) -> dict[str, Any]:
    """The facts of any demand, with whatever names a ledger may hold."""
    template = draw(some.sampled_from(templates))
    invoices = draw(some.lists(any_invoice(template != "preventive"), min_size=1, max_size=6))
    credits = draw(some.sampled_from([0, 0, 1, 9999]))
    step = draw(some.sampled_from(["call", "firm", "letter", "formal_notice", "handover", "task"]))
    days = draw(some.integers(1, 20))
    total = sum(row["open"] for row in invoices)
    return message(
        *invoices,
        template=template,
        language=draw(some.sampled_from(LANGUAGES)),
        debtor=draw(some.sampled_from(DEBTORS)),
        profile=draw(some.sampled_from(PROFILES)),
        customer={"id": 7, "name": draw(_names), "reference": "C0042"},
        credits=min(credits, total),
        balance=total - min(credits, total),
        next=draw(some.none() | some.just({"step": step, "date": (TODAY + timedelta(days=days)).isoformat()})),
        previous=draw(some.sampled_from([[], PREVIOUS])),
        bank=draw(some.sampled_from([None, message()["bank"]])),
    )


PREVIOUS = [
    {"step": "preventive", "channel": "email", "on": "2026-11-05"},
    {"step": "friendly", "channel": "email", "on": "2026-11-12"},
    {"step": "call", "channel": "call", "on": "2026-11-18"},
]
