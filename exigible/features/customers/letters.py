"""What a statement or a thank-you states: plain facts kept with the message, and the same account as data for paper."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Sum

from exigible.books.creditors.models import BankAccount, Creditor
from exigible.books.ledger.models import Contact, Customer, Invoice, Payment
from exigible.books.ledger.queries import BUCKETS, bucket_of, payment_remainder
from exigible.features.messages.catalogue import LANGUAGES, template_version
from exigible.features.messages.compose import house_of

RECENT_PAYMENTS = 6


def writable_contact(customer: Customer) -> Contact | None:
    """Return whom to write to by e-mail: the main contact, else the first one with an address that works."""
    return (
        Contact.objects.filter(customer=customer, email_is_bad=False)
        .exclude(email="")
        .order_by("-is_main", "id")
        .first()
    )


def open_invoices(customer: Customer, currency: str) -> list[tuple[Invoice, int]]:
    """Return the unpaid invoices of a customer in one currency and what is open of each, oldest due first, undated ones last."""
    unpaid = Invoice.objects.filter(customer=customer, currency=currency, settled_on__isnull=True)
    rows = unpaid.exclude(kind=Invoice.Kind.CREDIT_NOTE).annotate(paid=Sum("allocations__amount_minor"))
    found = [(invoice, invoice.total_minor - (invoice.paid or 0)) for invoice in rows]
    return sorted(found, key=lambda pair: (pair[0].due_on or date.max, pair[0].pk))


def language_of(customer: Customer) -> str:
    """Return the language in which we write to a customer."""
    return customer.language if customer.language in LANGUAGES else "en"


def lines_of(customer: Customer, currency: str, today: date) -> list[dict[str, Any]]:
    """Return the open invoices as lines of a message: amounts in minor units, days in ISO form."""
    return [
        {
            "id": invoice.pk, "number": invoice.number, "issued": invoice.issued_on.isoformat(),
            "due": invoice.due_on.isoformat() if invoice.due_on else None, "total": invoice.total_minor,
            "open": open_minor, "days_late": (today - invoice.due_on).days if invoice.due_on else 0,
            "interest": 0, "indemnity": 0, "order_reference": invoice.order_reference or None, "step": None,
            "due_presumed": invoice.due_origin != Invoice.DueOrigin.STATED,
        }
        for invoice, open_minor in open_invoices(customer, currency)
    ]  # fmt: skip


def credits_of(customer: Customer, currency: str) -> tuple[list[tuple[Invoice, int]], list[tuple[Payment, int]]]:
    """Return what is left of credit notes and of payments, in minor units, oldest first."""
    notes = Invoice.objects.filter(
        customer=customer, currency=currency, kind=Invoice.Kind.CREDIT_NOTE, settled_on__isnull=True
    )
    given = notes.annotate(used=Sum("credits_given__amount_minor")).order_by("issued_on", "id")
    money = Payment.objects.filter(customer=customer, currency=currency, exhausted_on__isnull=True)
    spent = money.annotate(used=Sum("allocations__amount_minor")).order_by("received_on", "id")
    return (
        [(note, note.total_minor - (note.used or 0)) for note in given if note.total_minor > (note.used or 0)],
        [
            (payment, payment.amount_minor - (payment.used or 0))
            for payment in spent
            if payment.amount_minor > (payment.used or 0)
        ],
    )


def service_facts(
    customer: Customer, template: str, currency: str, today: date, payment: Payment | None = None
) -> dict[str, Any]:
    """Return what a service message states of the account in one currency; the creditor's identity is added when it is written."""
    language, contact = language_of(customer), writable_contact(customer)
    lines = lines_of(customer, currency, today)
    notes, money = credits_of(customer, currency)
    total, credits = sum(line["open"] for line in lines), sum(left for _source, left in (*notes, *money))
    return {
        "version": 1, "language": (contact.language if contact else "") or language, "template": template,
        "template_version": template_version(template, language), "step": "", "tone": 0, "debtor": customer.kind,
        "profile": customer.segment, "date": today.isoformat(),
        "customer": {"id": customer.pk, "name": customer.name, "reference": customer.reference},
        "recipient": {
            "contact": contact.pk if contact else None, "name": contact.name if contact else "", "email": contact.email if contact else "",
            "phone": contact.phone if contact else "", "address": address_lines(customer),
        },
        "copies": [], "currency": currency, "invoices": lines, "credits": credits, "total": total, "interest": 0, "indemnity": 0,
        "balance": total - credits, "next": None, "previous": [], "bank": bank_facts(customer.creditor),
        "pay_reference": lines[0]["number"] if len(lines) == 1 else customer.reference, "usual_delay": None,
        "payment": {"amount": payment.amount_minor, "received": payment.received_on.isoformat()} if payment else None,
    }  # fmt: skip


def bank_facts(creditor: Creditor) -> dict[str, str] | None:
    """Return the account to pay to, or None."""
    account = BankAccount.objects.filter(creditor=creditor, is_default=True).order_by("id").first()
    return {"holder": account.holder, "iban": account.iban, "bic": account.bic} if account else None


def address_lines(customer: Customer) -> list[str]:
    """Return the postal address, the name first."""
    town = f"{customer.postcode} {customer.city}".strip()
    lines = [customer.name, *(line.strip() for line in customer.address.splitlines()), town]
    return [line for line in lines if line]


def statement_data(customer: Customer, currency: str, today: date) -> dict[str, Any]:
    """Return the account as the `statement` template prints it (books/documents/letter_data.py)."""
    creditor: Creditor = customer.creditor
    lines = lines_of(customer, currency, today)
    notes, money = credits_of(customer, currency)
    balance = sum(line["open"] for line in lines) - sum(left for _source, left in (*notes, *money))
    recent = Payment.objects.filter(customer=customer, currency=currency, received_on__lte=today).order_by(
        "-received_on", "-id"
    )
    return {
        "creditor": {"logo": None} | dict(house_of(creditor).facts["creditor"]), "recipient": address_lines(customer)[:6], "place": creditor.city,
        "date": today.isoformat(), "as_of": today.isoformat(), "currency": currency,
        "references": [[REFERENCE[language_of(customer)], customer.reference]],
        "invoices": [_paper_line(line) for line in lines],
        "credits": [
            {"date": note.issued_on.isoformat(), "number": note.number, "label": note.label, "total_minor": note.total_minor, "open_minor": left}
            for note, left in notes
        ],
        "payments": [_paper_payment(payment) for payment in reversed(recent[:RECENT_PAYMENTS])],
        "ageing": ageing(lines, today, language_of(customer)), "balance_minor": balance, "payment": _paper_bank(creditor, customer, balance),
    }  # fmt: skip


REFERENCE = {"fr": "Votre compte", "en": "Your account"}
BUCKET_WORDS = {
    "fr": dict(zip(BUCKETS, ("à échoir", "1 à 30 j", "31 à 60 j", "61 à 90 j", "plus de 90 j"), strict=True)),
    "en": dict(
        zip(BUCKETS, ("not due", "1 to 30 days", "31 to 60 days", "61 to 90 days", "over 90 days"), strict=True)
    ),
}


def ageing(lines: list[dict[str, Any]], today: date, language: str) -> list[list[str | int]]:
    """Return what is open by lateness, in the order of BUCKETS, labelled for print."""
    sums = [0] * len(BUCKETS)
    for line in lines:
        sums[bucket_of(date.fromisoformat(line["due"]) if line["due"] else None, today)] += line["open"]
    return [[BUCKET_WORDS[language][name], minor] for name, minor in zip(BUCKETS, sums, strict=True)]


def _paper_line(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": line["number"], "issued": line["issued"], "due": line["due"], "days_late": max(line["days_late"], 0),
        "total_minor": line["total"], "paid_minor": line["total"] - line["open"], "open_minor": line["open"],
    }  # fmt: skip


def _paper_payment(payment: Payment) -> dict[str, Any]:
    return {
        "date": payment.received_on.isoformat(), "label": payment.label, "amount_minor": payment.amount_minor,
        "unallocated_minor": payment_remainder(payment),
    }  # fmt: skip


def _paper_bank(creditor: Creditor, customer: Customer, balance: int) -> dict[str, Any] | None:
    bank = bank_facts(creditor)
    if bank is None or balance <= 0:
        return None
    return bank | {"reference": customer.reference, "qr": True, "amount_minor": balance}
