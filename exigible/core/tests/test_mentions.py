"""What an invoice must say, of whom, since when, and what a missing mention risks and changes."""

from datetime import date

import pytest

from exigible.core.law.book import LawError
from exigible.core.law.mentions import (
    ABSENT,
    LANGUAGES,
    NOT_ASKED,
    PRESENT,
    UNKNOWN,
    check_mentions,
    fines_risked,
    mentions_asked,
    packaged_mentions,
)

ISSUED = date(2026, 3, 10)


def names(debtor: str = "business", issued: date = ISSUED) -> list[str]:
    return [mention.name for mention in mentions_asked("FR", debtor, issued)]


def test_nothing_is_known_of_an_invoice_that_nobody_looked_at() -> None:
    assert {finding.state for finding in check_mentions("FR", "business", ISSUED, {})} == {UNKNOWN}


def test_a_fact_tells_of_its_own_mention_only() -> None:
    found = {one.mention.name: one.state for one in check_mentions("FR", "business", ISSUED, {"due_date": ABSENT})}
    assert found["due_date"] == ABSENT
    assert set(found.values()) == {ABSENT, UNKNOWN}


def test_a_consumer_is_owed_neither_the_rate_of_penalties_nor_the_indemnity() -> None:
    assert {"penalty_rate", "indemnity"} <= set(names("business"))
    assert {"penalty_rate", "indemnity"}.isdisjoint(names("consumer"))


def test_a_customer_of_unknown_kind_is_asked_the_list_of_a_business() -> None:
    assert names("unknown") == names("business")


def test_the_new_mentions_of_the_reform_are_not_asked_of_older_invoices() -> None:
    new = {"buyer_siren", "delivery_address", "operation_category", "vat_on_debits"}
    assert new.isdisjoint(names(issued=date(2026, 8, 31)))
    assert new <= set(names(issued=date(2026, 9, 1)))


def test_a_mention_that_changes_stands_once_and_as_the_last_text_has_it() -> None:
    def siren(issued: date) -> dict[str, str]:
        (found,) = [one for one in mentions_asked("FR", "business", issued) if one.name == "buyer_siren"]
        return dict(found.when)

    assert "2027" in siren(date(2026, 9, 1))["en"]
    assert siren(date(2027, 9, 1)) == {}


def test_the_order_number_is_asked_since_october_2019() -> None:
    assert "purchase_order" not in names(issued=date(2019, 9, 30))
    assert "purchase_order" in names(issued=date(2019, 10, 1))


def test_the_tax_fine_is_15_euros_a_mention_and_a_quarter_of_the_invoice_at_most() -> None:
    facts = {"issue_date": ABSENT, "lines": ABSENT, "vat_by_rate": ABSENT, "number": PRESENT, "reductions": NOT_ASKED}
    findings = check_mentions("FR", "business", ISSUED, facts)
    tax = {risk.name: risk for risk in fines_risked("FR", "business", ISSUED, findings, 120_000)}["tax"]
    assert (tax.person_minor, tax.missing, tax.article) == (4_500, 3, "CGI art. 1737 II")
    small = {risk.name: risk for risk in fines_risked("FR", "business", ISSUED, findings, 10_000)}["tax"]
    assert small.company_minor == 2_500


def test_the_fine_of_the_commercial_code_is_higher_for_a_company_and_doubles() -> None:
    findings = check_mentions("FR", "business", ISSUED, {"penalty_rate": ABSENT})
    (fine,) = fines_risked("FR", "business", ISSUED, findings, 120_000)
    assert (fine.person_minor, fine.company_minor, fine.doubled_within_years) == (7_500_000, 37_500_000, 2)
    assert fine.article == "C. com. art. L441-9 II"


def test_what_is_not_known_to_be_missing_risks_nothing() -> None:
    findings = check_mentions("FR", "business", ISSUED, {"penalty_rate": PRESENT})
    assert fines_risked("FR", "business", ISSUED, findings, 120_000) == ()


def test_a_missing_rate_leaves_the_penalties_due_and_the_data_say_so() -> None:
    (rate,) = [one for one in mentions_asked("FR", "business", ISSUED) if one.name == "penalty_rate"]
    assert "07-16.527" in rate.effect["fr"]


def test_each_mention_has_its_words_in_both_languages_its_article_and_its_confidence() -> None:
    for mention in packaged_mentions("FR").mentions:
        assert set(mention.label) == set(LANGUAGES)
        assert all(mention.label.values()), mention.name
        assert mention.article, mention.name


def test_a_state_that_says_nothing_is_refused() -> None:
    with pytest.raises(LawError, match="perhaps"):
        check_mentions("FR", "business", ISSUED, {"due_date": "perhaps"})


def test_a_country_without_data_is_named() -> None:
    with pytest.raises(LawError, match="XX"):
        mentions_asked("XX", "business", ISSUED)
