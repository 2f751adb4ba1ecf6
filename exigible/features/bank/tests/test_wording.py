"""Why a match is proposed, in both languages: no reason without words, no fact that the sentence does not say."""

from typing import Any, get_args

import pytest
from django.utils import translation

from exigible.core.matching import DOUBTS, RULES
from exigible.core.matching.records import Cause
from exigible.features.bank import wording
from exigible.features.bank.wording import Told, linked, sentence

TOLD = Told(7, "EUR", 3, "Menuiserie Durand", {"F-31": 31}, difference_minor=-1_500)
FACTS: dict[str, dict[str, Any]] = {
    "bank.reference": {"reference": "RF18539007547034", "numbers": ["F-31"]},
    "bank.number": {"numbers": ["F-31"]},
    "bank.numbers": {"numbers": ["F-31", "F-32"]},
    "bank.number_cause": {"numbers": ["F-31"]},
    "bank.payer_amount": {"numbers": ["F-31"], "payer": "account"},
    "bank.payer_sum": {"numbers": ["F-31", "F-32"], "payer": "code"},
    "bank.expected": {"expected_on": "2026-11-20", "expected_minor": 120_000},
    "bank.habit": {"numbers": ["F-31", "F-32"], "habit": "all_due"},
    "bank.name": {"numbers": ["F-31"], "name_percent": 92},
    "bank.near_number": {"numbers": ["F-31"], "quoted": ["F-13"]},
    "bank.order": {"numbers": ["F-31"], "quoted": ["PO-4471"]},
    "bank.paid_already": {"numbers": ["F-31"], "settled_on": "2026-10-02"},
    "bank.on_account": {"payer": "account"},
}
OTHERS: dict[str, Any] = {
    "numbers": ["F-99"], "reference": "RF00", "payer": "name", "expected_on": "2026-12-24", "expected_minor": 99, "habit": "month",
    "name_percent": 71, "quoted": ["X-0"], "settled_on": "2026-09-09",
}  # fmt: skip


def said(rule: str, facts: dict[str, Any], language: str, told: Told = TOLD) -> str:
    """The sentence of a reason in a language."""
    with translation.override(language):
        return sentence({"rule": rule, "facts": facts}, told)


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_said_in_both_languages_and_each_of_its_facts_changes_the_sentence(rule: str) -> None:
    french, english = (said(rule, FACTS[rule], language) for language in ("fr", "en"))
    assert french != english
    assert rule not in french + english
    for name in FACTS[rule]:
        assert said(rule, FACTS[rule] | {name: OTHERS[name]}, "fr") != french, name


def test_each_cause_and_each_doubt_has_its_words() -> None:
    for cause in filter(None, get_args(Cause)):
        told = TOLD._replace(cause=cause)
        assert said("bank.number", FACTS["bank.number"], "fr", told) != said(
            "bank.number", FACTS["bank.number"], "fr"
        ), cause
        assert wording.CAUSES[cause]
    for doubt in DOUBTS:
        facts = FACTS["bank.number"] | {"doubt": doubt, "others": 2, "quoted_unknown": ["F-77"]}
        for language in ("fr", "en"):
            assert said("bank.number", facts, language) != said("bank.number", FACTS["bank.number"], language), doubt
    assert set(wording.DOUBTS) < set(DOUBTS)


def test_each_clause_leads_to_its_record_and_a_debtors_words_stay_words() -> None:
    told = TOLD._replace(cause="short", customer_name="<b>Durand</b>")
    shown = linked({"rule": "bank.number_cause", "facts": {"numbers": ["F-31"], "doubt": "difference"}}, told)
    for address in ("/invoices/31/", "/customers/3/", "/bank/movements/7/"):
        assert f'href="{address}"' in shown
    assert "<b>" not in linked({"rule": "bank.on_account", "facts": {"payer": "account"}}, told)


def test_a_rule_of_another_age_is_its_own_name() -> None:
    assert said("bank.older", {}, "fr") == "Bank.older."
