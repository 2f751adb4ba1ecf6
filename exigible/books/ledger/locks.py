"""The one order in which rows are locked: creditor, customer, then all that is a customer's (invoices, case, messages).

Whoever changes an account takes its customer first, and several customers in their order, so that two workers never wait
for each other in a ring. SQLite has one writer at a time: nothing is done there.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from exigible.books.ledger.models import Customer


def lock_customers(customer_ids: Iterable[int | None]) -> None:
    """Take these customers for the rest of the transaction."""
    ids = sorted({key for key in customer_ids if key is not None})
    if ids and connection.features.has_select_for_update:
        _take(Customer.objects.filter(pk__among=ids))


def lock_all_customers(creditor_id: int) -> None:
    """Take all customers of a creditor for the rest of the transaction, for what may touch any of them."""
    if connection.features.has_select_for_update:
        _take(Customer.objects.filter(creditor_id=creditor_id))


def lock_free_customers(customer_ids: Iterable[int]) -> set[int] | None:
    """Take those of these customers that nobody has taken, without waiting; returns them, None for all of them."""
    if not connection.features.has_select_for_update:
        return None
    return _take(Customer.objects.filter(pk__among=set(customer_ids)), skip_locked=True)


def _take(rows: QuerySet[Customer], *, skip_locked: bool = False) -> set[int]:
    # no_key: rows that point to a customer may be written meanwhile.
    locked = rows.select_for_update(no_key=True, skip_locked=skip_locked).order_by("pk")
    return set(locked.values_list("pk", flat=True))
