"""What next_step decides: examples of each rule."""

from datetime import date, timedelta

import pytest

from exigible.core.guard import Contact
from exigible.core.strategy import Propose, Take, Wait, next_step
from exigible.core.tests.plans_for_tests import ORDINARY, POLICY, TODAY, after, case, invoice


def took(decision: object) -> Take:
    assert isinstance(decision, Take), decision
    return decision


def waits(decision: object) -> Wait:
    assert isinstance(decision, Wait), decision
    return decision


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def test_three_days_late_is_the_day_of_the_friendly_reminder() -> None:
    take = took(next_step(case(invoice()), POLICY, TODAY))
    assert (take.step.name, take.channel, take.tone, take.amount) == ("friendly", "email", 1, 10_000)
    assert take.marks == {1: "friendly"}


@pytest.mark.parametrize("late", [-4, 0, 1, 2])
def test_a_day_too_early_waits_until_the_offset(late: int) -> None:
    taken = frozenset({"preventive"}) if late < 0 else frozenset()
    facts = invoice(late=late, last_step="preventive" if late < 0 else "", last_taken_on=day(-1) if late < 0 else None)
    wait = waits(next_step(case(facts, taken={1: taken}), POLICY, TODAY))
    assert wait.until == day(3 - late)
    assert wait.because.rule == "step.not.due"


def test_due_today_is_not_late_and_asks_nothing() -> None:
    assert isinstance(next_step(case(invoice(late=0)), POLICY, TODAY), Wait)


def test_the_preventive_reminder_leaves_before_the_due_day_and_never_on_it() -> None:
    take = took(next_step(case(invoice(late=-5)), POLICY, TODAY))
    assert (take.step.name, take.tone, take.because.rule) == ("preventive", 0, "step.upcoming")
    assert took(next_step(case(invoice(late=-1)), POLICY, TODAY)).step.name == "preventive"
    assert isinstance(next_step(case(invoice(late=0)), POLICY, TODAY), Wait)


@pytest.mark.parametrize("late", [4, 40, 400, 4_000])
def test_the_entry_is_the_lowest_step_whatever_the_age(late: int) -> None:
    take = took(next_step(case(invoice(late=late)), POLICY, TODAY))
    assert (take.step.name, take.tone) == ("friendly", 1)


@pytest.mark.parametrize(("late", "is_late"), [(10, False), (11, True), (400, True)])
def test_a_first_message_about_an_old_debt_is_marked_for_the_quota(late: int, is_late: bool) -> None:
    assert took(next_step(case(invoice(late=late)), POLICY, TODAY)).is_late_entry is is_late


def test_a_debt_already_reminded_is_no_late_entry() -> None:
    assert not took(next_step(case(after("friendly", 10, late=400)), POLICY, TODAY)).is_late_entry


def test_the_spacing_of_the_policy_counts_from_the_step_before() -> None:
    old = after("friendly", 4, late=400)
    assert waits(next_step(case(old), POLICY, TODAY)).until == day(1)
    assert took(next_step(case(after("friendly", 5, late=400)), POLICY, TODAY)).step.name == "firm"


def test_a_step_not_yet_delivered_holds_the_next_one() -> None:
    pending = after("friendly", 30, late=60, is_delivered=False)
    wait = waits(next_step(case(pending), POLICY, TODAY))
    assert (wait.because.rule, wait.until) == ("waiting.delivery", day(1))


def test_an_undelivered_preventive_reminder_holds_nothing() -> None:
    assert (
        took(next_step(case(after("preventive", 8, late=3, is_delivered=False)), POLICY, TODAY)).step.name == "friendly"
    )


def test_the_highest_step_is_taken_and_each_invoice_marked_with_its_own() -> None:
    take = took(next_step(case(after("friendly", 20, key=1), invoice(2, late=5), invoice(3, late=1)), POLICY, TODAY))
    assert take.step.name == "firm"
    assert take.marks == {1: "firm", 2: "friendly"}
    assert [line.id for line in take.stated] == [1, 2, 3]
    assert take.amount == 30_000


def test_what_was_reminded_yesterday_does_not_silence_another_invoice_for_ever() -> None:
    reminded, newly_late = after("friendly", 6, key=1, late=9), invoice(2, late=3)
    take = took(next_step(case(reminded, newly_late, history=[Contact(day(-6), "email")]), POLICY, TODAY))
    assert take.marks == {1: "firm", 2: "friendly"}


@pytest.mark.parametrize(("highest", "tone"), [(0, 1), (1, 2), (2, 3), (4, 3)])
def test_the_tone_is_at_most_one_above_the_highest_delivered(highest: int, tone: int) -> None:
    take = took(next_step(case(after("call", 10), highest_tone=highest), POLICY, TODAY))
    assert (take.step.name, take.tone) == ("letter", tone)
    capped = [limit for limit in take.because.facts["limits"] if limit["rule"] == "tone.capped"]  # type: ignore[union-attr, call-overload, index]
    assert bool(capped) == (tone < 3)


def test_without_a_phone_the_call_is_left_out() -> None:
    assert took(next_step(case(after("firm", 30)), POLICY, TODAY)).step.name == "call"
    assert took(next_step(case(after("firm", 30), has_phone=False), POLICY, TODAY)).step.name == "letter"


def test_without_an_e_mail_a_letter_replaces_it_and_the_reverse() -> None:
    by_post = took(next_step(case(invoice(), has_email=False), POLICY, TODAY))
    assert (by_post.step.name, by_post.channel) == ("friendly", "letter")
    by_mail = took(next_step(case(after("call", 9), has_address=False), POLICY, TODAY))
    assert (by_mail.step.name, by_mail.channel) == ("letter", "email")
    assert (
        waits(next_step(case(invoice(), has_email=False, has_address=False), POLICY, TODAY)).because.rule
        == "no.address"
    )


def test_a_formal_notice_is_only_proposed_and_speaks_of_its_own_invoices() -> None:
    decision = next_step(case(after("letter", 7, key=1), invoice(2, late=9)), POLICY, TODAY)
    assert isinstance(decision, Propose)
    assert (decision.marks, decision.amount) == ({1: "formal_notice"}, 10_000)


def test_the_hand_over_comes_on_the_first_working_day_after_the_delay_of_the_notice() -> None:
    # Presented on Tuesday the 17th: the eight days end on the 25th.
    assert waits(next_step(case(after("formal_notice", 8)), POLICY, TODAY)).until == day(1)
    assert isinstance(next_step(case(after("formal_notice", 9)), POLICY, TODAY), Propose)
    friday = TODAY + timedelta(days=2)
    waiting = case(after("formal_notice", 6))  # the eight days end on Friday: the next working day is Monday
    assert waits(next_step(waiting, POLICY, friday)).until == friday + timedelta(days=3)


def test_an_unknown_kind_gets_no_formal_notice_but_its_other_debts_are_asked_for() -> None:
    ripe = after("letter", 30, key=1)
    assert waits(next_step(case(ripe, kind="unknown"), POLICY, TODAY)).because.rule == "kind.missing"
    take = took(next_step(case(ripe, invoice(2, late=3), kind="unknown"), POLICY, TODAY))
    assert take.marks == {2: "friendly"}


def test_a_proposal_needs_a_debt_worth_asking_for() -> None:
    covered = next_step(case(after("letter", 30), credits={"EUR": 10_000}), POLICY, TODAY)
    assert waits(covered).because.rule == "credits.cover"
    small = next_step(case(after("letter", 30, amount=900)), POLICY, TODAY)
    assert waits(small).because.rule == "below.minimum"


def test_after_the_last_step_nothing_more_comes_by_itself() -> None:
    wait = waits(next_step(case(after("handover", 90)), POLICY, TODAY))
    assert (wait.until, wait.because.rule) == (None, "policy.ended")


@pytest.mark.parametrize(
    ("credits", "rule"),
    [(9_999, "below.minimum"), (10_000, "credits.cover"), (20_000, "credits.cover"), (8_501, "below.minimum")],
)
def test_money_of_the_customer_not_yet_set_against_the_debt_stops_the_demand(credits: int, rule: str) -> None:
    assert waits(next_step(case(invoice(), credits={"EUR": credits}), POLICY, TODAY)).because.rule == rule


def test_credits_in_another_currency_cover_nothing() -> None:
    assert took(next_step(case(invoice(), credits={"USD": 99_999}), POLICY, TODAY)).amount == 10_000


def test_the_minimum_is_asked_for_and_one_cent_less_is_not() -> None:
    assert took(next_step(case(invoice(amount=1_500)), POLICY, TODAY)).amount == 1_500
    assert waits(next_step(case(invoice(amount=1_499)), POLICY, TODAY)).because.rule == "below.minimum"


def test_two_currencies_never_meet_in_a_demand() -> None:
    euros, dollars = invoice(1, late=5), invoice(2, late=5, amount=90_000, currency="USD")
    take = took(next_step(case(euros, dollars), POLICY, TODAY))
    assert (take.currency, take.amount, take.marks) == ("USD", 90_000, {2: "friendly"})


def test_a_small_rest_in_one_currency_never_silences_the_other() -> None:
    rest, dollars = after("call", 30, key=1, amount=500), invoice(2, late=5, currency="USD")
    take = took(next_step(case(rest, dollars), POLICY, TODAY))
    assert (take.currency, take.marks) == ("USD", {2: "friendly"})


def test_a_debt_covered_by_credits_does_not_stop_the_preventive_reminder_of_another() -> None:
    covered, coming = invoice(1, late=5, amount=3_000), invoice(2, late=-3, amount=50_000)
    take = took(next_step(case(covered, coming, credits={"EUR": 3_000}), POLICY, TODAY))
    assert (take.step.name, take.marks) == ("preventive", {2: "preventive"})


def test_a_debt_not_worth_asking_for_is_looked_at_again_when_another_falls_due() -> None:
    wait = waits(next_step(case(invoice(1, late=5, amount=300), invoice(2, late=-20)), POLICY, TODAY))
    assert (wait.because.rule, wait.until) == ("below.minimum", day(15))


def test_what_is_held_is_neither_asked_for_nor_counted() -> None:
    part = invoice(1, late=5, held=4_000)
    whole = invoice(2, late=5, held=10_000)
    take = took(next_step(case(part, whole), POLICY, TODAY))
    assert (take.amount, [line.id for line in take.stated], take.marks) == (6_000, [1], {1: "friendly"})
    assert waits(next_step(case(whole), POLICY, TODAY)).because.rule == "all.on.hold"


def test_a_case_on_hold_waits_until_the_day_after() -> None:
    assert waits(next_step(case(invoice(), held_until=TODAY), POLICY, TODAY)).until == day(1)
    assert took(next_step(case(invoice(), held_until=day(-1)), POLICY, TODAY)).step.name == "friendly"


def test_without_a_due_date_or_unconfirmed_nothing_is_asked() -> None:
    assert waits(next_step(case(invoice(due=None)), POLICY, TODAY)).because.rule == "no.due.date"
    assert waits(next_step(case(invoice(is_confirmed=False)), POLICY, TODAY)).because.rule == "unconfirmed.opening"
    take = took(next_step(case(invoice(1, due=None), invoice(2), invoice(3, is_confirmed=False)), POLICY, TODAY))
    assert [line.id for line in take.stated] == [2]


@pytest.mark.parametrize(("ago", "until"), [(0, 5), (2, 5), (4, 1)])
def test_the_gap_between_written_demands_moves_the_step(ago: int, until: int) -> None:
    """Two days ago: the gap ends on a Saturday, so that the step moves on to Monday."""
    assert waits(next_step(case(invoice(), history=[Contact(day(-ago), "email")]), POLICY, TODAY)).until == day(until)


def test_the_gap_over_the_step_is_taken() -> None:
    assert isinstance(next_step(case(invoice(), history=[Contact(day(-5), "email")]), POLICY, TODAY), Take)


def test_no_e_mail_is_decided_for_a_weekend_or_the_eve_of_a_holiday() -> None:
    saturday, eve = date(2026, 11, 28), date(2026, 12, 24)
    assert waits(next_step(case(invoice(late=0)), POLICY, saturday)).until == date(2026, 11, 30)
    assert waits(next_step(case(invoice(late=0)), POLICY, eve)).until == date(2026, 12, 28)


def test_another_profile_never_repeats_a_step() -> None:
    called = case(after("call", 30), profile="ordinary", taken={1: frozenset({"friendly", "firm", "call"})})
    assert took(next_step(called._replace(profile="new"), POLICY, TODAY)).step.name == "letter"
    assert took(next_step(called._replace(profile="chronic"), POLICY, TODAY)).step.name == "letter"


def test_a_step_that_the_new_profile_does_not_have_is_taken_as_its_place() -> None:
    firm = case(after("firm", 30), profile="chronic", taken={1: frozenset({"friendly", "firm"})})
    assert took(next_step(firm, POLICY, TODAY)).step.name == "call"
    lettered = case(after("letter", 30), profile="good", taken={1: frozenset({"friendly", "letter"})})
    decision = next_step(lettered, POLICY, TODAY)
    assert isinstance(decision, Propose)
    assert decision.step.name == "formal_notice"


def test_the_next_step_is_announced_with_its_day() -> None:
    take = took(next_step(case(invoice(late=3)), POLICY, TODAY))
    assert take.next is not None
    assert (take.next.step, take.next.on) == ("firm", day(5))
    last = took(next_step(case(after("call", 9)), POLICY._replace(tracks={"ordinary": ORDINARY[:5]}), TODAY))
    assert last.next is None


def test_the_reason_holds_what_it_saw() -> None:
    facts = took(next_step(case(invoice(1, late=5, amount=7_777), invoice(2, late=9)), POLICY, TODAY)).because.facts
    assert (facts["amount"], facts["currency"], facts["count"], facts["days_late"], facts["invoices"]) == (
        17_777,
        "EUR",
        2,
        9,
        [1, 2],
    )
