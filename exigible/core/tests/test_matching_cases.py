"""Hard cases of matching, written by hand: paid by itself, proposed first for the right reason, or left alone."""

from typing import Any

import pytest

from exigible.core.matching import DOUBTS, RULES, Match, propose
from exigible.core.tests.matching_book import BOOK, CASES, credit_of, minor, shares_told


def cases(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["says"]) for case in CASES[kind]]


def first(case: dict[str, Any]) -> Match:
    matches = propose(credit_of(case), BOOK)
    assert matches, "nothing is proposed"
    return matches[0]


def holds(match: Match, case: dict[str, Any]) -> None:
    assert dict(match.shares) == shares_told(case)
    assert match.because.rule == case.get("rule", match.because.rule)
    assert match.because.rule in RULES
    assert match.cause == case.get("cause", "")
    if match.difference_minor > 0 or "difference" in case:
        assert match.difference_minor == minor(case["difference"])


@pytest.mark.parametrize("case", cases("certain"))
def test_it_is_paid_by_itself(case: dict[str, Any]) -> None:
    match = first(case)
    assert match.certain, match.doubt
    holds(match, case)


@pytest.mark.parametrize("case", cases("proposed"))
def test_it_is_the_first_proposal_with_its_doubt(case: dict[str, Any]) -> None:
    match = first(case)
    assert not match.certain
    assert match.doubt == case["doubt"]
    holds(match, case)


@pytest.mark.parametrize("case", cases("left_alone"))
def test_it_is_left_alone_and_the_ambiguity_is_named(case: dict[str, Any]) -> None:
    matches = propose(credit_of(case), BOOK)
    assert not any(match.certain for match in matches)
    assert all(match.doubt in DOUBTS for match in matches)
    if "doubt" in case:
        assert matches[0].doubt == case["doubt"]


def test_there_are_enough_of_each_kind() -> None:
    assert len(CASES["certain"]) + len(CASES["proposed"]) >= 30
    assert len(CASES["left_alone"]) >= 30
