"""Keeps cases in agreement with the ledger: refresh (open, update, close), hold, release, take a step back."""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F, Max, Q

from exigible.books.cases.limitation import ClaimFacts, first_limitation, refresh_limitation
from exigible.books.cases.models import Activity, Case, Hold, Stage, Standing, TakenStep
from exigible.books.cases.queries import HoldFacts, customers_with_unpaid_charge, holds_as_json, holds_of, unpaid_of
from exigible.books.creditors.models import Creditor
from exigible.books.journal.models import GENESIS
from exigible.books.journal.operations import SYSTEM, Entry, Head, record, record_many
from exigible.books.ledger.charges import follow_charges
from exigible.books.ledger.locks import lock_customers, lock_free_customers
from exigible.books.ledger.models import Invoice
from exigible.books.ledger.scoring import score_customers
from exigible.common.bulk import insert_rows, update_rows
from exigible.common.errors import Refused
from exigible.core.because import Because
from exigible.core.law.book import law_book
from exigible.core.situation import Situation, situation

logger = logging.getLogger(__name__)
CHUNK = 500
RETRY = timedelta(hours=1)
LASTING_HOLDS = frozenset({Hold.Reason.DISPUTED, Hold.Reason.PLANNED, Hold.Reason.INSOLVENCY})
CASE_COLUMNS = (
    "state", "opened_on", "closed_on", "next_look_on", "currency", "open_minor", "overdue_minor", "overdue_count", "oldest_due_on",
    "priority", "chain_number", "chain_hash",
)  # fmt: skip


class HoldEndsBeforeItBegins(Refused):
    """A pause must end after today; choose a later day."""


def chunks(ids: Iterable[int], size: int = CHUNK) -> Iterator[list[int]]:
    """Yield the ids in order, a chunk at a time."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def stage_of(due: date | None, last_step: str, today: date) -> str:
    """Return where an unpaid invoice stands by its due date and the last step delivered to it."""
    if last_step in ("formal_notice", "handover"):
        return Stage.FORMAL_NOTICE
    if last_step and last_step != "preventive":
        return Stage.REMINDED
    if due is None or today < due:
        return Stage.UPCOMING
    return Stage.DUE if today == due else Stage.OVERDUE


def priority_of(found: Situation) -> int:
    """Return the place of a case in the worklist: the amount late."""
    return found.overdue_minor


def refresh_customers(
    creditor: Creditor, customer_ids: Iterable[int], today: date, at: datetime, actor: str = SYSTEM
) -> None:
    """Make the cases of customers agree with the ledger; each is looked at again by the next run of the day.

    Unpaid invoices get a standing (a re-opened one resumes after its last step delivered) and their last day to sue,
    settled ones lose it, cases open and close with their reasons. One transaction a chunk.
    """
    for ids in chunks(customer_ids):
        with transaction.atomic():
            lock_customers(ids)
            score_customers(ids, today)
            follow_charges(creditor, ids, today, at, actor)
            _follow(creditor, ids, today)
            refresh_limitation(creditor, ids, today)
            cases = list(Case.objects.filter(customer_id__in=ids).exclude(state=Case.State.CLOSED).order_by("id"))
            _agree(creditor, cases, today, at, actor)


def refresh_case(case: Case, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Make one case agree with the ledger."""
    refresh_customers(case.creditor, [case.customer_id], today, at, actor)


def _follow(creditor: Creditor, customer_ids: Sequence[int], today: date) -> None:
    """Give a case to each customer with an invoice or a claimed charge unpaid, a standing to each unpaid invoice; end those of settled ones."""
    unpaid = Invoice.objects.filter(customer_id__in=customer_ids, settled_on__isnull=True).exclude(
        kind=Invoice.Kind.CREDIT_NOTE
    )
    owing = set(unpaid.values_list("customer_id", flat=True)) | customers_with_unpaid_charge(customer_ids)
    present = _cases_of(creditor, customer_ids, owing, today)
    standings = Standing.objects.filter(invoice__customer_id__in=customer_ids)
    standings.filter(invoice__settled_on__isnull=False).exclude(stage=Stage.CLOSED).update(stage=Stage.CLOSED)
    known = {key: (stage, case_id) for key, stage, case_id in standings.values_list("invoice_id", "stage", "case_id")}
    fresh, again = [], []
    book = law_book(creditor.country)
    for key, customer_id, issued, due, origin, kind in unpaid.values_list(
        "id", "customer_id", "issued_on", "due_on", "due_origin", "customer__kind"
    ):
        case_id = present[customer_id]
        if key not in known:
            limits = first_limitation(book, ClaimFacts(kind, issued, due, origin, Activity.SERVICES.value, None), today)
            fresh.append((key, creditor.pk, case_id, stage_of(due, "", today), 1, "", None, True, *limits))
        elif known[key] == (Stage.CLOSED, case_id) or known[key][0] == Stage.CLOSED or known[key][1] != case_id:
            again.append((case_id, Stage.REMINDED, key))
    columns = (
        "invoice_id",
        "creditor_id",
        "case_id",
        "stage",
        "cycle",
        "last_step",
        "last_taken_on",
        "last_is_delivered",
        "last_day_to_sue",
        "limitation_rule",
        "next_warning_on",
    )
    insert_rows(Standing, columns, fresh)
    update_rows(Standing, ("case_id", "stage"), again)
    _restore_steps([row[-1] for row in again], today)


def _cases_of(creditor: Creditor, customer_ids: Sequence[int], owing: set[int], today: date) -> dict[int, int]:
    """Return the case of each customer that has one, made for those who owe something and had none."""
    present = dict(
        Case.objects.filter(customer_id__in=customer_ids)
        .exclude(state=Case.State.CLOSED)
        .values_list("customer_id", "id")
    )
    newcomers = sorted(owing - present.keys())
    tones = _tones_reached(newcomers)
    new = [(creditor.pk, key, "watched", today, creditor.currency, GENESIS, tones.get(key, 0)) for key in newcomers]
    filler = (0, 0, 0, 0, 0, "", "")
    insert_rows(
        Case,
        ("creditor_id", "customer_id", "state", "next_look_on", "currency", "chain_hash", "highest_tone", "chain_number",
         "open_minor", "overdue_minor", "overdue_count", "priority", "waiting", "error"),
        [row + filler for row in new],
    )  # fmt: skip
    if new:
        rows = Case.objects.filter(customer_id__in=owing).exclude(state=Case.State.CLOSED)
        present = dict(rows.values_list("customer_id", "id"))
    return present


def _tones_reached(customer_ids: Sequence[int]) -> dict[int, int]:
    """The highest tone that reached customers in earlier cases: a new case goes on from there."""
    if not customer_ids:
        return {}
    earlier = (
        Case.objects.filter(customer_id__in=customer_ids, highest_tone__gt=0).order_by().values_list("customer_id")
    )
    return dict(earlier.annotate(tone=Max("highest_tone")))


def _agree(creditor: Creditor, cases: Sequence[Case], today: date, at: datetime, actor: str) -> None:
    """Write the situation of cases, with an event for each that opens or closes."""
    ids = [case.pk for case in cases]
    holds = holds_of(ids, today)
    unpaid = unpaid_of(ids, holds)
    charged = customers_with_unpaid_charge([case.customer_id for case in cases])
    rows: list[list[Any]] = []
    entries: list[Entry] = []
    told: list[int] = []
    for case in cases:
        lasting = any(hold.reason in LASTING_HOLDS for hold in holds.get(case.pk, ()))
        invoices = unpaid.by_case.get(case.pk, [])
        found = situation(invoices, case.customer_id in charged, lasting, case.currency, today)
        moved = _move(case, found, bool(invoices), today)
        if moved:
            told.append(len(rows))
            payload = {
                "reasons": list(found.reasons),
                "open": found.open_minor,
                "overdue": found.overdue_minor,
                "currency": found.currency,
            }
            entries.append(
                Entry(case.stream, Head(case.chain_number, case.chain_hash), case.customer_id, moved, payload)
            )
        rows.append(_case_row(case, found, today))
    for position, head in zip(told, record_many(creditor.pk, entries, today, at, actor), strict=True):
        rows[position][-3:-1] = list(head)
    update_rows(Case, CASE_COLUMNS, rows)


def _move(case: Case, found: Situation, has_unpaid: bool, today: date) -> str | None:
    """Open or close a case in memory and return the kind of event that tells it."""
    if case.state == Case.State.WATCHED and found.reasons:
        case.state, case.opened_on = Case.State.OPEN, today
        return "case.opened"
    if case.state == Case.State.OPEN and not found.reasons:
        case.state, case.closed_on = (Case.State.WATCHED, None) if has_unpaid else (Case.State.CLOSED, today)
        return "case.closed"
    if case.state == Case.State.WATCHED and not has_unpaid:
        case.state, case.closed_on = Case.State.CLOSED, today
        return "case.closed"
    return None


def _case_row(case: Case, found: Situation, today: date) -> list[object]:
    look = None if case.state == Case.State.CLOSED else today
    return [
        case.state, case.opened_on, case.closed_on, look, found.currency, found.open_minor, found.overdue_minor, found.overdue_count,
        found.oldest_due, priority_of(found), case.chain_number, case.chain_hash, case.pk,
    ]  # fmt: skip


def _restore_steps(invoice_ids: Sequence[int], today: date) -> None:
    """Make the last step of standings agree with the steps that are still marked as taken in their present cycle."""
    if not invoice_ids:
        return
    taken: dict[int, tuple[str, date, bool]] = {}
    steps = TakenStep.objects.filter(invoice_id__in=invoice_ids).order_by("taken_on", "id")
    for key, cycle, step, taken_on, delivered_on in steps.values_list(
        "invoice_id", "cycle", "step", "taken_on", "delivered_on"
    ):
        taken[(key, cycle)] = (step, taken_on, delivered_on is not None)  # type: ignore[index]
    rows = []
    standings = Standing.objects.filter(invoice_id__in=invoice_ids).exclude(stage=Stage.CLOSED)
    for key, cycle, due in standings.values_list("invoice_id", "cycle", "invoice__due_on"):
        step, taken_on, delivered = taken.get((key, cycle), ("", None, True))  # type: ignore[call-overload]
        rows.append((step, taken_on, delivered, stage_of(due, step if delivered else "", today), key))
    update_rows(Standing, ("last_step", "last_taken_on", "last_is_delivered", "stage"), rows)


@transaction.atomic
def take_steps_back(action_ids: Sequence[int], today: date) -> None:
    """Unmark the steps of actions whose message did not leave or did not arrive: they are owed again."""
    steps = TakenStep.objects.filter(action_id__in=action_ids, delivered_on__isnull=True)
    case_ids = _take_cases(action_ids)
    invoice_ids = list(steps.values_list("invoice_id", flat=True))
    steps.delete()
    _restore_steps(invoice_ids, today)
    look_again(case_ids, today)


def undo_delivery(action_id: int) -> None:
    """Count the steps of an action as not delivered after all, where no other step was taken since."""
    TakenStep.objects.filter(action_id=action_id, step=F("invoice__standing__last_step")).update(delivered_on=None)


@transaction.atomic
def mark_made(action_id: int, on: date, today: date) -> None:
    """Say on which day the contact of an action was made: the spacing of the steps that follow is counted from it."""
    _take_cases([action_id])
    steps = TakenStep.objects.filter(action_id=action_id)
    invoice_ids = list(steps.values_list("invoice_id", flat=True))
    steps.update(taken_on=on)
    _restore_steps(invoice_ids, today)


def _take_cases(action_ids: Sequence[int]) -> list[int]:
    """Take the cases whose steps change, so that no decision is taken on them meanwhile; returns their ids."""
    standings = Standing.objects.filter(invoice__taken_steps__action_id__in=action_ids)
    cases = dict(Case.objects.filter(pk__in=standings.values("case_id")).values_list("pk", "customer_id"))
    lock_customers(cases.values())
    return list(cases)


@transaction.atomic
def mark_delivered(action_ids: Sequence[int], delivered_on: date, today: date, tones: dict[int, int]) -> None:
    """Mark the steps of actions as delivered; escalation rests on it. `tones` gives the tone reached by case id."""
    _take_cases(action_ids)
    steps = TakenStep.objects.filter(action_id__in=action_ids, delivered_on__isnull=True)
    invoice_ids = list(steps.values_list("invoice_id", flat=True))
    steps.update(delivered_on=delivered_on)
    _restore_steps(invoice_ids, today)
    for case_id, tone in tones.items():
        Case.objects.filter(pk=case_id, highest_tone__lt=tone).update(highest_tone=tone)
    look_again(tones, today)


def take_free_cases(case_ids: Sequence[int], today: date) -> dict[int, Case]:
    """Take, by their ids, the cases to be looked at on a day with which nobody else is busy."""
    cases = Case.objects.filter(pk__among=case_ids, next_look_on__lte=today)
    free = lock_free_customers(cases.values_list("customer_id", flat=True))
    if free is not None:
        cases = cases.filter(customer_id__among=free)
    return {case.pk: case for case in cases}


def look_again(case_ids: Iterable[int], today: date) -> None:
    """Have cases looked at by the next run of the day."""
    ids = list(case_ids)
    for start in range(0, len(ids), CHUNK):
        some = Case.objects.filter(pk__in=ids[start : start + CHUNK]).exclude(state=Case.State.CLOSED)
        some.filter(Q(next_look_on__isnull=True) | Q(next_look_on__gt=today)).update(next_look_on=today)


@transaction.atomic
def hold_case(
    case: Case, reason: str, until: date | None, *, today: date, at: datetime, actor: str = SYSTEM,
    invoice: Invoice | None = None, amount_minor: int | None = None, source: str = "", is_told: bool = True,
) -> Hold:  # fmt: skip
    """Make a case, an invoice of it or an amount wait until a day (included), or without an end.

    It is not told in the journal where an event of the caller tells it, as that of a promise does.
    """
    if until is not None and until < today:
        raise HoldEndsBeforeItBegins
    lock_customers([case.customer_id])
    hold = Hold.objects.create(
        creditor=case.creditor, case=case, invoice=invoice, amount_minor=amount_minor, reason=reason, from_on=today, until_on=until,
        source=source[:200],
    )  # fmt: skip
    payload = {
        "hold": hold.pk,
        "reason": reason,
        "until": until,
        "invoice": invoice.pk if invoice else None,
        "amount": amount_minor,
    }
    if is_told:
        record("case.held", case, payload | {"source": source}, on=today, at=at, actor=actor)
    refresh_case(case, today, at, actor)
    _say_hold(case, today)
    return hold


def _say_hold(case: Case, today: date) -> None:
    """Have the reason to wait that an account shows agree with its holds at once, before the next run of the day."""
    holds = holds_of([case.pk], today).get(case.pk, [])
    if holding(holds)[1]:
        because = Because("all.on.hold", {"holds": holds_as_json(holds, False)})
        Case.objects.filter(pk=case.pk).update(waiting=json.dumps(because.to_json(), ensure_ascii=False))
    else:
        Case.objects.filter(pk=case.pk, waiting__contains='"all.on.hold"').update(waiting="")


def say_holds(creditor: Creditor, customer_ids: Iterable[int], today: date) -> None:
    """The same for the cases of customers whose holds changed together."""
    for some in chunks(customer_ids):
        for case in Case.objects.of(creditor).filter(customer_id__in=some).exclude(state=Case.State.CLOSED):
            _say_hold(case, today)


@transaction.atomic
def release_hold(hold: Hold, *, today: date, at: datetime, actor: str = SYSTEM, is_told: bool = True) -> None:
    """End a hold; the case is looked at again today. Not told where an event of the caller tells it."""
    lock_customers([hold.case.customer_id])
    if not Hold.objects.filter(pk=hold.pk, released_on__isnull=True).update(released_on=today):
        return
    if is_told:
        record("case.released", hold.case, {"hold": hold.pk, "reason": hold.reason}, on=today, at=at, actor=actor)
    refresh_case(hold.case, today, at, actor)
    _say_hold(hold.case, today)


def release_holds(creditor: Creditor, today: date, at: datetime) -> int:
    """Release the holds whose last day has passed; returns how many."""
    ended = (
        Hold.objects.of(creditor).filter(released_on__isnull=True, until_on__lt=today).select_related("case__creditor")
    )
    released = 0
    for hold in ended.order_by("id"):
        try:
            release_hold(hold, today=today, at=at)
            released += 1
        except (DatabaseError, ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as fault:
            logger.exception("hold %s could not be released", hold.pk)
            show_failure(hold.case_id, fault, today, at)
    return released


def show_failure(case_id: int, fault: Exception, today: date, at: datetime) -> None:
    """Keep why a case could not be looked at, where people see it, and look again tomorrow."""
    told = f"{type(fault).__name__}: {fault}"[:300]
    Case.objects.filter(pk=case_id).update(error=told, retry_at=at + RETRY, next_look_on=today + timedelta(days=1))


def holding(holds: Iterable[HoldFacts]) -> tuple[date | None, bool]:
    """Return the last day on which a whole case waits (date.max without an end), and whether it waits at all."""
    whole = [hold.until or date.max - timedelta(days=1) for hold in holds if hold.invoice_id is None]
    return (max(whole), True) if whole else (None, False)
