"""The law's worked examples, one test a case, from the data file beside."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exigible.core.law.book import law_book
from exigible.core.law.interest import accrued, exact_string
from exigible.core.law.statement import Claim, Statement, state_claim
from exigible.core.law.terms import due_date, parse_terms
from exigible.core.money import decimal_string, parse_decimal_string

EXAMPLES = tomllib.loads((Path(__file__).parent / "worked_examples.toml").read_text(encoding="utf-8"))
BOOK = law_book("FR")


def cents(text: str) -> int:
    return parse_decimal_string(text, "EUR")


def euros(minor: int) -> str:
    return decimal_string(minor, "EUR")


def claim_of(facts: dict[str, Any]) -> Claim:
    facts = dict(facts)
    facts["amount_minor"] = cents(facts.pop("amount"))
    facts["payments"] = tuple((paid["date"], cents(paid["amount"])) for paid in facts.get("payments", []))
    if "contract_rate" in facts:
        facts["contract_rate"] = Decimal(facts["contract_rate"])
    if "costs" in facts:
        facts["costs_minor"] = cents(facts.pop("costs"))
    return Claim(**facts)


def shown(statement: Statement) -> dict[str, object]:
    """The statement in the words of the data file."""
    return {
        "due": statement.due and statement.due.isoformat(),
        "first_interest_day": statement.first_interest_day and statement.first_interest_day.isoformat(),
        "late_days": statement.late_days,
        "interest": euros(statement.interest_minor),
        "indemnity": euros(statement.indemnity_minor),
        "complement": euros(statement.complement_minor),
        "principal": euros(statement.principal_minor),
        "balance": euros(statement.balance_minor),
        "rates": list(dict.fromkeys(str(part.rate) for part in statement.segments)),
        "segments": [exact_string(part.interest, "EUR") for part in statement.segments],
        "settled": [
            f"{euros(paid.interest_minor)} {euros(paid.costs_minor)} {euros(paid.principal_minor)}"
            for paid in statement.settled
        ],
        "flags": list(statement.flags),
        "alternatives": [
            f"{reading.rule} {' '.join(map(str, reading.rates))} {euros(reading.interest_minor)}"
            for reading in statement.alternatives
        ],
    }


@pytest.mark.parametrize("case", EXAMPLES["case"], ids=lambda case: str(case["name"]))
def test_the_statement_of(case: dict[str, Any]) -> None:
    statement = shown(state_claim(BOOK, claim_of(case["claim"]), case.get("imputation")))
    assert {field: statement[field] for field in case["expected"]} == case["expected"]


DAILY = [
    case
    for case in EXAMPLES["case"]
    if "due" in case["claim"] and not {"insolvent", "costs", "payments"} & set(case["claim"])
]


@pytest.mark.parametrize("case", DAILY, ids=lambda case: str(case["name"]))
def test_the_daily_figures_of(case: dict[str, Any]) -> None:
    claim = claim_of(case["claim"])
    assert claim.due is not None
    daily = accrued(
        BOOK,
        claim.debtor,
        claim.amount_minor,
        claim.due,
        claim.until,
        contract_rate=claim.contract_rate,
        notice_received=claim.notice_received,
    )
    expected = case["expected"]
    assert euros(daily.interest_minor) == expected.get("interest", euros(daily.interest_minor))
    assert euros(daily.indemnity_minor) == expected.get("indemnity", "40.00")
    assert daily.late_days == expected.get("late_days", daily.late_days)


@pytest.mark.parametrize("case", EXAMPLES["terms"], ids=lambda case: str(case["text"]))
def test_the_due_date_of(case: dict[str, Any]) -> None:
    assert due_date(case["issued"], parse_terms(case["text"])) == case["due"]
