"""What a ledger says is owed to customers who are suppliers too, kept beside the customer."""

from exigible.books.ledger.models import SupplierAccount
from exigible.books.ledger.posting_records import Work


def post_suppliers(work: Work) -> None:
    """Keep the balance that the latest ledger shows; what a person set aside stands as long as the balance is the same."""
    for row in work.reading.suppliers:
        customer = work.customer_ids.get(row.key)
        if customer is None:
            continue
        known = SupplierAccount.objects.filter(pk=customer).first()
        if known is None and row.balance_minor <= 0:
            continue
        if known is not None and known.on > row.on:
            continue  # an older year
        SupplierAccount.objects.update_or_create(
            customer_id=customer,
            defaults={
                "creditor": work.creditor, "account": row.account, "reference": row.name[:60], "currency": row.currency,
                "balance_minor": row.balance_minor, "on": row.on, "posting": work.posting,
            },
        )  # fmt: skip
