"""Who sees what: roles, companies, languages."""

import pytest
from django.test import Client

from exigible.books.creditors.models import Member, Role
from exigible.testing import House, atelier_lumen, brasserie_nord

pytestmark = pytest.mark.django_db
SETTINGS = (
    "/settings/",
    "/settings/signatory/",
    "/settings/bank/",
    "/settings/mail/",
    "/settings/rules/",
    "/settings/law/",
)
OWNERS = ("/settings/people/", "/settings/go-live/")


@pytest.fixture
def lumen() -> House:
    return atelier_lumen()


def owner_of(house: House, client: Client) -> Client:
    client.force_login(Member.objects.get(creditor=house.creditor, role=Role.OWNER).user)
    return client


@pytest.mark.parametrize("path", [*SETTINGS, *OWNERS])
def test_a_collector_may_not_change_settings(client: Client, lumen: House, path: str) -> None:
    client.force_login(lumen.people["Bob"])
    answer = client.get(path)
    assert answer.status_code == 403
    assert "Votre rôle ne le permet pas" in answer.content.decode()


@pytest.mark.parametrize("path", SETTINGS)
def test_a_manager_may_change_settings(client: Client, lumen: House, path: str) -> None:
    client.force_login(lumen.people["Alice"])
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", OWNERS)
def test_people_and_going_live_are_the_owners_matter(client: Client, lumen: House, path: str) -> None:
    client.force_login(lumen.people["Alice"])
    assert client.get(path).status_code == 403
    assert owner_of(lumen, client).get(path).status_code == 200


def test_the_member_of_another_creditor_cannot_be_changed(client: Client, lumen: House) -> None:
    nord = brasserie_nord()
    member = Member.objects.get(user=lumen.people["Bob"])
    client.force_login(nord.people["Carole"])
    assert client.post(f"/settings/people/{member.pk}/", {"role": "remove"}).status_code == 404
    assert client.post(f"/settings/people/{member.pk}/link/").status_code == 404
    assert Member.objects.filter(pk=member.pk, role=Role.COLLECTOR).exists()


def test_one_cannot_work_for_a_company_that_did_not_invite(client: Client, lumen: House) -> None:
    nord = brasserie_nord()
    client.force_login(nord.people["Carole"])
    assert client.post("/me/company/", {"creditor": lumen.creditor.pk}).status_code == 404
    assert lumen.creditor.name not in client.get("/journal/").content.decode()


def test_the_journal_of_another_creditor_is_not_shown(client: Client, lumen: House) -> None:
    nord, customer = brasserie_nord(), lumen.customer("Garage Durand")
    client.force_login(nord.people["Carole"])
    page = client.get(f"/journal/?customer={customer.pk}").content.decode()
    assert "Garage Durand" not in page


def test_search_stays_in_its_house(client: Client, lumen: House) -> None:
    nord = brasserie_nord()
    lumen.invoice(lumen.customer("Garage Durand"), 123456, lumen.today, number="F-77")
    client.force_login(lumen.people["Bob"])
    for typed in ("garage", "F-77", "1 234,56"):
        assert "Garage Durand" in client.get("/search/", {"q": typed}).content.decode(), typed
    client.force_login(nord.people["Carole"])
    for typed in ("garage", "F-77", "1 234,56"):
        assert "Garage Durand" not in client.get("/search/", {"q": typed}).content.decode(), typed


def test_a_person_of_two_companies_changes_from_one_to_the_other(client: Client, lumen: House) -> None:
    nord = brasserie_nord()
    Member.objects.create(creditor=nord.creditor, user=lumen.people["Bob"], role=Role.READER)
    client.force_login(lumen.people["Bob"])
    client.post("/me/company/", {"creditor": nord.creditor.pk})
    assert f'<span class="company">{nord.creditor.name}</span>' in client.get("/me/").content.decode()


def test_no_link_is_made_for_a_person_of_another_company_too(client: Client, lumen: House) -> None:
    nord = brasserie_nord()
    member = Member.objects.create(creditor=nord.creditor, user=lumen.people["Bob"], role=Role.READER)
    client.force_login(nord.people["Carole"])
    answer = client.post(f"/settings/people/{member.pk}/link/")
    assert answer.status_code == 422
    assert "/sign-in/" not in answer.content.decode()


def test_each_person_reads_in_the_own_language(client: Client, lumen: House) -> None:
    client.force_login(lumen.people["Alice"])
    assert "Mon compte" in client.get("/me/").content.decode()
    client.post("/me/preferences/", {"language": "en", "next": "/me/"})
    page = client.get("/me/").content.decode()
    assert "My account" in page
    assert "Mon compte" not in page
    assert '<html lang="en"' in page


def test_preferences_never_lead_to_another_site(client: Client, lumen: House) -> None:
    client.force_login(lumen.people["Alice"])
    assert client.post("/me/preferences/", {"theme": "dark", "next": "//evil.example/"})["Location"] == "/"


@pytest.mark.parametrize("typed", ["%", "_", "'", "\x00", "é", "9" * 40, "1,2,3", "😀"])
def test_odd_searches_find_nothing_and_break_nothing(client: Client, lumen: House, typed: str) -> None:
    client.force_login(lumen.people["Bob"])
    assert client.get("/search/", {"q": typed}).status_code == 200
