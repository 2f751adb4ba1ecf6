"""Money that the books have already, from an accounting file or by hand: a movement that is that payment makes no second one."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Customer, Payment
from exigible.core.because import Because
from exigible.core.matching import Clues, Credit, Match, name_key
from exigible.features.bank.applying import STATEMENT, AlreadyResolved, BooksMoved, forget_proposals
from exigible.features.bank.holding import release_holds_of
from exigible.features.bank.models import Application, BankTransaction

BOOKED = "booked"
SAME_PAYMENT_DAYS = 5
ORIGINS = ("bank", "hand")  # of an accounting file, by a person
State = BankTransaction.State
Booked = tuple[int, float, bool, str, int, tuple[tuple[int, int], ...], Because]


def find_booked(
    creditor: Creditor,
    credits: Sequence[Credit],
    matches: Mapping[int, Sequence[Match]],
    told: Mapping[int, Clues],
) -> dict[int, list[Booked]]:
    """Return, by movement, the payments of the books that it may be: same amount, a few days apart, no movement's yet.

    It is one for sure when its customer is also the one whom the movement points to, and nothing else is as near.
    """
    twins = _twins(creditor, credits)
    customers = {customer for found in twins.values() for _pk, customer, _day in found}
    names = dict(Customer.objects.filter(pk__among=customers).values_list("pk", "name"))
    found: dict[int, list[Booked]] = {}
    asked: dict[int, int] = defaultdict(int)
    for rows in twins.values():
        for pk, _customer, _day in rows:
            asked[pk] += 1
    for credit in credits:
        rows = twins.get(credit.id, [])
        pointed = {match.customer for match in matches[credit.id]}
        payer = told[credit.id].name_key
        near = [row for row in rows if row[1] in pointed or (payer and name_key(names[row[1]]) == payer)]
        is_sure = len(near) == 1 and asked[near[0][0]] == 1
        for pk, customer, day in (near or rows)[:3]:
            because = Because.of("bank.booked", payment=pk, received_on=day, amount_minor=credit.amount_minor)
            confidence = 0.99 if is_sure else 0.8 if near else 0.5
            found.setdefault(credit.id, []).append((customer, confidence, is_sure, BOOKED, 0, (), because))
    return found


def _twins(creditor: Creditor, credits: Sequence[Credit]) -> dict[int, list[tuple[int, int, date]]]:
    """The payments of the books (key, customer, day) that have the amount of a movement, near its day."""
    days, near = [credit.booked for credit in credits], timedelta(days=SAME_PAYMENT_DAYS)
    rows = Payment.objects.of(creditor).filter(
        received_on__gte=min(days) - near, received_on__lte=max(days) + near, origin__in=ORIGINS,
        amount_minor__among={credit.amount_minor for credit in credits},
    )  # fmt: skip
    rows = rows.exclude(Exists(Application.objects.filter(payment=OuterRef("pk"))))
    by_amount: dict[tuple[int, str], list[tuple[int, int, date]]] = defaultdict(list)
    for pk, customer, day, minor, currency in rows.order_by("received_on", "id").values_list(
        "id", "customer_id", "received_on", "amount_minor", "currency"
    ):
        by_amount[minor, currency].append((pk, customer, day))
    return {
        credit.id: [
            row
            for row in by_amount.get((credit.amount_minor, credit.currency), ())
            if abs(row[2] - credit.booked) <= near
        ]
        for credit in credits
    }


@transaction.atomic
def join_booked(
    movement: BankTransaction,
    because: Because,
    *,
    today: date,
    at: datetime,
    actor: str = SYSTEM,
    is_automatic: bool = False,
) -> None:
    """Say that a movement is a payment that the books have: nothing is added to them.

    One recorded by hand becomes the movement's own, and is taken back with it; one of a file stays the file's.
    """
    rows: Any = Payment.objects.of(movement.creditor).filter(
        pk=because.facts["payment"], amount_minor=movement.amount_minor
    )
    payment: Payment | None = rows.exclude(Exists(Application.objects.filter(payment=OuterRef("pk")))).first()
    if payment is None:
        raise BooksMoved
    lock_customers([payment.customer_id])
    if not BankTransaction.objects.filter(pk=movement.pk, state=State.TO_MATCH).update(
        state=State.APPLIED,
        resolved_on=today,
        resolved_by=actor[:120],
        because_json=json.dumps(because.to_json(), ensure_ascii=False),
    ):
        raise AlreadyResolved
    if payment.origin == "hand":
        payment.origin, payment.source_key = STATEMENT, f"bank:{movement.pk}:{payment.customer_id}"
        payment.save(update_fields=["origin", "source_key"])
    Application.objects.create(
        creditor=movement.creditor, transaction=movement, payment=payment, is_automatic=is_automatic,
        was_booked=payment.origin != STATEMENT,
    )  # fmt: skip
    payload = {
        "transaction": movement.pk, "payment": payment.pk, "amount": payment.amount_minor, "currency": payment.currency,
        "received_on": payment.received_on, "allocations": [], "because": because.to_json(),
    }  # fmt: skip
    record("bank.applied", payment.customer, payload, on=today, at=at, actor=actor)
    forget_proposals([movement.pk])
    release_holds_of(movement.creditor, [movement.pk], today=today, at=at, actor=actor)
