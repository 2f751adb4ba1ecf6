"""What payments do to a statement and to the daily figures, for any claim."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from exigible.core.law.book import law_book
from exigible.core.law.imputation import ORDERS
from exigible.core.law.interest import accrued
from exigible.core.law.statement import Claim, Statement, state_claim

BOOK = law_book("FR")
DAYS = st.dates(date(2012, 6, 1), date(2028, 12, 31))
DEBTORS = st.sampled_from(["business", "consumer", "public_body", "unknown"])
ORDER = st.sampled_from(sorted(ORDERS))
CLAIMS = st.builds(
    Claim,
    debtor=DEBTORS,
    amount_minor=st.integers(1, 10**9),
    due=DAYS,
    until=DAYS,
    notice_received=st.none() | DAYS,
    capitalise=st.booleans(),
    costs_minor=st.none() | st.integers(0, 10**6),
)


def left(told: Statement) -> tuple[int, ...]:
    """What is still owed, and what was paid too much."""
    return told.principal_minor, told.interest_minor, told.indemnity_minor, told.complement_minor, told.overpaid_minor


@settings(deadline=None)
@given(CLAIMS, DAYS, st.integers(1, 10**9), st.integers(1, 10**9), ORDER)
def test_two_payments_of_one_day_are_worth_their_sum(claim: Claim, on: date, one: int, two: int, order: str) -> None:
    apart = state_claim(BOOK, replace(claim, payments=((on, one), (on, two))), order)
    together = state_claim(BOOK, replace(claim, payments=((on, one + two),)), order)
    assert left(apart) == left(together)
    assert apart.accrued_interest_minor == together.accrued_interest_minor
    assert claim.due is not None
    daily = [
        accrued(BOOK, claim.debtor, claim.amount_minor, claim.due, claim.until, payments=payments)
        for payments in (((on, one), (on, two)), ((on, one + two),))
    ]
    assert daily[0] == daily[1]


@settings(deadline=None)
@given(CLAIMS, ORDER, st.integers(0, 800))
def test_paying_all_that_is_owed_leaves_nothing_on_that_day_or_later(claim: Claim, order: str, later: int) -> None:
    owed = state_claim(BOOK, claim, order)
    paid = replace(claim, payments=((claim.until, owed.balance_minor),))
    assert left(state_claim(BOOK, paid, order)) == (0, 0, 0, 0, 0)
    after = state_claim(BOOK, replace(paid, until=claim.until + timedelta(days=later)), order)
    assert left(after) == (0, 0, 0, 0, 0)


@settings(deadline=None)
@given(CLAIMS, DAYS, st.integers(1, 10**9), ORDER)
def test_a_payment_never_makes_the_debtor_owe_more(claim: Claim, on: date, amount: int, order: str) -> None:
    before = state_claim(BOOK, claim, order).balance_minor
    assert state_claim(BOOK, replace(claim, payments=((on, amount),)), order).balance_minor <= before
