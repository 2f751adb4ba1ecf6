"""What must be mended before anything is sent: missing addresses and kinds, unconfirmed items, messages that failed, cases in error."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from exigible.books.cases.models import Case, Stage, Standing
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Contact, CustomerKind
from exigible.features.messages.stopped import stopped_because
from exigible.features.outbox.models import Message
from exigible.features.worklist.rows import FAULTS, WINDOW, Row, in_state

State = Message.State
CASES = 120
RULES = (
    "case.error", "message.uncertain", "message.lost", "message.failed", "message.unreachable", "message.no_server", "message.unwritten",
    "message.bounced", "no.address", "opening.unconfirmed", "no.due.date",
    "kind.missing", "email.missing",
)  # fmt: skip
CASE_COLUMNS = ("id", "customer_id", "customer__name", "priority", "currency", "oldest_due_on", "waiting", "error")
CUSTOMER_COLUMNS = ("customer__kind", "customer__address", "customer__city", "customer__is_excluded")


class Late(NamedTuple):
    """An open case with what may be missing on its customer."""

    id: int
    customer_id: int
    name: str
    overdue: int
    currency: str
    oldest: date | None
    waiting: str
    error: str
    kind: str
    address: str
    city: str
    is_excluded: bool


def fault_rows(creditor: Creditor, today: date, window: int = WINDOW) -> list[Row]:
    """Return the data faults in the order of RULES, each kind by amount late; of the worst accounts, up to a bounded number."""
    cases = Case.objects.of(creditor).filter(state=Case.State.OPEN).order_by("-priority", "id")
    late = [
        Late(*row)
        for row in cases.values_list(*CASE_COLUMNS, *CUSTOMER_COLUMNS)[: CASES if window <= WINDOW else window]
    ]
    stopped = list(_messages(creditor, today, window))
    bounced = {row.customer_id for row in stopped if row.because["rule"] == "message.bounced"}
    missing = [
        row
        for row in _missing(late, today)
        if row.customer_id not in bounced or row.because["rule"] not in ("email.missing", "no.address")
    ]  # an address that came back is one fault, not two
    rows = [*_errors(creditor, today), *stopped, *missing]
    places = {rule: place for place, rule in enumerate(RULES)}
    return sorted(rows, key=lambda row: (places[row.because["rule"]], -row.amount_minor, row.customer_id))


def _row(case: Late, rule: str, today: date, **facts: Any) -> Row:
    late = (today - case.oldest).days if case.oldest else None
    return Row(
        FAULTS, case.customer_id, case.name, {"rule": rule, "facts": {"customer_id": case.customer_id, **facts}}, case.overdue, case.currency,
        late, case.id,
    )  # fmt: skip


def _errors(creditor: Creditor, today: date) -> Iterator[Row]:
    cases = Case.objects.of(creditor).exclude(error="").order_by("id").values_list(*CASE_COLUMNS, *CUSTOMER_COLUMNS)
    for case in map(Late._make, cases[:50]):
        yield _row(case, "case.error", today, error=case.error)


def _messages(creditor: Creditor, today: date, window: int) -> Iterator[Row]:
    """Messages that failed, may have left, or came back while the address is still the bad one."""
    columns = ("id", "state", "customer_id", "customer__name", "case_id", "channel", "step", "on", "recipient", "receipt", "attempts",
               "case__priority", "case__currency", "case__oldest_due_on")  # fmt: skip
    for state in (State.UNCERTAIN, State.FAILED, State.BOUNCED):
        rows = list(in_state(creditor, state).reverse().values_list(*columns)[: min(window, 100)])
        bad = _bad_addresses([row[2] for row in rows]) if state == State.BOUNCED else set()
        for (
            key,
            _state,
            customer_id,
            name,
            case_id,
            channel,
            step,
            on,
            recipient,
            receipt,
            attempts,
            overdue,
            currency,
            oldest,
        ) in rows:
            if state == State.BOUNCED and (customer_id, recipient) not in bad:
                continue
            bad.discard((customer_id, recipient))  # told once, by the latest message that came back from it
            because = stopped_because(state, receipt, attempts, on, recipient=recipient)
            because["facts"]["message"] = key
            yield Row(
                FAULTS, customer_id, name, because, overdue or 0, currency or creditor.currency,
                (today - oldest).days if oldest else None, case_id, key, state, channel, step, receipt=receipt,
            )  # fmt: skip


def _bad_addresses(customer_ids: Sequence[int]) -> set[tuple[int, str]]:
    bad = Contact.objects.filter(customer_id__among=customer_ids, email_is_bad=True)
    return set(bad.values_list("customer_id", "email"))


def _missing(late: Sequence[Late], today: date) -> Iterator[Row]:
    """What lacks on the accounts that are late: who cannot be reached, what the law makes of them, what is not confirmed."""
    wanted = [case for case in late if not case.is_excluded]
    ids = [case.customer_id for case in wanted]
    reachable = set(
        Contact.objects.filter(customer_id__among=ids, email_is_bad=False)
        .exclude(email="")
        .values_list("customer_id", flat=True)
    )
    unconfirmed, undated = _doubtful([case.id for case in wanted])
    for case in wanted:
        rule = json.loads(case.waiting)["rule"] if case.waiting else ""
        if case.customer_id not in reachable:
            has_address = bool(case.address and case.city)
            yield _row(case, "email.missing" if has_address else "no.address", today)
        if case.id in unconfirmed:
            yield _row(case, "opening.unconfirmed", today, count=unconfirmed[case.id])
        if case.id in undated:
            yield _row(case, "no.due.date", today, count=undated[case.id])
        if case.kind == CustomerKind.UNKNOWN or rule == "kind.missing":
            yield _row(case, "kind.missing", today)


def _doubtful(case_ids: Sequence[int]) -> tuple[dict[int, int], dict[int, int]]:
    """How many unpaid invoices of each case are not confirmed, and how many have no due date."""
    unconfirmed: dict[int, int] = {}
    undated: dict[int, int] = {}
    doubtful = Q(invoice__is_confirmed=False) | Q(invoice__due_on__isnull=True)
    standings = Standing.objects.filter(doubtful, case_id__among=case_ids).exclude(stage=Stage.CLOSED)
    for case_id, is_confirmed in standings.values_list("case_id", "invoice__is_confirmed"):
        if not is_confirmed:
            unconfirmed[case_id] = unconfirmed.get(case_id, 0) + 1
        else:
            undated[case_id] = undated.get(case_id, 0) + 1
    return unconfirmed, undated
