"""Reads what a case rests on, five hundred cases at a time, as records of the core."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from exigible.books.cases.models import Hold, Stage, Standing, cause_of
from exigible.books.ledger.models import Allocation, Charge
from exigible.common.bulk import as_day, known_day, plain_rows
from exigible.core.because import JSON
from exigible.core.plan import InvoiceFacts

STANDING_COLUMNS = (
    "case_id", "invoice_id", "invoice__number", "invoice__issued_on", "invoice__due_on", "invoice__currency", "invoice__total_minor",
    "cycle", "stage", "last_step", "last_taken_on", "last_is_delivered", "invoice__is_confirmed", "invoice__due_origin",
    "invoice__order_reference", "invoice__contract_rate", "invoice__request_received_on", "invoice__notice_received_on",
)  # fmt: skip


class HoldFacts(NamedTuple):
    """One hold of a case: on the whole case, an invoice, or an amount of it."""

    invoice_id: int | None
    amount_minor: int | None
    reason: str
    until: date | None
    source: str = ""


class Terms(NamedTuple):
    """What the interest of an invoice depends on, beside its amounts and dates."""

    contract_rate: object
    request_received: date | None
    notice_received: date | None


class Unpaid(NamedTuple):
    """The unpaid invoices of cases: facts by case, payments received on each (day, minor units), terms of interest."""

    by_case: dict[int, list[InvoiceFacts]]
    payments: dict[int, list[tuple[date, int]]]
    terms: dict[int, Terms]


def holds_of(case_ids: Sequence[int], today: date) -> dict[int, list[HoldFacts]]:
    """Return the holds in force on a day, by case."""
    holds: dict[int, list[HoldFacts]] = {}
    rows = Hold.objects.filter(case_id__among=case_ids, released_on__isnull=True, from_on__lte=today)
    for case_id, *facts in rows.order_by("id").values_list(
        "case_id", "invoice_id", "amount_minor", "reason", "until_on", "source"
    ):
        held = HoldFacts(*facts)
        if held.until is None or held.until >= today:
            holds.setdefault(case_id, []).append(held)
    return holds


def holds_as_json(holds: Iterable[HoldFacts], is_excluded: bool) -> list[JSON]:
    """Return holds as the facts of a reason; a customer who is never chased is paused without an end."""
    found: list[JSON] = [
        {
            "reason": cause_of(hold.source) or hold.reason,
            "until": hold.until.isoformat() if hold.until else None,
            "amount": hold.amount_minor,
        }
        for hold in holds
    ]
    if is_excluded:
        found.append({"reason": "paused", "until": None, "amount": None})
    return found


def held_amount(holds: Iterable[HoldFacts], invoice_id: int, open_minor: int) -> int:
    """Return how much of an invoice waits: the amounts held on it, or all of it; never more than is open."""
    held = 0
    for hold in holds:
        if hold.invoice_id == invoice_id:
            held += open_minor if hold.amount_minor is None else hold.amount_minor
    return min(held, open_minor)


def unpaid_of(case_ids: Sequence[int], holds: dict[int, list[HoldFacts]]) -> Unpaid:
    """Return the unpaid invoices of cases, oldest due first; two queries whatever the number of cases."""
    payments: dict[int, list[tuple[date, int]]] = {}
    open_standings = Standing.objects.filter(case_id__among=case_ids).exclude(stage=Stage.CLOSED)
    allocations = Allocation.objects.filter(invoice__standing__in=open_standings.values("pk"))
    for invoice_id, day, amount in allocations.values_list("invoice_id", "allocated_on", "amount_minor"):
        payments.setdefault(invoice_id, []).append((day, amount))
    by_case: dict[int, list[InvoiceFacts]] = {}
    terms: dict[int, Terms] = {}
    rows = open_standings.order_by("case_id", "invoice__due_on", "invoice_id").values_list(*STANDING_COLUMNS)
    for (case_id, key, number, issued, due, currency, total, cycle, stage, last_step, taken_on, is_delivered, confirmed,
         due_origin, order_reference, rate, received, notice) in plain_rows(rows):  # fmt: skip
        paid = payments.get(key)
        left = total - sum(amount for _day, amount in paid) if paid else total
        on_hold = holds.get(case_id)
        held = held_amount(on_hold, key, left) if on_hold else 0
        by_case.setdefault(case_id, []).append(
            InvoiceFacts(
                key,
                number,
                known_day(issued),
                as_day(due),
                currency,
                total,
                left,
                held,
                cycle,
                stage,
                last_step,
                as_day(taken_on),
                bool(is_delivered),
                bool(confirmed),
                due_origin != "stated",
                order_reference,
            )  # fmt: skip
        )
        if rate is not None or received is not None or notice is not None:
            terms[key] = Terms(rate, as_day(received), as_day(notice))
    return Unpaid(by_case, payments, terms)


def customers_with_unpaid_charge(customer_ids: Sequence[int]) -> set[int]:
    """Return the customers who owe a charge that was claimed and is neither paid nor waived."""
    claimed = Charge.objects.filter(invoice__customer_id__among=customer_ids, state=Charge.State.CLAIMED)
    return set(claimed.values_list("invoice__customer_id", flat=True))
