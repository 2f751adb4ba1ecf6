"""Tests of the because sentence: it says every fact of its rule, leads to the records, and never breaks."""

from copy import deepcopy
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from exigible.features.messages.catalogue import LANGUAGES, read
from exigible.features.messages.labels import label
from exigible.features.messages.phrases import texts
from exigible.features.messages.rules import RULES
from exigible.features.messages.wording import because_sentence

PLAIN = str.maketrans({"\u202f": " ", "\u00a0": " "})
CODES = {
    "step": ["preventive", "friendly", "firm", "call", "letter", "formal_notice", "handover", "task"],
    "channel": ["email", "letter", "registered_letter", "phone", "sms", "task"],
    "reason": ["promised", "planned", "disputed", "paused", "reply", "insolvency"],
}
STRUCTURED = ("previous", "limits", "next", "holds")
PAIRS = [(rule, key) for rule, found in RULES.items() for key in found.says if key not in STRUCTURED]


def text_of(rule, facts, language="fr"):
    return because_sentence({"rule": rule, "facts": facts}, language).text


def is_day(value):
    return isinstance(value, str) and value[:2] == "20" and value[4:5] == "-"


def other(key, value):
    """Any other value that the fact could have had."""
    if key in CODES:
        return some.sampled_from([code for code in CODES[key] if code != value])
    if key in ("was", "is") and isinstance(value, str):
        return some.sampled_from([code for code in CODES["channel"] if code != value])
    if key in ("tone", "step_tone"):
        return some.sampled_from([tone for tone in range(5) if tone != value])
    if key == "currency":
        return some.sampled_from(["GBP", "CHF", "TND"])
    if isinstance(value, bool):
        return some.just(not value)
    if isinstance(value, int):
        return some.integers(1, 10**6).filter(lambda found: found != value)
    if is_day(value):
        day = date.fromisoformat(value)
        return some.integers(1, 300).map(lambda days: (day + timedelta(days=days)).isoformat())
    return some.text("abcdefgh ", min_size=3).filter(lambda found: found.strip() and found.strip() != value)


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=some.data())
def test_altering_any_fact_of_a_rule_changes_its_sentence(language, data):
    rule, key = data.draw(some.sampled_from(PAIRS))
    facts = RULES[rule].example
    altered = facts | {key: data.draw(other(key, facts[key]))}
    assert text_of(rule, altered, language) != text_of(rule, facts, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("rule", "key"), PAIRS)
def test_a_fact_that_is_unknown_is_not_spoken_of_and_the_sentence_still_stands(rule, key, language):
    without = {name: value for name, value in RULES[rule].example.items() if name != key}
    for facts in (without, without | {key: None}):
        text = text_of(rule, facts, language)
        assert text.endswith(".")
        assert not any(trace in text for trace in ("None", "{", "}", "[", "]", "  ", ", .", ": .", " ,", "()"))


@pytest.mark.parametrize("language", LANGUAGES)
@given(some.data())
def test_altering_anything_inside_the_lists_changes_the_sentence(language, data):
    facts = deepcopy(RULES["step.due"].example)
    before = text_of("step.due", facts, language)
    place = data.draw(some.integers(0, 1))
    change = data.draw(some.sampled_from(["on", "channel", "remove", "next.step", "next.date", "no next", "limit"]))
    if change in ("on", "channel"):
        contact = facts["previous"][place]
        contact[change] = data.draw(other(change, contact[change]))
    elif change == "remove":
        del facts["previous"][place]
    elif change == "no next":
        facts["next"] = None
    elif change == "limit":
        facts["limits"] = [{"rule": data.draw(some.sampled_from([r for r in RULES if RULES[r].group == "limit"]))}]
    else:
        key = change.removeprefix("next.")
        facts["next"][key] = data.draw(other(key, facts["next"][key]))
    assert text_of("step.due", facts, language) != before


@pytest.mark.parametrize("language", LANGUAGES)
def test_altering_a_hold_changes_the_sentence(language):
    before = text_of("all.on.hold", RULES["all.on.hold"].example, language)
    hold = RULES["all.on.hold"].example["holds"][0]
    for change in ({"reason": "disputed"}, {"until": "2026-12-04"}, {"until": None}, {"amount": 1}, {"amount": None}):
        assert text_of("all.on.hold", {"holds": [hold | change]}, language) != before


ANY_KEY = some.sampled_from(sorted({key for _, key in PAIRS} | set(STRUCTURED)))
ANY_VALUE = some.none() | some.booleans() | some.integers() | some.text(max_size=5) | some.lists(some.integers())


@given(some.sampled_from(sorted(RULES)), some.dictionaries(ANY_KEY, ANY_VALUE))
def test_no_fact_of_any_shape_breaks_a_page(rule, facts):
    assert because_sentence({"rule": rule, "facts": facts}, "fr").text


def test_the_sentence_of_a_call_is_that_of_the_specification():
    facts = RULES["step.due"].example | {"limits": [{"rule": "kind.unknown", "facts": {}}]}
    assert text_of("step.due", facts).translate(PLAIN) == (
        "Appeler Mme Durand (Martin SARL) aujourd'hui : 12 400,00 € échus depuis 14 jours alors que ce client paie "
        "d'habitude à 9 jours ; deux courriels (12 et 18 novembre) restés sans réponse ; ni pénalités ni mise en "
        "demeure, la qualité du client reste à préciser. Sans réponse, lettre le jeudi 3 décembre."
    )


def test_french_sentences_have_the_spaces_of_french():
    text = text_of("step.due", RULES["step.due"].example)
    assert "aujourd'hui\u00a0: 12\u202f400,00\u00a0€" in text
    assert "jours\u202f; deux" in text


def test_each_clause_leads_to_its_record_and_names_its_rule():
    facts = RULES["step.due"].example | {"case": 12, "invoices": [7], "limits": [{"rule": "approval.needed"}]}
    clauses = because_sentence({"rule": "step.due", "facts": facts}, "fr").clauses
    assert [clause.link for clause in clauses] == [
        ("case", 12),
        ("invoice", 7),
        ("case", 12),
        ("case", 12),
        ("case", 12),
    ]
    assert [clause.rule for clause in clauses] == ["step.due"] * 3 + ["approval.needed", "step.due"]
    several = because_sentence({"rule": "step.due", "facts": facts | {"invoices": [7, 9]}}, "fr").clauses
    assert several[1].link == ("invoices", "7,9")
    waiting = because_sentence({"rule": "message.failed", "facts": {"message": 5, "on": "2026-11-23"}}, "fr")
    assert waiting.clauses[0].link == ("message", 5)


def test_the_text_is_made_of_its_clauses():
    for rule, found in RULES.items():
        sentence = because_sentence({"rule": rule, "facts": found.example}, "en")
        assert all(clause.text.lower() in sentence.text.lower() for clause in sentence.clauses)


def test_an_unknown_rule_is_its_own_name():
    assert because_sentence({"rule": "not.invented.yet", "facts": {"x": 1}}, "fr").text == "not.invented.yet"
    assert because_sentence({"rule": "contacts", "facts": {}}, "fr").text == "contacts"
    assert because_sentence({}, "fr").text == ""


def test_one_contact_agrees_in_number_and_gender():
    facts = RULES["step.due"].example | {"previous": [{"step": "letter", "channel": "letter", "on": "2026-11-18"}]}
    assert "une lettre (18 novembre) restée sans réponse" in text_of("step.due", facts)


def test_each_rule_and_each_code_has_words_in_both_languages():
    for language in LANGUAGES:
        written = {rule for rule, value in texts(language).items() if isinstance(value, dict) and "why" in value}
        assert written == set(RULES) - {"step.due", "step.upcoming"}
    french, english = (read("labels", language) for language in LANGUAGES)
    assert {group: sorted(words) for group, words in french.items() if group != "version"} == {
        group: sorted(words) for group, words in english.items() if group != "version"
    }
    assert label("step", "friendly", "fr") == "simple rappel"
    assert label("step", "friendly", "en") == "reminder"
    assert label("hold", "some_new_code", "fr") == "some new code"
