"""The calendar: working days, holidays by country and subdivision, months."""

from datetime import date

import pytest

from exigible.core.dates import (
    add_months,
    add_working_days,
    end_of_month,
    is_eve_of_holiday,
    is_working_day,
    next_working_day,
)


@pytest.mark.parametrize(
    ("day", "country", "subdivision", "is_working"),
    [
        (date(2026, 11, 20), "FR", None, True),
        (date(2026, 11, 21), "FR", None, False),  # a Saturday
        (date(2026, 11, 11), "FR", None, False),
        (date(2026, 4, 3), "FR", None, True),
        (date(2026, 4, 3), "FR", "57", False),  # Good Friday is off in Moselle
        (date(2026, 10, 3), "DE", None, False),
        (date(2026, 7, 14), "DE", None, True),
        (date(2026, 7, 14), "ZZ", None, True),  # an unknown country has weekends only
        (date(2026, 7, 14), "FR", "unknown", False),
        (date(2026, 7, 14), "fr", None, False),
        (date(2026, 7, 14), "", None, True),
    ],
)
def test_a_working_day_is_the_country_s_own(day: date, country: str, subdivision: str | None, is_working: bool) -> None:
    assert is_working_day(day, country, subdivision) is is_working


def test_the_next_working_day_is_strictly_after() -> None:
    assert next_working_day(date(2026, 11, 9)) == date(2026, 11, 10)
    assert next_working_day(date(2026, 11, 10)) == date(2026, 11, 12)
    assert next_working_day(date(2026, 12, 24)) == date(2026, 12, 28)


def test_working_days_are_counted_after_the_day() -> None:
    assert add_working_days(date(2026, 11, 20), 0) == date(2026, 11, 20)
    assert add_working_days(date(2026, 11, 20), 3) == date(2026, 11, 25)


def test_the_eve_of_a_holiday_is_the_day_before_and_no_other() -> None:
    assert is_eve_of_holiday(date(2026, 12, 24))
    assert is_eve_of_holiday(date(2026, 12, 31))
    assert not is_eve_of_holiday(date(2026, 12, 25))
    assert not is_eve_of_holiday(date(2026, 11, 21))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 10, 31), 3, date(2027, 1, 31)),
        (date(2026, 3, 15), -3, date(2025, 12, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_keep_the_day_number_or_end_with_the_month(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_a_month_ends_on_its_last_day() -> None:
    assert end_of_month(date(2024, 2, 1)) == date(2024, 2, 29)
    assert end_of_month(date(2026, 12, 31)) == date(2026, 12, 31)
