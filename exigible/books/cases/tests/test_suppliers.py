"""A customer who is a supplier too: what is owed to it is kept, shown, and set off when a person says so."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from exigible.books.cases.models import Hold
from exigible.books.cases.operations import refresh_customers
from exigible.books.ledger.models import Customer, SupplierAccount
from exigible.books.ledger.tests.fec import Ledger, post
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return atelier_lumen()


def year(owed: int) -> bytes:
    """C1 owes 500.00 and 300.00; it is supplier F9 under the same name, and so many cents are owed to it."""
    ledger = Ledger(2026, names={"C1": "Tilleul SARL", "F9": "TILLEUL SARL", "F8": "Orme SA"})
    ledger.sale("C1", "F1", 50000, date(2026, 9, 1)).sale("C1", "F2", 30000, date(2026, 9, 2))
    for supplier, amount in (("F9", owed), ("F8", 9900)):
        sides = [("607000", "", amount), ("401000", supplier, -amount)]
        ledger.entry("ACHATS", date(2026, 9, 3), (f"A-{supplier}", None), "ACHAT", sides)
    return ledger.bytes()


def test_what_is_owed_to_a_customer_is_kept_and_set_off_when_a_person_says_so(house: House) -> None:
    post(house.creditor, year(60000))
    customer = Customer.objects.of(house.creditor).get(name="Tilleul SARL")
    assert SupplierAccount.objects.get().balance_minor == 60000
    refresh_customers(house.creditor, [customer.pk], house.today, house.at)
    client = Client()
    client.force_login(house.people["Alice"])
    page = reverse("customers:page", args=[customer.pk])
    assert 'id="supplier"' in client.get(page).content.decode()
    assert client.post(reverse("claims:supplier", args=[customer.pk]), {"answer": "set_off"}).status_code == 302
    assert list(Hold.objects.order_by("pk").values_list("invoice__number", "amount_minor", "source")) == [
        ("F1", 50000, "terms:set_off"), ("F2", 10000, "terms:set_off"),
    ]  # fmt: skip
    assert 'value="set_off"' not in client.get(page).content.decode()
    post(house.creditor, year(70000), "later.txt")
    assert 'value="set_off"' in client.get(page).content.decode()
