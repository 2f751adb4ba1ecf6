"""A person says why an invoice is not to be asked for: it waits, and is asked for again when they say so."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from exigible.books.cases.models import Hold
from exigible.books.ledger.models import SettlementTerms
from exigible.features.claims.settlement import say_terms
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return atelier_lumen()


def test_the_form_holds_an_amount_until_its_day_and_releases_it(house: House) -> None:
    customer = house.customer("Durand")
    invoice = house.invoice(customer, 100000, house.today - timedelta(days=20), "F1")
    client = Client()
    client.force_login(house.people["Alice"])
    where = reverse("claims:settlement", args=[invoice.pk])
    until = house.today + timedelta(days=90)
    assert client.post(where, {"reason": "retention", "on": until.isoformat()}).status_code == 422
    assert client.post(where, {"reason": "by_hand"}).status_code == 422
    answer = client.post(where, {"reason": "retention", "on": until.isoformat(), "amount": "50,00"})
    assert answer.status_code == 302
    hold = Hold.objects.get()
    assert (hold.amount_minor, hold.until_on, hold.reason) == (5000, until, "not_yet")
    page = client.get(reverse("claims:page", args=[invoice.pk])).content.decode()
    assert "retenue de garantie" in page
    client.post(where, {"reason": ""})
    hold.refresh_from_db()
    assert hold.released_on is not None
    assert SettlementTerms.objects.get().source == "person"


def test_the_codes_of_a_public_buyer_end_the_wait_for_them(house: House) -> None:
    town = house.customer("Mairie de Vire", kind="public_body", buyer="local")
    invoice = house.invoice(town, 100000, house.today - timedelta(days=20), "F1")
    Hold.objects.create(
        creditor=house.creditor, case=invoice.standing.case, invoice=invoice, reason="not_yet", from_on=house.today,
        source="terms:codes",
    )  # fmt: skip
    say_terms(invoice, {"service_code": "S-1", "order_reference": "EJ-7"}, today=house.today, at=house.at)
    assert Hold.objects.get().released_on is not None
    invoice.refresh_from_db()
    assert (invoice.order_reference, invoice.settlement.service_code) == ("EJ-7", "S-1")
