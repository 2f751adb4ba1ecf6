"""Payments that the bank takes back: a rejected direct debit or a returned payment opens its invoices again."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from exigible.books.cases.operations import refresh_customers
from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.models import Allocation, Invoice, Payment
from exigible.books.ledger.operations import mark_settled
from exigible.common.errors import Refused
from exigible.core.because import Because
from exigible.features.bank.applying import STATEMENT
from exigible.features.bank.counting import UNNAMED
from exigible.features.bank.models import Application, BankTransaction
from exigible.features.bank.undoing import undo_movements

State = BankTransaction.State
GIVEN_BACK_WITHIN = timedelta(days=13 * 31)  # a direct debit without mandate: 13 months (CMF art. L133-24)
END_TO_END, REFERENCE, ACCOUNT, NAME = 8, 4, 2, 1


class NotGivenBack(Refused):
    """This movement does not give back that one: the amounts or accounts differ, or that one is not applied."""


def give_back_certain(creditor: Creditor, ids: Sequence[int], *, today: date, at: datetime) -> int:
    """Undo what returned movements give back where it is sure which; the others wait for a person. Returns how many."""
    rows = BankTransaction.objects.of(creditor).filter(pk__among=ids, state=State.TO_MATCH, amount_minor__lt=0)
    done = 0
    for movement in rows.filter(is_by_hand_only=False).order_by("booked_on", "id"):
        original, because = original_of(movement)
        if original is not None:
            give_back(movement, original, because, today=today, at=at)
            done += 1
    return done


def originals_of(movement: BankTransaction) -> list[tuple[int, BankTransaction]]:
    """Return what a return may give back, with what speaks for each, the likeliest and then the latest first."""
    rows = BankTransaction.objects.of(movement.creditor).filter(
        state=State.APPLIED, amount_minor=-movement.amount_minor, currency=movement.currency, account=movement.account,
        booked_on__lte=movement.booked_on, booked_on__gte=movement.booked_on - GIVEN_BACK_WITHIN,
    )  # fmt: skip
    found = [(_likeness(movement, each), each) for each in rows.order_by("-booked_on", "-id")]
    return sorted(found, key=lambda pair: -pair[0])


def original_of(movement: BankTransaction) -> tuple[BankTransaction | None, Because]:
    """Return the one movement that a return surely gives back, and why; None where two are as likely, or none is."""
    found = originals_of(movement)
    best = found[0][0] if found else 0
    if best < ACCOUNT or (len(found) > 1 and found[1][0] == best):
        return None, Because("bank.return_unclear", {"others": len(found)})
    original = found[0][1]
    return original, Because.of(
        "bank.return", original=original.pk, booked_on=original.booked_on, reason=movement.reason
    )


def _likeness(movement: BankTransaction, other: BankTransaction) -> int:
    named = movement.end_to_end not in UNNAMED
    told = set(json.loads(movement.references_json)) - set(UNNAMED)
    return (
        END_TO_END * (named and movement.end_to_end == other.end_to_end)
        + REFERENCE * bool(told & {*json.loads(other.references_json), other.bank_id} - {""})
        + ACCOUNT * (bool(movement.payer_account) and movement.payer_account == other.payer_account)
        + NAME * (bool(movement.payer_name) and movement.payer_name.casefold() == other.payer_name.casefold())
    )


def _bill_again(movement: BankTransaction, payments: Sequence[Payment]) -> None:
    """Set what an accounting file keeps as paid against a claim for the money given back.

    The file's payment stays as it is and its invoices are due again. The file will bring that claim too: it then takes over
    ours (posting_others.py), so that it is counted once.
    """
    for payment in payments:
        invoices = set(payment.allocations.values_list("invoice_id", flat=True))
        payment.allocations.all().delete()
        claim = Invoice.objects.create(
            creditor=movement.creditor, customer_id=payment.customer_id, kind=Invoice.Kind.INVOICE, origin="refund",
            number=(movement.end_to_end or movement.bank_id or f"{movement.booked_on:%Y%m%d}")[:80],
            issued_on=movement.booked_on, due_on=movement.booked_on, currency=payment.currency,
            total_minor=payment.amount_minor, label=movement.label[:200], is_confirmed=False,
            source_key=f"bank:{movement.pk}:{payment.pk}",
        )  # fmt: skip
        Allocation.objects.create(
            creditor=movement.creditor, payment=payment, invoice=claim, amount_minor=payment.amount_minor,
            allocated_on=movement.booked_on, basis="bank",
        )  # fmt: skip
        mark_settled([*invoices, claim.pk], [payment.pk])


@transaction.atomic
def give_back(
    movement: BankTransaction,
    original: BankTransaction,
    because: Because,
    *,
    today: date,
    at: datetime,
    actor: str = SYSTEM,
) -> None:
    """Undo what a returned movement had paid; both stay, tied to each other."""
    fits = (original.account, original.currency, original.amount_minor, original.creditor_id)
    asked = (movement.account, movement.currency, -movement.amount_minor, movement.creditor_id)
    waiting = BankTransaction.objects.filter(pk=movement.pk, state=State.TO_MATCH, amount_minor__lt=0)
    if fits != asked or original.state != State.APPLIED:
        raise NotGivenBack
    text = json.dumps(because.to_json(), ensure_ascii=False)
    done = {"resolved_on": today, "resolved_by": actor[:120], "because_json": text}
    if not waiting.update(state=State.OUT, returns=original, **done):
        raise NotGivenBack
    kept = Application.objects.filter(transaction=original).exclude(payment__origin=STATEMENT).select_related("payment")
    payments = [application.payment for application in kept]
    undo_movements(movement.creditor, [original.pk], today=today, at=at, actor=actor, kind="bank.returned")
    _bill_again(movement, payments)
    refresh_customers(movement.creditor, [payment.customer_id for payment in payments], today, at, actor)
    BankTransaction.objects.filter(pk=original.pk).update(state=State.RETURNED, **done)
    payload = {"transaction": movement.pk, "original": original.pk, "because": because.to_json()}
    record("bank.given_back", movement.creditor, payload, on=today, at=at, actor=actor)
