"""The longest lawful payment terms: by sector, buyer and way of counting, and what is beyond them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exigible.core.law.book import LawError, law_book
from exigible.core.law.terms import METHODS, is_beyond_law, longest_term

BOOK = law_book("FR")
DAYS = st.dates(date(2013, 1, 1), date(2050, 12, 31))
ISSUED, RECEIVED = date(2026, 5, 4), date(2026, 5, 6)


@pytest.mark.parametrize(
    ("facts", "last_due", "counted_from"),
    [
        ({"sector": "livestock"}, date(2026, 5, 26), "delivery"),
        ({"sector": "perishable"}, date(2026, 6, 5), "delivery"),
        ({"sector": "perishable", "periodic": True}, date(2026, 6, 9), "ten_days_end"),
        ({"sector": "alcohol"}, date(2026, 6, 30), "month_end"),
        ({"sector": "wine", "agreed": "net"}, date(2026, 7, 3), "invoice"),
        ({"sector": "wine"}, date(2026, 6, 5), "receipt"),
        ({"buyer": "hospital"}, date(2026, 6, 25), "receipt"),
        ({"buyer": "local", "agreed": "net"}, date(2026, 6, 5), "receipt"),
    ],
)
def test_the_term_of_a_sector_or_a_public_buyer(facts: dict[str, object], last_due: date, counted_from: str) -> None:
    found = longest_term(BOOK, ISSUED, received=RECEIVED, **facts)
    assert (found.last_due, found.counted_from, found.confidence) == (last_due, counted_from, "high")


@pytest.mark.parametrize(
    ("received", "from_on"),
    [
        (date(2026, 2, 1), date(2026, 2, 10)),
        (date(2026, 2, 10), date(2026, 2, 10)),
        (date(2026, 2, 11), date(2026, 2, 20)),
        (date(2026, 2, 21), date(2026, 2, 28)),
        (date(2026, 3, 31), date(2026, 3, 31)),
    ],
)
def test_perishables_invoiced_by_period_count_from_the_end_of_the_ten_days(received: date, from_on: date) -> None:
    found = longest_term(BOOK, ISSUED, received=received, sector="perishable", periodic=True)
    assert found.from_on == from_on


def test_an_unknown_day_of_receipt_is_said_and_counted_from_the_invoice() -> None:
    found = longest_term(BOOK, ISSUED)
    assert (found.last_due, found.counted_from, found.confidence) == (date(2026, 6, 3), "invoice", "low")
    asked = longest_term(BOOK, ISSUED, buyer="state")
    assert (asked.from_on, asked.confidence) == (date(2026, 5, 6), "low")


@given(DAYS, st.integers(0, 120))
def test_a_due_date_is_beyond_the_law_only_when_no_way_of_counting_reaches_it(issued: date, days: int) -> None:
    due = issued + timedelta(days=days)
    ways = [is_beyond_law(BOOK, due, issued, agreed=way) for way in METHODS]
    assert is_beyond_law(BOOK, due, issued) is all(ways)
    assert not is_beyond_law(BOOK, issued + timedelta(days=60), issued)


@given(DAYS)
def test_forty_five_days_after_the_month_are_at_most_seventy_five_after_the_invoice(issued: date) -> None:
    found = longest_term(BOOK, issued, agreed="month_end_then_days")
    assert 45 <= (found.last_due - issued).days <= 75


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"sector": "dragons"}, "transport, perishable, livestock, alcohol, wine"),
        ({"buyer": "king"}, "state, local, hospital, army_health, public_enterprise"),
        ({"agreed": "by moonlight"}, "net, days_then_month_end, month_end_then_days"),
    ],
)
def test_what_the_data_do_not_know_is_refused_with_what_they_do(facts: dict[str, str], sentence: str) -> None:
    with pytest.raises(LawError, match=sentence):
        longest_term(BOOK, ISSUED, **facts)
