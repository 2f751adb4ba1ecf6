"""The screens of money in: who may do what, what each shows, in both languages."""

import pytest
from django.test import Client

from exigible.books.creditors.models import Creditor, User
from exigible.features.bank.models import BankTransaction
from exigible.features.bank.tests.world import balance, bank_of, money, receive
from exigible.testing import House, atelier_lumen, brasserie_nord

pytestmark = pytest.mark.django_db
State = BankTransaction.State


@pytest.fixture
def house() -> House:
    """Atelier Lumen with its bank, and an accountant, Ida."""
    lumen = atelier_lumen()
    lumen.person("Ida", "accountant")
    return lumen


def signed_in(person: User, language: str = "fr") -> Client:
    """A browser in which this person is signed in."""
    person.language = language
    person.save(update_fields=["language"])
    client = Client()
    client.force_login(person)
    return client


def page(client: Client, address: str) -> str:
    """The page of an address, which must be there; spaces of French typography are plain."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return plain(answer.content.decode())


def plain(text: str) -> str:
    """A text without the finer spaces and entities."""
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("&#x27;", "'")


def seen(client: Client, movement: BankTransaction, place: int = 0) -> str:
    """What names a candidate of a movement, as the form carries it."""
    shown = page(client, f"/bank/movements/{movement.pk}/candidates/")
    return shown.split('name="proposal" value="')[place + 1].split('"')[0]


def test_without_a_statement_the_page_says_what_that_means_and_where_to_give_one(house: House) -> None:
    for language, words in (
        ("fr", "Sans relevé, nous ne pouvons pas exclure"),
        ("en", "Without a statement, we cannot rule"),
    ):
        client = signed_in(house.people["Ida"], language)
        assert words in page(client, "/bank/")
        assert words in page(client, "/bank/statements/")
    assert 'href="/bank/statements/"' in page(client, "/bank/")


def test_the_queue_is_read_in_both_languages_and_by_its_tabs(house: House) -> None:
    found = bank_of(house)
    french = page(signed_in(house.people["Ida"]), "/bank/")
    for words in ("1 200,00 €", "Serrurerie Lebon", "certain", "possible", "rien trouvé", "À rapprocher"):
        assert words in french, words
    english = page(signed_in(house.people["Ida"], "en"), f"/bank/?on={found['either'].pk}&order=oldest")
    for words in ("€450.00", "certain", "VA-11", "VA-12", "nothing found"):
        assert words in english, words
    assert "applied by a person" in page(signed_in(house.people["Ida"], "en"), "/bank/movements/?tab=applied")


def test_each_clause_of_a_reason_leads_to_its_record_and_the_lines_add_up(house: House) -> None:
    found = bank_of(house)
    shown = page(signed_in(house.people["Ida"]), f"/bank/movements/{found['named'].pk}/candidates/")
    invoice = (
        found["named"]
        .proposals.get(rank=found["named"].proposals.order_by("rank")[0].rank)
        .shares_json.split(",")[0]
        .strip("[ ")
    )
    assert f'<a href="/invoices/{invoice}/">Le libellé nomme LB-702' in shown
    assert shown.count("1 200,00") >= 3


def test_an_accountant_applies_what_was_seen_and_the_next_one_waits(house: House) -> None:
    found = bank_of(house)
    client = signed_in(house.people["Ida"])
    address = f"/bank/movements/{found['named'].pk}/apply/"
    assert client.post(address, {"proposal": "1.nothing-like-it"}).status_code == 422
    answer = client.post(address, {"proposal": seen(client, found["named"]), "order": "largest"})
    assert answer["Location"] == f"/bank/?order=largest&on={found['either'].pk}&done={found['named'].pk}"
    assert balance("LB-702", house) == 0
    assert "Affecté : 1 200,00 €." in page(client, answer["Location"])
    client.post(f"/bank/movements/{found['named'].pk}/undo/")
    assert balance("LB-702", house) == 120_000
    told = page(client, f"/bank/movements/{found['named'].pk}/")
    assert told.index("Affecté à des factures") < told.index("Annulé <"), "its history, with who did it"
    assert "Ida" in told


def test_who_may_not_record_money_sees_and_acts_on_nothing(house: House) -> None:
    found = bank_of(house)
    bob = signed_in(house.people["Bob"])
    assert 'formaction="/bank' not in page(bob, "/bank/")
    for act in ("apply", "set-aside", "undo", "return", "by-hand"):
        assert bob.post(f"/bank/movements/{found['named'].pk}/{act}/").status_code == 403, act
    assert bob.post("/bank/certain/").status_code == 403
    assert bob.post("/bank/statements/").status_code == 403
    stranger = signed_in(brasserie_nord().people["Carole"])
    for part in ("", "candidates/", "by-hand/"):
        assert stranger.get(f"/bank/movements/{found['named'].pk}/{part}").status_code == 404


def test_by_hand_one_movement_pays_two_invoices_less_a_credit_note_and_the_rest_is_said(house: House) -> None:
    customer = house.customer("Comptoir Vidal")
    big, small = (
        house.invoice(customer, minor, house.days_from_now(-5), number)
        for minor, number in ((90_000, "CV-1"), (20_000, "CV-2"))
    )
    note = house.invoice(customer, 15_000, None, "AV-1", kind="credit_note")
    receive(house, [money(house, 94_000, "VIREMENT")])
    movement = BankTransaction.objects.of(house.creditor).get()
    client = signed_in(house.people["Ida"])
    address = f"/bank/movements/{movement.pk}/by-hand/"
    assert "CV-1" in page(client, f"{address}?q=CV-1")
    assert "Comptoir Vidal" in page(client, f"{address}?q=comptoir")
    typed = {
        "customer": customer.pk,
        f"share_invoice_{big.pk}": "900,00",
        f"share_invoice_{small.pk}": "190",
        f"share_note_{note.pk}": "150",
    }
    wrong = client.post(address, typed | {f"share_invoice_{big.pk}": "neuf cents"})
    assert wrong.status_code == 422
    assert "« neuf cents » n’est pas un montant" in plain(wrong.content.decode())
    assert client.post(address, typed | {"difference": "discount"}).status_code == 302
    assert [balance(number, house) for number in ("CV-1", "CV-2", "AV-1")] == [0, 0, 0]


def test_what_is_certain_is_applied_at_once_and_from_now_on_where_settings_may_be_changed(house: House) -> None:
    bank_of(house)
    assert "Tous les affecter" in page(signed_in(house.people["Ida"]), "/bank/")
    signed_in(house.people["Ida"]).post("/bank/certain/", {"always": "yes"})
    assert balance("LB-702", house) == 0
    assert not Creditor.objects.get(pk=house.creditor.pk).applies_certain_matches, (
        "an accountant does not change settings"
    )
    signed_in(house.people["Alice"]).post("/bank/certain/", {"always": "yes"})
    assert Creditor.objects.get(pk=house.creditor.pk).applies_certain_matches


def test_money_given_back_names_the_payment_and_its_invoice_is_due_again(house: House) -> None:
    found = bank_of(house)
    client = signed_in(house.people["Ida"])
    assert "HOLDING LEBON" in page(client, f"/bank/movements/{found['back'].pk}/candidates/")
    client.post(f"/bank/movements/{found['back'].pk}/return/", {"original": found["applied"].pk})
    assert balance("LB-701", house) == 75_000
    assert "HOLDING LEBON" in page(client, "/bank/movements/?tab=returned")


def test_a_file_dropped_twice_changes_nothing_and_one_that_is_no_statement_is_refused_in_a_sentence(
    house: House,
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = signed_in(house.people["Ida"])
    answer = client.post(
        "/bank/statements/", {"files": SimpleUploadedFile("photo.png", b"\x89PNG nothing")}, follow=True
    )
    assert "photo.png" in answer.content.decode()
    receive(house, [money(house, 100, "VIR")], opening_minor=0, closing_minor=100, closing_on=house.today)
    assert "FR76 9999 9000 0100 0000 0012 337" in page(client, "/bank/statements/")
