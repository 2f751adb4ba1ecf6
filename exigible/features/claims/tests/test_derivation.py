"""What is claimed of one invoice: the same figures as the messages, and a reason for each amount that is nought."""

from datetime import date
from decimal import Decimal

import pytest

from exigible.books.cases.operations import hold_case
from exigible.books.ledger.models import Invoice
from exigible.core.law.book import law_book
from exigible.core.law.interest import accrued
from exigible.features.claims.derivation import derive
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return atelier_lumen(date(2026, 11, 23))


def invoice_of(house: House, kind: str = "business", due: date = date(2026, 5, 20), **fields: object) -> Invoice:
    return house.invoice(house.customer("Durand", kind), 1_000_000, due, **fields)


def test_interest_is_the_messages_own_figure_across_a_change_of_rate_and_a_payment(house: House) -> None:
    invoice = invoice_of(house)
    house.pay(invoice.customer, 250_000, (invoice, 250_000), on=date(2026, 8, 3))
    claim = derive(invoice, house.today)
    stated = accrued(
        law_book("FR"), "business", 1_000_000, date(2026, 5, 20), house.today, payments=[(date(2026, 8, 3), 250_000)]
    )
    assert (claim.interest_minor, claim.indemnity_minor) == (stated.interest_minor, 4_000)
    assert [part.base_minor for part in claim.segments] == [1_000_000, 1_000_000, 750_000]
    assert claim.total_minor == 750_000 + stated.interest_minor + 4_000
    assert sum(part.days for part in claim.segments) == (house.today - date(2026, 5, 20)).days


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("unknown", {}, "kind"),
        ("consumer", {}, "L111-8"),
        ("business", {"currency": "USD"}, "EUR"),
    ],
)
def test_no_indemnity_is_claimed_without_its_reason(house: House, kind: str, fields: dict[str, str], said: str) -> None:
    from django.utils.translation import override

    with override("en"):
        claim = derive(invoice_of(house, kind, **fields), house.today)
    assert claim.indemnity_minor == claim.interest_minor == 0
    assert said in claim.no_indemnity
    assert claim.no_interest


def test_an_invoice_that_is_not_late_owes_nothing_but_itself(house: House) -> None:
    claim = derive(invoice_of(house, due=house.today), house.today)
    assert claim.total_minor == 1_000_000
    assert claim.no_interest == claim.no_indemnity


def test_a_consumer_owes_interest_from_the_notice_received(house: House) -> None:
    claim = derive(invoice_of(house, "consumer", notice_received_on=date(2026, 10, 1)), house.today)
    assert claim.segments[0].first == date(2026, 10, 2)
    assert claim.indemnity_minor == 0


def test_what_is_on_hold_is_not_asked_but_bears_interest(house: House) -> None:
    invoice = invoice_of(house)
    hold_case(
        house.case(invoice.customer),
        "disputed",
        None,
        today=house.today,
        at=house.at,
        invoice=invoice,
        amount_minor=300_000,
    )
    claim = derive(invoice, house.today)
    assert (claim.open_minor, claim.principal_minor) == (1_000_000, 700_000)
    assert claim.segments[-1].base_minor == 1_000_000


def test_a_rate_below_the_floor_shows_both_lawful_readings(house: House) -> None:
    claim = derive(invoice_of(house, contract_rate=Decimal("1.000")), house.today)
    assert {reading.rule for reading in claim.alternatives} == {"floor", "default"}
    assert claim.interest_minor == min(reading.interest_minor for reading in claim.alternatives)


def test_the_laws_order_of_payments_is_shown_where_it_differs(house: House) -> None:
    invoice = invoice_of(house)
    assert derive(invoice, house.today).legal_total_minor is None
    house.pay(invoice.customer, 250_000, (invoice, 250_000), on=date(2026, 8, 3))
    claim = derive(invoice, house.today)
    assert claim.legal_total_minor is not None
    assert claim.legal_total_minor > claim.total_minor
