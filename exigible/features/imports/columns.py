"""The mapping of a table as a form: which field each column holds, and how its amounts and days are written."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from exigible.formats.days import ORDERS
from exigible.formats.table_headers import AMOUNTS, DATES, NAMES

FIELD_WORDS = {
    "number": _("invoice number"),
    "issued": _("invoice date"),
    "due": _("due date"),
    "total": _("total with tax"),
    "net": _("total without tax"),
    "open": _("still due"),
    "paid": _("paid so far"),
    "settled": _("day of payment"),
    "debit": _("debit"),
    "credit": _("credit"),
    "currency": _("currency"),
    "kind": _("nature (invoice, credit note, deposit)"),
    "label": _("label"),
    "order_reference": _("customer's order number"),
    "customer_key": _("customer code"),
    "customer": _("customer name"),
    "siren": _("SIREN or SIRET"),
    "vat": _("VAT number"),
    "email": _("e-mail"),
    "phone": _("phone"),
    "contact_first_name": _("contact's first name"),
    "contact_name": _("contact's name"),
    "contact_role": _("contact's role"),
    "language": _("language"),
    "address": _("address"),
    "address_2": _("address, second line"),
    "postcode": _("postcode"),
    "city": _("city"),
    "country": _("country"),
    "terms": _("payment terms"),
    "customer_kind": _("kind of customer"),
    "buyer": _("kind of public buyer"),
    "reference": _("other reference"),
}
ORDER_WORDS = {"DMY": _("day, month, year"), "MDY": _("month, day, year"), "YMD": _("year, month, day")}


def choices() -> list[tuple[str, Any]]:
    """The fields that a column may hold, in the order of their words."""
    named = [(field, FIELD_WORDS.get(field, field)) for field in NAMES]
    return sorted(named, key=lambda pair: str(pair[1]))


def editor(told: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the mapping's form shows; nothing for a file without columns."""
    mapping = told.get("file", {}).get("mapping")
    if not mapping:
        return None
    columns = [
        column
        | {
            "is_amount": column["field"] in AMOUNTS,
            "is_day": column["field"] in DATES,
            "word": FIELD_WORDS.get(column["field"], ""),
        }
        for column in told.get("columns", ())
    ]
    return {
        "mapping": mapping,
        "columns": columns,
        "fields": choices(),
        "orders": [(code, ORDER_WORDS[code]) for code in ORDERS],
    }


def mapping_from(form: QueryDict, before: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping that a form asks for; a field stands on one column only, the first that claims it."""
    taken: set[str] = set()
    columns = []
    for column in before["columns"]:
        place = column["index"]
        field = form.get(f"field-{place}", column["field"])
        field = "" if field in taken else field
        taken.add(field or "-")
        columns.append(
            column
            | {
                "field": field,
                "decimal_mark": form.get(f"mark-{place}", column["decimal_mark"]),
                "date_order": form.get(f"order-{place}", column["date_order"]),
            }
        )
    return {
        **before,
        "columns": columns,
        "kind": form.get("kind", before["kind"]),
        "currency": form.get("currency", before["currency"]).strip().upper()[:3] or before["currency"],
    }
