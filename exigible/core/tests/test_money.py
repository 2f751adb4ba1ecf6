"""Money: exact strings, one rounding, no mixed currencies."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exigible.core.because import Because
from exigible.core.money import (
    ROUNDINGS,
    AmountError,
    Money,
    decimal_string,
    parse_decimal_string,
    round_half_up,
)


@given(st.integers(), st.integers().filter(bool))
def test_rounding_agrees_with_decimal_half_up(numerator: int, denominator: int) -> None:
    with localcontext() as context:
        context.prec = 200
        expected = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    assert round_half_up(numerator, denominator) == expected


@pytest.mark.parametrize(("numerator", "cents"), [(5, 1), (-5, -1), (4, 0), (-4, 0), (15, 2), (-15, -2)])
def test_halves_go_away_from_zero(numerator: int, cents: int) -> None:
    assert round_half_up(numerator, 10) == cents


@pytest.mark.parametrize(
    ("name", "rounded"),
    [("half_up", [0, 1, 1, 2, -1]), ("half_even", [0, 0, 1, 2, 0]), ("down", [0, 0, 0, 1, 0])],
)
def test_a_rounding_that_data_name_does_what_its_name_says(name: str, rounded: list[int]) -> None:
    assert [ROUNDINGS[name](tenths, 10) for tenths in (4, 5, 6, 15, -5)] == rounded


@given(st.integers(), st.integers().filter(bool), st.sampled_from(sorted(ROUNDINGS)))
def test_no_rounding_is_a_minor_unit_off(numerator: int, denominator: int, name: str) -> None:
    assert abs(ROUNDINGS[name](numerator, denominator) - Fraction(numerator, denominator)) < 1


@given(st.integers(-(10**14), 10**14), st.sampled_from(["EUR", "JPY", "TND"]))
def test_a_decimal_string_reads_back(minor: int, currency: str) -> None:
    assert parse_decimal_string(decimal_string(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (123450, "EUR", "1234.50"),
        (-5, "EUR", "-0.05"),
        (1234, "JPY", "1234"),
        (1234, "TND", "1.234"),
        (0, "EUR", "0.00"),
    ],
)
def test_each_currency_has_its_decimals(minor: int, currency: str, text: str) -> None:
    assert decimal_string(minor, currency) == text


@pytest.mark.parametrize(
    "text", ["", "1,50", "1 234.50", "1234.567", "12€", "1e3", "NaN", "+1", ".5", "1.", "٣", "9" * 16]
)
def test_an_amount_that_is_not_plain_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(AmountError, match=r"^'.*' (is not an amount|has more decimals)"):
        parse_decimal_string(text, "EUR")


def test_yen_have_no_decimals() -> None:
    with pytest.raises(AmountError, match="more decimals than JPY"):
        parse_decimal_string("12.5", "JPY")


def test_money_adds_and_compares_in_one_currency() -> None:
    assert Money(100, "EUR") + Money(50, "EUR") == Money(150, "EUR")
    assert Money(100, "EUR") - Money(150, "EUR") == -Money(50, "EUR")
    assert Money(100, "EUR") < Money(150, "EUR") <= Money(150, "EUR")
    assert str(Money(123450, "EUR")) == "1234.50 EUR"


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_two_currencies_never_meet(operation: str) -> None:
    with pytest.raises(AssertionError):
        getattr(Money(1, "EUR"), operation)(Money(1, "USD"))


def test_a_reason_survives_json() -> None:
    reason = Because.of("step.due", step="firm", amount=Money(123450, "EUR"), since=None, rates=(Decimal("12.40"),))
    assert reason.facts["amount"] == {"amount": "1234.50", "currency": "EUR"}
    assert reason.facts["rates"] == ["12.40"]
    assert Because.from_json(reason.to_json()) == reason
