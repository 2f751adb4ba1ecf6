"""Two accounts made one, and two again: nothing is lost, nothing comes back twice, the books hold at each moment."""

import json

import pytest

from exigible.books.cases.models import Hold
from exigible.books.ledger.models import Contact, Customer, Invoice
from exigible.features.customers.merging import MergedSince, NotOneCompany, SettledAcross, merge_customers, undo_merge
from exigible.features.customers.operations import pause_customer, use_credit
from exigible.features.imports.operations import import_now
from exigible.testing import MONDAY, House, atelier_lumen

TABLE = (
    "Code client;Client;SIREN;Numéro;Date facture;Échéance;Montant TTC;Reste dû\n"
    "D1;Durand;000200006;F-1;01/09/2026;01/10/2026;120,00;120,00\n"
    "D2;Durand Lyon;000200006;F-2;01/09/2026;05/10/2026;80,00;80,00\n"
)
LATER = TABLE + "D2;Durand Lyon;000200006;F-3;01/10/2026;01/11/2026;55,50;55,50\n"
pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    house = atelier_lumen(MONDAY)
    import_now(house.creditor, "a.csv", TABLE.encode(), house.today, house.at)
    return house


def two(house: House) -> tuple[Customer, Customer]:
    rows = Customer.objects.of(house.creditor)
    return rows.get(reference="D1"), rows.get(reference="D2")


def numbers(customer: Customer) -> list[str]:
    return list(Invoice.objects.filter(customer=customer).order_by("number").values_list("number", flat=True))


def test_a_merge_a_new_export_and_its_undoing_leave_each_account_with_its_own_invoices(house: House):
    kept, merged = two(house)
    house.run()
    merge = merge_customers(kept, merged, today=house.today, at=house.at)
    assert (numbers(kept), numbers(merged), house.broken()) == (["F-1", "F-2"], [], [])
    report = import_now(house.creditor, "b.csv", LATER.encode(), house.today, house.at).report_json
    assert '"difference": 0' in report
    assert Customer.objects.of(house.creditor).count() == 2
    assert (numbers(kept), house.broken()) == (["F-1", "F-2", "F-3"], [])
    undo_merge(merge, today=house.today, at=house.at)
    assert (numbers(kept), numbers(merged), house.broken()) == (["F-1"], ["F-2", "F-3"], [])
    again = import_now(house.creditor, "c.csv", (LATER + "\n").encode(), house.today, house.at).report_json
    assert '"difference": 0' in again
    assert (numbers(kept), numbers(merged), house.broken()) == (["F-1"], ["F-2", "F-3"], [])


def test_pauses_and_contacts_go_with_the_account_and_come_back(house: House):
    kept, merged = two(house)
    for one in (kept, merged):
        Contact.objects.create(creditor=house.creditor, customer=one, email=f"{one.pk}@durand.example", is_main=True)
    pause_customer(merged, None, "asked by phone", today=house.today, at=house.at)
    merge = merge_customers(kept, merged, today=house.today, at=house.at)
    assert Hold.objects.get().case == house.case(kept)
    assert Contact.objects.filter(customer=kept).count() == 2
    undo_merge(merge, today=house.today, at=house.at)
    assert Hold.objects.get().case == house.case(merged)
    assert Contact.objects.get(customer=merged).is_main
    assert not house.broken()


def test_what_somebody_set_across_the_two_accounts_must_be_undone_first(house: House):
    kept, merged = two(house)
    payment = house.pay(kept, 5000)
    merge = merge_customers(kept, merged, today=house.today, at=house.at)
    use_credit(payment, [(Invoice.objects.get(number="F-2"), 5000)], today=house.today, at=house.at)
    with pytest.raises(SettledAcross, match="F-2"):
        undo_merge(merge, today=house.today, at=house.at)
    assert not house.broken()


def test_two_companies_are_never_merged_nor_one_that_others_were_merged_into(house: House):
    kept, merged = two(house)
    other = house.customer("Petit", siren="000300004")
    with pytest.raises(NotOneCompany, match="Petit"):
        merge_customers(kept, other, today=house.today, at=house.at)
    merge_customers(kept, merged, today=house.today, at=house.at)
    with pytest.raises(MergedSince):
        merge_customers(house.customer("Durand et fils"), kept, today=house.today, at=house.at)


def test_a_demand_to_the_merged_account_counts_in_the_contact_budget_of_the_kept_one(house: House):
    from exigible.features.outbox.checks import history_of

    kept, merged = two(house)
    Contact.objects.create(creditor=house.creditor, customer=merged, email="compta@durand.example", is_main=True)
    Customer.objects.filter(pk=merged.pk).update(kind="business")
    house.run()
    before = history_of(house.creditor, [kept.pk, merged.pk], house.today)
    assert merged.pk in before
    (message,) = house.messages(merged)
    type(message).objects.filter(pk=message.pk).update(state="sent", sent_at=house.at)
    merge_customers(kept, merged, today=house.today, at=house.at)
    assert history_of(house.creditor, [kept.pk], house.today)[kept.pk]


def test_check_says_when_a_merged_account_has_something_again(house: House):
    kept, merged = two(house)
    merge_customers(kept, merged, today=house.today, at=house.at)
    Invoice.objects.filter(number="F-2").update(customer=merged)
    house.refresh(merged)
    assert any("D2 was merged" in said for said in house.broken())


def test_a_notice_given_as_a_file_stops_the_reminders_of_the_account_that_was_kept(house: House):
    kept, merged = two(house)
    merge_customers(kept, merged, today=house.today, at=house.at)
    notice = {
        "id": "A202602201234", "familleavis": "collective", "dateparution": "2026-11-20", "registre": ["000200006"],
        "commercant": "Durand", "jugement": {"nature": "Jugement d'ouverture de liquidation judiciaire", "date": "2026-11-12"},
    }  # fmt: skip
    body = json.dumps({"results": [notice]}).encode()
    upload = import_now(house.creditor, "notices.json", body, house.today, house.at)
    assert json.loads(upload.report_json)["kept"]["applied"] == 1
    assert Hold.objects.get().case == house.case(kept)
    again = import_now(house.creditor, "notices.json", body + b" ", house.today, house.at)
    assert json.loads(again.report_json)["kept"]["unchanged"] == 1
    assert not house.broken()


def test_a_file_of_the_register_fills_what_the_accounts_lack(house: House):
    company = {
        "siren": "000200006",
        "nom_complet": "DURAND",
        "etat_administratif": "A",
        "siege": {"libelle_voie": "RUE NEUVE", "code_postal": "69001", "libelle_commune": "LYON"},
    }
    upload = import_now(house.creditor, "register.json", json.dumps(company).encode(), house.today, house.at)
    assert json.loads(upload.report_json)["kept"]["completed"] == 2
    assert {customer.city for customer in two(house)} == {"LYON"}
