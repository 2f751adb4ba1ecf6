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
from exigible.common.errors import Refused
from exigible.core.dates import add_working_days
from exigible.core.plan import InvoiceFacts
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import recheck_waiting, record_call

GRACE_WORKING_DAYS = 3
PAID_PAUSE_WORKING_DAYS = 5
FARTHEST_DAYS = 90


class PromiseWithoutDay(Refused):
    """A promise needs the day on which the money will come."""


class PromiseInThePast(Refused):
    """A promise is for today or later; correct its day."""


class PromiseTooFar(Refused):
    """A promise this far away is a payment plan; choose a day within %(days)s days."""


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
    if outcome.name == "promised":
        _check_promise(outcome, today)
    lock_customers([message.customer_id])
    record_call(message, outcome.name, outcome.note, user, today=today, at=at)
    case: Case | None = message.case
    if case is None:
        return
    country = case.customer.country
    actor = f"user:{user.pk}"
    if outcome.name == "promised":
        _hold_promised(case, outcome, today, at, actor)
    elif outcome.name == "dispute":
        for invoice in _chosen(case, outcome.disputed_ids, today):
            hold_case(
                case, Hold.Reason.DISPUTED, None, invoice=invoice, today=today, at=at, actor=actor, source=outcome.note
            )
    elif outcome.name == "paid":
        until = add_working_days(today, PAID_PAUSE_WORKING_DAYS, country)
        hold_case(case, Hold.Reason.PAUSED, until, today=today, at=at, actor=actor, source=outcome.note)
    recheck_waiting(message.creditor, [case.customer_id], today, at)


def _check_promise(outcome: Outcome, today: date) -> None:
    if outcome.promised_on is None:
        raise PromiseWithoutDay
    if outcome.promised_on < today:
        raise PromiseInThePast
    if (outcome.promised_on - today).days > FARTHEST_DAYS:
        raise PromiseTooFar(days=FARTHEST_DAYS)


def late_invoices(case: Case, today: date) -> list[InvoiceFacts]:
    """Return the invoices that a call speaks of: overdue, not held, in the currency of the case, oldest first."""
    invoices = unpaid_of([case.pk], holds_of([case.pk], today)).by_case.get(case.pk, [])
    return [
        facts
        for facts in invoices
        if facts.due is not None and facts.due < today and facts.open > facts.held and facts.currency == case.currency
    ]


def _hold_promised(case: Case, outcome: Outcome, today: date, at: datetime, actor: str) -> None:
    assert outcome.promised_on is not None
    until = add_working_days(outcome.promised_on, GRACE_WORKING_DAYS, case.customer.country)
    late = late_invoices(case, today)
    left = (
        outcome.promised_minor if outcome.promised_minor is not None else sum(facts.open - facts.held for facts in late)
    )
    invoices = Invoice.objects.in_bulk([facts.id for facts in late])
    for facts in late:
        share = min(left, facts.open - facts.held)
        if share <= 0:
            break
        left -= share
        hold_case(
            case, Hold.Reason.PROMISED, until, invoice=invoices[facts.id], amount_minor=share, today=today, at=at, actor=actor,
            source=outcome.note,
        )  # fmt: skip


def _chosen(case: Case, ids: Sequence[int], today: date) -> list[Invoice]:
    """The invoices contested among those of the case; all that are late when none was named."""
    late = [facts.id for facts in late_invoices(case, today)]
    named = [key for key in ids if key in late]
    return list(Invoice.objects.filter(pk__in=named or late).order_by("due_on", "id"))
