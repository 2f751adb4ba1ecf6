"""What is not to be asked for yet, and until when."""

from datetime import date

import pytest

from exigible.core.settlement import NotYet, Terms, not_yet

TODAY = date(2026, 3, 2)
DUE = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        (Terms(DUE), []),
        (Terms(DUE, "transfer"), []),
        (Terms(DUE, "direct_debit"), [NotYet("direct_debit", None, date(2026, 3, 17))]),
        (Terms(DUE, "bill", date(2026, 4, 30)), [NotYet("bill", None, date(2026, 5, 11))]),
        (Terms(date(2026, 1, 5), "direct_debit"), []),
        (Terms(DUE, "set_off"), [NotYet("set_off")]),
        (Terms(DUE, factor="Factor du Nord"), [NotYet("factored")]),
        (Terms(DUE, retention_minor=500, retention_until=date(2027, 1, 5)), [NotYet("retention", 500, date(2027, 1, 5))]),
        (Terms(DUE, retention_minor=500, retention_until=date(2026, 1, 5)), []),
        (Terms(DUE, retention_minor=500), [NotYet("retention", 500, None)]),
        (Terms(DUE, not_before=date(2026, 4, 1)), [NotYet("by_hand", None, date(2026, 3, 31))]),
        (Terms(DUE, not_before=TODAY), []),
        (Terms(DUE, kind="public_body", buyer="local", is_structured=True), [NotYet("codes")]),
        (Terms(DUE, kind="public_body", buyer="local"), []),
        (Terms(DUE, kind="public_body", buyer="local", commitment="EJ-1", is_structured=True), []),
        (Terms(DUE, kind="public_body", buyer="state", commitment="EJ-1", is_structured=True), [NotYet("service_code")]),
        (Terms(DUE, kind="public_body", buyer="state", service_code="S", is_structured=True), [NotYet("commitment")]),
        (Terms(DUE, kind="business", is_structured=True), []),
    ],
)  # fmt: skip
def test_an_invoice_waits_for_what_its_settlement_waits_for(terms: Terms, found: list[NotYet]) -> None:
    assert not_yet(terms, TODAY) == found
