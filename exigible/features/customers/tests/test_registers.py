"""What the register says is kept beside the account, fills what it lacks, and never overwrites what it has."""

import json
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.test import Client

from exigible.books.ledger.models import Customer
from exigible.features.customers.asking import (
    NoRegisterAddress,
    RegisterIsOff,
    ask_register,
    fetch_registers,
    switch_register,
)
from exigible.features.customers.groups import company_of, doubles
from exigible.features.customers.merging import keep_apart
from exigible.features.customers.models import CompanyRecord, RegisterQuestion
from exigible.features.customers.registers import (
    confirm_company,
    differences,
    keep_companies,
    siren_of_customer,
    take_over,
    vat_of_siren,
)
from exigible.formats.company import CompanyRow
from exigible.testing import House, atelier_lumen

ROW = CompanyRow(
    "552032534", "DANONE", "55203253400703", "5599", "59 RUE LA FAYETTE", "75009", "PARIS", "FR", "70.10Z", "FR27552032534", is_active=True,
)  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return atelier_lumen()


def keep(house: House, *rows: CompanyRow):
    return keep_companies(house.creditor, rows, source="file", today=house.today, at=house.at)


def test_what_an_account_lacks_is_filled_and_what_it_has_stays(house: House):
    bare = house.customer("Danone", kind="unknown", siren="552032534", address="", postcode="", city="")
    full = house.customer("Danone Sud", vat_number=vat_of_siren("552032534"), buyer="")
    assert keep(house, ROW).completed == 2
    bare.refresh_from_db()
    assert (bare.address, bare.city, bare.vat_number) == ("59 RUE LA FAYETTE", "PARIS", "FR27552032534")
    assert (bare.kind, bare.kind_proposed) == ("unknown", "business"), "a kind is only proposed"
    full.refresh_from_db()
    assert (full.siren, full.city) == ("552032534", "Lyon")
    record = CompanyRecord.objects.get(customer=full)
    assert {each.field for each in differences(full, record)} == {"name", "address"}
    assert take_over(record, ["address", "vat_number"], today=house.today, at=house.at)
    full.refresh_from_db()
    assert (full.city, full.name) == ("PARIS", "Danone Sud")
    assert keep(house, ROW).unchanged == 2


def test_a_likeness_waits_for_a_person_and_an_ambiguous_one_is_left_alone(house: House):
    one = house.customer("SARL Lefort", postcode="69003")
    row = CompanyRow("000300004", "LEFORT", postcode="69003", legal_form="5499")
    assert keep(house, row).proposed == 1
    assert not Customer.objects.get(pk=one.pk).siren
    confirm_company(CompanyRecord.objects.get(), True, today=house.today, at=house.at)
    assert Customer.objects.get(pk=one.pk).siren == "000300004"
    house.customer("Morin", postcode="69007")
    house.customer("MORIN SAS", postcode="69007")
    assert keep(house, row._replace(siren="000400002", name="Morin", postcode="69007")).strangers == 1


def test_the_sites_of_a_company_are_seen_together_and_proposed_until_kept_apart(house: House):
    north = house.customer("Aubin Nord", siren="552032534")
    south = house.customer("Aubin Sud", vat_number=vat_of_siren("552032534"))
    house.invoice(north, 10_000, house.days_from_now(-5))
    house.invoice(south, 25_000, house.days_from_now(5))
    company = company_of(house.creditor, "552032534")
    assert [site.customer.pk for site in company.sites] == [south.pk, north.pk]
    assert company.sums == [("EUR", 35_000, 10_000)]
    Customer.objects.filter(pk=south.pk).update(siren="552032534")
    assert [found.siren for found in doubles(house.creditor)] == ["552032534"]
    keep_apart(house.creditor, "552032534", today=house.today, at=house.at)
    assert doubles(house.creditor) == []


def test_a_number_is_found_in_a_siret_and_in_a_vat_number():
    assert siren_of_customer("552 032 534 00703", "") == siren_of_customer("", "FR27 552032534") == "552032534"
    assert (siren_of_customer("", "DE123456789"), vat_of_siren("552032534")) == ("", "FR27552032534")


class Register(BaseHTTPRequestHandler):
    """Answers as the public search does: one company, or an error for a name."""

    def do_GET(self) -> None:
        is_known = "q=552032534" in self.path
        body = json.dumps(
            {"results": [{"siren": "552032534", "nom_complet": "DANONE", "etat_administratif": "C", "date_fermeture": "2026-10-01"}]}
        ).encode()  # fmt: skip
        self.send_response(200 if is_known else 429)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Stay silent."""


@pytest.fixture
def register(settings) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Register)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.REGISTER_URL = f"http://127.0.0.1:{server.server_port}/search"
    yield
    server.shutdown()


def test_the_register_is_asked_only_where_it_is_allowed_and_a_refusal_is_one_sentence(house: House, register: None):
    known, busy = house.customer("Danone", siren="552032534"), house.customer("Petit")
    with pytest.raises(RegisterIsOff):
        ask_register(known, today=house.today, at=house.at)
    switch_register(house.creditor, True, today=house.today, at=house.at)
    for customer in (known, busy):
        ask_register(customer, today=house.today, at=house.at)
    assert fetch_registers(house.creditor.pk, house.at, house.today) == 1
    assert CompanyRecord.objects.get().closed_on == date(2026, 10, 1)
    assert "127.0.0.1" in RegisterQuestion.objects.get(customer=busy).refusal
    assert fetch_registers(house.creditor.pk, house.at, house.today) == 0


def test_without_an_address_nothing_can_be_asked(house: House):
    with pytest.raises(NoRegisterAddress):
        switch_register(house.creditor, True, today=house.today, at=house.at)


def test_a_merge_and_its_undoing_are_two_buttons_and_the_merged_account_leads_to_the_kept_one(
    house: House, client: Client
):
    kept, twice = house.customer("Aubin", siren="552032534"), house.customer("Aubin", siren="552032534")
    client.force_login(house.people["Alice"])
    assert client.post(f"/customers/{kept.pk}/merge/", {"merged": twice.pk})["Location"] == f"/customers/{kept.pk}/"
    assert client.get(f"/customers/{twice.pk}/")["Location"] == f"/customers/{kept.pk}/"
    page = client.get("/customers/doubles/").content.decode()
    merge = Customer.objects.get(pk=twice.pk).merged_into_id
    assert merge == kept.pk
    assert "/undo/" in page
    client.force_login(house.people["Bob"])
    assert client.post(f"/customers/{kept.pk}/merge/", {"merged": twice.pk}).status_code == 403
