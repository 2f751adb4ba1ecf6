"""The analysis of one claim: what is owed, until when, what lies open, what to do; from facts alone."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exigible.core.law.book import law_book
from exigible.core.law.rates import DEBTORS
from exigible.features.analysis.advice import next_steps
from exigible.features.analysis.analyse import Analysis, analyse
from exigible.features.analysis.facts import ClaimFacts, FactsError
from exigible.features.analysis.letter import Names, letter_data, letter_of
from exigible.features.analysis.report import report
from exigible.features.analysis.told import told

BOOK = law_book("FR")
TODAY = date(2026, 8, 15)
FULL = frozenset({"order", "terms", "delivery", "invoice", "invoice_received", "formal_notice"})


def claim(today: date = TODAY, **changes: Any) -> Analysis:
    """An invoice of 10 000 € to a business, due on 31 May 2026, with some facts changed."""
    usual: dict[str, Any] = {"debtor": "business", "amount_minor": 1_000_000, "due": date(2026, 5, 31)}
    return analyse(BOOK, ClaimFacts(**usual | changes), today)


def steps(found: Analysis) -> list[str]:
    return [step.because.rule for step in next_steps(found, found.worth.best)]


def test_a_business_owes_principal_interest_and_indemnity_to_the_cent() -> None:
    owed = claim().owed.statement
    assert (owed.principal_minor, owed.interest_minor, owed.indemnity_minor) == (1_000_000, 25_614, 4_000)
    assert owed.late_days == 76


def test_each_week_to_come_adds_seven_days_of_interest() -> None:
    owed = claim().owed
    assert owed.daily_minor == 340  # 10 000 × 12.40 % ÷ 365
    assert [week.on for week in owed.weeks] == [TODAY + timedelta(weeks=rank) for rank in range(1, 9)]
    assert all(abs(week.added_minor - 2_378 * rank) <= 1 * rank for rank, week in enumerate(owed.weeks, 1))


def test_the_week_in_which_the_invoice_falls_due_brings_the_indemnity() -> None:
    weeks = claim(due=TODAY + timedelta(days=10)).owed.weeks
    assert [week.indemnity_minor for week in weeks[:3]] == [0, 4_000, 4_000]


def test_a_consumer_owes_no_interest_before_a_formal_notice() -> None:
    found = claim(debtor="consumer")
    assert found.owed.statement.balance_minor == 1_000_000
    assert steps(found)[0] == "formal_notice"
    assert "particulier" in report(found, "fr")["owed"]["rows"][1]["detail"]


def test_of_an_unknown_debtor_the_first_thing_is_to_learn_who_it_is() -> None:
    found = claim(debtor="unknown")
    assert steps(found)[0] == "find_kind"
    assert letter_of(found).kind == "reminder"
    assert found.owed.statement.balance_minor == 1_000_000


def test_the_prudent_last_day_to_sue_counts_from_completion() -> None:
    found = claim(completed=date(2026, 4, 20))
    assert found.limit.last_day == date(2031, 4, 20)
    assert {reading["last_day"] for reading in report(found, "en")["until"]["readings"]} == {
        "20\u00a0April 2031",
        "31\u00a0May 2031",
    }


def test_a_part_payment_is_shown_to_move_the_day_but_not_relied_on() -> None:
    found = claim(payments=((date(2026, 7, 1), 100_000),))
    assert found.limit.last_day == date(2031, 5, 31)
    assert found.limit.with_payments == date(2031, 7, 1)


def test_an_insolvent_debtor_is_no_longer_reminded_and_the_claim_is_declared() -> None:
    found = claim(insolvent=date(2026, 7, 15))
    assert steps(found) == ["stop", "declare", "vat"]
    assert next_steps(found, None)[1].by == date(2026, 9, 15)
    assert letter_of(found).kind == ""


def test_a_time_barred_claim_is_not_demanded() -> None:
    found = claim(date(2031, 6, 1))
    assert found.is_barred
    assert steps(found) == ["barred"]
    assert letter_of(found).kind == ""


def test_the_last_six_months_call_for_an_act_that_interrupts() -> None:
    assert steps(claim(date(2031, 1, 15)))[0] == "prompt"
    assert steps(claim(date(2029, 8, 1), debtor="public_body", due=date(2025, 5, 31)))[0] == "claim_in_writing"


def test_what_is_not_due_is_waited_for() -> None:
    found = claim(due=TODAY)
    assert steps(found)[0] == "not_due"
    assert letter_of(found).reason == "none_not_due"
    assert found.owed.statement.interest_minor == 0


def test_a_public_body_gets_a_claim_that_interrupts_and_is_asked_of_no_ordinary_court() -> None:
    found = claim(debtor="public_body", buyer="local")
    assert steps(found)[0] == "public_notice"
    assert "payment_order" not in [way.name for way in found.open_ways]
    assert "réclamation préalable" in " ".join(letter_data(found, Names(), "fr")["after"])


def test_doing_nothing_is_compared_and_never_advised() -> None:
    for debtor in DEBTORS:
        for step in next_steps(claim(debtor=debtor), "nothing_more"):
            assert step.because.facts.get("way") != "nothing_more"


def test_a_disputed_claim_is_settled_first_and_gets_no_payment_order() -> None:
    found = claim(disputed=True)
    assert steps(found)[0] == "dispute"
    assert "payment_order" not in [way.name for way in found.open_ways]
    assert letter_of(found).kind == ""


def test_a_claim_that_is_paid_leaves_nothing_to_do() -> None:
    found = claim(payments=((date(2026, 5, 20), 1_000_000),))
    assert steps(found) == ["settled"]


def test_a_complete_file_leads_to_the_way_that_brings_the_most() -> None:
    found = claim(has=FULL, postcode="75011", both_traders=True)
    assert steps(found) == ["take_way"]
    assert found.worth.best == found.worth.ranking.order[0]


def test_each_missing_document_names_the_ways_that_ask_for_it() -> None:
    delivery = next(piece for piece in claim().file if piece.name == "delivery")
    assert not delivery.is_there
    assert "payment_order" in delivery.needed_by


def test_a_business_without_a_due_date_owes_thirty_days_after_delivery() -> None:
    found = claim(due=None, completed=date(2026, 5, 1))
    assert found.due == date(2026, 5, 31)
    assert found.is_due_presumed
    assert "présumée" in report(found, "fr")["owed"]["rows"][0]["detail"]


def test_a_consumer_without_a_due_date_is_asked_for_it() -> None:
    with pytest.raises(FactsError, match="when the invoice was due"):
        claim(debtor="consumer", due=None, completed=date(2026, 5, 1))


def test_the_reader_s_own_assumption_replaces_the_proposed_one() -> None:
    usual = claim().worth.results
    own = claim(assumed={"payment_order.collected": Decimal("0.1")}).worth.results
    name = "payment_order"
    before, after = (next(each for each in results if each.way == name) for results in (usual, own))
    assert before.mid is not None
    assert after.mid is not None
    assert after.mid < before.mid
    assert after.assumptions.collected.confidence == "own"


def test_an_assumption_that_was_emptied_leaves_the_result_unknown() -> None:
    found = claim(assumed={"payment_order.collected": None})
    assert "payment_order" in found.worth.ranking.unknown
    assert report(found, "fr")["worth"]["results"]["payment_order"]["expected"] == "inconnu"


def test_what_is_unknown_is_shown_as_unknown_and_never_ranked() -> None:
    found = claim()
    shown = report(found, "en")["worth"]
    for result in found.worth.results:
        assert (shown["results"][result.way]["expected"] == "unknown") is (result.mid is None)
    assert {line["name"] for line in shown["order"]}.isdisjoint(
        way["name"] for way in report(found, "en")["ways"]["open"] if way["key"] in found.worth.ranking.unknown
    )


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("debtor", ["business", "consumer", "public_body"])
def test_the_letter_states_what_the_statement_says(debtor: str, language: str) -> None:
    found = claim(debtor=debtor, number="F-12")
    letter = letter_data(found, Names(creditor="Atelier Lumen"), language)
    assert letter["totals"][-1][1] == found.owed.statement.balance_minor
    assert sum(int(minor) for _label, minor in letter["totals"][:-1]) in (0, found.owed.statement.balance_minor)
    assert ("formal notice" if language == "en" else "mise en demeure") in letter["subject"].lower()
    assert ("L441-10" in " ".join(letter["after"])) is (debtor == "business")


@settings(max_examples=60, deadline=None)
@given(
    debtor=st.sampled_from(DEBTORS),
    amount=st.integers(1, 10**10),
    due=st.dates(date(2014, 1, 1), date(2027, 6, 1)),
    paid=st.lists(st.tuples(st.dates(date(2014, 1, 1), date(2027, 1, 1)), st.integers(1, 10**6)), max_size=3),
    has=st.sets(st.sampled_from(sorted(FULL))),
    disputed=st.booleans(),
    insolvent=st.none() | st.dates(date(2014, 1, 1), TODAY),
    postcode=st.sampled_from(["", "75011", "67000", "97400", "20090"]),
)
def test_any_claim_has_an_analysis_in_both_languages(
    debtor, amount, due, paid, has, disputed, insolvent, postcode
) -> None:
    kept = [] if sum(minor for _day, minor in paid) > 2 * amount else paid
    found = claim(
        debtor=debtor, amount_minor=amount, due=due, payments=tuple(kept), has=frozenset(has), disputed=disputed,
        insolvent=insolvent, postcode=postcode,
    )  # fmt: skip
    for language in ("fr", "en"):
        shown = report(found, language)
        assert shown["steps"]
        assert "{" not in "".join(_texts(shown))
    assert told(found)["owed"]["balance"]
    assert [week.balance_minor for week in found.owed.weeks] == sorted(week.balance_minor for week in found.owed.weeks)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []
