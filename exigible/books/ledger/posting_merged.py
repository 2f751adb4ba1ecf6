"""Files name customers that were merged into others: what they say of these is read as said of the one that was kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Customer
from exigible.books.ledger.posting_customers import reference_of
from exigible.formats.control import Control
from exigible.formats.rows import CustomerRow, Reading


def kept_references(creditor: Creditor) -> dict[str, str]:
    """By the reference of each customer that was merged, that of the one that it was merged into."""
    rows = Customer.objects.of(creditor).filter(merged_into__isnull=False)
    return dict(rows.values_list("reference", "merged_into__reference"))


def under_kept(creditor: Creditor, reading: Reading) -> Reading:
    """The reading with what it says of merged customers under the one that was kept, whose own facts stand.

    `facts["merged"]` tells, by source key, under which reference the file had an item.
    """
    kept = kept_references(creditor)
    moved = {row.key: kept[reference_of(row.key)] for row in reading.customers if reference_of(row.key) in kept}
    if not moved:
        return reading
    named = {row.key for row in reading.customers if row.key not in moved}
    keys = {reference_of(key): key for key in named}
    moved = {key: keys.get(reference, reference) for key, reference in moved.items()}
    added = {key: CustomerRow(key, key) for key in moved.values() if key not in named}
    told = {
        row.source_key: reference_of(row.customer_key)
        for rows in (reading.invoices, reading.payments)
        for row in rows
        if row.customer_key in moved
    }
    return replace(
        reading,
        customers=[*(row for row in reading.customers if row.key not in moved), *added.values()],
        invoices=[row._replace(customer_key=moved.get(row.customer_key, row.customer_key)) for row in reading.invoices],
        payments=[row._replace(customer_key=moved.get(row.customer_key, row.customer_key)) for row in reading.payments],
        facts=reading.facts | {"merged": told},
    )


def control_under_kept(kept: Mapping[str, str], said: Control) -> Control:
    """What the raw lines say, the balances and lines of merged customers added to those of the one that was kept."""
    if not any(reference_of(key) in kept for key in said.customers):
        return said
    keys = {reference_of(key): key for key in said.customers}
    balances: Counter[str] = Counter()
    lines = {key: list(some) for key, some in said.lines.items() if reference_of(key) not in kept}
    for key, amount in said.customers.items():
        reference = kept.get(reference_of(key))
        balances[keys.get(reference, reference) if reference else key] += amount
    for key, some in said.lines.items():
        reference = kept.get(reference_of(key))
        if reference:
            lines.setdefault(keys.get(reference, reference), []).extend(some)
    return said._replace(customers=dict(balances), lines=lines)
