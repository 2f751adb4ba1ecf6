"""The screens of the import: by a person, in both languages, for one company only."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from exigible.books.cases.models import TakenStep
from exigible.books.creditors.models import Role
from exigible.books.documents.models import Evidence
from exigible.books.ledger.models import Contact, Customer, Invoice
from exigible.books.ledger.posting_records import SENTENCES as POSTING_SENTENCES
from exigible.books.ledger.tests.fec import Ledger
from exigible.features.imports import reminders, wording
from exigible.features.imports.models import Import
from exigible.features.imports.operations import import_now, run_import
from exigible.formats import sentences
from exigible.testing import MONDAY, House, atelier_lumen, brasserie_nord, noon

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NAMES = {"C1": "Tilleul SARL", "C2": "Mairie de Vire", "C3": "<b>Orme</b>"}


@pytest.fixture
def house() -> Iterator[House]:
    with time_machine.travel(noon(MONDAY)):
        yield atelier_lumen()


def signed_in(house: House, role: str = Role.MANAGER, language: str = "fr") -> Client:
    client = Client()
    person = house.person(f"Person-{role}-{language}", role)
    person.language = language
    person.save()
    client.force_login(person, BACKEND)
    return client


def ledger() -> bytes:
    found = Ledger(2026, names=NAMES).sale("C1", "F1", 12000, date(2026, 9, 1)).sale("C2", "F2", 5000, date(2026, 9, 2))
    return found.opening("C3", "F9", 700, date(2025, 3, 3)).bytes()


def give(client: Client, body: bytes, name: str = "fec.txt") -> str:
    answer = client.post(reverse("imports:start"), {"files": SimpleUploadedFile(name, body)})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_file_is_given_looked_at_confirmed_followed_and_undone(house: House) -> None:
    client = signed_in(house)
    where = give(client, ledger())
    page = client.get(where).content.decode()
    assert "Soldes 411 et 416\u00a0: 177,00\u00a0€\u202f; les nôtres\u00a0: 177,00\u00a0€." in page
    assert "ils concordent" in page
    assert not Invoice.objects.exists()
    upload = Import.objects.get()
    assert client.post(reverse("imports:confirm", args=[upload.pk])).status_code == 302
    assert 'hx-trigger="every 2s"' in client.get(where).content.decode()
    run_import(upload.pk, house.at)
    page = client.get(where).content.decode()
    assert "every 2s" not in page
    assert "Confirmer la qualité de chaque client" in page
    assert client.post(reverse("imports:undo", args=[upload.pk])).status_code == 302
    assert not Invoice.objects.exists()
    assert "a été défait" in client.get(where).content.decode()


def test_the_same_file_says_at_once_that_it_is_known(house: House) -> None:
    import_now(house.creditor, "fec.txt", ledger(), MONDAY, house.at)
    client = signed_in(house)
    assert "octet pour octet" in client.get(give(client, ledger())).content.decode()


def test_a_refused_file_shows_its_sentence_in_french(house: House) -> None:
    client = signed_in(house)
    page = client.get(give(client, b"Il etait une fois.\n")).content.decode()
    assert "Ce fichier n’est d’aucun type connu" in page
    assert client.post(reverse("imports:discard", args=[Import.objects.get().pk])).status_code == 302
    assert not Import.objects.exists()


def test_columns_are_named_on_screen(house: House) -> None:
    client = signed_in(house)
    table = b"Facture;Date facture;Montant TTC;Qui\nF1;12/09/2026;120,00;Tilleul\n"
    where = give(client, table, "a.csv")
    page = client.get(where).content.decode()
    assert "Tilleul" in page
    assert "Aucune colonne reconnue" in page
    upload = Import.objects.get()
    fields = {"field-0": "number", "field-1": "issued", "field-2": "total", "field-3": "customer"}
    client.post(reverse("imports:mapping", args=[upload.pk]), {"kind": "invoices", "currency": "EUR", **fields})
    page = client.get(where).content.decode()
    assert "Aucune colonne reconnue" not in page
    assert reverse("imports:confirm", args=[upload.pk]) in page


def test_kinds_are_confirmed_in_one_table(house: House) -> None:
    import_now(house.creditor, "fec.txt", ledger(), MONDAY, house.at)
    client = signed_in(house)
    page = client.get(reverse("imports:queue")).content.decode()
    assert "&lt;b&gt;Orme" in page
    assert "<b>Orme" not in page
    customers = {customer.reference: customer for customer in Customer.objects.of(house.creditor)}
    form = {
        f"kind-{customers['C1'].pk}": "business",
        f"kind-{customers['C2'].pk}": "public_body",
        f"kind-{customers['C3'].pk}": "",
    }
    client.post(reverse("imports:kinds"), form | {f"buyer-{customers['C2'].pk}": "local"})
    kinds = Customer.objects.of(house.creditor).order_by("reference").values_list("kind", "buyer")
    assert list(kinds) == [("business", ""), ("public_body", "local"), ("unknown", "")]


def test_an_opening_item_is_confirmed_with_its_number_and_due_date(house: House) -> None:
    import_now(house.creditor, "fec.txt", ledger(), MONDAY, house.at)
    client, item = signed_in(house), Invoice.objects.get(number="F9")
    client.post(reverse("imports:confirm_item", args=[item.pk]), {"number": "F2025-9", "due_on": "2025-04-30"})
    item.refresh_from_db()
    assert (item.number, item.due_on, item.due_origin, item.is_confirmed) == (
        "F2025-9",
        date(2025, 4, 30),
        "stated",
        True,
    )
    import_now(house.creditor, "b.txt", ledger() + b"\r\n", MONDAY, house.at)
    item.refresh_from_db()
    assert (item.number, item.is_confirmed) == ("F2025-9", True)


def test_an_email_is_given_from_the_queue(house: House) -> None:
    import_now(house.creditor, "fec.txt", ledger(), MONDAY, house.at)
    client, customer = signed_in(house), Customer.objects.get(reference="C1")
    client.post(reverse("imports:give_email", args=[customer.pk]), {"email": "compta@tilleul.example"})
    assert Contact.objects.get(customer=customer).email == "compta@tilleul.example"
    client.post(reverse("imports:give_email", args=[customer.pk]), {"email": "nonsense"})
    assert Contact.objects.get(customer=customer).email == "compta@tilleul.example"


def test_reminders_are_declared_from_a_form_and_from_a_table(house: House) -> None:
    import_now(house.creditor, "fec.txt", ledger(), MONDAY, house.at)
    client, where = signed_in(house), reverse("imports:reminders")
    form = {"number": "F1", "step": "friendly", "on": "2026-10-15", "proof": "courriel"}
    assert client.post(where, form).status_code == 302
    table = "Facture;Etape;Date;Preuve\nF2;Relance 1;16/10/2026;courriel\nF404;Relance 1;16/10/2026;courriel\n"
    answer = client.post(where, {"file": SimpleUploadedFile("r.csv", table.encode())})
    assert answer.status_code == 422
    assert "aucune facture impayée ne porte le numéro F404" in answer.content.decode()
    assert TakenStep.objects.filter(is_declared=True).count() == 2
    assert client.post(where, {"file": SimpleUploadedFile("r.csv", b"a;b\n1;2\n")}).status_code == 422


def test_pdfs_are_attached_on_screen(house: House) -> None:
    import_now(house.creditor, "fec.txt", ledger().replace(b"F1", b"FA101"), MONDAY, house.at)
    files = [SimpleUploadedFile("facture FA101.pdf", b"%PDF-1.7\n"), SimpleUploadedFile("scan.pdf", b"%PDF-1.7\n.")]
    page = signed_in(house).post(reverse("imports:pdfs"), {"files": files}).content.decode()
    assert "1 fichier joint" in page
    assert "scan.pdf" in page
    assert Evidence.objects.get().invoice.number == "FA101"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_renders_in_both_languages(house: House, language: str) -> None:
    client = signed_in(house, language=language)
    for name in ("start", "queue", "reminders", "pdfs"):
        assert client.get(reverse(f"imports:{name}")).status_code == 200
    import_now(house.creditor, "fec.txt", ledger(), MONDAY, house.at)
    give(client, b"Facture;Date facture;Montant TTC;Qui\nF1;12/09/2026;120,00;Tilleul\n", "a.csv")
    for upload in Import.objects.all():
        page = client.get(reverse("imports:page", args=[upload.pk])).content.decode()
        assert ("Contrôle" in page or "Premières cellules" in page) == (language == "fr")
    for name in ("start", "queue", "reminders"):
        assert client.get(reverse(f"imports:{name}")).status_code == 200


def test_another_company_finds_nothing_and_readers_may_not_import(house: House) -> None:
    upload = import_now(house.creditor, "fec.txt", ledger(), MONDAY, house.at)
    invoice, customer = Invoice.objects.get(number="F9"), Customer.objects.get(reference="C1")
    stranger = signed_in(brasserie_nord(), Role.OWNER)
    assert stranger.get(reverse("imports:page", args=[upload.pk])).status_code == 404
    for name in ("confirm", "discard", "undo", "mapping"):
        assert stranger.post(reverse(f"imports:{name}", args=[upload.pk])).status_code == 404
    assert stranger.post(reverse("imports:confirm_item", args=[invoice.pk])).status_code == 404
    assert stranger.post(reverse("imports:give_email", args=[customer.pk]), {"email": "a@b.example"}).status_code == 404
    stranger.post(reverse("imports:kinds"), {f"kind-{customer.pk}": "consumer"})
    assert Customer.objects.get(pk=customer.pk).kind == "unknown"
    reader = signed_in(house, Role.READER)
    assert reader.get(reverse("imports:start")).status_code == 403
    assert reader.post(reverse("imports:undo", args=[upload.pk])).status_code == 403
    assert reader.get(reverse("imports:queue")).status_code == 200


def test_a_rule_met_while_undoing_is_one_sentence(house: House) -> None:
    upload = import_now(house.creditor, "fec.txt", ledger(), MONDAY, house.at)
    client = signed_in(house)
    client.post(
        reverse("imports:reminders"), {"number": "F1", "step": "friendly", "on": "2026-10-15", "proof": "courriel"}
    )
    answer = client.post(reverse("imports:undo", args=[upload.pk]))
    assert answer.status_code == 422
    assert "Une relance de la facture F1" in answer.content.decode()


def test_each_sentence_about_a_file_can_be_translated() -> None:
    assert wording.SENTENCES == sentences.SENTENCES | POSTING_SENTENCES | reminders.SENTENCES
