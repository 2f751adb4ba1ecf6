"""A second country is data only: Valmark, whose law resembles France's in nothing, is decided by the same code."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exigible.core import dates
from exigible.core.guard import limits_for
from exigible.core.law.added import AddedRate, with_rates
from exigible.core.law.book import LawBook, law_book, read_book
from exigible.core.law.contact import may_call_at, next_writing_moment
from exigible.core.law.deadlines import deadline, deadline_rules
from exigible.core.law.interest import Accrued, accrued, derivation, interest_of
from exigible.core.law.limitation import LimitationEvent, event_kinds, limitation
from exigible.core.law.periods import next_publication
from exigible.core.law.statement import Claim, state_claim

HOME = Path(__file__).parent / "valmark"
VALMARK = read_book(HOME, "XV")
LENT = 1_000_000  # of a currency without decimals


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The folder of Valmark in the place of the packaged one, for what asks for a calendar by its country's code."""
    kept = (dates.public_holidays, dates.rest_days, dates._own_calendar)
    monkeypatch.setattr(dates, "DATA", HOME)
    for cached in kept:
        cached.cache_clear()
    yield
    for cached in kept:
        cached.cache_clear()


def owed(debtor: str, due: date, until: date, contract_rate: Decimal | None = None) -> int:
    """The interest of the daily run, which must be that of the exact statement."""
    quick = accrued(VALMARK, debtor, LENT, due, until, contract_rate=contract_rate)
    claim = Claim(debtor=debtor, amount_minor=LENT, due=due, until=until, contract_rate=contract_rate)
    exact = state_claim(VALMARK, claim)
    assert quick == Accrued(exact.accrued_interest_minor, exact.accrued_indemnity_minor, exact.late_days)
    assert exact.indemnity_minor == 0
    return quick.interest_minor


def test_its_quarters_divisor_and_rounding_are_its_own() -> None:
    # 11 days at 9.25, 92 at 9.85 and 11 at 10.45 percent, over 360: 31 191.67, of which the part is left out.
    assert owed("business", date(2026, 5, 20), date(2026, 9, 11)) == 31_191
    parts = derivation(VALMARK, "business", LENT, date(2026, 5, 20), date(2026, 9, 11))
    assert [(part.first, part.rate) for part in parts] == [
        (date(2026, 5, 21), Decimal("9.25")),
        (date(2026, 6, 1), Decimal("9.85")),
        (date(2026, 9, 1), Decimal("10.45")),
    ]


def test_another_kind_of_debtor_has_a_year_that_begins_in_april() -> None:
    # 11 days at 3.5 and 10 at 5.9 percent.
    assert owed("consumer", date(2026, 3, 20), date(2026, 4, 10)) == 2_708


def test_a_frozen_rate_is_that_of_the_quarter_of_the_first_late_day() -> None:
    assert owed("public_body", date(2026, 5, 20), date(2026, 9, 11)) == 12_666  # 114 days at 4 percent


def test_a_clause_meets_a_floor_of_another_series_with_days_of_its_own() -> None:
    # The floor is 6 percent in March, 10.8 in April: 11 days at 8, then the lower of 10.8 and the default's 9.25.
    assert owed("business", date(2026, 3, 20), date(2026, 4, 10), Decimal("8")) == 5_013
    # No floor for a consumer: a clause of 1 percent holds, 21 days.
    assert owed("consumer", date(2026, 3, 20), date(2026, 4, 10), Decimal("1")) == 583


CLAIMS = st.builds(
    Claim,
    debtor=st.sampled_from(["business", "consumer", "public_body", "unknown"]),
    amount_minor=st.integers(1, 10**11),
    due=st.dates(date(2019, 6, 1), date(2028, 12, 31)),
    until=st.dates(date(2019, 6, 1), date(2028, 12, 31)),
    payments=st.lists(st.tuples(st.dates(date(2019, 6, 1), date(2028, 12, 31)), st.integers(1, 10**10)), max_size=3),
    contract_rate=st.none() | st.integers(0, 2000).map(lambda units: Decimal(units) / 100),
)


@settings(max_examples=150, deadline=None)
@given(CLAIMS)
def test_the_daily_figures_are_the_exact_statement_there_too(claim: Claim) -> None:
    exact = state_claim(VALMARK, claim, "principal_first")
    facts = {"payments": claim.payments, "contract_rate": claim.contract_rate}
    quick = accrued(VALMARK, claim.debtor, claim.amount_minor, claim.due, claim.until, **facts)
    assert quick == (exact.accrued_interest_minor, 0, exact.late_days)
    parts = derivation(VALMARK, claim.debtor, claim.amount_minor, claim.due, claim.until, **facts)
    assert interest_of(VALMARK, parts) == quick.interest_minor


def test_the_next_rate_is_expected_on_its_own_day_and_joins_the_series() -> None:
    expected = next_publication(VALMARK, "valmark_bank")
    assert expected == date(2026, 12, 1)
    grown = with_rates(VALMARK, (AddedRate("valmark_bank", expected, Decimal("7"), "Bank of Valmark"),))
    assert next_publication(grown, "valmark_bank") == date(2027, 3, 1)
    assert accrued(grown, "business", 36_000, date(2026, 11, 30), date(2026, 12, 10)).interest_minor == 132  # 13.25


def test_its_payment_order_of_imputation_is_its_own() -> None:
    claim = Claim(
        debtor="business", amount_minor=LENT, due=date(2026, 5, 20), until=date(2026, 9, 11),
        payments=[(date(2026, 5, 31), 1_000)],
    )  # fmt: skip
    (settled,) = state_claim(VALMARK, claim).settled
    assert (settled.principal_minor, settled.interest_minor) == (1_000, 0)


def test_its_limitation_and_its_events_are_its_own() -> None:
    assert event_kinds(VALMARK) == ("oath",)
    told = limitation(VALMARK, "business", due=date(2026, 5, 20), events=[LimitationEvent(date(2027, 2, 3), "oath")])
    assert told.last_day == date(2030, 12, 31)


def test_its_deadlines_and_the_days_that_move_them_are_its_own() -> None:
    assert deadline_rules(VALMARK) == ("oath_hearing", "answer")
    # 18 September is a Friday, which is a day of rest there, as the day after is.
    moved = deadline(VALMARK, "oath_hearing", date(2026, 9, 4))
    assert (moved.rolled_from, moved.last_day) == (date(2026, 9, 18), date(2026, 9, 20))
    assert deadline(VALMARK, "oath_hearing", date(2026, 9, 16)).last_day == date(2026, 10, 1)  # the 30th is a holiday
    assert deadline(VALMARK, "answer", date(2026, 12, 31)).last_day == date(2027, 2, 28)


@pytest.mark.usefixtures("calendar")
def test_a_debtor_there_is_contacted_on_its_days_and_at_its_hours() -> None:
    assert limits_for(VALMARK, "business", date(2026, 5, 1)).min_gap_days == 9
    assert not may_call_at(VALMARK, "business", datetime(2026, 5, 10, 16, 30), "XV")  # a holiday since 2026
    assert not may_call_at(VALMARK, "business", datetime(2026, 5, 8, 16, 30), "XV")  # a Friday
    assert may_call_at(VALMARK, "business", datetime(2026, 5, 3, 16, 30), "XV")  # a Sunday
    # Saturday the 9th is a day of rest, and so no eve of the holiday that follows keeps Monday the 11th.
    assert next_writing_moment(VALMARK, "business", datetime(2026, 5, 9, 8), "XV") == datetime(2026, 5, 11, 7)


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize(
    ("day", "works"),
    [(date(2025, 5, 9), False), (date(2024, 5, 9), False), (date(2024, 9, 30), True), (date(2026, 2, 17), False)],
)
def test_a_holiday_is_that_of_the_data_in_force_in_its_year(day: date, works: bool) -> None:
    assert dates.is_working_day(day, "XV") is works


def test_france_is_not_changed_by_it() -> None:
    france: LawBook = law_book("FR")
    day = date(2026, 5, 20) + timedelta(days=1)
    assert accrued(france, "business", LENT, date(2026, 5, 20), day) == (333, 4_000, 1)  # 12.15 percent, over 365
