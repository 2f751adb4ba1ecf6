"""What comes of a call: its outcome is recorded, and what the debtor said holds the amounts it concerns, in one transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from exigible.books.cases.models import Case, Hold
from exigible.books.cases.operations import hold_case
from exigible.books.cases.queries import holds_of, unpaid_of
from exigible.books.creditors.models import User
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Invoice
from exigible.core.dates import add_working_days
from exigible.core.plan import InvoiceFacts
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import recheck_waiting, record_call
from exigible.features.promises.operations import Given, check_day, make_promise

PAID_PAUSE_WORKING_DAYS = 5


class Outcome(NamedTuple):
    """What a call gave: one of promised, paid, dispute, wrong_person, no_answer, message_left, refuses; amounts in minor units."""

    name: str
    note: str = ""
    promised_on: date | None = None
    promised_minor: int | None = None
    disputed_ids: Sequence[int] = ()


@transaction.atomic
def save_call(message: Message, outcome: Outcome, user: User, today: date, at: datetime) -> None:
    """Record a call and hold what the debtor promised or contests; what says it is paid gets a few days to arrive.

    A promise holds its amount, oldest invoice first, until its day plus three working days; a dispute holds the invoices
    contested until a person releases them; the rest goes on.
    """
    given = Given(outcome.promised_on, outcome.promised_minor, note=outcome.note)
    if outcome.name == "promised":
        check_day(given, today)
    lock_customers([message.customer_id])
    record_call(message, outcome.name, outcome.note, user, today=today, at=at)
    case: Case | None = message.case
    if case is None:
        return
    country = case.customer.country
    actor = f"user:{user.pk}"
    if outcome.name == "promised":
        make_promise(case, given, today=today, at=at, actor=actor)
    elif outcome.name == "dispute":
        for invoice in _chosen(case, outcome.disputed_ids, today):
            hold_case(
                case, Hold.Reason.DISPUTED, None, invoice=invoice, today=today, at=at, actor=actor, source=outcome.note
            )
    elif outcome.name == "paid":
        until = add_working_days(today, PAID_PAUSE_WORKING_DAYS, country)
        hold_case(case, Hold.Reason.PAUSED, until, today=today, at=at, actor=actor, source=outcome.note)
    recheck_waiting(message.creditor, [case.customer_id], today, at)


def late_invoices(case: Case, today: date) -> list[InvoiceFacts]:
    """Return the invoices that a call speaks of: overdue, not held, in the currency of the case, oldest first."""
    invoices = unpaid_of([case.pk], holds_of([case.pk], today)).by_case.get(case.pk, [])
    return [
        facts
        for facts in invoices
        if facts.due is not None and facts.due < today and facts.open > facts.held and facts.currency == case.currency
    ]


def _chosen(case: Case, ids: Sequence[int], today: date) -> list[Invoice]:
    """The invoices contested among those of the case; all that are late when none was named."""
    late = [facts.id for facts in late_invoices(case, today)]
    named = [key for key in ids if key in late]
    return list(Invoice.objects.filter(pk__in=named or late).order_by("due_on", "id"))
