"""The guard refuses: the gap, the cap, the one contact a day, the days off."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exigible.core.guard import WRITTEN, Contact, Limits, first_day_allowed, is_day_for, limits_for, may_contact
from exigible.core.law.book import law_book

WEDNESDAY = date(2026, 11, 25)
BUSINESS, CONSUMER = Limits(5, 8, 8, 30), Limits(5, 5, 4, 30)


def ago(*contacts: tuple[int, str]) -> list[Contact]:
    return [Contact(WEDNESDAY - timedelta(days=days), channel) for days, channel in contacts]


def rule(history: Sequence[Contact], channel: str, limits: Limits = BUSINESS) -> tuple[str, int] | None:
    refusal = may_contact(history, channel, limits, WEDNESDAY)
    return (refusal.because.rule, (refusal.first_day - WEDNESDAY).days) if refusal else None


def test_nobody_was_contacted_so_anything_may_leave() -> None:
    assert rule([], "email") is None


@pytest.mark.parametrize("first", ["email", "letter", "phone", "sms", "registered_letter"])
@pytest.mark.parametrize("second", ["email", "letter", "phone"])
def test_one_contact_a_day_over_all_channels(first: str, second: str) -> None:
    assert rule(ago((0, first)), second) == ("one.contact.a.day", 1)


@pytest.mark.parametrize(("days", "refused"), [(1, 4), (4, 1), (5, None), (6, None)])
def test_five_days_lie_between_written_demands(days: int, refused: int | None) -> None:
    assert rule(ago((days, "letter")), "email") == (("contact.too.soon", refused) if refused else None)


def test_a_call_keeps_no_gap_and_makes_none() -> None:
    assert rule(ago((1, "email")), "phone") is None
    assert rule(ago((1, "phone")), "email") is None


def test_what_is_no_contact_is_not_guarded() -> None:
    assert rule(ago((0, "email")), "task") is None


def test_eight_contacts_in_thirty_days_are_the_most_for_a_business() -> None:
    seven = [(days, "phone") for days in range(1, 8)]
    assert rule(ago(*seven), "phone") is None
    assert rule(ago(*seven, (29, "phone")), "phone") == ("budget.spent", 1)
    assert rule(ago(*seven, (30, "phone")), "phone") is None


def test_a_consumer_has_five_contacts_of_which_four_calls() -> None:
    calls = [(days, "phone") for days in (2, 4, 6, 8)]
    assert rule(ago(*calls), "phone", CONSUMER) == ("budget.spent", 22)
    assert rule(ago(*calls), "email", CONSUMER) is None
    assert rule(ago(*calls, (20, "email")), "email", CONSUMER) == ("budget.spent", 10)


def test_the_budget_ends_when_enough_contacts_have_left_the_window() -> None:
    history = ago(*[(days, "phone") for days in (3, 9, 12, 15, 18, 20)])
    refusal = may_contact(history, "email", CONSUMER, WEDNESDAY)
    assert refusal is not None
    assert may_contact(history, "email", CONSUMER, refusal.first_day) is None
    assert may_contact(history, "email", CONSUMER, refusal.first_day - timedelta(days=1)) is not None


@pytest.mark.parametrize(
    ("day", "channel", "allowed"),
    [
        (date(2026, 11, 27), "email", True),
        (date(2026, 11, 28), "email", False),  # Saturday
        (date(2026, 11, 29), "phone", False),  # Sunday
        (date(2026, 12, 25), "letter", False),  # Christmas
        (date(2026, 12, 24), "email", False),  # its eve
        (date(2026, 12, 24), "letter", True),
        (date(2026, 12, 24), "phone", True),
        (date(2026, 11, 10), "email", False),  # the eve of the 11th of November
    ],
)
def test_days_off_and_eves(day: date, channel: str, allowed: bool) -> None:
    assert is_day_for(channel, day, "FR") is allowed


def test_the_holidays_are_those_of_the_debtor() -> None:
    assert is_day_for("letter", date(2026, 7, 21), "FR")
    assert not is_day_for("letter", date(2026, 7, 21), "BE")


def test_a_policy_may_lengthen_the_gap_and_never_shorten_it() -> None:
    book = law_book("FR")
    assert limits_for(book, "business", WEDNESDAY, 9).min_gap_days == 9
    assert limits_for(book, "business", WEDNESDAY, 1).min_gap_days == 5
    assert limits_for(book, "consumer", WEDNESDAY) == Limits(5, 5, 4, 30)
    assert limits_for(book, "unknown", WEDNESDAY) == limits_for(book, "consumer", WEDNESDAY)


histories = st.lists(
    st.builds(
        Contact,
        st.integers(0, 45).map(lambda days: WEDNESDAY - timedelta(days=days)),
        st.sampled_from(["email", "letter", "phone"]),
    ),
    max_size=14,
)


@given(
    histories, st.sampled_from(["email", "letter", "phone"]), st.sampled_from([BUSINESS, CONSUMER]), st.integers(0, 20)
)
def test_the_first_day_allowed_is_allowed_and_no_earlier_one_is(
    history: list[Contact], channel: str, limits: Limits, later: int
) -> None:
    start = WEDNESDAY + timedelta(days=later)
    first, why = first_day_allowed(history, channel, limits, start, "FR")
    assert may_contact(history, channel, limits, first) is None
    assert is_day_for(channel, first, "FR")
    assert (why is None) == (first == start)
    while (first := first - timedelta(days=1)) >= start:
        assert may_contact(history, channel, limits, first) or not is_day_for(channel, first, "FR")


@given(histories, st.sampled_from([BUSINESS, CONSUMER]))
def test_contacts_added_only_when_allowed_never_break_a_limit(history: list[Contact], limits: Limits) -> None:
    made: list[Contact] = []
    for contact in sorted(history):
        if may_contact(made, contact.channel, limits, contact.on) is None:
            made.append(contact)
    written = sorted(contact.on for contact in made if contact.channel in WRITTEN)
    assert all((later - day).days >= limits.min_gap_days for day, later in zip(written, written[1:], strict=False))
    assert len({contact.on for contact in made}) == len(made)
    for contact in made:
        window = [other for other in made if 0 <= (contact.on - other.on).days < limits.window_days]
        assert len(window) <= limits.contacts_in_window
        assert sum(other.channel == "phone" for other in window) <= limits.calls_in_window
