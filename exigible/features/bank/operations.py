"""What a person does with a movement of the bank: accept what explains it, share it by hand, set it aside, take it back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from exigible.books.journal.operations import SYSTEM
from exigible.features.bank.models import BankTransaction, Payer, Proposal


class Portion(NamedTuple):
    """A part of a movement, in minor units, and what it is for.

    Money for a claim: `invoice`; for the interest, indemnity and costs of a claim: `invoice` and `is_charges`; to stay as the
    customer's credit: no invoice. With `credit_note` no money moves: that credit note is set against the invoice.
    """

    customer: int
    amount_minor: int
    invoice: int | None = None
    credit_note: int | None = None
    is_charges: bool = False


# What may become of the part of a claim that a payment leaves unpaid: "" leaves it open and claimable, fee, discount and
# rounding write it off, retention and dispute leave it due and not claimed (a hold on that amount).
DIFFERENCES = ("", "fee", "discount", "rounding", "retention", "dispute")


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
    raise NotImplementedError


def apply_by_hand(
    movement: BankTransaction, portions: Sequence[Portion], difference: str = "", *, today: date, at: datetime,
    actor: str = SYSTEM, learns_payer: bool = True,
) -> None:  # fmt: skip
    """Share a movement among claims, credit notes and charges, of one customer or of several.

    What is left of it stays as a credit of the customer when there is only one; else the shares must add up to the movement.
    `difference` says what becomes of what the claims named are still short of.
    """
    raise NotImplementedError


def set_aside(movement: BankTransaction, note: str, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Say that a movement is not a customer's money; nothing is proposed for it any more."""
    raise NotImplementedError


def take_up_again(movement: BankTransaction, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Bring back to the queue what was set aside; it is proposed again, and applied by a person only."""
    raise NotImplementedError


def undo_application(movement: BankTransaction, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Take back what a movement became: its payments, the payer learned from it, thanks not sent yet; the cases follow.

    It waits to be matched again, by a person only.
    """
    raise NotImplementedError


def accept_return(
    movement: BankTransaction, original: BankTransaction, *, today: date, at: datetime, actor: str = SYSTEM
) -> None:
    """Say which earlier movement a return gives back: its payments are undone and its invoices are due again."""
    raise NotImplementedError


def forget_payer(payer: Payer, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Forget that an account or a name pays for a customer."""
    raise NotImplementedError
