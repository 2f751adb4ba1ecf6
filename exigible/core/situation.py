"""situation: what a case comes to on a day: whether it is open and why, what is late, when that changes by itself."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from exigible.core.plan import InvoiceFacts


class Situation(NamedTuple):
    """A case on a day, in its main currency (the one in which most is late, else most is open)."""

    reasons: tuple[str, ...]
    currency: str
    open_minor: int
    overdue_minor: int
    overdue_count: int
    oldest_due: date | None
    changes_on: date | None


def situation(
    invoices: Sequence[InvoiceFacts],
    has_unpaid_charge: bool,
    has_lasting_hold: bool,
    default_currency: str,
    today: date,
) -> Situation:
    """Return the situation of a case. Reasons to be open: overdue, preventive, charge, hold (architecture.md, section 2).

    An invoice is late from the day after its due date, unless nothing of it is open. `changes_on` is the first day on which an invoice becomes late.
    """
    late: dict[str, int] = {}
    open_by: dict[str, int] = {}
    count, oldest, changes_on, prevented = 0, None, None, False
    for invoice in invoices:
        if invoice.open <= 0:
            continue
        currency = invoice.currency
        open_by[currency] = open_by.get(currency, 0) + invoice.open
        due = invoice.due
        if due is None:
            continue
        if due < today:
            late[currency] = late.get(currency, 0) + invoice.open
            count += 1
            oldest = due if oldest is None or due < oldest else oldest
        else:
            prevented = prevented or bool(invoice.last_step)
            becomes = due + timedelta(days=1)
            changes_on = becomes if changes_on is None or becomes < changes_on else changes_on
    amounts = late or open_by
    currency = max(amounts, key=lambda code: amounts[code]) if amounts else default_currency
    reasons = [
        name
        for name, holds in (
            ("overdue", bool(late)),
            ("preventive", prevented),
            ("charge", has_unpaid_charge),
            ("hold", has_lasting_hold),
        )
        if holds
    ]
    return Situation(
        tuple(reasons), currency, open_by.get(currency, 0), late.get(currency, 0), count, oldest, changes_on
    )
