"""The page of one claim and its acts, as people of several roles and of another company meet them."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from exigible.books.creditors.models import Role
from exigible.books.documents.models import Document, Evidence
from exigible.books.journal.models import Event
from exigible.books.ledger.models import Invoice
from exigible.testing import MONDAY, House, atelier_lumen, brasserie_nord, noon

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%an invented order\n"


@pytest.fixture
def house() -> Iterator[House]:
    with time_machine.travel(noon(MONDAY)):
        yield atelier_lumen()


def signed_in(house: House, role: str = Role.MANAGER) -> Client:
    client = Client()
    client.force_login(house.person(f"Person-{role}", role), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def late(house: House, total_minor: int = 420_000, days: int = 20, **fields: object) -> Invoice:
    kind = str(fields.pop("kind_of_customer", "business"))
    return house.invoice(
        house.customer("Martin SARL", kind), total_minor, house.days_from_now(-days), "F-2031", **fields
    )


def test_the_page_derives_each_amount_with_its_rate_days_and_article(house: House) -> None:
    invoice = late(house)
    text = signed_in(house).get(reverse("claims:page", args=[invoice.pk])).content.decode()
    assert "4\u202f200,00\u00a0€" in text
    assert "C. com. art. L441-10 II" in text
    assert "C. com. art. D441-5" in text
    assert "40,00\u00a0€" in text


def test_a_consumer_is_shown_without_indemnity_and_why(house: House) -> None:
    invoice = late(house, kind_of_customer="consumer")
    text = signed_in(house).get(reverse("claims:page", args=[invoice.pk])).content.decode()
    assert "CPCE art. L111-8" in text
    assert "40,00" not in text


def test_another_company_sees_nothing_of_a_claim(house: House) -> None:
    invoice = late(house)
    payment = house.pay(invoice.customer, 1_000, (invoice, 1_000))
    document = Document.objects.create(
        creditor=house.creditor,
        digest="0" * 64,
        name="a.pdf",
        media_type="application/pdf",
        size_bytes=1,
        stored_at=house.at,
    )
    stranger = signed_in(brasserie_nord(), Role.OWNER)
    for name in ("page", "edit", "derivation"):
        assert stranger.get(reverse(f"claims:{name}", args=[invoice.pk])).status_code == 404
    assert stranger.get(reverse("claims:document", args=[document.pk])).status_code == 404
    assert stranger.post(reverse("claims:attach", args=[invoice.pk]), {}).status_code == 404
    allocation = payment.allocations.get()
    assert stranger.post(reverse("claims:undo_allocation", args=[allocation.pk])).status_code == 404
    assert payment.allocations.exists()


def test_a_number_larger_than_any_row_is_not_found(house: House) -> None:
    assert signed_in(house).get(f"/invoices/{10**30}/").status_code == 404


def test_a_reader_reads_and_changes_nothing(house: House) -> None:
    invoice = late(house)
    reader = signed_in(house, Role.READER)
    assert reader.get(reverse("claims:page", args=[invoice.pk])).status_code == 200
    assert reader.post(reverse("claims:edit", args=[invoice.pk]), {"due_on": "2030-01-01"}).status_code == 403
    file = SimpleUploadedFile("order.pdf", PDF)
    assert (
        reader.post(reverse("claims:attach", args=[invoice.pk]), {"proves": "order", "file": file}).status_code == 403
    )
    assert not Evidence.objects.filter(invoice=invoice).exists()


def test_names_of_the_books_are_never_run_as_code(house: House) -> None:
    hostile = "<script>alert(1)</script>"
    customer = house.customer(hostile, email="a@b.example")
    invoice = house.invoice(customer, 5_000, house.days_from_now(-9), hostile, label=hostile, order_reference=hostile)
    answer = signed_in(house).get(reverse("claims:page", args=[invoice.pk]))
    assert hostile not in answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_an_accountant_corrects_the_due_date_by_its_terms(house: House) -> None:
    invoice = late(house, issued_on=date(2026, 3, 10))
    answer = signed_in(house, Role.ACCOUNTANT).post(reverse("claims:edit", args=[invoice.pk]), {"terms": "45 FDM"})
    assert answer.status_code == 302
    invoice.refresh_from_db()
    assert invoice.due_on == date(2026, 4, 30)
    assert Event.objects.filter(kind="invoice.changed", customer_id=invoice.customer_id).count() == 1


def test_a_due_date_before_the_issue_is_refused_and_what_was_typed_stays(house: House) -> None:
    invoice = late(house)
    wrong = (invoice.issued_on - timedelta(days=1)).isoformat()
    answer = signed_in(house).post(reverse("claims:edit", args=[invoice.pk]), {"due_on": wrong})
    assert answer.status_code == 422
    assert wrong in answer.content.decode()
    assert "avant le jour de son émission" in answer.content.decode()


def test_terms_that_cannot_be_read_say_so_in_french(house: House) -> None:
    answer = signed_in(house).post(reverse("claims:edit", args=[late(house).pk]), {"terms": "bientôt"})
    assert answer.status_code == 422
    assert "Ce délai n’est pas compris" in answer.content.decode()


def test_a_proof_is_kept_and_given_back_as_it_was(house: House) -> None:
    invoice = late(house)
    client = signed_in(house, Role.COLLECTOR)
    file = SimpleUploadedFile("bon de <livraison>\r\n.pdf", PDF)
    client.post(reverse("claims:attach", args=[invoice.pk]), {"proves": "delivery", "file": file})
    evidence = Evidence.objects.get(invoice=invoice, proves="delivery")
    answer = client.get(reverse("claims:document", args=[evidence.document_id]))
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "<" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"


def test_only_a_pdf_is_kept_as_a_proof(house: House) -> None:
    invoice = late(house)
    file = SimpleUploadedFile("order.pdf", b"<html><script>alert(1)</script></html>")
    answer = signed_in(house).post(reverse("claims:attach", args=[invoice.pk]), {"proves": "order", "file": file})
    assert answer.status_code == 422
    assert not Evidence.objects.exists()


def test_a_document_of_a_type_that_browsers_run_is_given_as_plain_bytes(house: House) -> None:
    from exigible.books.documents.operations import store_document

    document = store_document(house.creditor, b"<script>1</script>", "page.html", "text/html", house.at)
    answer = signed_in(house).get(reverse("claims:document", args=[document.pk]))
    assert answer["Content-Type"] == "application/octet-stream"


def test_an_allocation_made_by_hand_is_undone_from_the_page(house: House) -> None:
    invoice = late(house)
    payment = house.pay(invoice.customer, 420_000, (invoice, 420_000))
    client = signed_in(house)
    assert "annuler l’imputation" in client.get(reverse("claims:page", args=[invoice.pk])).content.decode()
    client.post(reverse("claims:undo_allocation", args=[payment.allocations.get().pk]))
    invoice.refresh_from_db()
    assert invoice.settled_on is None


def test_what_the_accountant_lettered_is_not_undone_here(house: House) -> None:
    invoice = late(house)
    payment = house.pay(invoice.customer, 1_000, (invoice, 1_000))
    payment.allocations.update(basis="lettering")
    client = signed_in(house)
    assert "annuler l’imputation" not in client.get(reverse("claims:page", args=[invoice.pk])).content.decode()
    answer = client.post(reverse("claims:undo_allocation", args=[payment.allocations.get().pk]))
    assert answer.status_code == 422
    assert payment.allocations.exists()


def test_the_printed_derivation_states_the_amounts_of_the_page(house: House) -> None:
    invoice = late(house)
    answer = signed_in(house).get(reverse("claims:derivation", args=[invoice.pk]))
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())
    plain = text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "4 200,00" in plain
    assert "40,00" in plain
    assert "D441-5" in plain


@pytest.mark.parametrize("kind", ["invoice", "credit_note", "deposit"])
def test_each_kind_of_item_has_a_page(house: House, kind: str) -> None:
    invoice = house.invoice(house.customer("Durand"), 9_000, None if kind == "credit_note" else house.today, kind=kind)
    assert signed_in(house).get(reverse("claims:page", args=[invoice.pk])).status_code == 200
