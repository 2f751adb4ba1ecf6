"""What the screens of the import show: past imports, and the queue of what customers and items still lack."""

import json
from collections.abc import Mapping as Dictionary
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from exigible.books.cases.models import TERMS, Hold, NotYetCause
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Contact, Customer, CustomerKind, Invoice
from exigible.books.ledger.queries import BUCKETS
from exigible.features.customers.balance_sheet import bucket_names
from exigible.features.imports.models import Import

SHOWN = 100
PAST = 30


def past_imports(creditor: Creditor) -> list[Import]:
    """The latest imports, the newest first."""
    return list(Import.objects.of(creditor).select_related("uploaded_by").order_by("-uploaded_at", "-id")[:PAST])


def told(upload: Import) -> dict[str, Any]:
    """What the preview or the posting of an import said."""
    found: dict[str, Any] = json.loads(upload.report_json or upload.preview_json or "{}")
    return found


def picture_in_words(picture: dict[str, Any]) -> dict[str, Any]:
    """Return the picture of a preview with its buckets named as the aged balance names them."""
    names = dict(zip(BUCKETS, bucket_names(), strict=True))
    bars = [(names[code], minor) for code, minor in zip(picture["buckets"], picture["totals"], strict=True)]
    late = [row | {"bucket": names[row["oldest"]]} for row in picture["late"]]
    return picture | {"bars": bars, "late": late}


def einvoices_of(seen: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """The electronic invoices of a preview as far as they are shown, with their days, and how many others there are."""
    file = seen.get("file", {})
    rows = [
        each | {name: date.fromisoformat(each[name]) if each[name] else None for name in ("issued", "due")}
        for each in file.get("einvoices", ())
    ]
    return rows, file.get("invoices", len(rows)) - len(rows) if rows else 0


def owing(creditor: Creditor) -> QuerySet[Customer]:
    """The customers who owe something."""
    unpaid = Invoice.objects.filter(customer=OuterRef("pk"), settled_on__isnull=True).exclude(kind="credit_note")
    found: QuerySet[Customer] = Customer.objects.of(creditor).filter(Exists(unpaid))
    return found


def without_email(creditor: Creditor) -> QuerySet[Customer]:
    """The customers who owe something and have no address to which an e-mail can be sent."""
    writable = Contact.objects.filter(customer=OuterRef("pk"), email_is_bad=False).exclude(email="")
    return owing(creditor).exclude(Exists(writable)).order_by("name", "id")


def without_address(creditor: Creditor) -> QuerySet[Customer]:
    """The customers who owe something and have no postal address."""
    return owing(creditor).filter(address="").order_by("name", "id")


def of_unknown_kind(creditor: Creditor) -> QuerySet[Customer]:
    """The customers who owe something and whose kind nobody confirmed; what is proposed comes first."""
    return owing(creditor).filter(kind=CustomerKind.UNKNOWN).order_by("-kind_proposed", "name", "id")


def unconfirmed(creditor: Creditor) -> QuerySet[Invoice]:
    """The open items that nobody is asked to pay before a person confirms their number and due date."""
    found: QuerySet[Invoice] = Invoice.objects.of(creditor).filter(is_confirmed=False, settled_on__isnull=True)
    return found.exclude(kind="credit_note").select_related("customer").order_by("due_on", "id")


def without_codes(creditor: Creditor) -> QuerySet[Invoice]:
    """The invoices to public bodies that wait for a code which their platform asks for."""
    causes = [TERMS + cause for cause in (NotYetCause.SERVICE_CODE, NotYetCause.COMMITMENT, NotYetCause.CODES)]
    waiting = Hold.objects.filter(invoice=OuterRef("pk"), released_on__isnull=True, source__in=causes)
    found: QuerySet[Invoice] = Invoice.objects.of(creditor).filter(Exists(waiting), settled_on__isnull=True)
    return (
        found.annotate(lack=Subquery(waiting.values("source")[:1]))
        .select_related("customer", "settlement")
        .order_by("due_on", "id")
    )


LACKING = {
    "kinds": of_unknown_kind, "items": unconfirmed, "codes": without_codes, "emails": without_email, "addresses": without_address,
}  # fmt: skip


def waits_in_words(waits: Dictionary[str, int]) -> list[tuple[str, int]]:
    """Why invoices of a file will not be asked for yet, in words, with how many."""
    return [(str(NotYetCause(cause).label), count) for cause, count in sorted(waits.items())]


def lacking(creditor: Creditor) -> list[str]:
    """Which of the lists of the queue hold anything, in their order."""
    return [name for name, rows in LACKING.items() if rows(creditor)[:1]]


def lacking_rows(creditor: Creditor, name: str) -> tuple[list[Any], bool]:
    """The rows of one list as far as they are shown, and whether there are others."""
    some = list(LACKING[name](creditor)[: SHOWN + 1])
    return some[:SHOWN], len(some) > SHOWN
