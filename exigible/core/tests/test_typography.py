"""Tests of amounts, days and account numbers in print."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from exigible.core.typography import (
    amount,
    day_in_words,
    day_with_weekday,
    figure,
    french,
    iban_groups,
    list_day,
    phone_groups,
    short_day,
    shorter_day,
    siren_groups,
)


@pytest.mark.parametrize(
    ("minor", "currency", "language", "printed"),
    [
        (123456, "EUR", "fr", "1\u202f234,56\u00a0€"),
        (123456, "EUR", "en", "€1,234.56"),
        (-5, "EUR", "fr", "\u22120,05\u00a0€"),
        (-5, "EUR", "en", "\u2212€0.05"),
        (1200000, "JPY", "fr", "1\u202f200\u202f000\u00a0JPY"),
        (1234567, "TND", "en", "TND\u00a01,234.567"),
        (0, "EUR", "fr", "0,00\u00a0€"),
    ],
)
def test_an_amount_is_printed_with_the_marks_of_its_language(minor, currency, language, printed):
    assert amount(minor, currency, language) == printed


@given(some.integers(-(10**15), 10**15))
def test_no_digit_of_an_amount_is_lost_in_print(minor):
    digits = "".join(sign for sign in figure(minor, "EUR", "fr") if sign.isdigit())
    assert int(digits) == abs(minor)


def test_the_first_of_the_month_is_an_ordinal_in_french_only():
    assert day_in_words(date(2026, 12, 1), "fr") == "1er décembre 2026"
    assert day_in_words(date(2026, 12, 1), "en") == "1 December 2026"


def test_days_have_a_form_for_prose_columns_subjects_and_lists():
    day = date(2026, 11, 24)
    assert day_with_weekday(day, "fr") == "mardi 24 novembre"
    assert short_day(day, "fr") == "24/11/2026"
    assert short_day(day, "en") == "24 Nov 2026"
    assert shorter_day(day, "fr") == "24/11"
    assert list_day(day, "fr") == "mar. 24 nov."
    assert list_day(day, "en") == "Tue 24 Nov"


def test_the_first_of_a_month_is_an_ordinal_in_a_french_list_too():
    assert list_day(date(2026, 12, 1), "fr") == "mar. 1er déc."
    assert list_day(date(2026, 12, 1), "en") == "Tue 1 Dec"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("123456789", "123 456 789"), ("12345678900012", "123 456 789 00012"), ("123 456 789", "123 456 789"), ("BE0123", "BE0123"), ("", "")],
)  # fmt: skip
def test_a_siren_is_read_in_groups_of_three(typed, printed):
    assert siren_groups(typed).replace("\u00a0", " ") == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("+33199001234", "+33 1 99 00 12 34"), ("0199001234", "01 99 00 12 34"), ("01.99.00.12.34", "01 99 00 12 34"),
        ("+33 (0)1 99 00 12 34", "+33 1 99 00 12 34"), ("0033199001234", "+33 1 99 00 12 34"), ("+44 20 7946 0000", "+44 20 7946 0000"),
        ("3949", "3949"), ("01 99 00 12 34 poste 7", "01 99 00 12 34 poste 7"),
    ],
)  # fmt: skip
def test_a_telephone_number_is_read_in_pairs(typed, printed):
    assert phone_groups(typed).replace("\u00a0", " ") == printed


def test_an_account_number_is_read_in_groups_of_four():
    assert iban_groups("fr7630006000011234567890189") == "FR76 3000 6000 0112 3456 7890 189"


def test_plain_french_receives_its_own_spaces():
    assert french("Prêt ? Oui : « 40 € » ; fin !") == (
        "Prêt\u202f? Oui\u00a0: «\u00a040\u00a0€\u00a0»\u202f; fin\u202f!"
    )
