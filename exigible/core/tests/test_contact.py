"""Contact: allowed hours and days for each kind of debtor, and the caps."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exigible.core.law.book import law_book
from exigible.core.law.contact import (
    contact_budget,
    may_call_at,
    may_write_at,
    next_calling_moment,
    next_writing_moment,
)

BOOK = law_book("FR")
KINDS = ["business", "consumer", "public_body", "unknown"]


@pytest.mark.parametrize(
    ("moment", "may_write"),
    [
        ("2026-11-20T08:59", False),
        ("2026-11-20T09:00", True),
        ("2026-11-20T11:29", True),
        ("2026-11-20T11:30", False),
        ("2026-11-20T13:59", False),
        ("2026-11-20T14:00", True),
        ("2026-11-20T16:30", False),
        ("2026-11-21T10:00", False),  # Saturday
        ("2026-11-11T10:00", False),  # a holiday
        ("2026-11-10T10:00", False),  # its eve
    ],
)
def test_e_mails_leave_at_their_hours_on_working_days_but_the_eve_of_a_holiday(moment: str, may_write: bool) -> None:
    assert may_write_at(BOOK, "business", datetime.fromisoformat(moment)) is may_write


@pytest.mark.parametrize(
    ("debtor", "hour", "may_call"),
    [
        ("business", "09:00", True),
        ("consumer", "09:00", False),
        ("unknown", "09:00", False),
        ("business", "12:30", False),
        ("consumer", "12:30", True),
        ("unknown", "12:30", False),
        ("business", "18:30", False),
        ("consumer", "19:59", True),
        ("consumer", "20:00", False),
    ],
)
def test_calls_keep_the_hours_of_the_kind_of_debtor(debtor: str, hour: str, may_call: bool) -> None:
    assert may_call_at(BOOK, debtor, datetime.fromisoformat(f"2026-11-20T{hour}")) is may_call


def test_a_holiday_is_that_of_the_debtor_s_country() -> None:
    moment = datetime(2026, 7, 14, 10, 0)
    assert not may_call_at(BOOK, "business", moment, "FR")
    assert may_call_at(BOOK, "business", moment, "DE")


def test_the_next_moment_is_now_when_it_is_allowed_else_the_next_opening() -> None:
    paris = ZoneInfo("Europe/Paris")
    allowed = datetime(2026, 11, 20, 10, 15, tzinfo=paris)
    assert next_writing_moment(BOOK, "business", allowed) == allowed
    friday_night = datetime(2026, 11, 20, 18, 0, tzinfo=paris)
    assert next_writing_moment(BOOK, "business", friday_night) == datetime(2026, 11, 23, 9, 0, tzinfo=paris)
    assert next_writing_moment(BOOK, "business", datetime(2026, 11, 10, 9, 0)) == datetime(2026, 11, 12, 9, 0)
    assert next_calling_moment(BOOK, "consumer", datetime(2026, 11, 20, 13, 0)) == datetime(2026, 11, 20, 14, 0)


@given(st.sampled_from(KINDS), st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)))
def test_the_next_moment_is_allowed_and_not_before(debtor: str, moment: datetime) -> None:
    written, called = next_writing_moment(BOOK, debtor, moment), next_calling_moment(BOOK, debtor, moment)
    assert may_write_at(BOOK, debtor, written)
    assert may_call_at(BOOK, debtor, called)
    assert min(written, called) >= moment


def test_a_consumer_is_contacted_less_often_than_a_business() -> None:
    on = date(2026, 11, 20)
    assert contact_budget(BOOK, "business", on) == (5, 1, 30, 8, 8)
    assert contact_budget(BOOK, "consumer", on) == (5, 1, 30, 5, 4)
    assert contact_budget(BOOK, "unknown", on) == contact_budget(BOOK, "consumer", on)
