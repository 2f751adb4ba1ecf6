"""The derivation of a claim as a paper that anyone can follow with a pocket calculator."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from exigible.books.documents.render import render
from exigible.books.ledger.models import Allocation, Invoice
from exigible.core.law.interest import Segment, exact_string
from exigible.features.claims.derivation import Derivation
from exigible.features.claims.queries import language
from exigible.features.messages.compose import legal_identity


def derivation_pdf(invoice: Invoice, claim: Derivation) -> bytes:
    """Return the derivation of a claim as a PDF, in the language of the screen."""
    return render("derivation", derivation_data(invoice, claim), language=language())


def derivation_data(invoice: Invoice, claim: Derivation) -> dict[str, Any]:
    """Return what the paper states; the shape is DerivationData of books/documents/letter_data.py."""
    creditor, customer = invoice.creditor, invoice.customer
    town = f"{creditor.postcode} {creditor.city}".strip()
    to = [customer.name, *customer.address.splitlines(), f"{customer.postcode} {customer.city}".strip()]
    return {
        "creditor": {
            "name": creditor.name, "address": [line for line in (*creditor.address.splitlines(), town) if line.strip()],
            "phone": creditor.phone or None, "email": creditor.email or None, "legal": legal_identity(creditor),
        },
        "recipient": [line for line in to if line.strip()],
        "place": creditor.city,
        "date": claim.today.isoformat(),
        "references": [[_("Your account"), customer.reference]],
        "currency": invoice.currency,
        "divisor": claim.divisor,
        "invoice": {
            "number": invoice.number, "issued": invoice.issued_on.isoformat(),
            "due": invoice.due_on.isoformat() if invoice.due_on else None, "total_minor": invoice.total_minor,
        },
        "payments": _payments(invoice, claim.today),
        "segments": [_segment(part, invoice.currency) for part in claim.segments],
        "interest": claim.interest_exact,
        "interest_minor": claim.interest_minor,
        "totals": _totals(claim),
        "notes": [note for note in (claim.no_interest, claim.no_indemnity, *claim.notes) if note],
    }  # fmt: skip


def _payments(invoice: Invoice, today: date) -> list[dict[str, Any]]:
    rows = (
        Allocation.objects.filter(invoice=invoice, allocated_on__lte=today)
        .select_related("payment", "credit_note")
        .order_by("allocated_on", "id")
    )
    return [
        {
            "date": row.allocated_on.isoformat(), "label": _label(row), "amount_minor": row.amount_minor,
            "to_principal_minor": row.amount_minor,
        }
        for row in rows
    ]  # fmt: skip


def _label(allocation: Allocation) -> str:
    if allocation.credit_note:
        return _("Credit note %(number)s") % {"number": allocation.credit_note.number}
    return str(allocation.payment.label or _("Payment")) if allocation.payment else ""


def _segment(part: Segment, currency: str) -> dict[str, Any]:
    return {
        "from": part.first.isoformat(), "to": part.last.isoformat(), "days": part.days, "base_minor": part.base_minor,
        "rate": f"{part.rate:f}", "article": part.article, "interest": exact_string(part.interest, currency),
    }  # fmt: skip


def _totals(claim: Derivation) -> list[list[str | int]]:
    rows: list[list[str | int]] = [[_("Principal still open"), claim.open_minor]]
    if claim.held_minor:
        rows.append([_("On hold, not asked today"), -claim.held_minor])
    if claim.interest_minor:
        rows.append([_("Late-payment interest"), claim.interest_minor])
    if claim.indemnity_minor:
        label = _("Fixed indemnity for recovery costs (%(article)s)") % {"article": claim.indemnity_article}
        rows.append([label, claim.indemnity_minor])
    if claim.costs_minor:
        label = _("Recovery costs proved beyond the indemnity (%(article)s)") % {"article": claim.costs_article}
        rows.append([label, claim.costs_minor])
    if claim.settled_minor:
        rows.append([_("Of which waived or paid already"), -claim.settled_minor])
    return [*rows, [_("Total"), claim.total_minor]]
