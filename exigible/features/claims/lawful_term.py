"""Whether the due date of an invoice is later than the law allows, and the last days that it does."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from exigible.books.ledger.models import CustomerKind, Invoice
from exigible.core import typography
from exigible.core.law.book import LawBook, law_book
from exigible.core.law.terms import (
    DAYS_THEN_MONTH_END,
    MONTH_END_THEN_DAYS,
    NET,
    LongestTerm,
    is_beyond_law,
    longest_term,
)
from exigible.features.claims.queries import language


class BeyondLaw(NamedTuple):
    """A due date that the law does not allow: the last day it does, how that is counted, and the article."""

    last_due: date
    why: str
    article: str


def beyond_law(invoice: Invoice) -> BeyondLaw | None:
    """Return by how the due date goes beyond the law (C. com. art. L441-10 I; CCP art. L2192-10); None where it does not.

    Only a date that somebody set is judged, between businesses or towards a public buyer: no text limits what a
    consumer is given.
    """
    book, due, buyer = law_book(invoice.creditor.country), invoice.due_on, invoice.customer.buyer
    if due is None or invoice.due_origin != Invoice.DueOrigin.STATED or invoice.kind == Invoice.Kind.CREDIT_NOTE:
        return None
    if invoice.customer.kind == CustomerKind.PUBLIC_BODY:
        return _of_public_buyer(book, invoice, due) if book.has(f"terms.public_body.{buyer}") else None
    if invoice.customer.kind != CustomerKind.BUSINESS or not book.has("terms.agreed_from_invoice"):
        return None
    if not is_beyond_law(book, due, invoice.issued_on):
        return None
    net = longest_term(book, invoice.issued_on, agreed=NET)
    return BeyondLaw(net.last_due, _said(book, invoice.issued_on, net), net.article)


def _said(book: LawBook, issued: date, net: LongestTerm) -> str:
    ways = [longest_term(book, issued, agreed=way).last_due for way in (DAYS_THEN_MONTH_END, MONTH_END_THEN_DAYS)]
    facts = {
        "days": book.number("terms.agreed_from_invoice", issued), "last": typography.day_in_words(net.last_due, language()),
        "month_days": book.number("terms.end_of_month", issued), "late": typography.day_in_words(max(ways), language()),
    }  # fmt: skip
    return (
        _(
            "At most %(days)d days from the invoice, so %(last)s; or, if the contract says so, %(month_days)d days and the end of "
            "the month, so %(late)s."
        )
        % facts
    )


def _of_public_buyer(book: LawBook, invoice: Invoice, due: date) -> BeyondLaw | None:
    buyer, received = invoice.customer.buyer, invoice.request_received_on
    if not is_beyond_law(book, due, invoice.issued_on, buyer=buyer, received=received):
        return None
    longest = longest_term(book, invoice.issued_on, buyer=buyer, received=received)
    facts = {
        "days": book.number(f"terms.public_body.{buyer}", invoice.issued_on),
        "last": typography.day_in_words(longest.last_due, language()),
    }
    why = _("At most %(days)d days from the receipt of the request for payment, so %(last)s.") % facts
    return BeyondLaw(longest.last_due, why, longest.article)
