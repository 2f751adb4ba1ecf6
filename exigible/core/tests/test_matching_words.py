"""How numbers and names are read from labels, and under which keys they are found."""

from datetime import date

import pytest

from exigible.core.matching import Credit, clues, name_key, number_key
from exigible.core.matching.habits import month_named
from exigible.core.matching.names import likeness, payer_in


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("FA-2025-002031", "2031"), ("FA20250002031", "2031"), ("F0002031", "2031"), ("2025/11/00123", "123"), ("FA25-042", "25042"),
        ("002031/2025", "2031"), ("F0000123-4", "1234"), ("12", "12"), ("SOLDE", "SOLDE"), ("FA-2025-2024", "2024"),
    ],
)  # fmt: skip
def test_an_invoice_has_one_key(number: str, key: str) -> None:
    assert number_key(number) == key


@pytest.mark.parametrize(
    "label",
    [
        "FA-2025-002031", "FA 2025 002031", "FA2025002031", "FA25-2031", "FACT 2031", "fact n° 2031", "FA2031/2033", "F-2031",
        "FACTURES 2029 ET 2031", "REGLT 0002031", "FACT.2031 DU 12/11/2025",
    ],
)  # fmt: skip
def test_however_it_is_written_it_is_looked_up_under_that_key(label: str) -> None:
    assert number_key("FA-2025-002031") in clues(Credit(1, 100, "EUR", date(2026, 1, 5), label)).keys


@pytest.mark.parametrize(
    "label", ["SOLDE AU 31/10/2025", "1 234,56 EUR", "2025-11-30", "IBAN FR7630006000011234567890189"]
)
def test_dates_amounts_and_accounts_are_not_numbers(label: str) -> None:
    alone = [
        each.text for each in clues(Credit(1, 100, "EUR", date(2026, 1, 5), label)).quoted if each.place == each.last
    ]
    assert alone == []


@pytest.mark.parametrize(
    ("label", "payer"),
    [
        ("VIR SEPA RECU /DE DUPONT SAS /MOTIF FACT 2031 /REF 000123", "DUPONT SAS"),
        ("VIR INST MARTIN TRANSPORTS FACTURE 2034", "MARTIN TRANSPORTS"),
        ("VIREMENT RECU DE L OREE DU BOIS FA2031", "L OREE DU BOIS"),
        ("VIREMENT RECU", ""),
    ],
)
def test_the_label_tells_who_paid_where_no_field_does(label: str, payer: str) -> None:
    assert payer_in(label) == payer


def test_a_name_is_found_without_legal_form_accents_or_common_first_word() -> None:
    assert name_key("SARL DUPONT ET FILS") == name_key("Dupont & Fils") == "DUPONT"
    assert name_key("Garage Petit SARL") == "GARAGE PETIT"
    assert name_key("") == ""


def test_look_alikes_are_not_taken_for_each_other() -> None:
    assert likeness("MARTIN", "Martin Transports SARL") < 88
    assert likeness("MARTIN BATIMENT", "Martin Transports") < 88
    assert likeness("ETS LEFEVRE ET FILS", "Lefèvre SARL") == 100
    assert likeness("COMPAGNIE GENERALE DES EAUX M", "Compagnie générale des eaux minérales") >= 95


def test_a_month_without_a_year_is_the_latest_and_sepa_is_no_month() -> None:
    assert month_named("FACTS NOV", date(2026, 1, 5)) == ("NOV", 2025, 11)
    assert month_named("FACTURES SEPT 25", date(2026, 1, 5)) == ("SEPT 25", 2025, 9)
    assert month_named("VIR SEPA DUPONT", date(2026, 1, 5)) is None
    assert month_named("OCT ET NOV", date(2026, 1, 5)) is None
