"""Limitation: what an event may and may not do, for any dates, and what cannot be said."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exigible.core.dates import add_months
from exigible.core.law.book import LawBook, LawError, law_book
from exigible.core.law.limitation import Limitation, LimitationEvent, event_kinds, limitation

BOOK = law_book("FR")
DAYS = st.dates(date(2012, 1, 1), date(2032, 12, 31))
PRIVATE = st.sampled_from(["business", "consumer", "unknown"])
DEBTORS = st.sampled_from(["business", "consumer", "public_body", "unknown"])
ACTIVITIES = st.sampled_from(["services", "transport"])
ONE_DAY = timedelta(days=1)
IDLE = ("payment_order_request", "written_claim", "formal_notice")


def single(kind: str) -> st.SearchStrategy[list[LimitationEvent]]:
    return st.builds(lambda on: [LimitationEvent(on, kind)], DAYS)


def suspension(what: str) -> st.SearchStrategy[list[LimitationEvent]]:
    return st.builds(
        lambda on, days: [
            LimitationEvent(on, f"{what}_start"),
            LimitationEvent(on + timedelta(days=days), f"{what}_end"),
        ],
        DAYS,
        st.integers(0, 900),
    )


INTERRUPTIONS = st.sampled_from(["acknowledgement", "court_claim", "forced_execution", "part_payment"]).flatmap(single)
HISTORIES = st.lists(
    st.one_of(INTERRUPTIONS, st.sampled_from(IDLE).flatmap(single)) | suspension("mediation"), max_size=4
)


def joined(parts: Sequence[Sequence[LimitationEvent]]) -> list[LimitationEvent]:
    """One history; mediations that would overlap are left out but the first."""
    events: list[LimitationEvent] = []
    busy: list[tuple[date, date]] = []
    for part in parts:
        first, last = part[0].on, part[-1].on
        if len(part) == 2 and any(first <= end and start <= last for start, end in busy):
            continue
        if len(part) == 2:
            busy.append((first, last))
        events += part
    return events


def told(debtor: str, due: date, events: Sequence[LimitationEvent] = (), activity: str = "services") -> Limitation:
    return limitation(BOOK, debtor, due=due, activity=activity, events=events)


@settings(deadline=None)
@given(DEBTORS, DAYS, ACTIVITIES, HISTORIES, INTERRUPTIONS)
def test_an_interruption_never_moves_the_last_day_earlier(
    debtor: str, due: date, activity: str, parts: list[list[LimitationEvent]], more: list[LimitationEvent]
) -> None:
    before = joined(parts)
    after = told(debtor, due, before + more, activity).last_day
    assert after >= told(debtor, due, before, activity).last_day


@settings(deadline=None)
@given(PRIVATE, DAYS, ACTIVITIES, HISTORIES, DAYS, st.sampled_from(IDLE))
def test_a_formal_notice_changes_nothing(
    debtor: str, due: date, activity: str, parts: list[list[LimitationEvent]], on: date, kind: str
) -> None:
    before = joined(parts)
    without, with_notice = (
        told(debtor, due, events, activity) for events in (before, [*before, LimitationEvent(on, kind)])
    )
    assert with_notice._replace(events=()) == without._replace(events=())
    assert len(with_notice.events) == len(without.events) + 1


@settings(deadline=None)
@given(DEBTORS, DAYS, ACTIVITIES, HISTORIES, suspension("conciliation"))
def test_a_suspension_never_shortens(
    debtor: str, due: date, activity: str, parts: list[list[LimitationEvent]], pause: list[LimitationEvent]
) -> None:
    before = joined(parts)
    plain, open_, ended = (told(debtor, due, [*before, *more], activity).last_day for more in ((), pause[:1], pause))
    assert plain <= open_
    assert plain <= ended


@settings(deadline=None)
@given(DAYS, st.integers(0, 1500), st.integers(1, 900))
def test_a_suspension_leaves_six_months_at_least_and_adds_its_days(due: date, later: int, days: int) -> None:
    begin = due + ONE_DAY + timedelta(days=later)
    end = begin + timedelta(days=days)
    untouched = told("business", due).last_day
    events = [LimitationEvent(begin, "mediation_start"), LimitationEvent(end, "mediation_end")]
    assert told("business", due, events).last_day == max(untouched + timedelta(days=days), add_months(end, 6))


@given(DAYS)
def test_the_last_day_is_the_eve_of_the_anniversary_of_the_first(due: date) -> None:
    found = told("business", due)
    assert found.start == due + ONE_DAY
    assert found.last_day + ONE_DAY == add_months(found.start, 60)
    assert found.safe_day <= found.last_day <= found.safe_day + ONE_DAY


@given(DAYS, DAYS, DEBTORS)
def test_of_two_readings_the_earlier_day_is_told(due: date, completed: date, debtor: str) -> None:
    both = limitation(BOOK, debtor, due=due, completed=completed)
    alone = [limitation(BOOK, debtor, due=due), limitation(BOOK, debtor, completed=completed)]
    assert both.last_day == min(one.last_day for one in alone)
    assert {reading.rule for reading in both.readings} == {"completion", "agreed_term"}


@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_given_does_not_matter(parts: list[list[LimitationEvent]], rnd: Random) -> None:
    events = joined(parts)
    assume(len({event.on for event in events}) == len(events))
    shuffled = list(events)
    rnd.shuffle(shuffled)
    assert told("business", date(2020, 6, 30), shuffled) == told("business", date(2020, 6, 30), events)


def test_an_event_after_the_last_day_revives_nothing() -> None:
    found = told("business", date(2015, 6, 30), [LimitationEvent(date(2020, 7, 1), "acknowledgement")])
    assert found.last_day == date(2020, 6, 30)
    assert [reached.rule for reached in found.events] == ["too_late"]
    on_the_day = told("business", date(2015, 6, 30), [LimitationEvent(date(2020, 6, 30), "acknowledgement")])
    assert on_the_day.last_day == date(2025, 6, 30)


def test_an_acknowledgement_before_the_period_begins_interrupts_nothing() -> None:
    found = told("business", date(2020, 6, 30), [LimitationEvent(date(2020, 5, 1), "acknowledgement")])
    assert (found.last_day, found.events[0].rule) == (date(2025, 6, 30), "before_start")


def test_two_suspensions_at_once_count_once() -> None:
    events = [
        LimitationEvent(date(2022, 1, 1), "mediation_start"),
        LimitationEvent(date(2022, 2, 1), "conciliation_start"),
        LimitationEvent(date(2022, 3, 1), "mediation_end"),
        LimitationEvent(date(2022, 4, 1), "conciliation_end"),
    ]
    found = told("business", date(2020, 6, 30), events)
    assert found.last_day == date(2025, 6, 30) + timedelta(days=90)
    assert [reached.rule for reached in found.events] == ["suspends", "suspends", "still_suspended", "resumes"]


def test_a_claim_does_not_die_while_a_mediation_goes_on() -> None:
    """The last day passes during the mediation; what the debtor then acknowledges still counts."""
    events = [
        LimitationEvent(date(2025, 6, 1), "mediation_start"),
        LimitationEvent(date(2026, 3, 1), "acknowledgement"),
        LimitationEvent(date(2026, 4, 1), "mediation_end"),
    ]
    found = told("business", date(2020, 6, 30), events)
    # Five years from 2 March 2026, and the 30 days from there to the eve of the end.
    assert found.last_day == date(2031, 3, 1) + timedelta(days=30)
    assert found.events[0].last_day == date(2025, 12, 1)


def test_a_mediation_that_has_not_ended_is_told_as_if_it_ended_on_the_last_day_heard_of() -> None:
    begun = [LimitationEvent(date(2022, 1, 1), "mediation_start")]
    assert told("business", date(2020, 6, 30), begun).last_day == date(2025, 6, 30)
    heard = [*begun, LimitationEvent(date(2022, 3, 2), "formal_notice")]
    assert told("business", date(2020, 6, 30), heard).last_day == date(2025, 8, 29)


def test_an_interruption_within_a_suspension_of_a_leap_year_takes_no_day_away() -> None:
    mediation = [
        LimitationEvent(date(2023, 3, 1), "mediation_start"),
        LimitationEvent(date(2024, 3, 2), "mediation_end"),
    ]
    assert told("business", date(2023, 3, 1), mediation).last_day == date(2029, 3, 2)
    within = [*mediation, LimitationEvent(date(2024, 3, 1), "acknowledgement")]
    assert told("business", date(2023, 3, 1), within).last_day == date(2029, 3, 2)


def test_a_letter_interrupts_against_a_public_debtor_only() -> None:
    notice = [LimitationEvent(date(2025, 3, 15), "formal_notice")]
    assert told("public_body", date(2022, 11, 18), notice).last_day == date(2029, 12, 31)
    assert told("business", date(2022, 11, 18), notice).last_day == date(2027, 11, 18)


def test_a_debtor_of_unknown_kind_has_the_shortest_period_said_unsure() -> None:
    found = told("unknown", date(2026, 1, 31))
    assert (found.last_day, found.confidence) == (date(2028, 1, 31), "low")
    assert told("unknown", date(2026, 1, 31), activity="transport").last_day == date(2027, 1, 31)


def test_what_rests_on_an_unsure_event_is_unsure() -> None:
    assert told("business", date(2022, 1, 31)).confidence == "medium"
    paid = told("business", date(2022, 1, 31), [LimitationEvent(date(2023, 1, 31), "part_payment")])
    assert (paid.last_day, paid.confidence) == (date(2028, 1, 31), "low")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "Say when the claim is due"),
        ({"due": date(2020, 1, 1), "debtor": "martian"}, "the debtor is one of business"),
        ({"due": date(2020, 1, 1), "activity": "piracy"}, "the activity one of services, transport"),
        ({"due": date(20, 1, 1)}, "The year of 0020-01-01"),
        ({"due": date(2020, 1, 1), "events": [(date(2021, 1, 1), "prayer")]}, "is not an event of limitation"),
        ({"due": date(2020, 1, 1), "events": [(date(2021, 1, 1), "mediation_end")]}, "give its mediation_start"),
        (
            {"due": date(2020, 1, 1), "events": [(date(2021, day, 1), "mediation_start") for day in (1, 2)]},
            "begins while that of 2021-01-01 has not ended",
        ),
    ],
)
def test_what_cannot_be_said_is_refused_with_a_sentence(facts: dict[str, Any], sentence: str) -> None:
    facts = dict(facts)
    debtor = str(facts.pop("debtor", "business"))
    events = [LimitationEvent(*event) for event in facts.pop("events", [])]
    with pytest.raises(LawError, match=sentence):
        limitation(BOOK, debtor, events=events, **facts)


def test_every_kind_of_event_of_the_command_line_is_known() -> None:
    contract = {"acknowledgement", "written_claim", "court_claim", "forced_execution", "formal_notice"}
    pairs = {f"{what}_{edge}" for what in ("mediation", "conciliation") for edge in ("start", "end")}
    assert contract | pairs <= set(event_kinds(BOOK))


def test_a_country_may_count_from_one_day_only() -> None:
    only = {key: dated for key, dated in BOOK.figures.items() if key != "limitation.business.completion"}
    book = LawBook("XV", "EUR", only, {})
    both = limitation(book, "business", due=date(2021, 11, 20), completed=date(2021, 1, 1))
    assert [reading.rule for reading in both.readings] == ["agreed_term"]
    with pytest.raises(LawError, match="give the other one"):
        limitation(book, "business", completed=date(2021, 1, 1))
