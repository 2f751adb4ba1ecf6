"""What every bank reader returns: statements, each with its movements as the bank booked them."""

from datetime import date
from typing import Literal, NamedTuple

MovementKind = Literal["transfer", "direct_debit", "card", "cheque", "cash", "fee", "return", "other"]


class Movement(NamedTuple):
    """One line of a bank account; `amount_minor` is signed: money in is positive.

    `label` is all the free text, as printed; `references` are what the format keeps apart (end-to-end, remittance,
    mandate); `structured` is an ISO 11649 reference whose check digits hold, else "". `bank_id` is what the bank calls
    this movement, unique in its account where the format says so. A `return` gives back an earlier movement.
    """

    line: int
    booked: date
    amount_minor: int
    currency: str
    label: str = ""
    value: date | None = None
    references: tuple[str, ...] = ()
    structured: str = ""
    payer_name: str = ""
    payer_account: str = ""
    end_to_end: str = ""
    bank_id: str = ""
    code: str = ""
    kind: MovementKind = "other"
    reason: str = ""


class Statement(NamedTuple):
    """A statement of one account over a period, or a notification of some of its movements (then without balances)."""

    account: str
    currency: str
    movements: tuple[Movement, ...] = ()
    number: str = ""
    opening_on: date | None = None
    closing_on: date | None = None
    opening_minor: int | None = None
    closing_minor: int | None = None
    is_notification: bool = False

    @property
    def is_balanced(self) -> bool | None:
        """Whether opening plus movements is closing; None where the file does not give both."""
        if self.opening_minor is None or self.closing_minor is None:
            return None
        return self.opening_minor + sum(movement.amount_minor for movement in self.movements) == self.closing_minor
