"""Scores customers from their invoices, unless a person set the profile by hand."""

from collections.abc import Sequence
from datetime import date

from exigible.books.ledger.models import Customer, Invoice
from exigible.common.bulk import as_day, plain_rows, update_rows
from exigible.core.scoring import Billed, payer_score


def score_customers(customer_ids: Sequence[int], today: date) -> None:
    """Set the payer profile and the usual delay of customers from what they paid and still owe."""
    customers = Customer.objects.filter(pk__among=customer_ids, segment_is_manual=False)
    known = {
        key: (segment, usual) for key, segment, usual in customers.values_list("id", "segment", "usual_delay_days")
    }
    billed: dict[int, list[Billed]] = {key: [] for key in known}
    rows = Invoice.objects.filter(customer_id__among=list(known), due_on__isnull=False, total_minor__gt=0)
    rows = rows.exclude(kind=Invoice.Kind.CREDIT_NOTE).order_by()
    for customer_id, total, due, settled in plain_rows(
        rows.values_list("customer_id", "total_minor", "due_on", "settled_on")
    ):
        day = as_day(due)
        assert day is not None
        billed[customer_id].append(Billed(total, day, as_day(settled)))
    changed = []
    for key, invoices in billed.items():
        score = payer_score(invoices, today)
        if (score.segment, score.usual_delay_days) != known[key]:
            changed.append((score.segment, score.usual_delay_days, key))
    update_rows(Customer, ("segment", "usual_delay_days"), changed)
