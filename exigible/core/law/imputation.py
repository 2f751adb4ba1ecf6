"""Imputation: what a payment settles first among interest, recovery costs and principal, in the legal order."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from exigible.core.money import Rounding

ORDERS = {
    "interest_first": ("interest", "costs", "principal"),
    "interest_first_indemnity_last": ("interest", "principal", "costs"),
    "principal_first": ("principal", "interest", "costs"),
}
"""C. civ. art. 1343-1: interest before principal unless agreed otherwise. Case law takes recovery costs with it."""

_ONE_DAY = timedelta(days=1)


class Settled(NamedTuple):
    """What one payment settled, in minor units; overpaid is what was left of it."""

    day: date
    amount_minor: int
    interest_minor: int
    costs_minor: int
    principal_minor: int
    overpaid_minor: int


@dataclass(slots=True)
class Account:
    """The running account of one claim, in minor units: what is owed under each head on the day the walk has reached.

    Interest is kept exact while it runs (pending) and becomes cents when a payment or a capitalisation needs them.
    """

    principal: int
    rounding: Rounding
    pending: Fraction = Fraction(0)
    interest: int = 0
    capitalised: int = 0
    costs: int = 0
    accrued_interest: int = 0
    overpaid: int = 0

    @property
    def base(self) -> int:
        """What bears interest: the principal left, and the interest that was capitalised."""
        return self.principal + self.capitalised

    def fix_interest(self) -> int:
        """Round the pending interest to cents, once, and make it owed; returns the cents."""
        cents = self.rounding(self.pending.numerator, self.pending.denominator)
        self.pending = Fraction(0)
        self.interest += cents
        self.accrued_interest += cents
        return cents

    def capitalise(self) -> None:
        """Interest owed for a full year joins the base (C. civ. art. 1343-2)."""
        self.fix_interest()
        self.capitalised += self.interest
        self.interest = 0

    def settle(self, day: date, amount: int, order: str) -> Settled:
        """Set a payment against the heads in their order. Interest not yet in cents is fixed where it comes first."""
        if order != "principal_first" or amount > self.principal:
            self.fix_interest()
        left, parts = amount, {"interest": 0, "costs": 0, "principal": 0}
        for head in ORDERS[order]:
            parts[head] = min(left, self._owed(head))
            left -= parts[head]
        running = min(parts["interest"], self.interest)
        self.interest -= running
        self.capitalised -= parts["interest"] - running
        self.costs -= parts["costs"]
        self.principal -= parts["principal"]
        self.overpaid += left
        return Settled(day, amount, parts["interest"], parts["costs"], parts["principal"], left)

    def _owed(self, head: str) -> int:
        owed = {"interest": self.interest + self.capitalised, "costs": self.costs, "principal": self.principal}
        return owed[head]
