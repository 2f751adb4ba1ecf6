"""The settings' screens: what they save, what they refuse."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from exigible.books.creditors.models import Creditor, MailServer, Member, Role
from exigible.books.journal.models import Event
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
PLAIN_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="4" height="4"/></svg>'
FIRST, SECOND = "FR7630006000011234567890189", "FR7699999000010000000012337"


@pytest.fixture
def lumen() -> House:
    return atelier_lumen()


@pytest.fixture
def alice(client: Client, lumen: House) -> Client:
    client.force_login(lumen.people["Alice"])
    return client


@pytest.fixture
def owner(client: Client, lumen: House) -> Client:
    client.force_login(Member.objects.get(creditor=lumen.creditor, role=Role.OWNER).user)
    return client


def company(**changes: object) -> dict[str, object]:
    return {"name": "Atelier Lumen", "address": "4 quai", "city": "Lyon", **changes}


def test_the_company_is_saved_and_told_in_the_journal(alice: Client, lumen: House) -> None:
    assert alice.post("/settings/", company(city="Caen", siren="000 100 008")).status_code == 302
    saved = Creditor.objects.get(pk=lumen.creditor.pk)
    assert (saved.city, saved.siren) == ("Caen", "000100008")
    assert Event.objects.of(saved).filter(kind="creditor.changed").count() == 1


def test_a_siren_with_a_wrong_digit_is_refused_and_what_was_typed_stays(alice: Client, lumen: House) -> None:
    answer = alice.post("/settings/", company(siren="000100009", city="Typed and kept"))
    assert answer.status_code == 422
    assert "SIREN" in answer.content.decode()
    assert "Typed and kept" in answer.content.decode()


@pytest.mark.parametrize("content", [PNG, PLAIN_SVG], ids=["PNG", "SVG"])
def test_a_logo_is_kept_and_shown_without_rights(alice: Client, lumen: House, content: bytes) -> None:
    alice.post("/settings/", company(logo=SimpleUploadedFile("logo", content)))
    answer = alice.get("/settings/image/logo/")
    assert answer.content == content
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    alice.post("/settings/", company(city="Caen"))
    assert alice.get("/settings/image/logo/").status_code == 200
    alice.post("/settings/image/logo/remove/")
    assert alice.get("/settings/image/logo/").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a",
        b"<html></html>",
        PLAIN_SVG.replace(b"<rect", b'<image href="file:///secret"/><rect'),
        PNG + b"0" * 1_000_001,
    ],
    ids=["another kind", "a page", "a drawing that points outside", "too large"],
)
def test_an_image_that_letters_could_not_print_is_refused(alice: Client, lumen: House, content: bytes) -> None:
    assert alice.post("/settings/", company(logo=SimpleUploadedFile("logo.png", content))).status_code == 422
    assert Creditor.objects.get(pk=lumen.creditor.pk).logo is None


def test_another_account_number_is_saved_only_after_a_second_yes(alice: Client, lumen: House) -> None:
    account = lumen.creditor.bank_accounts.get()
    assert account.iban == SECOND
    typed = {"holder": "Atelier Lumen", "iban": "FR76 3000 6000 0112 3456 7890 189", "bic": ""}
    warned = alice.post("/settings/bank/", typed)
    assert warned.status_code == 422
    assert "FR76 9999" in warned.content.decode()
    account.refresh_from_db()
    assert account.iban == SECOND
    assert alice.post("/settings/bank/", typed | {"confirmed": "on"}).status_code == 302
    account.refresh_from_db()
    assert account.iban == FIRST


@pytest.mark.parametrize("iban", ["FR7630006000011234567890188", "FR76", "hello", ""])
def test_an_account_number_that_does_not_hold_is_refused(alice: Client, lumen: House, iban: str) -> None:
    typed = {"holder": "Atelier Lumen", "iban": iban, "bic": "", "confirmed": "on"}
    assert alice.post("/settings/bank/", typed).status_code == 422


def test_the_mail_page_names_the_records_of_the_senders_domain(alice: Client, lumen: House) -> None:
    page = alice.get("/settings/mail/").content.decode()
    assert "_dmarc.lumen.example" in page
    assert "_domainkey.lumen.example" in page


def test_a_mail_password_is_never_shown_again(alice: Client, lumen: House) -> None:
    server = {
        "host": "smtp.lumen.example",
        "port": 587,
        "security": "tls",
        "from_address": "a@lumen.example",
        "password": "very secret",
    }
    assert alice.post("/settings/mail/", server).status_code == 302
    assert "very secret" not in alice.get("/settings/mail/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("default_terms", "sometime"), ("first_messages_a_day", "0"), ("first_messages_a_day", "x")]
)
def test_rules_that_nobody_could_follow_are_refused(alice: Client, lumen: House, field: str, value: str) -> None:
    typed = {"first_messages_a_day": "50", "default_terms": "30", field: value}
    assert alice.post("/settings/rules/", typed).status_code == 422


def test_an_invited_person_gets_a_link_that_is_shown_once(owner: Client, lumen: House) -> None:
    page = owner.post(
        "/settings/people/", {"email": "dora@lumen.example", "name": "Dora", "role": "reader"}
    ).content.decode()
    path = "/sign-in/" + page.partition("/sign-in/")[2].partition("<")[0].partition('"')[0]
    assert "/sign-in/" not in owner.get("/settings/people/").content.decode()
    dora = Client()
    assert dora.post(path).status_code == 302
    assert dora.get("/settings/").status_code == 403


def test_the_last_owner_stays(owner: Client, lumen: House) -> None:
    member = Member.objects.get(creditor=lumen.creditor, role=Role.OWNER)
    answer = owner.post(f"/settings/people/{member.pk}/", {"role": "remove"})
    assert answer.status_code == 422
    assert "propriétaire" in answer.content.decode()
    assert Member.objects.filter(pk=member.pk).exists()


def test_going_live_asks_for_a_deliberate_yes(client: Client) -> None:
    house = atelier_lumen(rehearses=True)
    client.force_login(Member.objects.get(creditor=house.creditor, role=Role.OWNER).user)
    assert client.post("/settings/go-live/", {}).status_code == 422
    assert Creditor.objects.get(pk=house.creditor.pk).rehearses
    assert client.post("/settings/go-live/", {"understood": "on"}).status_code == 302
    assert not Creditor.objects.get(pk=house.creditor.pk).rehearses
    client.post("/settings/rehearse/")
    assert Creditor.objects.get(pk=house.creditor.pk).rehearses


def test_what_is_missing_before_going_live_links_to_where_it_is_filled_in(client: Client) -> None:
    house = atelier_lumen(rehearses=True)
    Creditor.objects.filter(pk=house.creditor.pk).update(signatory_name="")
    client.force_login(Member.objects.get(creditor=house.creditor, role=Role.OWNER).user)
    assert "/settings/signatory/" in client.get("/settings/go-live/").content.decode().partition("Ce qui manque")[2]
    assert client.post("/settings/go-live/", {"understood": "on"}).status_code == 422
    assert Creditor.objects.get(pk=house.creditor.pk).rehearses


def test_a_message_to_oneself_that_cannot_leave_says_what_the_server_answered(alice: Client, lumen: House) -> None:
    MailServer.objects.filter(creditor=lumen.creditor).update(port=1)
    page = alice.post("/settings/mail/test/", follow=True).content.decode()
    assert "n’est pas parti" in page
    assert "refused" in page.lower()


def test_without_a_mail_server_there_is_nothing_to_try(alice: Client, lumen: House) -> None:
    MailServer.objects.filter(creditor=lumen.creditor).delete()
    assert alice.post("/settings/mail/test/").status_code == 422
