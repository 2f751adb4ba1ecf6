"""What is done to a promise: made, put off once, withdrawn; and what becomes of it by itself, from the payments that come."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import DatabaseError, transaction
from django.db.models import Sum

from exigible.books.cases.models import Case, ExpectedPayment, Hold
from exigible.books.cases.operations import chunks, hold_case, release_hold, show_failure
from exigible.books.cases.queries import holds_of, unpaid_of
from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Allocation, Invoice
from exigible.common.errors import Refused
from exigible.core.dates import add_working_days
from exigible.core.money import decimal_string
from exigible.core.plan import InvoiceFacts
from exigible.core.promises import BROKEN, KEPT, PARTLY, is_kept, verdict
from exigible.features.outbox.operations import recheck_waiting
from exigible.features.promises.models import Promise, PromisedShare

logger = logging.getLogger(__name__)
GRACE_WORKING_DAYS = 3
FARTHEST_DAYS = 90
State = Promise.State
SETTLED = {KEPT: State.KEPT, PARTLY: State.PARTLY, BROKEN: State.BROKEN}


class PromiseWithoutDay(Refused):
    """A promise needs the day on which the money will come."""


class PromiseInThePast(Refused):
    """A promise is for today or later; correct its day."""


class PromiseTooFar(Refused):
    """A promise this far away is a payment plan; choose a day within %(days)s days."""


class PromiseOfNothing(Refused):
    """The amount promised must be more than zero."""


class PromiseTooLarge(Refused):
    """Only %(left)s is unpaid and not on hold: a promise covers that at most."""


class NothingToPromise(Refused):
    """Nothing is unpaid here that is not already on hold: there is nothing to promise."""


class PutOffAlready(Refused):
    """This promise was put off once already: a third day is not a promise; agree on a payment plan or let the reminders resume."""


class NoLongerAwaited(Refused):
    """This promise is no longer awaited. Reload the page."""


class Given(NamedTuple):
    """What a debtor said: the day, the amount in minor units (None: all that is late), for which invoices, who and how."""

    on: date | None
    amount_minor: int | None = None
    invoice_ids: Sequence[int] = ()
    made_by: str = ""
    channel: str = Promise.Channel.PHONE
    note: str = ""


def check_day(given: Given, today: date) -> date:
    """Return the day of a promise; refused when there is none, in the past, or so far that it is a plan."""
    if given.on is None:
        raise PromiseWithoutDay
    if given.on < today:
        raise PromiseInThePast
    if (given.on - today).days > FARTHEST_DAYS:
        raise PromiseTooFar(days=FARTHEST_DAYS)
    return given.on


def promisable(case: Case, today: date) -> list[InvoiceFacts]:
    """Return the unpaid invoices of a case in its currency of which something is not on hold, the oldest due first."""
    invoices = unpaid_of([case.pk], holds_of([case.pk], today)).by_case.get(case.pk, [])
    return [facts for facts in invoices if facts.open > facts.held and facts.currency == case.currency]


@transaction.atomic
def make_promise(case: Case, given: Given, *, today: date, at: datetime, actor: str = SYSTEM) -> Promise:
    """Record a promise: it holds its amount, oldest invoice first, until its day plus three working days.

    Without an amount it covers all that is late. Raises what cannot be promised; nothing is written then.
    """
    on = check_day(given, today)
    lock_customers([case.customer_id])
    promise = _make(case, given, on, None, today=today, at=at, actor=actor)
    recheck_waiting(case.creditor, [case.customer_id], today, at)
    return promise


@transaction.atomic
def put_off(promise: Promise, given: Given, *, today: date, at: datetime, actor: str = SYSTEM) -> Promise:
    """Replace an awaited promise by another day or amount, once: the debtor asked before its day passed."""
    on = check_day(given, today)
    locked = _awaited(promise)
    if locked.amends_id is not None:
        raise PutOffAlready
    _end(locked, State.AMENDED, today=today, at=at, actor=actor)
    invoices = list(locked.shares.values_list("invoice_id", flat=True))
    left = given.amount_minor if given.amount_minor is not None else locked.amount_minor - locked.received_minor
    again = given._replace(amount_minor=left, invoice_ids=given.invoice_ids or invoices)
    new = _make(locked.case, again, on, locked, today=today, at=at, actor=actor)
    recheck_waiting(locked.creditor, [locked.customer_id], today, at)
    return new


@transaction.atomic
def withdraw(promise: Promise, reason: str, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Take an awaited promise away, because it was noted by mistake or the claim was wrong: it is not counted."""
    locked = _awaited(promise)
    Promise.objects.filter(pk=locked.pk).update(note=reason.strip()[:200] or locked.note)
    _end(locked, State.CANCELLED, today=today, at=at, actor=actor)
    recheck_waiting(locked.creditor, [locked.customer_id], today, at)


def settle_promises(creditor: Creditor, today: date, at: datetime) -> int:
    """Settle each awaited promise that is kept, or whose grace has passed; returns how many.

    Kept when at least 98 % came, or all but five units of money, by its day plus grace; partly from 20 %; else broken
    (the thresholds are ours). What was held is asked for again from the next step after the last delivered.
    """
    settled = 0
    awaited = list(Promise.objects.of(creditor).filter(state=State.OPEN).order_by("id").values_list("pk", flat=True))
    for some in chunks(awaited):
        settled += _settle_some(some, today, at)
    return settled


def _settle_some(ids: Sequence[int], today: date, at: datetime) -> int:
    settled = 0
    for promise in Promise.objects.filter(pk__in=ids).select_related("case__creditor", "customer").order_by("id"):
        try:
            settled += _settle(promise, today, at)
        except (DatabaseError, ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as fault:
            logger.exception("promise %s could not be settled", promise.pk)
            show_failure(promise.case_id, fault, today, at)
    return settled


@transaction.atomic
def _settle(promise: Promise, today: date, at: datetime) -> bool:
    """Settle one promise where its time has come; returns whether it is no longer awaited.

    One whose invoices were credited meanwhile asks for nothing any more: it is withdrawn, not broken.
    """
    received = received_on(promise)
    kept = is_kept(promise.amount_minor, received, promise.currency)
    owed = promise.shares.filter(invoice__settled_on__isnull=True).exists()
    if today <= promise.last_day and not kept and owed:
        if received != promise.received_minor:
            lock_customers([promise.customer_id])
            Promise.objects.filter(pk=promise.pk, state=State.OPEN).update(received_minor=received)
            _shrink_holds(promise)
        return False
    locked = _awaited(promise)
    Promise.objects.filter(pk=locked.pk).update(received_minor=received)
    locked.received_minor = received
    became = SETTLED[verdict(locked.amount_minor, received, locked.currency)] if kept or owed else State.CANCELLED
    _end(locked, became, today=today, at=at, actor=SYSTEM)
    return True


def received_on(promise: Promise) -> int:
    """Return what came on the promised invoices since the promise was made, to the end of its grace, in minor units.

    Of each invoice at most the part that was promised on it counts.
    """
    shares = dict(promise.shares.values_list("invoice_id", "amount_minor"))
    window = Allocation.objects.filter(
        invoice_id__in=shares, payment__isnull=False, payment__received_on__range=(promise.made_on, promise.last_day)
    )
    came = window.order_by().values_list("invoice_id").annotate(sum=Sum("amount_minor"))
    return sum(min(minor, shares[key]) for key, minor in came)


def _shrink_holds(promise: Promise) -> None:
    """Keep on hold of each invoice no more than what is still awaited on it."""
    for share in promise.shares.select_related("hold"):
        came = Allocation.objects.filter(
            invoice_id=share.invoice_id, payment__received_on__range=(promise.made_on, promise.last_day)
        ).aggregate(sum=Sum("amount_minor"))["sum"]
        left = max(0, share.amount_minor - (came or 0))
        Hold.objects.filter(pk=share.hold_id or 0, released_on__isnull=True).update(amount_minor=left)


def _awaited(promise: Promise) -> Promise:
    """Take a promise under the lock of its customer; refused when it is no longer awaited."""
    lock_customers([promise.customer_id])
    rows = Promise.objects.select_related("case__creditor", "customer").filter(pk=promise.pk, state=State.OPEN)
    found: Promise | None = rows.first()
    if found is None:
        raise NoLongerAwaited
    return found


def _make(
    case: Case, given: Given, on: date, amends: Promise | None, *, today: date, at: datetime, actor: str
) -> Promise:
    shares = _shares(case, given, today)
    last_day = add_working_days(on, GRACE_WORKING_DAYS, case.customer.country)
    amount = sum(minor for _invoice, minor in shares)
    facts = {"creditor": case.creditor, "case": case, "customer_id": case.customer_id, "currency": case.currency, "on": on,
             "last_day": last_day, "amount_minor": amount}  # fmt: skip
    expected = ExpectedPayment.objects.create(**facts)
    promise = Promise.objects.create(
        **facts, made_on=today, made_by=given.made_by[:120], channel=given.channel, note=given.note[:200], amends=amends,
        expected=expected,
    )  # fmt: skip
    payload = {
        "promise": promise.pk, "amount": amount, "currency": case.currency, "promised_for": on, "until": last_day,
        "amends": amends.pk if amends else None, "invoices": [invoice.pk for invoice, _minor in shares],
    }  # fmt: skip
    record("promise.made", case, payload, on=today, at=at, actor=actor)
    for invoice, minor in shares:
        hold = hold_case(
            case, Hold.Reason.PROMISED, last_day, invoice=invoice, amount_minor=minor, today=today, at=at, actor=actor,
            source=given.note, is_told=False,
        )  # fmt: skip
        PromisedShare.objects.create(
            creditor=case.creditor, promise=promise, invoice=invoice, amount_minor=minor, hold=hold
        )
    return promise


def _shares(case: Case, given: Given, today: date) -> list[tuple[Invoice, int]]:
    """Spread an amount over the invoices named, or over all that may be promised: late ones alone where no amount was said."""
    free = promisable(case, today)
    if given.invoice_ids:
        free = [facts for facts in free if facts.id in set(given.invoice_ids)]
    elif given.amount_minor is None:
        free = [facts for facts in free if facts.due is not None and facts.due < today]
    if not free:
        raise NothingToPromise
    most = sum(facts.open - facts.held for facts in free)
    left = most if given.amount_minor is None else given.amount_minor
    if left <= 0:
        raise PromiseOfNothing
    if left > most:
        raise PromiseTooLarge(left=f"{decimal_string(most, case.currency)} {case.currency}")
    invoices, shares = Invoice.objects.in_bulk([facts.id for facts in free]), []
    for facts in free:
        part = min(left, facts.open - facts.held)
        if part > 0:
            shares.append((invoices[facts.id], part))
        left -= part
    return shares


def _end(promise: Promise, state: str, *, today: date, at: datetime, actor: str) -> None:
    """End a promise: its journal event, its holds released, its money no longer expected; the case is looked at today."""
    Promise.objects.filter(pk=promise.pk).update(state=state, settled_on=today)
    ExpectedPayment.objects.filter(pk=promise.expected_id or 0).update(ended_on=today)
    payload = {
        "promise": promise.pk, "amount": promise.amount_minor, "received": promise.received_minor, "currency": promise.currency,
        "promised_for": promise.on,
    }  # fmt: skip
    record(f"promise.{state}", promise.case, payload, on=today, at=at, actor=actor)
    for hold in Hold.objects.filter(pk__in=promise.shares.values("hold_id"), released_on__isnull=True).select_related(
        "case"
    ):
        release_hold(hold, today=today, at=at, actor=actor, is_told=False)
