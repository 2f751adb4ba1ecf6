"""Whether a promise was kept: the thresholds, at their very edges; and what a debtor's promises come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exigible.core.promises import is_kept, reliability, verdict

MINOR = st.integers(min_value=1, max_value=10**9)


@pytest.mark.parametrize(
    ("promised", "received", "became"),
    [
        (100_000, 100_000, "kept"),
        (100_000, 98_000, "kept"),
        (100_000, 97_999, "partly"),
        (10_000, 9_500, "kept"),  # five euros short
        (10_000, 9_499, "partly"),
        (100_000, 20_000, "partly"),
        (100_000, 19_999, "broken"),
        (300, 0, "broken"),  # less than five euros, and nothing came
    ],
)
def test_a_promise_is_kept_in_part_or_broken_at_its_thresholds(promised: int, received: int, became: str) -> None:
    assert verdict(promised, received, "EUR") == became


def test_five_units_are_five_yen_where_money_has_no_decimals() -> None:
    assert is_kept(1_000, 995, "JPY")
    assert not is_kept(100, 94, "JPY")


@given(MINOR, MINOR)
def test_more_money_never_makes_a_promise_worse(promised: int, received: int) -> None:
    order = ["broken", "partly", "kept"]
    less, more = verdict(promised, received - 1, "EUR"), verdict(promised, received, "EUR")
    assert order.index(less) <= order.index(more)


def test_what_was_put_off_or_withdrawn_does_not_count() -> None:
    rows = [("kept", 100, 120), ("partly", 100, 30), ("broken", 100, 0), ("amended", 100, 0), ("cancelled", 100, 0)]
    found = reliability(rows)
    assert (found.kept, found.partly, found.broken, found.counted) == (1, 1, 1, 3)
    assert (found.promised_minor, found.received_minor) == (300, 130)
