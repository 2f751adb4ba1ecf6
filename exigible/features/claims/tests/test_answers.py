"""Whether a claim is certain, from what holds it."""

import pytest

from exigible.books.cases.models import Hold
from exigible.books.ledger.models import Customer, CustomerKind, Invoice
from exigible.features.claims.queries import _certain

Reason = Hold.Reason


@pytest.mark.parametrize(
    ("reason", "certain"),
    [(Reason.DISPUTED, False), (Reason.REFUSED, False), (Reason.PROMISED, True), (Reason.NOT_YET, True)],
)
def test_what_the_buyer_refused_or_contests_is_not_certain(reason: str, certain: bool) -> None:
    invoice = Invoice(is_confirmed=True, customer=Customer(kind=CustomerKind.BUSINESS))
    assert _certain(invoice, [Hold(reason=reason)]).is_yes is certain
