"""The worked examples that are days: limitation, deadlines, longest terms; and the tax of a lost debt."""

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exigible.core.law.book import law_book
from exigible.core.law.deadlines import deadline
from exigible.core.law.limitation import Limitation, LimitationEvent, limitation
from exigible.core.law.lost_vat import lost_vat
from exigible.core.law.terms import is_beyond_law, longest_term
from exigible.core.money import decimal_string, parse_decimal_string

EXAMPLES = tomllib.loads((Path(__file__).parent / "worked_examples.toml").read_text(encoding="utf-8"))
BOOK = law_book("FR")


def named(case: dict[str, Any]) -> str:
    return str(case["name"])


def shown(found: Limitation) -> dict[str, object]:
    """A limitation in the words of the data file."""
    return found._asdict() | {
        "effects": [reached.rule for reached in found.events],
        "readings": [f"{reading.rule} {reading.last_day}" for reading in found.readings],
    }


@pytest.mark.parametrize("case", EXAMPLES["limitation"], ids=named)
def test_the_last_day_to_sue_of(case: dict[str, Any]) -> None:
    facts = dict(case["facts"])
    written = [text.partition("=") for text in facts.pop("events", [])]
    events = [LimitationEvent(date.fromisoformat(on), kind) for on, _, kind in written]
    found = shown(limitation(BOOK, facts.pop("debtor"), events=events, **facts))
    assert {field: found[field] for field in case["expected"]} == case["expected"]


@pytest.mark.parametrize("case", EXAMPLES["deadline"], ids=named)
def test_the_end_of_the_period_of(case: dict[str, Any]) -> None:
    expected = {"rolled_from": None} | case["expected"]
    found = deadline(BOOK, case["facts"]["rule"], case["facts"]["from"])._asdict()
    assert {field: found[field] for field in expected} == expected


@pytest.mark.parametrize("case", EXAMPLES["longest_term"], ids=named)
def test_the_longest_lawful_term_of(case: dict[str, Any]) -> None:
    facts, expected = dict(case["facts"]), case["expected"]
    issued = facts.pop("issued")
    assert longest_term(BOOK, issued, **facts).last_due == expected
    if "agreed" in facts or len(facts) > 1:
        assert not is_beyond_law(BOOK, expected, issued, **facts)
        assert is_beyond_law(BOOK, date.fromordinal(expected.toordinal() + 1), issued, **facts)


@pytest.mark.parametrize("case", EXAMPLES["lost_vat"], ids=named)
def test_the_tax_of_a_lost_debt_of(case: dict[str, Any]) -> None:
    found = lost_vat(parse_decimal_string(case["facts"]["unpaid"], "EUR"), Decimal(case["facts"]["rate"]))
    told = {"net": decimal_string(found.net_minor, "EUR"), "vat": decimal_string(found.vat_minor, "EUR")}
    assert told == case["expected"]


def test_every_worked_example_has_a_case() -> None:
    """W40 is a formula of expected value: it stands with the comparison of the ways out."""
    names = [str(case["name"]) for table in EXAMPLES.values() for case in table if "name" in case]
    numbers = {int(found[1]) for name in names if (found := re.match(r"W(\d\d) ", name))}
    assert numbers == set(range(1, 42)) - {40}
