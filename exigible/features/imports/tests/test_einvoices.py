"""Electronic invoices in the books: whose they are, what is open, their originals kept, nothing done twice."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from exigible.books.cases.models import MentionCheck
from exigible.books.documents.models import Document, Evidence
from exigible.books.ledger.models import Customer, Invoice
from exigible.books.ledger.queries import aged_balance
from exigible.books.ledger.tests.fec import Ledger
from exigible.features.imports.bundles import bundled
from exigible.features.imports.models import Import
from exigible.features.imports.operations import confirm_import, import_now, run_import, start_import
from exigible.features.imports.undo import NoteRestsOnIt, undo_import
from exigible.formats import read
from exigible.formats.tests.einvoices import DURAND, LUMEN, archive, cii, facturx, ubl
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    """Atelier Lumen, with the SIREN of its invoices."""
    return atelier_lumen()


def given(house: House, body: bytes, name: str = "invoice.xml") -> dict[str, Any]:
    """What an import of a file did."""
    return json.loads(import_now(house.creditor, name, body, house.today, house.at).report_json)


def ledger() -> Ledger:
    """A year in which customer C1 is Durand et Fils."""
    return Ledger(2026, names={"C1": "DURAND ET FILS"})


def open_amounts(house: House) -> dict[str, int]:
    """What is open in euros, by customer."""
    return {row.name: row.total for row in aged_balance(house.creditor, house.today, "EUR")}


def test_what_is_asked_for_is_what_is_open(house: House) -> None:
    told = given(house, facturx(cii(prepaid="500.00", payable="700.00")), "FA-2026-017.pdf")
    assert told["created"] == {"customers": 1, "invoices": 1, "payments": 1, "allocations": 1}
    assert told["control"]["difference"] == 0
    assert open_amounts(house) == {"Durand et Fils": 70000}
    invoice = Invoice.objects.of(house.creditor).get()
    assert (invoice.number, invoice.total_minor, invoice.net_minor, invoice.due_origin) == (
        "FA-2026-017", 120000, 100000, "stated",
    )  # fmt: skip
    assert Customer.objects.of(house.creditor).get().siren == DURAND["siren"]


def test_the_original_is_kept_with_its_hash_as_evidence_of_its_invoice(house: House) -> None:
    body = facturx()
    given(house, body, "FA-2026-017.pdf")
    proof = Evidence.objects.of(house.creditor).select_related("document", "invoice").get()
    assert proof.invoice is not None
    assert (proof.invoice.number, proof.proves, proof.document.media_type) == (
        "FA-2026-017",
        "invoice",
        "application/pdf",
    )
    assert proof.document.digest == hashlib.sha256(body).hexdigest()


def test_the_same_invoice_in_another_syntax_changes_nothing(house: House) -> None:
    given(house, cii(prepaid="500.00", payable="700.00"))
    told = given(house, ubl(prepaid="500.00", payable="700.00"), "again.xml")
    assert told["created"]["invoices"] == told["created"]["payments"] == told["updated"]["invoices"] == 0
    assert told["unchanged"] == 3
    assert open_amounts(house) == {"Durand et Fils": 70000}
    assert Evidence.objects.of(house.creditor).count() == 2


def test_the_same_bytes_are_known_at_once(house: House) -> None:
    given(house, cii())
    told = given(house, cii())
    assert told["known"]["name"] == "invoice.xml"
    assert Invoice.objects.of(house.creditor).count() == 1


def test_the_same_number_with_another_amount_is_left_out(house: House) -> None:
    given(house, cii())
    told = given(house, cii(total="1300.00", payable="1300.00"), "again.xml")
    assert [error["code"] for error in told["rejected"]] == ["posting.other_amount"]
    assert open_amounts(house) == {"Durand et Fils": 120000}


@pytest.mark.parametrize(
    "known",
    [
        {"siren": DURAND["siren"]},
        {"siren": "00020000600015"},
        {"vat_number": DURAND["vat"]},
        {"name": "DURAND ET FILS"},
    ],
)
def test_the_buyer_is_found_by_its_siren_its_vat_number_or_its_name(house: House, known: dict[str, str]) -> None:
    values = {"name": "Ets Durand", "address": "", "postcode": "", "city": ""} | known
    customer = house.customer(**values)
    given(house, cii())
    assert Invoice.objects.of(house.creditor).get().customer_id == customer.pk
    customer.refresh_from_db()
    assert customer.name == values["name"]
    assert (customer.vat_number, customer.address, customer.city) == (DURAND["vat"], "4 quai de l'Industrie", "Lyon")


def test_a_namesake_with_another_siren_is_another_customer(house: House) -> None:
    house.customer("Durand et Fils", siren="000300004")
    given(house, cii())
    assert Customer.objects.of(house.creditor).count() == 2


def test_an_invoice_of_the_ledger_gets_its_original_and_is_not_counted_twice(house: House) -> None:
    given(house, ledger().sale("C1", "FA-2026-017", 120000, date(2026, 9, 1)).bytes(), "fec.txt")
    before = open_amounts(house)
    told = given(house, cii(prepaid="500.00", payable="700.00"))
    assert told["created"] == {"customers": 0, "invoices": 0, "payments": 0, "allocations": 0}
    assert open_amounts(house) == before
    assert Evidence.objects.of(house.creditor).get().invoice_id == Invoice.objects.of(house.creditor).get().pk


def test_an_invoice_that_the_ledger_keeps_less_its_prepayment_is_the_same_one(house: House) -> None:
    given(house, ledger().sale("C1", "FA-2026-017", 70000, date(2026, 9, 1)).bytes(), "fec.txt")
    given(house, cii(prepaid="500.00", payable="700.00"))
    assert open_amounts(house) == {"DURAND ET FILS": 70000}
    assert Evidence.objects.of(house.creditor).count() == 1


def test_an_invoice_that_the_ledger_has_for_another_amount_is_not_claimed_twice(house: House) -> None:
    given(house, ledger().sale("C1", "FA-2026-017", 99900, date(2026, 9, 1)).bytes(), "fec.txt")
    told = given(
        house, archive([("a.xml", cii(prepaid="500.00", payable="700.00")), ("b.xml", cii(number="FA-2"))]), "a.zip"
    )
    assert [(error["line"], error["code"]) for error in told["rejected"]] == [(1, "posting.other_amount")]
    assert open_amounts(house) == {"DURAND ET FILS": 99900 + 120000}
    assert Evidence.objects.of(house.creditor).get().invoice.number == "FA-2"


def test_a_ledger_that_comes_later_finds_the_customer_and_the_invoice_again(house: House) -> None:
    given(house, cii(prepaid="500.00", payable="700.00"))
    later = ledger().sale("C1", "FA-2026-017", 120000, date(2026, 9, 1), letter="AA 2026-09-20")
    later.bank("C1", 120000, date(2026, 9, 20), letter="AA 2026-09-20")
    told = given(house, later.bytes(), "fec.txt")
    assert (told["created"]["customers"], told["created"]["invoices"]) == (0, 0)
    customer = Customer.objects.of(house.creditor).get()
    assert (customer.reference, customer.siren) == ("C1", DURAND["siren"])
    assert open_amounts(house) in ({}, {"DURAND ET FILS": 0})
    undo_import(Import.objects.of(house.creditor).get(format="fec"), house.today, house.at)
    assert Customer.objects.of(house.creditor).get().reference == DURAND["siren"]
    assert open_amounts(house) == {"Durand et Fils": 70000}


def test_a_negative_correction_is_a_credit_note(house: House) -> None:
    given(house, cii())
    amounts = {"net": "-100.00", "tax": "-20.00", "total": "-120.00", "payable": "-120.00"}
    given(house, cii(number="FA-2026-018", type="384", **amounts), "correction.xml")
    note = Invoice.objects.of(house.creditor).get(kind="credit_note")
    assert (note.total_minor, open_amounts(house)) == (12000, {"Durand et Fils": 108000})


def test_what_was_bought_and_what_others_sold_is_left_out(house: House) -> None:
    bought = import_now(house.creditor, "a.xml", cii(seller=DURAND, buyer=LUMEN), house.today, house.at)
    sold = import_now(house.creditor, "b.xml", cii(seller=DURAND, buyer={"name": "Petit"}), house.today, house.at)
    told = [json.loads(each.report_json)["refusal"]["code"] for each in (bought, sold)]
    assert told == ["posting.purchase", "posting.other_seller"]
    assert not Invoice.objects.of(house.creditor).exists()


def test_a_missing_due_date_is_taken_from_the_customers_terms(house: House) -> None:
    house.customer("Durand et Fils", siren=DURAND["siren"], terms="45")
    given(house, cii(due=""))
    invoice = Invoice.objects.of(house.creditor).get()
    assert invoice.due_on is not None
    assert (invoice.due_on.isoformat(), invoice.due_origin) == ("2026-10-16", "customer_terms")


def test_an_archive_is_one_import_with_each_original_beside_its_invoice(house: House) -> None:
    files = [
        (f"FA-{number}.xml", cii(number=f"FA-{number}", total=f"{number}.00", payable=f"{number}.00"))
        for number in range(1, 31)
    ]
    told = given(house, archive([*files, ("notes.txt", b"hello")]), "november.zip")
    assert (told["created"]["invoices"], told["rejected_count"]) == (30, 1)
    for name, body in files:
        proof = Evidence.objects.of(house.creditor).get(document__digest=hashlib.sha256(body).hexdigest())
        assert (f"{proof.invoice.number}.xml", proof.document.name) == (name, name)
    again = given(house, archive(files), "again.zip")
    assert again["created"]["invoices"] == again["updated"]["invoices"] == 0
    assert Evidence.objects.of(house.creditor).count() == 30


def test_an_import_is_undone_with_its_evidence(house: House) -> None:
    given(house, archive([("a.xml", cii()), ("b.xml", cii(number="FA-2"))]), "two.zip")
    undo_import(Import.objects.of(house.creditor).get(), house.today, house.at)
    assert not Invoice.objects.of(house.creditor).exists()
    assert not Evidence.objects.of(house.creditor).exists()
    assert Document.objects.of(house.creditor).count() == 3


def test_a_preview_writes_nothing_and_a_confirmation_posts(house: House) -> None:
    upload = start_import(house.creditor, "a.xml", cii(), None, house.at)
    assert upload.state == Import.State.PREVIEWED
    assert not Invoice.objects.of(house.creditor).exists()
    assert not Evidence.objects.of(house.creditor).exists()
    confirm_import(upload)
    run_import(upload.pk, house.at, house.today)
    assert open_amounts(house) == {"Durand et Fils": 120000}


def test_what_was_read_of_the_mentions_goes_with_the_import_and_what_a_person_noted_forbids_it(house: House) -> None:
    given(house, archive([("a.xml", cii()), ("b.xml", cii(number="FA-2"))]), "two.zip")
    upload = Import.objects.of(house.creditor).get()
    first, second = Invoice.objects.of(house.creditor).order_by("id")
    for invoice, source in ((first, "file"), (second, "person")):
        MentionCheck.objects.create(
            creditor=house.creditor, invoice=invoice, states_json="{}", checked_on=house.today, source=source
        )
    with pytest.raises(NoteRestsOnIt):
        undo_import(upload, house.today, house.at)
    assert Evidence.objects.of(house.creditor).count() == 2
    MentionCheck.objects.filter(source="person").delete()
    upload.refresh_from_db()
    undo_import(upload, house.today, house.at)
    assert not Invoice.objects.of(house.creditor).exists()


def test_several_files_given_at_once_are_one_archive_whatever_their_order() -> None:
    files = [("b.xml", cii(number="FA-2")), ("a.xml", cii()), ("table.csv", b"a;b\n1;2\n")]
    table, (name, packed) = bundled(files)
    assert (table, name) == (files[2], "a.xml + 1.zip")
    assert bundled(reversed(files))[-1] == (name, packed)
    assert [row.number for row in read(packed, name).invoices] == ["FA-2026-017", "FA-2"]
    assert bundled(files[1:]) == files[1:]


def test_the_page_shows_each_invoice_with_what_it_asks_for(house: House) -> None:
    client = Client()
    client.force_login(house.people["Alice"])
    given_files = [
        SimpleUploadedFile("a.pdf", facturx(cii(prepaid="500.00", payable="700.00"))),
        SimpleUploadedFile("b.xml", ubl(number="FA-2", due="")),
    ]
    answer = client.post(reverse("imports:start"), {"files": given_files})
    page = client.get(answer["Location"]).content.decode().replace("\u202f", " ").replace("\xa0", " ")
    for words in (
        "a.pdf + 1.zip",
        "FA-2026-017",
        "1 200,00 €",
        "700,00 €",
        "selon le délai",
        "Total des factures du fichier",
    ):
        assert words in page, words
