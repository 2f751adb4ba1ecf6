"""Takes back what movements became: their payments and all that followed from them, as far as it can be taken back."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from exigible.books.cases.models import Hold
from exigible.books.cases.operations import refresh_customers, release_hold
from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM
from exigible.books.ledger.charges import unpay_charges
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Allocation, Customer, Payment, Posting
from exigible.books.ledger.operations import mark_settled
from exigible.core.because import Because
from exigible.features.bank.applying import DIFFERENCE, STATEMENT
from exigible.features.bank.holding import source_of
from exigible.features.bank.models import Application, BankTransaction, Payer, Proposal
from exigible.features.bank.telling import Told, tell_many
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import cancel, recheck_waiting

State = BankTransaction.State


@transaction.atomic
def undo_movements(
    creditor: Creditor, movement_ids: Sequence[int], *, today: date, at: datetime, actor: str = SYSTEM,
    kind: str = "bank.undone",
) -> list[int]:  # fmt: skip
    """Take back the payments of applied movements; they wait again, for a person only. Returns the customers touched.

    Credit notes set with them are free again, charges due again, differences written off or held not any more; a payer
    learned from them is forgotten, thanks that did not leave stay. A payment that the accounting file has made its own
    stays as a credit of the customer: what it was set against by the movement is free again.
    """
    if not movement_ids:
        return []
    rows = Application.objects.of(creditor).filter(transaction_id__among=movement_ids)
    customers = sorted(set(rows.values_list("payment__customer_id", flat=True)))
    lock_customers(customers)
    applications = list(rows.select_related("payment__customer", "payment__creditor", "transaction").order_by("id"))
    events: list[Told] = []
    invoices: set[int] = set()
    for application in applications:
        events.append(_told(application, kind))
        invoices |= _free_credits(application)
        if not application.was_booked:
            invoices |= _undo_payment(application.payment, today=today, at=at, actor=actor)
    Application.objects.filter(pk__in=[each.pk for each in applications]).delete()
    invoices |= _unwrite(creditor, movement_ids)
    mark_settled(invoices, [each.payment_id for each in applications])
    Payer.objects.of(creditor).filter(learned_from_id__among=movement_ids).delete()
    tell_many(Customer, creditor.pk, events, on=today, at=at, actor=actor)
    _release(creditor, movement_ids, today=today, at=at, actor=actor)
    BankTransaction.objects.of(creditor).filter(pk__among=movement_ids, state=State.APPLIED).update(
        state=State.TO_MATCH, is_by_hand_only=True, because_json="", resolved_on=None, resolved_by="", note=""
    )
    refresh_customers(creditor, customers, today, at, actor)
    recheck_waiting(creditor, customers, today, at)
    return customers


def leave_posting(posting: Posting, created: Collection[int]) -> None:
    """Let an import be undone: what its customers and payments explained waits to be explained again.

    `created` are the customers who go with it. A movement that was a payment of the file is no payment any more.
    """
    joined = Application.objects.filter(payment__posting=posting, was_booked=True)
    BankTransaction.objects.filter(pk__in=joined.values("transaction_id")).update(
        state=State.TO_MATCH, because_json="", resolved_on=None, resolved_by="", note=""
    )
    joined.delete()
    for model in (Proposal, Payer):
        model.objects.filter(customer_id__among=created)._raw_delete("default")
    holds = Hold.objects.filter(case__customer_id__among=created, reason=Hold.Reason.PAYMENT)
    holds.filter(source__startswith="bank:")._raw_delete("default")


def _told(application: Application, kind: str) -> Told:
    payment = application.payment
    shares = payment.allocations.order_by("id").values_list("invoice_id", "amount_minor")
    payload = {
        "transaction": application.transaction_id, "payment": payment.pk, "amount": payment.amount_minor,
        "currency": payment.currency, "received_on": payment.received_on, "allocations": [list(pair) for pair in shares],
    }  # fmt: skip
    return Told(payment.customer_id, kind, payload)


def _free_credits(application: Application) -> set[int]:
    """Undo the allocations of credit notes made with a movement; returns the items touched."""
    made = Allocation.objects.filter(pk__in=json.loads(application.credits_json), credit_note__isnull=False)
    touched = {key for pair in made.values_list("invoice_id", "credit_note_id") for key in pair if key is not None}
    made.delete()
    return touched


def _undo_payment(payment: Payment, *, today: date, at: datetime, actor: str) -> set[int]:
    """Delete a payment made of a movement; of one that a file took over, only what the bank set. Returns the invoices touched."""
    unpay_charges(payment, today=today, at=at, actor=actor)
    rows = payment.allocations.all()
    if payment.origin != STATEMENT:
        rows = rows.filter(basis__in=("bank", "hand"))
    touched = set(rows.values_list("invoice_id", flat=True))
    rows.delete()
    _keep_thanks(payment, today=today, at=at, actor=actor)
    if payment.origin == STATEMENT:
        payment.delete()
    return touched


def _keep_thanks(payment: Payment, *, today: date, at: datetime, actor: str) -> None:
    """Cancel thanks for a payment that did not leave yet."""
    rows = Message.objects.filter(creditor=payment.creditor, key=f"thank-you/{payment.pk}")
    thanks = rows.select_related("case", "customer").first()
    if thanks is not None and Message.State.CANCELLED in Message.MOVES.get(thanks.state, set()):
        cancel(thanks, Because("payment.removed", {}), today, at, actor)


def _unwrite(creditor: Creditor, movement_ids: Iterable[int]) -> set[int]:
    """Delete what was written off with movements; returns the invoices touched."""
    touched: set[int] = set()
    for key in movement_ids:
        rows = Payment.objects.of(creditor).filter(origin=DIFFERENCE, source_key__startswith=f"bank:{key}:")
        touched |= set(Allocation.objects.filter(payment__in=rows).values_list("invoice_id", flat=True))
        rows.delete()
    return touched


def _release(creditor: Creditor, movement_ids: Iterable[int], *, today: date, at: datetime, actor: str) -> None:
    """End the holds on what was retained or disputed when the movement was applied."""
    sources = {source_of(key) for key in movement_ids}
    rows = Hold.objects.of(creditor).filter(released_on__isnull=True, source__in=sources)
    for hold in rows.select_related("case__creditor").order_by("id"):
        release_hold(hold, today=today, at=at, actor=actor)
