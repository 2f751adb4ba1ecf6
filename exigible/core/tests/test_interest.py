"""Interest: properties that hold for any figures, and the faults other software had with rates and days."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exigible.core.law.book import law_book
from exigible.core.law.imputation import ORDERS
from exigible.core.law.interest import Accrued, accrued, derivation, interest_of
from exigible.core.law.rates import default_rate, floor_rate
from exigible.core.law.statement import Claim, state_claim

BOOK = law_book("FR")
DAYS = st.dates(date(2012, 6, 1), date(2028, 12, 31))
AMOUNTS = st.integers(1, 10**11)
DEBTORS = st.sampled_from(["business", "consumer", "public_body", "unknown"])
CLAUSES = st.none() | st.integers(0, 2000).map(lambda units: Decimal(units) / 100)
PAYMENTS = st.lists(st.tuples(DAYS, st.integers(1, 10**10)), max_size=4)


CLAIMS = st.builds(
    Claim,
    debtor=DEBTORS,
    amount_minor=AMOUNTS,
    due=DAYS,
    until=DAYS,
    payments=PAYMENTS,
    contract_rate=CLAUSES,
    notice_received=st.none() | DAYS,
    capitalise=st.booleans(),
)


def daily(claim: Claim) -> Accrued:
    """The figures of the daily run for the facts of a claim."""
    assert claim.due is not None
    return accrued(
        BOOK,
        claim.debtor,
        claim.amount_minor,
        claim.due,
        claim.until,
        payments=claim.payments,
        contract_rate=claim.contract_rate,
        notice_received=claim.notice_received,
    )


@settings(max_examples=300, deadline=None)
@given(CLAIMS)
def test_the_daily_figures_are_the_exact_statement_with_principal_first(claim: Claim) -> None:
    exact = state_claim(BOOK, replace(claim, capitalise=False), "principal_first")
    assert daily(claim) == (exact.accrued_interest_minor, exact.accrued_indemnity_minor, exact.late_days)


@settings(deadline=None)
@given(CLAIMS)
def test_the_derivation_sums_to_the_daily_figure(claim: Claim) -> None:
    assert claim.due is not None
    parts = derivation(
        BOOK,
        claim.debtor,
        claim.amount_minor,
        claim.due,
        claim.until,
        payments=claim.payments,
        contract_rate=claim.contract_rate,
        notice_received=claim.notice_received,
    )
    assert interest_of(BOOK, parts) == daily(claim).interest_minor
    assert all(before.last < after.first for before, after in pairwise(parts))


@settings(deadline=None)
@given(AMOUNTS, DAYS, st.integers(0, 1500), st.integers(0, 1500))
def test_splitting_a_period_changes_nothing_but_the_rounding(amount: int, due: date, first: int, second: int) -> None:
    middle, end = due + timedelta(days=first), due + timedelta(days=first + second)

    def exact(start: date, last: date) -> Fraction:
        return sum((part.interest for part in derivation(BOOK, "business", amount, start, last)), Fraction(0))

    assert exact(due, middle) + exact(middle, end) == exact(due, end)


@settings(deadline=None)
@given(CLAIMS, st.integers(1, 400))
def test_a_day_later_is_never_less(claim: Claim, later: int) -> None:
    unpaid = replace(claim, payments=())
    now, then = daily(unpaid), daily(replace(unpaid, until=claim.until + timedelta(days=later)))
    assert all(after >= before for before, after in zip(now, then, strict=True))


@settings(deadline=None)
@given(CLAIMS, st.sampled_from(sorted(ORDERS)))
def test_no_cent_is_lost_between_what_accrued_what_was_settled_and_what_is_left(claim: Claim, order: str) -> None:
    told = state_claim(BOOK, claim, order)
    paid = sum(amount for day, amount in claim.payments if day <= claim.until)
    accessories = told.accrued_interest_minor + told.accrued_indemnity_minor + told.accrued_complement_minor
    assert claim.amount_minor + accessories - paid == told.balance_minor - told.overpaid_minor
    left = (told.principal_minor, told.interest_minor, told.indemnity_minor, told.complement_minor, told.overpaid_minor)
    assert min(left) >= 0


@settings(deadline=None)
@given(AMOUNTS, DAYS, DAYS, PAYMENTS)
def test_paying_principal_first_never_costs_the_debtor_more_interest(
    amount: int, due: date, until: date, payments: list[tuple[date, int]]
) -> None:
    claim = Claim(debtor="business", amount_minor=amount, due=due, until=until, payments=payments)
    principal_first = state_claim(BOOK, claim, "principal_first").accrued_interest_minor
    # Each payment rounds the interest it meets, at most half a cent.
    assert principal_first <= state_claim(BOOK, claim, "interest_first").accrued_interest_minor + len(payments) + 1


def test_trap_11_each_half_year_has_its_own_rate() -> None:
    """Due 20 June, part payment in July, balance in January: three rates, two bases."""
    parts = derivation(
        BOOK, "business", 1_000_000, date(2024, 6, 20), date(2025, 1, 15), payments=[(date(2024, 7, 10), 400_000)]
    )
    assert [(part.first, part.last, part.days, part.base_minor, part.rate) for part in parts] == [
        (date(2024, 6, 21), date(2024, 6, 30), 10, 1_000_000, Decimal("14.50")),
        (date(2024, 7, 1), date(2024, 7, 10), 10, 1_000_000, Decimal("14.25")),
        (date(2024, 7, 11), date(2024, 12, 31), 174, 600_000, Decimal("14.25")),
        (date(2025, 1, 1), date(2025, 1, 15), 15, 600_000, Decimal("13.15")),
    ]
    # 39.726027 + 39.041096 + 407.589041 + 32.424658
    assert interest_of(BOOK, parts) == 51_878


def test_trap_11_the_divisor_stays_365_in_a_leap_year() -> None:
    assert accrued(BOOK, "business", 3_650_000, date(2024, 2, 28), date(2024, 2, 29)).interest_minor == 1450
    year = accrued(BOOK, "business", 1_000_000, date(2023, 12, 31), date(2024, 12, 31))
    assert year.late_days == 366
    assert year.interest_minor == 144_137  # 182 days at 14.50 % and 184 at 14.25 %, over 365


def test_trap_11_the_day_after_the_due_date_is_one_day() -> None:
    due = date(2026, 10, 15)
    assert accrued(BOOK, "business", 500_000, due, due) == Accrued(0, 0, 0)
    assert accrued(BOOK, "business", 500_000, due, due + timedelta(days=1)) == Accrued(170, 4000, 1)


def test_trap_11_the_base_is_the_amount_given_and_shown() -> None:
    """The base is the total with VAT; the segment says which base was used, so a net one would be seen."""
    (part,) = derivation(BOOK, "business", 1_200_000, date(2026, 3, 31), date(2026, 5, 15))
    assert part.base_minor == 1_200_000


@pytest.mark.parametrize(("offset", "late_days"), [(-60, 0), (-1, 0), (0, 0), (1, 1), (30, 30), (60, 60)])
def test_trap_12_lateness_has_the_right_sign_and_no_day_too_many(offset: int, late_days: int) -> None:
    due = date(2026, 3, 1)
    told = accrued(BOOK, "business", 100_000, due, due + timedelta(days=offset))
    assert told.late_days == late_days
    assert (told.interest_minor > 0, told.indemnity_minor > 0) == (late_days > 0, late_days > 0)


def test_a_payment_lowers_the_base_from_the_day_after() -> None:
    due, until = date(2026, 7, 31), date(2026, 9, 30)
    whole = accrued(BOOK, "business", 1_000_000, due, until)
    assert accrued(BOOK, "business", 1_000_000, due, until, payments=[(until, 400_000)]) == whole
    eve = accrued(BOOK, "business", 1_000_000, due, until, payments=[(until - timedelta(days=1), 400_000)])
    assert eve.interest_minor < whole.interest_minor


def test_an_invoice_settled_in_time_owes_nothing_and_one_settled_late_stops_there() -> None:
    due, paid = date(2026, 1, 31), date(2026, 3, 31)
    assert accrued(BOOK, "business", 1_000_000, due, date(2026, 8, 1), payments=[(due, 1_000_000)]) == (0, 0, 0)
    late = accrued(BOOK, "business", 1_000_000, due, date(2026, 8, 1), payments=[(paid, 1_000_000)])
    assert late == accrued(BOOK, "business", 1_000_000, due, paid)


def test_a_credit_note_never_owes_interest() -> None:
    assert accrued(BOOK, "business", -50_000, date(2026, 1, 31), date(2026, 6, 30)) == (0, 0, 0)


def test_a_consumer_owes_nothing_before_a_formal_notice_and_never_the_indemnity() -> None:
    due, until = date(2026, 1, 31), date(2026, 9, 10)
    assert accrued(BOOK, "consumer", 120_000, due, until) == (0, 0, 222)
    assert accrued(BOOK, "consumer", 120_000, due, until, notice_received=date(2026, 3, 10)) == (1616, 0, 222)


def test_an_unknown_kind_owes_neither_interest_nor_indemnity() -> None:
    assert accrued(BOOK, "unknown", 120_000, date(2026, 1, 31), date(2026, 9, 10)) == (0, 0, 222)


def test_a_public_rate_stays_that_of_the_first_late_day() -> None:
    told = accrued(BOOK, "public_body", 6_000_000, date(2025, 6, 19), date(2025, 10, 31))
    assert told.interest_minor == 245605
    assert default_rate(BOOK, "public_body", date(2025, 7, 1)) == Decimal("10.15")


def test_the_floor_never_lifts_the_default_rate() -> None:
    on = date(2024, 3, 1)
    assert floor_rate(BOOK, "business", on) == Decimal("15.21")
    assert default_rate(BOOK, "business", on) == Decimal("14.50")


def test_a_clause_below_the_floor_is_claimed_at_the_lower_reading_and_flagged() -> None:
    claim = Claim(
        debtor="business",
        amount_minor=1_000_000,
        due=date(2024, 1, 31),
        until=date(2024, 4, 30),
        contract_rate=Decimal(12),
    )
    told = state_claim(BOOK, claim)
    assert told.flags == ("contract_rate_below_floor",)
    by_rule = {reading.rule: reading.interest_minor for reading in told.alternatives}
    assert told.interest_minor == by_rule["default"] == min(by_rule.values()) < by_rule["floor"]


def test_a_clause_is_kept_in_the_half_years_where_it_reaches_the_floor() -> None:
    parts = derivation(BOOK, "business", 800_000, date(2026, 5, 31), date(2026, 8, 15), contract_rate=Decimal("8.00"))
    assert [part.rate for part in parts] == [Decimal("8.00"), Decimal("8.25")]


def test_days_beyond_the_published_rates_are_flagged() -> None:
    claim = Claim(debtor="business", amount_minor=100_000, due=date(2026, 12, 1), until=date(2027, 1, 31))
    told = state_claim(BOOK, claim)
    assert told.flags == ("rate_not_published",)
    assert (
        state_claim(BOOK, Claim(debtor="business", amount_minor=1, due=claim.due, until=date(2026, 12, 31))).flags == ()
    )


def test_days_before_the_covered_period_bear_nothing_and_are_flagged() -> None:
    claim = Claim(debtor="business", amount_minor=100_000, due=date(2012, 12, 1), until=date(2013, 1, 31))
    told = state_claim(BOOK, claim)
    assert told.first_interest_day == date(2013, 1, 1)
    assert told.flags == ("before_covered_period",)
    assert told.indemnity_minor == 0


def test_recovery_costs_stay_with_the_creditor_of_a_consumer() -> None:
    told = state_claim(
        BOOK,
        Claim(
            debtor="consumer",
            amount_minor=100_000,
            due=date(2026, 1, 31),
            until=date(2026, 3, 31),
            costs_minor=25_000,
        ),
    )
    assert (told.complement_minor, told.indemnity_minor) == (0, 0)
    assert "costs_stay_with_creditor" in told.flags


def test_costs_below_the_indemnity_add_nothing() -> None:
    claim = Claim(
        debtor="business", amount_minor=100_000, due=date(2026, 1, 31), until=date(2026, 3, 31), costs_minor=3_999
    )
    assert state_claim(BOOK, claim).complement_minor == 0


def test_a_claim_born_after_the_opening_bears_interest_as_usual() -> None:
    facts = {"debtor": "business", "amount_minor": 500_000, "due": date(2026, 5, 31), "until": date(2026, 8, 15)}
    later = state_claim(BOOK, Claim(**facts, insolvent=date(2026, 4, 10), completed=date(2026, 4, 20)))  # type: ignore[arg-type]
    usual = state_claim(BOOK, Claim(**facts))  # type: ignore[arg-type]
    assert (later.interest_minor, later.indemnity_minor) == (usual.interest_minor, usual.indemnity_minor)
