"""What an import would do: the posting itself, done and taken back in one transaction, with what one sees in the books."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.control import control_posting
from exigible.books.ledger.models import Contact, Customer, Invoice, Posting
from exigible.books.ledger.posting import post_rows
from exigible.books.ledger.posting_records import PostingReport, error_json
from exigible.books.ledger.queries import BUCKETS, aged_balance
from exigible.features.imports.reading import columns_of, sheets_of
from exigible.formats.einvoice import EInvoice
from exigible.formats.rows import Reading
from exigible.formats.settlement import SettlementRow

TOP = 10
SHOWN = 200
EINVOICES_SHOWN = 50


def preview_of(
    creditor: Creditor, reading: Reading, body: bytes, *, name: str, digest: str, today: date, at: datetime
) -> dict[str, Any]:
    """Post the file, look, and take it back: nothing is left in the books."""
    with transaction.atomic():
        report = post_rows(creditor, reading, name=name, digest=digest, today=today, at=at)
        told = report_json(reading, report) | {
            "control": control_posting(creditor, reading, body, left_out(report)).to_json(),
            "differences": differences(creditor, report),
            "picture": picture(creditor, reading, today),
            "file": described(reading),
        }
        transaction.set_rollback(True)
    if "mapping" in reading.facts:
        told["columns"] = columns_of(body, told["file"]["mapping"])
        told["file"]["sheets"] = sheets_of(body)
    return told


def report_json(reading: Reading, report: PostingReport) -> dict[str, Any]:
    """What was done, with the lines that the reader and the posting left out."""
    told = report.to_json()
    rejected = [*map(error_json, reading.errors), *told["rejected"]]
    told["rejected_count"], told["rejected"] = len(rejected), rejected[:SHOWN]
    told["warnings"] = [error_json(warning) for warning in reading.warnings[:SHOWN]] + told.pop("notes")[:SHOWN]
    return told


def left_out(report: PostingReport) -> set[int | None]:
    """The lines that the posting left out."""
    return {error.line for error in report.rejected}


def described(reading: Reading) -> dict[str, Any]:
    """What was detected of the file."""
    names = ("lines", "entries", "debit", "credit", "kind", "mapping", "lettered", "first_day", "last_day")
    facts = {name: reading.facts[name] for name in names if name in reading.facts}
    for name in ("first_day", "last_day"):
        if name in facts:
            facts[name] = str(facts[name])
    kinds = Counter(row.origin for row in reading.invoices)
    waits = Counter(cause for terms in reading.settlements.values() for cause in _causes(terms))
    if waits:
        facts["waits"] = dict(waits)
    if reading.einvoices:
        facts["einvoices"] = [_einvoice(each) for each in list(reading.einvoices.values())[:EINVOICES_SHOWN]]
    return {
        "format": reading.format,
        "encoding": reading.encoding,
        "separator": reading.separator,
        "customers": len(reading.customers),
        "invoices": len(reading.invoices),
        "payments": len(reading.payments),
        "origins": dict(kinds),
        **facts,
    }


def _causes(terms: SettlementRow) -> list[str]:
    """What of an invoice will not be asked for yet, as far as its own terms say it."""
    stated = {
        "factored": bool(terms.factor or terms.assigned), "retention": bool(terms.retention_minor), "by_hand": bool(terms.not_before),
    }  # fmt: skip
    methods = [terms.method] if terms.method in ("direct_debit", "bill", "set_off") else []
    return [*methods, *(cause for cause, is_stated in stated.items() if is_stated)]


def _einvoice(invoice: EInvoice) -> dict[str, Any]:
    return {
        "number": invoice.number,
        "kind": invoice.kind,
        "buyer": invoice.buyer.name,
        "issued": invoice.issue_date.isoformat(),
        "due": invoice.due_date.isoformat() if invoice.due_date else None,
        "currency": invoice.currency,
        "total": invoice.total,
        "payable": invoice.payable,
    }


def differences(creditor: Creditor, report: PostingReport) -> dict[str, Any]:
    """What differs from the books as the last import left them."""
    posting = Posting.objects.get(pk=report.posting_id)
    last = Posting.objects.of(creditor).filter(undone_at__isnull=True, pk__lt=posting.pk).order_by("-pk").first()
    made = Invoice.objects.filter(posting=posting).order_by("-total_minor")
    return {
        "since": {"name": last.name, "at": last.at.isoformat()} if last else None,
        "invoices": report.created["invoices"],
        "payments": report.created["payments"],
        "allocations_made": report.created["allocations"],
        "allocations_removed": report.removed["allocations"],
        "customers": report.created["customers"],
        "largest": [
            {"number": number, "customer": customer, "amount": amount, "currency": currency}
            for number, customer, amount, currency in made.values_list(
                "number", "customer__name", "total_minor", "currency"
            )[:TOP]
        ],
    }


def picture(creditor: Creditor, reading: Reading, today: date) -> dict[str, Any]:
    """What one sees: the aged balance, who is most late, what is unmatched, what lacks to write to customers."""
    rows = aged_balance(creditor, today, creditor.currency)
    late = sorted(rows, key=lambda row: (-sum(row.buckets[1:]), row.name))[:TOP]
    customers = Customer.objects.of(creditor)
    writable = Contact.objects.filter(customer=OuterRef("pk"), email_is_bad=False).exclude(email="")
    owing = Invoice.objects.filter(customer=OuterRef("pk"), settled_on__isnull=True).exclude(kind="credit_note")
    open_customers = customers.filter(Exists(owing))
    kinds = Counter(
        (kind, proposed) for kind, proposed in open_customers.values_list("kind", "kind_proposed").iterator()
    )
    return {
        "currency": creditor.currency,
        "buckets": list(BUCKETS),
        "totals": [sum(row.buckets[place] for row in rows) for place in range(len(BUCKETS))],
        "unallocated": sum(row.unallocated for row in rows),
        "total": sum(row.total for row in rows),
        "late": [
            {"customer": row.name, "late": sum(row.buckets[1:]), "oldest": BUCKETS[_oldest(row.buckets)]}
            for row in late
            if sum(row.buckets[1:]) > 0
        ],
        "without_email": open_customers.exclude(Exists(writable)).count(),
        "without_address": open_customers.filter(address="").count(),
        "kinds": [
            {"kind": kind, "proposed": proposed, "count": count} for (kind, proposed), count in sorted(kinds.items())
        ],
        "unknown_kind": sum(count for (kind, _), count in kinds.items() if kind == "unknown"),
        "unconfirmed": Invoice.objects.of(creditor).filter(is_confirmed=False, settled_on__isnull=True).count(),
    }


def _oldest(buckets: tuple[int, ...]) -> int:
    return max((place for place, amount in enumerate(buckets) if amount > 0), default=0)
