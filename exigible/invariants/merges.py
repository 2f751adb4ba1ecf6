"""A customer merged into another owes nothing and has nothing: all that was its own is with the one that was kept."""

from collections.abc import Iterator

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Contact, Customer, Invoice, Payment


def broken_merges(creditor: Creditor) -> Iterator[str]:
    """Yield each merged customer that still has an invoice, a payment or a contact, or that leads to one merged itself."""
    merged = Customer.objects.of(creditor).filter(merged_into__isnull=False)
    if not merged.exists():
        return
    for model in (Invoice, Payment, Contact):
        rows = model._default_manager.filter(customer__in=merged.values("pk")).order_by("customer__reference")
        for reference in rows.values_list("customer__reference", flat=True).distinct():
            yield f"merge: {reference} was merged and still has a {model._meta.verbose_name}"
    for one in merged.filter(merged_into__merged_into__isnull=False).order_by("id"):
        yield f"merge: {one.reference} leads to an account that was merged itself"
