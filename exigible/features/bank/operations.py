"""What a person does with a movement of the bank: accept what explains it, share it by hand, set it aside, take it back."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.common.errors import Refused
from exigible.core.because import Because
from exigible.features.bank.applying import AlreadyResolved, Sharing, apply_sharings, forget_proposals
from exigible.features.bank.booked import join_booked
from exigible.features.bank.holding import release_holds_of
from exigible.features.bank.models import Application, BankTransaction, Proposal
from exigible.features.bank.payers import forget_payer, learn_payers
from exigible.features.bank.portions import DIFFERENCES, DifferenceUnknown, Portion, customers_of
from exigible.features.bank.proposing import apply_certain, match_movements, portions_of
from exigible.features.bank.returns import give_back
from exigible.features.bank.undoing import undo_movements

__all__ = [
    "DIFFERENCES",
    "Portion",
    "accept_proposal",
    "accept_return",
    "apply_all_certain",
    "apply_by_hand",
    "forget_payer",
]
State = BankTransaction.State


class NothingToUndo(Refused):
    """Nothing of this movement is applied: there is nothing to undo."""


@transaction.atomic
def accept_proposal(
    movement: BankTransaction,
    proposal: Proposal,
    difference: str = "",
    *,
    today: date,
    at: datetime,
    actor: str = SYSTEM,
) -> None:
    """Apply a proposed explanation. A payer's account or name that is not the customer's own is learned, since a person says so.

    `difference` is one of DIFFERENCES. Refused when the books changed since it was proposed.
    """
    because = Because.from_json(json.loads(proposal.because_json))
    if proposal.cause == "booked":
        join_booked(movement, because, today=today, at=at, actor=actor)
        return
    portions = portions_of(movement, proposal)
    _apply(movement, portions, difference, because, today=today, at=at, actor=actor)
    learn_payers(movement, customers_of(portions), today=today, at=at, actor=actor)


@transaction.atomic
def apply_by_hand(
    movement: BankTransaction, portions: Sequence[Portion], difference: str = "", *, today: date, at: datetime,
    actor: str = SYSTEM, learns_payer: bool = True,
) -> None:  # fmt: skip
    """Share a movement among claims, credit notes and charges, of one customer or of several.

    What is left of it stays as a credit of the customer when there is only one; else the shares must add up to the movement.
    `difference` says what becomes of what the claims named are still short of.
    """
    _apply(movement, portions, difference, Because("bank.by_hand", {}), today=today, at=at, actor=actor)
    if learns_payer:
        learn_payers(movement, customers_of(portions), today=today, at=at, actor=actor)


def _apply(
    movement: BankTransaction, portions: Sequence[Portion], difference: str, because: Because, *, today: date,
    at: datetime, actor: str,
) -> None:  # fmt: skip
    if difference not in DIFFERENCES:
        raise DifferenceUnknown
    sharing = Sharing(movement, portions, difference, because)
    customers = apply_sharings(movement.creditor, [sharing], today=today, at=at, actor=actor)
    movement.refresh_from_db()
    match_movements(movement.creditor, customers=customers, today=today, at=at)


@transaction.atomic
def set_aside(movement: BankTransaction, note: str, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Say that a movement is not a customer's money; nothing is proposed for it any more."""
    changes = {"state": State.SET_ASIDE, "resolved_on": today, "resolved_by": actor[:120], "note": note.strip()[:200]}
    _move(movement, State.TO_MATCH, changes)
    forget_proposals([movement.pk])
    release_holds_of(movement.creditor, [movement.pk], today=today, at=at, actor=actor)
    payload = {"transaction": movement.pk, "note": note.strip()[:200]}
    record("bank.set_aside", movement.creditor, payload, on=today, at=at, actor=actor)


@transaction.atomic
def take_up_again(movement: BankTransaction, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Bring back to the queue what was set aside; it is proposed again, and applied by a person only."""
    changes = {
        "state": State.TO_MATCH, "resolved_on": None, "resolved_by": "", "note": "", "because_json": "", "is_by_hand_only": True,
    }  # fmt: skip
    _move(movement, State.SET_ASIDE, changes)
    record("bank.taken_up", movement.creditor, {"transaction": movement.pk}, on=today, at=at, actor=actor)
    match_movements(movement.creditor, [movement.pk], today=today, at=at)


def _move(movement: BankTransaction, was: str, changes: Mapping[str, Any]) -> None:
    """Change a movement where it still is in the state that was seen."""
    if not BankTransaction.objects.filter(pk=movement.pk, state=was).update(**changes):
        raise AlreadyResolved
    for name, value in changes.items():
        setattr(movement, name, value)


@transaction.atomic
def undo_application(movement: BankTransaction, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Take back what a movement became: its payments, the payer learned from it, thanks not sent yet; the cases follow.

    It waits to be matched again, by a person only.
    """
    if not Application.objects.filter(transaction=movement).exists():
        raise NothingToUndo
    undo_movements(movement.creditor, [movement.pk], today=today, at=at, actor=actor)
    movement.refresh_from_db()
    match_movements(movement.creditor, [movement.pk], today=today, at=at)


@transaction.atomic
def accept_return(
    movement: BankTransaction, original: BankTransaction, *, today: date, at: datetime, actor: str = SYSTEM
) -> None:
    """Say which earlier movement a return gives back: its payments are undone and its invoices are due again."""
    give_back(movement, original, Because("bank.return_by_hand", {}), today=today, at=at, actor=actor)
    movement.refresh_from_db()


def apply_all_certain(creditor: Creditor, *, today: date, at: datetime, actor: str = SYSTEM) -> int:
    """Apply all that waits and is certain, as it is proposed; returns how many movements were applied."""
    return apply_certain(creditor, None, today=today, at=at, actor=actor)
