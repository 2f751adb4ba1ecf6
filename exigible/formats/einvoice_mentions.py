"""What the French law wants on an invoice and the structured data do not state (C. com. art. L441-9, CGI ann. II art. 242 nonies A)."""

import re
from collections.abc import Callable
from dataclasses import replace

from exigible.formats.einvoice import EInvoice

# Notes carry a subject code in French profiles: PMD late-payment interest, PMT the fixed indemnity, AAB discount.
# Elsewhere the words tell.
LATE_INTEREST = re.compile(r"^PMD#|p[ée]nalit|int[ée]r[êe]ts? (?:de retard|moratoire)|late[- ]payment", re.IGNORECASE)
INDEMNITY = re.compile(
    r"^PMT#|indemnit[ée] forfaitaire|frais de recouvrement|D\.? ?441-5|recovery costs", re.IGNORECASE
)
DISCOUNT = re.compile(r"^AAB#|escompte|discount", re.IGNORECASE)


def _noted(pattern: re.Pattern[str]) -> Callable[[EInvoice], bool]:
    return lambda invoice: any(pattern.search(note) for note in invoice.notes)


MENTIONS: dict[str, Callable[[EInvoice], bool]] = {
    "due_date": lambda invoice: invoice.due_date is not None or invoice.kind == "credit_note",
    "net_total": lambda invoice: invoice.net is not None,
    "seller_name": lambda invoice: bool(invoice.seller.name),
    "seller_address": lambda invoice: bool(invoice.seller.city or invoice.seller.address_lines),
    "seller_siren": lambda invoice: bool(invoice.seller.siren),
    "seller_vat": lambda invoice: bool(invoice.seller.vat),
    "buyer_name": lambda invoice: bool(invoice.buyer.name),
    "buyer_address": lambda invoice: bool(invoice.buyer.city or invoice.buyer.address_lines),
    "buyer_siren": lambda invoice: bool(invoice.buyer.siren) or invoice.buyer.country not in ("", "FR"),
    "late_interest": _noted(LATE_INTEREST),
    "indemnity": _noted(INDEMNITY),
    "discount": _noted(DISCOUNT),
}


def completed(invoice: EInvoice, sign: int) -> EInvoice:
    """The invoice with the mentions that it lacks, and what in it looks odd. `sign` is -1 for amounts that were negative."""
    seller = invoice.seller
    is_french = seller.country in ("", "FR") or bool(seller.siren) or seller.vat.startswith("FR")
    missing = tuple(name for name, is_there in MENTIONS.items() if not is_there(invoice)) if is_french else ()
    return replace(invoice, missing_mentions=missing, doubts=tuple(_doubts(invoice, sign)))


def _doubts(invoice: EInvoice, sign: int) -> list[str]:
    found = []
    if invoice.due_date is None and invoice.kind != "credit_note":
        found.append("einvoice.no_due_date")
    elif invoice.due_date is not None and invoice.due_date < invoice.issue_date:
        found.append("einvoice.due_before_issue")
    if sign < 0 and invoice.kind == "credit_note":
        found.append("einvoice.negative")
    if invoice.payable > invoice.total:
        found.append("einvoice.more_to_pay")
    elif invoice.payable < 0:
        found.append("einvoice.overpaid")
    return found
