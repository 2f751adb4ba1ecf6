"""The rows of the worklist: what waits for a person, in groups, read from a bounded window of each state, never counted whole."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from exigible.books.cases.models import Hold
from exigible.books.cases.queries import holds_of
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Customer, Invoice
from exigible.features.dunning.models import Action
from exigible.features.outbox.models import Message

State = Message.State
LIMITS, DELAYS, FAULTS, CALL, APPROVE, POST, PREPARE, LEAVING = (
    "limits", "delays", "faults", "call", "approve", "post", "prepare", "leaving",
)  # fmt: skip
GROUPS = (LIMITS, DELAYS, FAULTS, CALL, APPROVE, POST, PREPARE, LEAVING)
WINDOW = 120
WAITING_STATES = (State.TO_DO, State.TO_APPROVE, State.TO_POST, State.REHEARSED, State.READY)
COLUMNS = (
    "id", "state", "channel", "needs_approval", "step", "customer_id", "case_id", "action_id", "on", "not_before", "case__priority",
    "case__currency", "case__oldest_due_on",
)  # fmt: skip


def in_state(creditor: Creditor, state: str) -> QuerySet[Any]:
    """Return the messages of a creditor that wait in one state, by their index, in its order."""
    rows: QuerySet[Any] = Message.objects.of(creditor).filter(state=state, customer__isnull=False)
    return rows.order_by("not_before", "id")


def on_the_list(creditor: Creditor, state: str, today: date) -> QuerySet[Any]:
    """Return the messages of one state without what a person is to leave alone: the tasks of accounts on hold."""
    rows = in_state(creditor, state)
    if state not in (State.TO_DO, State.REHEARSED):
        return rows
    whole = Hold.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=today),
        case=OuterRef("case_id"), invoice__isnull=True, released_on__isnull=True, from_on__lte=today,
    )  # fmt: skip
    return rows.filter(~Exists(whole), customer__is_excluded=False)


class Waiting(NamedTuple):
    """A message that waits, without its text: enough to put it in its group and in order."""

    id: int
    state: str
    channel: str
    needs_approval: bool
    step: str
    customer_id: int
    case_id: int | None
    action_id: int | None
    on: date
    not_before: Any
    priority: int | None
    currency: str | None
    oldest_due_on: date | None

    @property
    def rank(self) -> tuple[int, int]:
        """Return its place in its group: the most overdue account first."""
        return (-(self.priority or 0), self.id)


class Row(NamedTuple):
    """One thing to do: for whom, how much, since when, why, and what comes if nothing happens. Amounts in minor units."""

    group: str
    customer_id: int
    customer: str
    because: dict[str, Any]
    amount_minor: int
    currency: str
    days_late: int | None
    case_id: int | None = None
    message_id: int | None = None
    state: str = ""
    channel: str = "task"
    step: str = "task"
    mode: str = "manual"
    invoices: tuple[str, ...] = ()
    next_step: str = ""
    next_on: date | None = None
    receipt: str = ""
    on: date | None = None
    rank: tuple[int, int] = (0, 0)

    @property
    def is_rehearsed(self) -> bool:
        """Say whether this would have been done, and will not be."""
        return self.state == State.REHEARSED


def group_of(waiting: Waiting) -> str:
    """Return the group of a message; in rehearsal, the group of what it would be."""
    if waiting.channel == "phone":
        return CALL
    if waiting.state == State.TO_DO or waiting.channel not in ("email", "letter", "sms"):
        return PREPARE
    if waiting.state == State.TO_APPROVE or (waiting.state == State.REHEARSED and waiting.needs_approval):
        return APPROVE
    return POST if waiting.channel == "letter" else LEAVING


def waiting_by_group(creditor: Creditor, today: date, window: int = WINDOW) -> dict[str, list[Waiting]]:
    """Return what waits, by group, the most overdue first. At most `window` rows of each state are looked at.

    A day's messages are decided worst first, so that the window holds the worst of them.
    """
    zone = ZoneInfo(creditor.time_zone)
    groups: dict[str, list[Waiting]] = {name: [] for name in GROUPS}
    for state in WAITING_STATES:
        found = [Waiting._make(row) for row in on_the_list(creditor, state, today).values_list(*COLUMNS)[:window]]
        contested = _contested(found, today) if state in (State.TO_DO, State.REHEARSED) else frozenset()
        for waiting in found:
            if waiting.id in contested:
                continue
            later = waiting.not_before is not None and waiting.not_before.astimezone(zone).date() > today
            if not (later and waiting.state == State.TO_DO):
                groups[group_of(waiting)].append(waiting)
    groups[LEAVING] += _left_today(creditor, today, zone)
    for rows_of_group in groups.values():
        rows_of_group.sort(key=lambda waiting: waiting.rank)
    return groups


def _contested(tasks: Sequence[Waiting], today: date) -> frozenset[int]:
    """The tasks about nothing but invoices that are held in full: they wait for what is decided about these."""
    holds = holds_of([task.case_id for task in tasks if task.case_id is not None], today)
    held = {case_id: {hold.invoice_id for hold in some if hold.amount_minor is None} for case_id, some in holds.items()}
    about = {task.action_id: task for task in tasks if task.case_id in held and task.action_id is not None}
    stated = Action.objects.filter(pk__in=about).values_list("pk", "case_id", "invoice_ids")
    return frozenset(about[key].id for key, case_id, ids in stated if set(json.loads(ids)) <= held[case_id])


def _left_today(creditor: Creditor, today: date, zone: ZoneInfo) -> list[Waiting]:
    """The e-mails of today that left: found among those whose delivery is not settled yet."""
    rows = (
        Message.objects.of(creditor)
        .filter(state=State.SENT, settles_on__gt=today, channel="email", customer__isnull=False)
        .order_by("-settles_on", "-id")
    )
    found = [(Waiting._make(row[:-1]), row[-1]) for row in rows.values_list(*COLUMNS, "sent_at")[:50]]
    return [waiting for waiting, sent_at in found if sent_at is not None and sent_at.astimezone(zone).date() == today]


def rows_of(creditor: Creditor, group: str, waiting: Sequence[Waiting], today: date) -> list[Row]:
    """Return messages that wait as rows of the screen, in their order; three queries whatever their number."""
    names = dict(Customer.objects.filter(pk__in={one.customer_id for one in waiting}).values_list("pk", "name"))
    ids = [one.action_id for one in waiting if one.action_id]
    actions = {action.pk: action for action in Action.objects.of(creditor).filter(pk__in=ids)}
    invoices = {key: json.loads(action.invoice_ids) for key, action in actions.items()}
    numbers = dict(
        Invoice.objects.filter(pk__in=set(chain.from_iterable(invoices.values()))).values_list("pk", "number")
    )
    return [
        _row(
            group,
            one,
            names[one.customer_id],
            actions.get(one.action_id or 0),
            invoices=_numbers(invoices, one, numbers),
            today=today,
        )
        for one in waiting
    ]


def _numbers(invoices: dict[int, list[int]], waiting: Waiting, numbers: dict[int, str]) -> tuple[str, ...]:
    return tuple(numbers[key] for key in invoices.get(waiting.action_id or 0, ()) if key in numbers)


def _row(
    group: str, waiting: Waiting, name: str, action: Action | None, *, invoices: tuple[str, ...], today: date
) -> Row:
    oldest = waiting.oldest_due_on
    as_of = max(today, action.on) if action else today  # the day that its sentence speaks of
    late = (as_of - oldest).days if oldest else None
    if action is None:
        because: dict[str, Any] = {
            "rule": "waiting.person",
            "facts": {"step": waiting.step or None, "on": waiting.on.isoformat(), "message": waiting.id},
        }
        if group == APPROVE:
            because["rule"] = "waiting.approval"
        return Row(
            group, waiting.customer_id, name, because, waiting.priority or 0, waiting.currency or "EUR", late, waiting.case_id, waiting.id,
            waiting.state, waiting.channel, waiting.step, "manual", invoices, on=waiting.on, rank=waiting.rank,
        )  # fmt: skip
    is_next_known = action.next_on is not None and action.next_on > today
    return Row(
        group, waiting.customer_id, name, because_today(action, today), action.amount_minor, action.currency, late, waiting.case_id,
        waiting.id, waiting.state, action.channel, action.step, action.mode, invoices, action.next_step if is_next_known else "",
        action.next_on if is_next_known else None, on=waiting.on, rank=waiting.rank,
    )  # fmt: skip


def because_today(action: Action, today: date) -> dict[str, Any]:
    """Return the reason of an action as it reads on a day: what waited since an earlier one is late by as many days more.

    What would have come next is not promised for a day that has passed.
    """
    because = action.because
    facts: dict[str, Any] = because["facts"]
    if action.on > today:  # prepared on a closed day, for the next working one
        facts["when"] = action.on.isoformat()
        return because
    if isinstance(facts.get("days_late"), int):
        facts["days_late"] += (today - action.on).days
    if facts.get("next") and facts["next"]["date"] <= today.isoformat():
        del facts["next"]
    return because


def stake_of(waiting: Iterable[Waiting], faults: Iterable[Row]) -> dict[str, int]:
    """Return what is overdue on the accounts of these rows, by currency, each account once."""
    by_case = {one.case_id: (one.currency or "EUR", one.priority or 0) for one in waiting if one.case_id is not None}
    by_case |= {row.case_id: (row.currency, row.amount_minor) for row in faults if row.case_id is not None}
    sums: dict[str, int] = {}
    for currency, minor in by_case.values():
        if minor:
            sums[currency] = sums.get(currency, 0) + minor
    return sums


def rows_for_customer(customer: Customer, today: date) -> list[Row]:
    """Return what waits for one customer, newest first."""
    messages = Message.objects.filter(customer=customer, state__in=(*WAITING_STATES, State.QUEUED)).order_by(
        "-on", "-id"
    )
    waiting = [Waiting._make(row) for row in messages.values_list(*COLUMNS)[:20]]
    found: list[Row] = []
    for one in waiting:
        found += rows_of(customer.creditor, group_of(one), [one], today)
    return found
