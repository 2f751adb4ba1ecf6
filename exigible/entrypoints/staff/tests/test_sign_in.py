"""Signing in: by link, by password; what a stranger sees."""

import pytest
from django.test import Client

from exigible.books.creditors.models import Creditor, User
from exigible.books.creditors.sign_in_links import make_sign_in_link
from exigible.books.journal.models import Event
from exigible.common.clock import now
from exigible.testing import PASSWORD, House, atelier_lumen

pytestmark = pytest.mark.django_db


@pytest.fixture
def lumen() -> House:
    return atelier_lumen()


def path_of_link(user: User) -> str:
    return "/sign-in/" + make_sign_in_link(user, now()).rpartition("/sign-in/")[2]


def is_signed_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_a_stranger_is_sent_to_the_sign_in_page(client: Client, lumen: House) -> None:
    answer = client.get("/journal/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_link_previewer_does_not_use_a_link_up(client: Client, lumen: House) -> None:
    path = path_of_link(lumen.people["Alice"])
    assert b"Alice" in client.get(path).content
    assert not is_signed_in(client)
    assert client.post(path).status_code == 302
    assert is_signed_in(client)


def test_a_link_used_twice_is_refused(client: Client, lumen: House) -> None:
    path = path_of_link(lumen.people["Alice"])
    Client().post(path)
    assert client.post(path).status_code == 410
    assert client.get(path).status_code == 410
    assert not is_signed_in(client)


def test_at_the_machine_itself_opening_the_link_is_enough(lumen: House) -> None:
    client = Client(SERVER_NAME="localhost", REMOTE_ADDR="127.0.0.1")
    answer = client.get(path_of_link(lumen.people["Alice"]))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "from_elsewhere",
    [{"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, {"HTTP_FORWARDED": "for=203.0.113.7"}],
    ids=["another machine", "a proxy", "a standard proxy"],
)
def test_opening_the_link_from_elsewhere_only_shows_the_button(lumen: House, from_elsewhere: dict[str, str]) -> None:
    client = Client(**{"SERVER_NAME": "localhost", "REMOTE_ADDR": "127.0.0.1", **from_elsewhere})
    assert client.get(path_of_link(lumen.people["Alice"])).status_code == 200
    assert not is_signed_in(client)


def test_a_sign_in_is_told_in_the_journal(client: Client, lumen: House) -> None:
    client.post(path_of_link(lumen.people["Alice"]))
    assert (
        Event.objects.of(lumen.creditor).filter(kind="signed_in", actor=f"user:{lumen.people['Alice'].pk}").count() == 1
    )


def test_a_person_signs_in_with_e_mail_and_password(client: Client, lumen: House) -> None:
    alice = lumen.people["Alice"]
    wrong = client.post("/accounts/login/", {"login": alice.email, "password": "not it at all"})
    assert wrong.status_code == 200
    assert not is_signed_in(client)
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert is_signed_in(client)


def test_nobody_signs_up_alone(client: Client, lumen: House) -> None:
    before = User.objects.count()
    client.post("/accounts/signup/", {"email": "mallory@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.count() == before


def test_the_link_lets_a_person_choose_a_password_without_the_former_one(client: Client, lumen: House) -> None:
    alice = lumen.people["Alice"]
    client.post(path_of_link(alice))
    assert client.post("/password/", {"new_password1": "short", "new_password2": "short"}).status_code == 422
    client.post("/password/", {"new_password1": "quite another one", "new_password2": "quite another one"})
    assert is_signed_in(client)
    alice.refresh_from_db()
    assert alice.check_password("quite another one")
    assert client.get("/password/").status_code == 302


def test_a_person_who_came_by_password_must_know_it_to_change_it(client: Client, lumen: House) -> None:
    client.force_login(lumen.people["Alice"])
    answer = client.post("/password/", {"new_password1": "quite another one", "new_password2": "quite another one"})
    assert answer["Location"] == "/accounts/password/change/"
    lumen.people["Alice"].refresh_from_db()
    assert lumen.people["Alice"].check_password(PASSWORD)


def test_a_person_of_no_company_is_told_so(client: Client) -> None:
    client.force_login(User.objects.create_user("nobody@example.org", PASSWORD))
    answer = client.get("/journal/")
    assert answer.status_code == 403
    assert "société" in answer.content.decode()
    assert not Creditor.objects.exists()


def test_an_expired_session_does_not_put_the_sign_in_page_into_a_panel(client: Client, lumen: House) -> None:
    answer = client.get("/search/?q=a", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/accounts/login/")
