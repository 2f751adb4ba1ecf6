"""The panel of interest and indemnity: its figures and their derivations, and who may do what to them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from exigible.books.creditors.models import Role
from exigible.books.ledger.charge_rows import charges_of, sums_of
from exigible.books.ledger.models import Charge, Invoice
from exigible.features.claims.derivation import derive
from exigible.testing import MONDAY, House, atelier_lumen, brasserie_nord, noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Iterator[House]:
    with time_machine.travel(noon(MONDAY)):
        yield atelier_lumen()


def signed_in(house: House, role: str = Role.MANAGER) -> Client:
    client = Client()
    client.force_login(house.person(f"Person-{role}", role), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def late(house: House, kind: str = "business", days: int = 60) -> Invoice:
    return house.invoice(house.customer("Martin SARL", kind), 1_000_000, house.days_from_now(-days), "F-2031")


def text_of(client: Client, name: str, invoice: Invoice, query: str = "") -> str:
    return client.get(reverse(f"claims:{name}", args=[invoice.pk]) + query).content.decode()


def claim(client: Client, invoice: Invoice) -> int:
    return client.post(reverse("claims:claim_charges", args=[invoice.pk])).status_code


def test_each_amount_of_the_panel_opens_its_derivation(house: House) -> None:
    invoice, client = late(house), signed_in(house)
    derived = reverse("claims:derived", args=[invoice.pk])
    assert text_of(client, "page", invoice).count(f'href="{derived}"') == 4
    assert claim(client, invoice) == 302
    page = text_of(client, "page", invoice)
    assert f'href="{derived}?on=2026-11-23"' in page
    assert client.get(f"{derived}?on=2026-11-23").status_code == 200


def test_a_second_claim_of_the_day_is_refused_in_a_sentence(house: House) -> None:
    invoice, client = late(house), signed_in(house)
    assert [claim(client, invoice), claim(client, invoice)] == [302, 422]


def test_the_derivation_on_a_past_day_knows_no_later_payment(house: House) -> None:
    invoice, client = late(house), signed_in(house)
    house.pay(invoice.customer, 400_000, (invoice, 400_000), on=house.days_from_now(-3))
    assert "10\u202f000,00" in text_of(client, "derived", invoice, "?on=2026-11-15")
    assert "6\u202f000,00" in text_of(client, "derived", invoice)
    assert "23 novembre 2026" in text_of(client, "derived", invoice, "?on=2099-01-01")
    assert "23 novembre 2026" in text_of(client, "derived", invoice, "?on=tomorrow")
    assert client.get(reverse("claims:derivation", args=[invoice.pk]) + "?on=2026-11-15").status_code == 200


@pytest.mark.parametrize(
    ("role", "may_claim", "may_waive"),
    [("manager", True, True), ("collector", True, False), ("accountant", False, True), ("reader", False, False)],
)
def test_each_role_is_offered_what_it_may_do_and_refused_the_rest(
    house: House, role: str, may_claim: bool, may_waive: bool
) -> None:
    invoice, client = late(house), signed_in(house, role)
    page = text_of(client, "page", invoice)
    claims, waives, pays = (reverse(f"claims:{name}_charges", args=[invoice.pk]) for name in ("claim", "waive", "pay"))
    assert (claims in page, waives in page, pays in page) == (may_claim, may_waive, may_waive)
    assert claim(client, invoice) == (302 if may_claim else 403)
    assert client.get(waives).status_code == client.get(pays).status_code == (200 if may_waive else 403)


def test_a_waiver_asks_for_its_reason_and_keeps_what_was_chosen(house: House) -> None:
    invoice, client = late(house), signed_in(house)
    claim(client, invoice)
    address = reverse("claims:waive_charges", args=[invoice.pk])
    assert client.post(address, {"what": "indemnity", "reason": ""}).status_code == 422
    assert client.post(address, {"what": "indemnity", "reason": "Geste commercial"}).status_code == 302
    assert sums_of(charges_of(invoice), "indemnity").waived == 4_000
    assert sums_of(charges_of(invoice), "late_interest").waived == 0
    assert "Geste commercial" in text_of(client, "page", invoice)
    assert client.post(address, {"what": "all", "reason": "Geste commercial"}).status_code == 302
    assert sums_of(charges_of(invoice)).due == 0


def test_the_interest_of_a_public_body_is_not_offered_for_waiver(house: House) -> None:
    invoice, client = late(house, "public_body"), signed_in(house)
    address = reverse("claims:waive_charges", args=[invoice.pk])
    assert "L2192-14" in client.get(address).content.decode()
    assert client.post(address, {"what": "late_interest", "reason": "Geste"}).status_code == 422
    assert not Charge.objects.filter(state="waived").exists()


def test_a_payment_with_something_left_pays_the_charges(house: House) -> None:
    invoice, client = late(house), signed_in(house)
    address = reverse("claims:pay_charges", args=[invoice.pk])
    assert reverse("customers:receive", args=[invoice.customer_id]) in client.get(address).content.decode()
    claim(client, invoice)
    payment = house.pay(invoice.customer, 5_000)
    assert client.post(address, {"payment": payment.pk, "amount": "50,01"}).status_code == 422
    assert client.post(address, {"payment": payment.pk, "amount": "50,00"}).status_code == 302
    assert sums_of(charges_of(invoice)).paid == 5_000


def test_another_company_reaches_none_of_it(house: House) -> None:
    invoice = late(house)
    foreign = house.pay(invoice.customer, 5_000)
    other = brasserie_nord()
    stranger = signed_in(other, Role.OWNER)
    assert stranger.get(reverse("claims:derived", args=[invoice.pk])).status_code == 404
    for name in ("claim", "waive", "pay"):
        assert stranger.post(reverse(f"claims:{name}_charges", args=[invoice.pk]), {}).status_code == 404
    own = late(other)
    answer = stranger.post(reverse("claims:pay_charges", args=[own.pk]), {"payment": foreign.pk, "amount": "1,00"})
    assert answer.status_code == 422
    assert not Charge.objects.exists()


def test_a_credit_note_and_an_invoice_in_time_have_no_such_panel(house: House) -> None:
    client = signed_in(house)
    credit = house.invoice(house.customer("Durand"), 9_000, house.today, kind="credit_note")
    in_time = house.invoice(house.customer("Martin"), 9_000, house.today + timedelta(days=5))
    for invoice in (credit, in_time):
        assert 'id="charges"' not in text_of(client, "page", invoice)
    assert claim(client, credit) == 404


def test_what_was_waived_or_paid_is_neither_counted_nor_demanded_again(house: House) -> None:
    invoice, client = late(house), signed_in(house)
    before = derive(Invoice.objects.select_related("customer", "creditor").get(pk=invoice.pk), house.today)
    waived = {"what": "indemnity", "reason": "Geste commercial"}
    assert client.post(reverse("claims:waive_charges", args=[invoice.pk]), waived).status_code == 302
    after = derive(Invoice.objects.select_related("customer", "creditor").get(pk=invoice.pk), house.today)
    assert after.total_minor == before.total_minor - 4_000
    house.run()
    (message,) = house.messages()
    assert message.facts["indemnity"] == 0
    assert message.facts["interest"] == after.interest_minor > 0
