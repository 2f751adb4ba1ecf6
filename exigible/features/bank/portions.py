"""How a movement is shared: parts for claims, for their charges, from credit notes; and what becomes of a difference."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Sum

from exigible.books.cases.models import Hold
from exigible.books.ledger.models import Charge
from exigible.common.errors import Refused

# What may become of the part of a claim that a payment leaves unpaid: "" leaves it open and claimable, fee, discount and
# rounding write it off, retention and dispute leave it due and not claimed (a hold on that amount).
WRITTEN_OFF = ("fee", "discount", "rounding")
HELD: Mapping[str, str] = {"retention": Hold.Reason.NOT_YET, "dispute": Hold.Reason.DISPUTED}
DIFFERENCES = ("", *WRITTEN_OFF, *HELD)


class DifferenceUnknown(Refused):
    """Say what the difference is: bank fees, a discount, rounding, a retention or a dispute; or leave it open."""


class SharesDiffer(Refused):
    """The shares make %(shared)s and the movement is %(amount)s: correct the shares."""


class NothingShared(Refused):
    """Nothing of this movement is shared: choose at least one invoice, or leave it as a customer's credit."""


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

    @property
    def money_minor(self) -> int:
        """What it takes of the movement."""
        return 0 if self.credit_note else self.amount_minor


class Item(NamedTuple):
    """An invoice or credit note of the books, as the sharing sees it; `left_minor` is what is left of it."""

    id: int
    customer: int
    is_credit: bool
    left_minor: int


def netted(shares: Sequence[tuple[Item, int]]) -> list[Portion]:
    """Turn shares of a match into portions: what credit notes give (shares below zero) is set against the claims in their order."""
    notes = [item for item, minor in shares if minor < 0]
    given = {item.id: -minor for item, minor in shares if minor < 0}
    portions: list[Portion] = []
    for claim, minor in ((item, minor) for item, minor in shares if minor > 0):
        left = minor
        for note in notes:
            part = min(left, given[note.id]) if note.customer == claim.customer else 0
            if part:
                portions.append(Portion(claim.customer, part, claim.id, note.id))
                given[note.id] -= part
                left -= part
        if left:
            portions.append(Portion(claim.customer, left, claim.id))
    return portions


def charged(portions: Sequence[Portion], rest_minor: int) -> list[Portion]:
    """Turn what a payment holds beyond its claims into portions for their charges, as far as they are due, in their order."""
    due: dict[int, int] = {}
    claims = {portion.invoice: portion.customer for portion in portions if portion.invoice is not None}
    rows = Charge.objects.filter(invoice_id__among=list(claims), state__in=(Charge.State.CLAIMED, Charge.State.ACCRUED))
    for key, minor in rows.order_by().values_list("invoice_id").annotate(sum=Sum("amount_minor")):
        due[key] = int(minor)
    made, left = [], rest_minor
    for key, customer in claims.items():
        part = min(left, due.get(key, 0))
        if part:
            made.append(Portion(customer, part, key, is_charges=True))
            left -= part
    return made


def customers_of(portions: Iterable[Portion]) -> list[int]:
    """The customers of portions, in their order."""
    return list(dict.fromkeys(portion.customer for portion in portions))
