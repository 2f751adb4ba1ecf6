"""The mapping of a table as a form: which field each column holds, and how its amounts and days are written."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from exigible.formats.days import ORDERS
from exigible.formats.table_headers import AMOUNTS, BUCKETS, DATES, NAMES

LAYOUT = ("separator", "encoding", "sheet", "header_line")

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
    "letter": _("lettering"),
    "journal": _("journal"),
    "running": _("running balance"),
    "bucket": _("period of an aged balance"),
    "method": _("means of payment"),
    "presented": _("day of presentation to the bank"),
    "factor": _("factor"),
    "assigned": _("day of assignment"),
    "retention": _("retention money"),
    "retention_until": _("release of the retention money"),
    "service_code": _("service code of the public buyer"),
    "not_before": _("not to be asked for before"),
}
KIND_WORDS = {
    "invoices": _("invoices"),
    "movements": _("debits and credits (a ledger of customers)"),
    "balances": _("balances of customers"),
    "customers": _("customers"),
}
SEPARATOR_WORDS = {";": _("semicolon"), ",": _("comma"), "\t": _("tab"), "|": _("bar")}
ENCODINGS = ("utf-8", "cp1252", "iso8859-15", "mac-roman", "cp850", "utf-16")
ORDER_WORDS = {"DMY": _("day, month, year"), "MDY": _("month, day, year"), "YMD": _("year, month, day")}


def is_laid_out_anew(asked: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether a form asks to cut, decode or begin the table otherwise: its columns are then other ones."""
    return any(asked.get(name, "") != before.get(name, "") for name in LAYOUT)


def _line(text: str, before: int) -> int:
    return int(text) if text.isdigit() and 0 < int(text) < 1_000 else before


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
        "kinds": KIND_WORDS.items(),
        "separators": SEPARATOR_WORDS.items() if mapping.get("separator") else (),
        "encodings": [*([mapping["encoding"]] if mapping["encoding"] not in ENCODINGS else []), *ENCODINGS]
        if mapping.get("encoding")
        else (),
        "sheets": sheets if len(sheets := told["file"].get("sheets", ())) > 1 else (),
    }


def mapping_from(form: QueryDict, before: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping that a form asks for; a field stands on one column only, the first that claims it."""
    taken: set[str] = set()
    columns: list[dict[str, Any]] = []
    for column in before["columns"]:
        place = column["index"]
        field = form.get(f"field-{place}", column["field"])
        field = "" if field in taken and field != BUCKETS else field
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
        **{name: form.get(name, before.get(name, "")) for name in LAYOUT if name != "header_line"},
        "header_line": _line(form.get("header_line", ""), before["header_line"]),
        "is_inverted": form.get("is_inverted") == "on",
        "kind": form.get("kind", before["kind"]),
        "currency": form.get("currency", before["currency"]).strip().upper()[:3] or before["currency"],
    }
