"""The page of the analysis: who may use it, what it shows, the papers; it stores nothing."""

from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from exigible.features.analysis.access import ANALYSES_A_MINUTE
from exigible.features.analysis.reading import LARGEST_BYTES
from exigible.formats.tests.einvoices import cii

pytestmark = pytest.mark.django_db
FACTS = {
    "debtor": "business", "amount": "10 000,00", "due": "2026-05-31", "on": "2026-08-15", "has": ["invoice"],
    "number": "F-12", "postcode": "75011",
}  # fmt: skip


@pytest.fixture
def here() -> Client:
    """A browser at the machine itself."""
    return Client(headers={"host": "localhost"})


@pytest.fixture
def stranger(settings: Any) -> Client:
    """A browser elsewhere, of a house that opened its analysis to all."""
    settings.PUBLIC_ANALYSIS = True
    cache.clear()
    return Client(REMOTE_ADDR="198.51.100.7")


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def plain(page: Any) -> str:
    return str(page.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def dropped(body: bytes, name: str = "invoice.xml") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, body, "application/xml")}


def test_at_the_machine_itself_nobody_signs_in(here: Client) -> None:
    page = here.get("/analysis/")
    assert page.status_code == 200
    assert "Une facture impayée" in plain(page)


def test_elsewhere_a_stranger_is_asked_to_sign_in() -> None:
    answer = Client(REMOTE_ADDR="198.51.100.7").get("/analysis/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_proxy_at_the_machine_does_not_make_a_stranger_a_neighbour() -> None:
    proxied = Client(headers={"host": "localhost", "x-forwarded-for": "198.51.100.7"})
    assert proxied.get("/analysis/").status_code == 302


def test_a_house_may_open_it_to_all_and_strangers_are_counted(stranger: Client) -> None:
    answers = [stranger.get("/analysis/", FACTS).status_code for _ in range(ANALYSES_A_MINUTE)]
    assert set(answers) == {200}
    refused = stranger.get("/analysis/", FACTS)
    assert refused.status_code == 422
    assert "attendez une minute" in plain(refused)


def test_the_analysis_asks_the_database_nothing_and_stores_nothing(
    here: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        here.get("/analysis/", FACTS)
        here.post("/analysis/file/", dropped(cii()))
        here.post("/analysis/report.pdf", FACTS)
    assert "sessionid" not in here.cookies


def test_the_sum_owed_is_the_headline(here: Client) -> None:
    page = here.get("/analysis/", FACTS)
    assert page.status_code == 200
    assert "10 296,14 €" in plain(page)
    assert "L441-10" in plain(page)


def test_it_speaks_english_when_asked(here: Client) -> None:
    page = here.get("/analysis/", FACTS | {"lang": "en"})
    assert "€10,296.14" in plain(page)
    assert 'lang="en"' in plain(page)


def test_what_cannot_be_read_is_said_beside_its_field_and_kept(here: Client) -> None:
    page = here.get("/analysis/", FACTS | {"amount": "beaucoup", "due": "2026-05-31"})
    assert page.status_code == 422
    assert "Ce n'est pas un montant" in plain(page).replace("&#x27;", "'")
    assert 'value="beaucoup"' in plain(page)


def test_a_payment_needs_its_day(here: Client) -> None:
    page = here.get("/analysis/", FACTS | {"paid_1": "100"})
    assert page.status_code == 422
    assert "Un paiement demande sa date et son montant." in plain(page)


def test_the_law_s_own_refusal_is_shown_on_the_form(here: Client) -> None:
    page = here.get("/analysis/", FACTS | {"issued": "2027-01-01"})
    assert page.status_code == 422
    assert "La facture est datée d’après le jour de l’analyse" in plain(page)


def test_one_s_own_assumption_comes_back_in_its_field(here: Client) -> None:
    page = here.get("/analysis/", FACTS | {"a.payment_order.collected": "12"})
    assert 'name="a.payment_order.collected" value="12"' in plain(page)


def test_an_electronic_invoice_fills_in_everything(here: Client) -> None:
    page = here.post("/analysis/file/", dropped(cii(total="1200.00", prepaid="200.00", payable="1000.00")))
    assert page.status_code == 200
    assert 'value="1000.00"' in plain(page)
    assert "FA-2026-017" in plain(page)
    assert "Durand et Fils" in plain(page)


def test_what_the_file_does_not_mention_is_told(here: Client) -> None:
    page = plain(here.post("/analysis/file/", dropped(cii())))
    assert "Taux des pénalités de retard" in page
    assert "L441-9" in page


def test_a_file_without_a_due_date_asks_for_it_and_keeps_the_names(here: Client) -> None:
    buyer = {"name": "Camille Petit", "siren": "", "vat": ""}
    page = here.post("/analysis/file/", dropped(cii(due="", buyer=buyer)))
    assert page.status_code == 422
    assert "Indiquez l'échéance" in plain(page).replace("&#x27;", "'")
    assert 'name="debtor_name" value="Camille Petit"' in plain(page)


def test_a_file_that_is_no_invoice_is_refused_in_a_sentence(here: Client) -> None:
    page = here.post("/analysis/file/", dropped(b"not an invoice", "note.pdf"))
    assert page.status_code == 422
    assert "Aucune facture" in plain(page)


def test_a_credit_note_and_a_foreign_currency_are_refused_in_a_sentence(here: Client) -> None:
    assert "ne réclame rien" in plain(here.post("/analysis/file/", dropped(cii(type="381"))))
    assert "USD" in plain(here.post("/analysis/file/", dropped(cii(currency="USD"))))


def test_a_file_too_large_is_refused_before_it_is_read(here: Client) -> None:
    page = here.post("/analysis/file/", dropped(b"x" * (LARGEST_BYTES + 70_000)))
    assert page.status_code == 422
    assert "5 Mo" in plain(page)


def test_a_form_sent_from_another_site_is_refused(settings: Any) -> None:
    careful = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    assert careful.post("/analysis/file/", dropped(cii())).status_code == 403
    assert careful.post("/analysis/letter.pdf", FACTS).status_code == 403


def test_the_report_states_what_the_page_states(here: Client) -> None:
    answer = here.post("/analysis/report.pdf", FACTS)
    assert answer["Content-Type"] == "application/pdf"
    assert "analyse-creance-F-12-2026-08-15.pdf" in answer["Content-Disposition"]
    said = text_of(answer.content)
    assert "10 296,14" in said
    assert "D441-5" in said
    assert here.post("/analysis/report.pdf", FACTS).content == answer.content


def test_the_letter_bears_the_names_given_and_places_for_the_others(here: Client) -> None:
    answer = here.post("/analysis/letter.pdf", FACTS | {"creditor": "Atelier Lumen", "debtor_name": "Durand"})
    said = text_of(answer.content)
    assert "Mise en demeure" in said
    assert "Atelier Lumen" in said
    assert "[Adresse du débiteur]" in said
    assert "10 296,14" in said


def test_a_wrong_iban_is_said_beside_its_field(here: Client) -> None:
    page = here.post("/analysis/letter.pdf", FACTS | {"iban": "FR76 0000"})
    assert page.status_code == 422
    assert "Cet IBAN est faux" in plain(page)


def test_no_letter_is_made_where_none_suits(here: Client) -> None:
    page = here.post("/analysis/letter.pdf", FACTS | {"disputed": "on"})
    assert page["Content-Type"].startswith("text/html")


def test_the_sign_in_page_shows_the_way_to_it_only_where_it_is_open(here: Client) -> None:
    assert "/analysis/" in plain(here.get("/accounts/login/"))
    assert "/analysis/" not in plain(Client(REMOTE_ADDR="198.51.100.7").get("/accounts/login/"))
