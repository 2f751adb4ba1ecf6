"""Finds whose money a movement may be, from a few characters: customers by name or reference, invoices by number or open amount."""

from typing import Any, NamedTuple

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Customer, Invoice
from exigible.core.matching import number_key
from exigible.features.bank.models import NumberKey
from exigible.features.bank.sheet import PartNotAnAmount, minor_typed

MOST = 8
LAST = "\U0010ffff"


class Found(NamedTuple):
    """What a search gave: customers, and invoices with their customers."""

    customers: list[Customer]
    invoices: list[Invoice]


def search(creditor: Creditor, typed: str, currency: str) -> Found:
    """Return the customers and the open invoices that what was typed may mean; a handful of each, each by an index."""
    typed = " ".join(typed.split())[:80].replace("\x00", "")
    if not typed:
        return Found([], [])
    customers = _customers(creditor, typed)
    invoices = {row.pk: row for row in _beginning(_open(creditor), "number", typed)}
    if any(letter.isdecimal() for letter in typed):
        alike = NumberKey.objects.of(creditor).filter(key=number_key(typed))  # "231" finds FA2026-0231
        invoices |= {
            row.pk: row for row in _open(creditor).filter(pk__in=alike.values("invoice_id")).order_by("-id")[:MOST]
        }
        if wanted := _amount_typed(typed, currency):
            invoices |= {row.pk: row for row in of_amount(creditor, wanted, currency)}
    return Found(customers, list(invoices.values())[:MOST])


def _open(creditor: Creditor) -> Any:
    return Invoice.objects.of(creditor).filter(settled_on__isnull=True).select_related("customer")


def _customers(creditor: Creditor, typed: str) -> list[Customer]:
    mine = Customer.objects.of(creditor)
    found = _beginning(mine, "name", typed) + _beginning(mine, "reference", typed)
    if not found and len(typed) >= 3:
        found = list(mine.filter(name__icontains=typed).order_by("name", "id")[:MOST])
    return list({row.pk: row for row in found}.values())[:MOST]


def of_amount(creditor: Creditor, amount_minor: int, currency: str) -> list[Invoice]:
    """Return the open invoices whose total is an amount in minor units, a handful of them."""
    rows = _open(creditor).filter(total_minor=amount_minor, currency=currency).exclude(kind=Invoice.Kind.CREDIT_NOTE)
    return list(rows.order_by("id")[:MOST])


def _amount_typed(typed: str, currency: str) -> int:
    try:
        return minor_typed(typed.rstrip("€ "), currency)
    except PartNotAnAmount:
        return 0


def _beginning(rows: Any, column: str, typed: str) -> list[Any]:
    """The first rows whose column begins with what was typed, in each way it may have been written: one range of the index each."""
    found: dict[int, Any] = {}
    for variant in dict.fromkeys((typed, typed.upper(), typed.lower(), typed.capitalize(), typed.title())):
        inside = rows.filter(**{f"{column}__gte": variant, f"{column}__lt": variant + LAST})
        found |= {row.pk: row for row in inside.order_by(column)[:MOST]}
    return sorted(found.values(), key=lambda row: str(getattr(row, column)))[:MOST]
