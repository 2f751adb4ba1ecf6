"""A large synthetic book as plain tuples: customers and invoices of which a known share is due for a reminder today."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

FIRST_REMINDER_DAY = 3  # the ordinary profile: first reminder three days after the due date, preventive one five before
TERM = timedelta(days=30)


class CustomerRow(NamedTuple):
    """A customer; `next_look_on` is the first day on which one of its invoices has a step."""

    code: str
    name: str
    email: str
    is_due: bool
    next_look_on: date


class InvoiceRow(NamedTuple):
    """An open invoice; the amount in minor units."""

    customer: str
    number: str
    issued: date
    due: date
    total_minor: int
    currency: str


def world(
    customers: int, invoices_each: int = 5, due_share: float = 0.01, *, today: date, seed: int = 7
) -> Iterator[tuple[CustomerRow, list[InvoiceRow]]]:
    """Each customer with its invoices.

    Exactly `due_share` of the customers, spread evenly, have a first reminder falling due today on all their invoices.
    The others have nothing to do today: half are overdue but still wait for their first reminder, half are not due and
    too early for a preventive one.
    """
    random = Random(seed)  # noqa: S311
    due_count = round(customers * due_share)
    for rank in range(customers):
        is_due = (rank + 1) * due_count // customers > rank * due_count // customers
        code = f"C{rank:07d}"
        dues = [today + timedelta(days=days_to_due(random, rank, is_due)) for _ in range(invoices_each)]
        invoices = [
            InvoiceRow(code, f"F{rank:07d}-{index}", due - TERM, due, 8_000 + int(random.random() * 600_000), "EUR")
            for index, due in enumerate(dues)
        ]
        next_look_on = min((next_step_on(due, today) for due in dues), default=today)
        yield CustomerRow(code, f"Client {rank}", f"compta@client-{rank}.example", is_due, next_look_on), invoices


def days_to_due(random: Random, rank: int, is_due: bool) -> int:
    """Days from today to a due date; negative when it has passed."""
    if is_due:
        return -FIRST_REMINDER_DAY
    return -1 - int(random.random() * (FIRST_REMINDER_DAY - 1)) if rank % 2 else 6 + int(random.random() * 55)


def next_step_on(due: date, today: date) -> date:
    """The preventive reminder's day if it is still to come, else the first reminder's."""
    preventive = due - timedelta(days=5)
    return preventive if preventive > today else due + timedelta(days=FIRST_REMINDER_DAY)


def tables(
    customers: int, invoices_each: int = 5, due_share: float = 0.01, *, today: date, seed: int = 7
) -> tuple[list[CustomerRow], list[InvoiceRow]]:
    """The same world as two tables."""
    people, invoices = [], []
    for customer, rows in world(customers, invoices_each, due_share, today=today, seed=seed):
        people.append(customer)
        invoices += rows
    return people, invoices
