"""What must always hold in the books, the outbox, the cases and the journal: run by `exigible check` and by the simulation."""

from collections.abc import Iterator
from datetime import date

from exigible.books.creditors.models import Creditor
from exigible.invariants.balances import broken_balances
from exigible.invariants.bank import broken_bank
from exigible.invariants.cases import broken_cases
from exigible.invariants.chains import broken_chains
from exigible.invariants.charges import broken_charges
from exigible.invariants.contacts import broken_contacts
from exigible.invariants.demands import broken_demands
from exigible.invariants.documents import broken_documents
from exigible.invariants.events import broken_events
from exigible.invariants.limits import broken_limits
from exigible.invariants.merges import broken_merges
from exigible.invariants.steps import broken_steps

__all__ = ["broken"]


def broken(creditor: Creditor, today: date | None = None) -> Iterator[str]:
    """Yield a sentence for each thing that does not hold; nothing when all is well. Reads a chunk at a time, changes nothing.

    Whether a case should be open depends on the day: give `today`, or that of the last run of the day is taken.
    """
    yield from broken_balances(creditor)
    yield from broken_charges(creditor)
    yield from broken_bank(creditor)
    yield from broken_demands(creditor)
    yield from broken_steps(creditor)
    yield from broken_contacts(creditor)
    yield from broken_events(creditor)
    yield from broken_chains(creditor)
    yield from broken_cases(creditor, today)
    yield from broken_limits(creditor)
    yield from broken_merges(creditor)
    yield from broken_documents(creditor)
