"""An electronic invoice in the words of the command line's contract."""

from typing import Any

from exigible.core.money import decimal_string
from exigible.formats.einvoice import EInvoice, Party


def told_einvoice(invoice: EInvoice) -> dict[str, Any]:
    """The invoice as the file states it; seller and buyer as printed, whoever wrote it."""

    def amount(minor: int | None) -> str | None:
        return None if minor is None else decimal_string(minor, invoice.currency)

    return {
        "number": invoice.number,
        "kind": invoice.kind,
        "type_code": invoice.type_code,
        "syntax": invoice.syntax,
        "profile": invoice.profile,
        "issue_date": invoice.issue_date.isoformat(),
        "due_date": invoice.due_date.isoformat() if invoice.due_date else None,
        "currency": invoice.currency,
        "net": amount(invoice.net),
        "tax": amount(invoice.tax),
        "total": amount(invoice.total),
        "prepaid": amount(invoice.prepaid),
        "payable": amount(invoice.payable),
        "seller": party(invoice.seller),
        "buyer": party(invoice.buyer),
        "order_reference": invoice.order_reference or None,
        "corrects": list(invoice.corrects),
        "iban": invoice.iban or None,
        "missing_mentions": list(invoice.missing_mentions),
    }


def party(each: Party) -> dict[str, Any]:
    """A seller or a buyer; null for what is not stated."""
    return {
        "name": each.name or None,
        "siren": each.siren or None,
        "vat": each.vat or None,
        "country": each.country or None,
    }


def line_of(invoice: EInvoice) -> str:
    """The invoice on one line, for a person."""
    due = f"due {invoice.due_date.isoformat()}" if invoice.due_date else "no due date"
    total, payable = (decimal_string(minor, invoice.currency) for minor in (invoice.total, invoice.payable))
    kind = invoice.kind.replace("_", " ")
    told = f"{kind} {invoice.number} of {invoice.issue_date.isoformat()} to {invoice.buyer.name}, {due}: "
    told += f"{total} {invoice.currency}, to pay {payable} {invoice.currency}"
    lacking = ", ".join(name.replace("_", " ") for name in invoice.missing_mentions)
    return f"{told}; not stated: {lacking}" if lacking else told
