"""Deadlines: periods of months and days, the working days they are moved to, rules that follow others."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exigible.core.dates import add_months, easter, public_holidays
from exigible.core.law.book import Figure, LawBook, LawError, law_book
from exigible.core.law.deadlines import deadline, deadline_rules
from exigible.core.law.holidays import is_working_day

BOOK = law_book("FR")
DAYS = st.dates(date(2013, 1, 1), date(2050, 12, 31))
RULES = st.sampled_from(deadline_rules(BOOK))
DEPARTMENTS = st.sampled_from([None, "57", "67", "68", "75", "974"])
MONTHS = st.sampled_from([rule for rule in deadline_rules(BOOK) if BOOK.has(f"deadline.{rule}.months")])
ONE_DAY = timedelta(days=1)


@given(RULES, DAYS, DEPARTMENTS)
def test_a_period_is_moved_to_the_next_working_day_and_no_further(
    rule: str, from_on: date, department: str | None
) -> None:
    found = deadline(BOOK, rule, from_on, subdivision=department)
    if found.rolled_from is None:
        return
    assert is_working_day(BOOK, found.last_day, department)
    passed = [found.rolled_from + timedelta(days=rank) for rank in range((found.last_day - found.rolled_from).days)]
    assert passed
    assert not any(is_working_day(BOOK, day, department) for day in passed)


@given(MONTHS, DAYS)
def test_months_end_on_the_same_day_number_or_the_last_of_the_month(rule: str, from_on: date) -> None:
    found = deadline(BOOK, rule, from_on)
    months = BOOK.number(f"deadline.{rule}.months", from_on)
    assert (found.rolled_from or found.last_day) == add_months(from_on, months)


@given(RULES, DAYS, DEPARTMENTS)
def test_who_waits_may_act_on_the_last_day_or_the_day_after_and_nobody_else_is_told_one(
    rule: str, from_on: date, department: str | None
) -> None:
    found = deadline(BOOK, rule, from_on, subdivision=department)
    assert found.first_day in (None, found.last_day, found.last_day + ONE_DAY)
    assert found.last_day > from_on
    assert (found.first_day is None) is (not BOOK.has(f"deadline.{rule}.acts"))


@given(DAYS)
def test_an_order_never_has_less_time_when_made_later(from_on: date) -> None:
    """But on the day the law changed, from six months to three."""
    now, then = (deadline(BOOK, "payment_order_service", day).last_day for day in (from_on, from_on + ONE_DAY))
    assert then >= now or from_on == date(2026, 8, 31)


@pytest.mark.parametrize(
    ("department", "last_day"),
    [(None, date(2026, 4, 3)), ("57", date(2026, 4, 7)), ("67", date(2026, 4, 7)), ("75", date(2026, 4, 3))],
)
def test_good_friday_moves_a_period_in_alsace_moselle_only(department: str | None, last_day: date) -> None:
    assert deadline(BOOK, "opposition", date(2026, 3, 3), subdivision=department).last_day == last_day


def test_saint_stephen_is_a_holiday_in_alsace_moselle_only() -> None:
    assert deadline(BOOK, "opposition", date(2028, 11, 26)).last_day == date(2028, 12, 26)
    assert deadline(BOOK, "opposition", date(2028, 11, 26), subdivision="68").last_day == date(2028, 12, 27)


@pytest.mark.parametrize("department", [None, "57", "973", "974", "976"])
def test_the_holidays_of_the_data_are_those_of_the_general_calendar(department: str | None) -> None:
    """From 2008 on: the Monday of Pentecost was briefly worked, to the calendar alone."""
    for year in range(2008, 2060):
        first = date(year, 1, 1)
        days = [first + timedelta(days=rank) for rank in range(365)]
        general = public_holidays("FR", department, year)
        off = [day for day in days if day.weekday() < 5 and not is_working_day(BOOK, day, department)]
        assert off == [day for day in days if day.weekday() < 5 and day in general]


def test_easter_is_that_of_the_almanac() -> None:
    assert [easter(year) for year in (1954, 1981, 2000, 2026, 2038, 2049)] == [
        date(1954, 4, 18),
        date(1981, 4, 19),
        date(2000, 4, 23),
        date(2026, 4, 5),
        date(2038, 4, 25),
        date(2049, 4, 18),
    ]


def test_an_order_of_the_old_law_is_enforceable_after_the_month_of_opposition() -> None:
    assert deadline(BOOK, "payment_order_enforceable", date(2026, 3, 10)).first_day == date(2026, 4, 11)
    assert deadline(BOOK, "payment_order_enforceable", date(2026, 9, 10)).first_day == date(2026, 11, 11)


def test_the_tax_of_a_lost_debt_is_recovered_until_the_end_of_the_second_year() -> None:
    for event in (date(2026, 1, 1), date(2026, 12, 31)):
        assert deadline(BOOK, "vat_recovery", event).last_day == date(2028, 12, 31)


def test_a_rule_that_follows_another_is_no_surer_than_it() -> None:
    record, answer = (deadline(BOOK, f"commercial_claim_{what}", date(2026, 10, 1)) for what in ("record", "answer"))
    assert record.last_day == answer.last_day + timedelta(days=8)
    assert record.confidence == answer.confidence == "low"


def test_a_period_that_was_not_moved_does_not_rest_on_the_rule_that_moves() -> None:
    assert deadline(BOOK, "insolvency_claim", date(2026, 6, 25)).confidence == "high"
    assert deadline(BOOK, "insolvency_claim", date(2026, 9, 1)).confidence == "medium"


def test_an_unknown_rule_is_refused_with_the_rules_there_are() -> None:
    with pytest.raises(
        LawError, match="There is no deadline 'doomsday'; the rules are payment_order_service, opposition"
    ):
        deadline(BOOK, "doomsday", date(2026, 9, 1))
    with pytest.raises(LawError, match="the rules are none"):
        deadline(LawBook("ZZ", "EUR", {}, {}), "opposition", date(2026, 9, 1))


def test_a_year_that_was_mistyped_is_refused() -> None:
    with pytest.raises(LawError, match="0026-09-01"):
        deadline(BOOK, "opposition", date(26, 9, 1))


def test_every_rule_says_one_length() -> None:
    for rule in deadline_rules(BOOK):
        units = [unit for unit in ("days", "months", "years", "year_ends") if BOOK.has(f"deadline.{rule}.{unit}")]
        assert len(units) == 1, rule


def test_a_country_gives_its_rules_as_data() -> None:
    """Ten days that follow a month, the month moved past a Friday of rest: figures alone, no code."""

    def one(value: str | int | bool) -> tuple[Figure, ...]:
        return (Figure(date(2000, 1, 1), value, "art. 1", "house"),)

    figures = {
        "deadline.reply.months": one(1),
        "deadline.reply.rolls": one(True),
        "deadline.record.follows": one("reply"),
        "deadline.record.days": one(10),
        "deadline.record.acts": one("after"),
        "deadline.nothing.acts": one("after"),
        "calendar.weekly": one("friday"),
        "calendar.holidays": (Figure(date(2000, 1, 1), ("03-07",), "art. 2", "house"),),
    }
    book = LawBook("XV", "XVC", figures, {})
    reply = deadline(book, "reply", date(2026, 2, 6))  # 6 March 2026 is a Friday, the 7th its holiday
    assert (reply.rolled_from, reply.last_day) == (date(2026, 3, 6), date(2026, 3, 8))
    record = deadline(book, "record", date(2026, 2, 6))
    assert (record.last_day, record.first_day) == (date(2026, 3, 18), date(2026, 3, 19))
    with pytest.raises(LawError, match="gives deadline.nothing no length"):
        deadline(book, "nothing", date(2026, 2, 6))
