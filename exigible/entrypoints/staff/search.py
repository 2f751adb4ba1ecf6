"""Finds an account, an invoice or an amount from the few characters typed: a handful of rows, each by an index."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from exigible.books.creditors.models import Creditor
from exigible.books.creditors.owned import OwnedQuerySet
from exigible.books.creditors.request import StaffRequest
from exigible.books.ledger.models import Customer, Invoice
from exigible.core.money import minor_digits

MOST = 8
LAST = "\U0010ffff"


def _beginning(rows: OwnedQuerySet, column: str, typed: str) -> list[Any]:
    """Return the first rows whose column begins with what was typed, in each way it may have been written.

    One range of the index for each way: LIKE, or one query with OR, would read the whole book.
    """
    found: dict[int, Any] = {}
    for variant in dict.fromkeys((typed, typed.upper(), typed.lower(), typed.capitalize(), typed.title())):
        inside = rows.filter(**{f"{column}__gte": variant, f"{column}__lt": variant + LAST})
        found |= {row.pk: row for row in inside.order_by(column)[:MOST]}
    return sorted(found.values(), key=lambda row: str(getattr(row, column)))[:MOST]


def find_customers(creditor: Creditor, typed: str) -> list[Customer]:
    """Return customers whose name or reference begins with what was typed, else whose name contains it."""
    mine = Customer.objects.of(creditor).filter(merged_into__isnull=True)
    found = _beginning(mine, "name", typed)
    if len(found) < MOST:
        known = {one.pk for one in found}
        found += [one for one in _beginning(mine, "reference", typed) if one.pk not in known]
    if not found and len(typed) >= 3:
        found = list(mine.filter(name__icontains=typed).order_by("name", "id")[:MOST])
    return found[:MOST]


def find_invoices(creditor: Creditor, typed: str) -> list[Invoice]:
    """Return invoices whose number begins with what was typed."""
    return _beginning(Invoice.objects.of(creditor).select_related("customer"), "number", typed)


def amount_typed(typed: str, currency: str) -> int | None:
    """Return minor units of an amount as people write it (1 234,56 or 1,234.56), or nothing if it is no amount."""
    bare = "".join(typed.split()).replace("\u202f", "").replace("\u00a0", "").rstrip("€")
    if not bare or len(bare) > 15 or not set(bare) <= set("0123456789.,"):
        return None
    mark = max(bare.rfind(","), bare.rfind("."))
    if mark >= 0 and len(bare) - mark - 1 <= 2:
        bare = bare[:mark].replace(",", "").replace(".", "") + "." + bare[mark + 1 :]
    else:
        bare = bare.replace(",", "").replace(".", "")
    try:
        return int(Decimal(bare) * 10 ** minor_digits(currency))
    except InvalidOperation:
        return None


def find_amounts(creditor: Creditor, minor: int) -> list[Invoice]:
    """Return unpaid invoices of exactly this total."""
    unpaid = Invoice.objects.of(creditor).filter(settled_on__isnull=True, currency=creditor.currency, total_minor=minor)
    return list(unpaid.select_related("customer").order_by("due_on")[:MOST])


def search(request: StaffRequest) -> HttpResponse:
    """Show what was found; htmx takes the list alone."""
    typed = " ".join(request.GET.get("q", "").split())[:80].replace("\x00", "")
    found: dict[str, Any] = {"typed": typed}
    if typed:
        minor = amount_typed(typed, request.creditor.currency)
        found["customers"] = find_customers(request.creditor, typed)
        found["invoices"] = find_invoices(request.creditor, typed)
        found["amounts"] = find_amounts(request.creditor, minor) if minor else []
        found["nothing"] = not (found["customers"] or found["invoices"] or found["amounts"])
    return render(request, "staff/search.html#found" if request.htmx else "staff/search.html", found)
