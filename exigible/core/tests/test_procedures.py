"""The ways out of a claim: which are open, why the others are closed, at what cost and in how long; none without its reason."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exigible.core.law.book import DATA, LawError, law_book, read_book
from exigible.core.law.procedure_data import proceedings, read_proceedings
from exigible.core.law.procedure_rules import RULES
from exigible.core.law.procedure_words import say, source, way_name, word
from exigible.core.law.procedures import Facts, Way, ways
from exigible.core.tests.test_law_book import GERMANY, HEADER

BOOK = law_book("FR")
LANGUAGES = ("fr", "en")
EVERY_WAY = [each.name for each in proceedings("FR").ways]


def asked(**facts: Any) -> Facts:
    """A business of Grenoble that owes 6 000 EUR since 31 May, and what the test says besides."""
    usual = {"debtor": "business", "amount_minor": 600_000, "due": date(2026, 5, 31), "postcode": "38000"}
    return Facts(**{"today": date(2026, 11, 22), **usual, **facts})


def found(**facts: Any) -> dict[str, Way]:
    return {way.name: way for way in ways(BOOK, asked(**facts))}


def open_ways(**facts: Any) -> set[str]:
    return {name for name, way in found(**facts).items() if way.is_open}


AMICABLE = {"amicable_agency", "mediation", "conciliation"}
JUDGE = {"interim_payment", "summons"}
ALWAYS = {"nothing_more"}


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        ({}, AMICABLE | JUDGE | ALWAYS | {"payment_order", "commercial_claim"}),
        ({"amount_minor": 400_000}, AMICABLE | JUDGE | ALWAYS | {"payment_order", "commercial_claim", "small_claim"}),
        ({"both_traders": False}, AMICABLE | JUDGE | ALWAYS | {"payment_order"}),
        ({"disputed": True}, AMICABLE | ALWAYS | {"summons"}),
        ({"debtor": "consumer"}, {"amicable_agency", "conciliation", "payment_order"} | JUDGE | ALWAYS),
        ({"insolvent": date(2026, 10, 1)}, ALWAYS | {"insolvency_claim"}),
        ({"due": date(2026, 11, 22)}, {"mediation", "conciliation"} | ALWAYS),
        ({"last_day_to_sue": date(2026, 11, 21)}, ALWAYS),
        (
            {"debtor": "public_body", "buyer": "local"},
            {"amicable_agency", "mediation", "administrative_interim_payment", "compulsory_payment"} | ALWAYS,
        ),
        (
            {"debtor": "public_body", "buyer": "state"},
            {"amicable_agency", "mediation", "administrative_interim_payment"} | ALWAYS,
        ),
        ({"country": "DE"}, {"amicable_agency", "european_payment_order"} | JUDGE | ALWAYS),
        (
            {"country": "DE", "amount_minor": 500_000},
            {"amicable_agency", "european_payment_order", "european_small_claim"} | JUDGE | ALWAYS,
        ),
        (
            {"country": "DE", "disputed": True, "amount_minor": 90_000},
            {"amicable_agency", "european_small_claim", "summons"} | ALWAYS,
        ),
        ({"country": "DK"}, {"amicable_agency"} | JUDGE | ALWAYS),
    ],
)
def test_the_facts_open_these_ways_and_close_the_others(facts: dict[str, Any], names: set[str]) -> None:
    assert open_ways(**facts) == names


@pytest.mark.parametrize(
    ("facts", "way", "rule", "article"),
    [
        ({"debtor": "public_body"}, "payment_order", "debtor_public", "CPC art. 1405, CJA art. R541-1"),
        ({"disputed": True}, "payment_order", "disputed", "CPC art. 1405 et 1416"),
        ({"insolvent": date(2026, 10, 1)}, "summons", "debtor_insolvent", "C. com. art. L622-7 et L622-21"),
        ({"amount_minor": 500_001}, "small_claim", "above_cap", "CPCE art. R125-1"),
        (
            {"today": date(2026, 4, 1), "due": date(2026, 1, 1)},
            "commercial_claim",
            "not_in_force",
            "Loi du 23 avril 2026",
        ),
        ({"country": "DK"}, "european_payment_order", "outside_regulation", "Règlement (CE) 1896/2006 art. 2"),
        ({"country": "BE"}, "payment_order", "debtor_abroad", "CPC art. 1406"),
        ({}, "insolvency_claim", "not_insolvent", "C. com. art. L622-24"),
    ],
)
def test_a_closed_way_names_the_rule_and_the_article_that_close_it(
    facts: dict[str, Any], way: str, rule: str, article: str
) -> None:
    closed = found(**facts)[way]
    assert (closed.is_open, closed.because.rule, closed.article) == (False, rule, article)


def test_interest_counts_in_the_cap_of_small_claims_and_not_in_the_european_one() -> None:
    at_cap = {"amount_minor": 499_000, "accessories_minor": 2_000}
    assert "small_claim" not in open_ways(**at_cap)
    assert "european_small_claim" in open_ways(country="IT", **at_cap)


def test_what_no_source_gives_is_unknown_and_what_is_known_of_a_part_stays() -> None:
    told = found()
    assert told["commercial_claim"].cost[:2] == (None, None)
    assert told["commercial_claim"].cost.confidence == "unknown"
    assert told["summons"].delay_days[:2] == (243, None)
    assert told["mediation"].delay_days[:2] == (None, 92)


def test_a_payment_order_costs_the_sum_of_its_parts_before_each_court() -> None:
    assert found(both_traders=True)["payment_order"].cost[:2] == (10_600, 26_200)
    assert found(both_traders=False)["payment_order"].cost[:2] == (7_300, 22_300)
    assert found()["payment_order"].cost[:2] == (7_300, 26_200)
    assert found(both_traders=False, amount_minor=128_000)["payment_order"].cost[:2] == (4_200, 19_200)


def test_the_periods_of_an_order_are_those_in_force_that_day() -> None:
    # Six months from 31 August end on a Sunday, hence on 1 March; three from 1 September on 1 December.
    before = found(today=date(2026, 8, 31), both_traders=True)["payment_order"]
    after = found(today=date(2026, 9, 1), both_traders=True)["payment_order"]
    assert [part.high for part in before.delay_parts] == [20, 182, 30]
    assert [part.high for part in after.delay_parts] == [20, 91, 61]
    assert after.delay_days[:2] == (10 + 1 + 61, 20 + 91 + 61)


@pytest.mark.parametrize(("amount", "lawyer"), [(1_000_000, "useful"), (1_000_001, "compulsory")])
def test_a_lawyer_is_compulsory_above_ten_thousand_euros(amount: int, lawyer: str) -> None:
    assert found(amount_minor=amount)["summons"].lawyer == lawyer
    assert found(amount_minor=amount)["payment_order"].lawyer == "not_needed"


def test_a_way_says_which_of_its_pieces_are_missing() -> None:
    order = found(has=frozenset({"order", "invoice", "terms", "delivery"}))["payment_order"]
    assert order.missing == ("account_statement", "formal_notice")


@pytest.mark.parametrize(
    ("facts", "way", "rule"),
    [
        ({"last_day_to_sue": date(2027, 1, 31)}, "payment_order", "limitation_near"),
        ({"debtor": "public_body", "last_day_to_sue": date(2026, 12, 31)}, "compulsory_payment", "forfeiture_near"),
        ({"postcode": "75011", "amount_minor": 5_000_001}, "summons", "economic_contribution"),
        ({"both_traders": False, "amount_minor": 400_000}, "summons", "amicable_attempt_first"),
        ({"country": "DE"}, "summons", "court_of_debtor_country"),
        ({"postcode": "98800"}, "payment_order", "overseas_collectivity"),
        ({"insolvent": date(2026, 4, 1)}, "insolvency_claim", "claim_after_opening"),
        ({"debtor": "unknown"}, "payment_order", "debtor_unknown"),
        ({"debtor": "public_body"}, "compulsory_payment", "buyer_to_be_said"),
        (
            {"debtor": "public_body", "buyer": "public_enterprise"},
            "administrative_interim_payment",
            "public_enterprise_contract",
        ),
    ],
)
def test_an_open_way_warns_of_what_the_facts_call_for(facts: dict[str, Any], way: str, rule: str) -> None:
    assert rule in [warning.rule for warning in found(**facts)[way].warnings]
    assert rule not in [warning.rule for warning in found(amount_minor=600_000)[way].warnings]


def test_a_creditor_abroad_has_four_months_to_declare() -> None:
    for creditor, safe_day in (("FR", "2026-12-01"), ("ES", "2027-02-01")):
        way = found(insolvent=date(2026, 10, 1), creditor_country=creditor)["insolvency_claim"]
        assert way.warnings[0].facts["safe_day"] == safe_day


def test_a_procedure_abroad_gives_no_french_period() -> None:
    way = found(insolvent=date(2026, 10, 1), country="IT")["insolvency_claim"]
    assert [warning.rule for warning in way.warnings] == ["foreign_insolvency", "vat_on_lost_debt"]


@pytest.mark.parametrize("facts", [{"disputed": True}, {"country": "DE"}, {"creditor_country": "DE"}])
def test_what_was_measured_on_ordinary_claims_does_not_speak_of_others(facts: dict[str, Any]) -> None:
    assert found()["amicable_agency"].debtor == "business"
    assert found(**facts)["amicable_agency"].debtor == "unknown"


def test_a_reason_reads_with_its_figures_in_both_languages() -> None:
    closed = found()["small_claim"].because
    assert say("FR", closed, "en") == "The claim, of €6,000.00, is above the cap of €5,000.00."
    assert say("FR", closed, "fr") == "La créance, de 6\u202f000,00\u00a0€, dépasse le plafond de 5\u202f000,00\u00a0€."
    late = found(insolvent=date(2026, 10, 1))["summons"].because
    assert "depuis le 1er octobre 2026\u00a0:" in say("FR", late, "fr")
    assert way_name("FR", "payment_order", "fr") == "Injonction de payer"


def test_every_rule_piece_and_part_of_the_data_has_its_function_and_its_words() -> None:
    data = proceedings("FR")
    named = {shut.rule for way in data.ways for shut in way.closed_by} | {
        rule for way in data.ways for rule in way.warns
    }
    assert named == RULES.keys()
    for language in LANGUAGES:
        assert all(word("FR", "piece", piece, language) for way in data.ways for piece in way.pieces)
        assert all(word("FR", "part", part.name, language) for way in data.ways for part in (*way.costs, *way.delays))
        assert all(word("FR", "lawyer", way.lawyer, language) for way in ways(BOOK, asked()))


def test_every_source_reads_in_both_languages() -> None:
    data = proceedings("FR")
    named = [part.source for way in data.ways for part in (*way.costs, *way.delays)]
    held = [each for way in data.ways for rows in way.assumptions.values() for each in rows.values()]
    named += [each.source for each in (*held, *data.assumed.values()) if each.source]
    with (DATA / "fr" / "courts.csv").open(encoding="utf-8", newline="") as file:
        named += [row["source"] for row in csv.DictReader(file)]
    assert {f"source.{text}" for text in named} == {key for key in data.words if key.startswith("source.")}
    assert source("FR", "Par définition", "en") == "By definition"
    assert source("FR", "un texte venu d'ailleurs", "en") == "un texte venu d'ailleurs"


def test_a_country_without_proceedings_says_so(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "law.toml").write_text(GERMANY, encoding="utf-8")
    (tmp_path / "de" / "rates.csv").write_text(f"{HEADER}\nde_base,2014-01-01,1,x,y", encoding="utf-8")
    with pytest.raises(LawError, match="No proceedings are described for the country 'DE'"):
        ways(read_book(tmp_path, "DE"), asked())


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('court = "claim"', 'court = "moon"', "the court or lawyer of payment_order"),
        ('pieces = ["order", "terms"', 'pieces = ["orders", "terms"', "piece.orders has no words"),
        ('low = "33.00", high', 'low = "53.00", high', "the bounds of court_fee"),
        ('{ rule = "not_yet_due" }', '{ rule = "not_due" }', "'not_due'"),
        ('confidence = "house"', 'confidence = "sure"', "confidence"),
    ],
)
def test_a_fault_in_the_data_is_found_on_reading(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    text = (DATA / "fr" / "procedures.toml").read_text(encoding="utf-8")
    before, after = text.split("[way.payment_order]")
    assert old in after
    (tmp_path / "fr").mkdir()
    changed = f"{before}[way.payment_order]{after.replace(old, new, 1)}"
    (tmp_path / "fr" / "procedures.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(LawError, match=sentence):
        read_proceedings(tmp_path, "FR")


DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
ANY_FACTS = st.builds(
    Facts,
    debtor=st.sampled_from(("business", "consumer", "public_body", "unknown")),
    amount_minor=st.integers(1, 100_000_000),
    due=DAYS,
    today=DAYS,
    country=st.sampled_from(("FR", "DE", "DK", "US")),
    creditor_country=st.sampled_from(("FR", "DE")),
    postcode=st.sampled_from(("", "75011", "38000", "67000", "20090", "97400", "98800", "13001")),
    disputed=st.booleans(),
    insolvent=st.none() | DAYS,
    both_traders=st.sampled_from((None, True, False)),
    buyer=st.sampled_from((None, "state", "local", "public_enterprise")),
    last_day_to_sue=st.none() | DAYS,
)


@given(ANY_FACTS)
def test_whatever_the_facts_no_way_is_without_its_reason_its_article_and_its_court(facts: Facts) -> None:
    told = ways(BOOK, facts)
    assert [way.name for way in told] == EVERY_WAY
    for way in told:
        assert way.article
        assert bool(way.courts) == (way.court_kind != "none")
        assert all(court.source and court.as_of for court in way.courts if court.places)
        for bounds in (way.cost, way.delay_days):
            assert bounds.low is None or bounds.high is None or bounds.low <= bounds.high
            assert (bounds.low, bounds.high) == (None, None) or bounds.source
        for reason in (way.because, *way.warnings):
            assert all("{" not in say("FR", reason, language) for language in LANGUAGES)
