"""Every page renders, with a full book and with an empty one, in both languages."""

from typing import Any

import pytest
from django.test import Client

from exigible.testing import House, brasserie_nord
from tests.architecture.world import addresses, filled, full_house

pytestmark = pytest.mark.django_db
FINE = (200, 204, 302, 303, 304, 405, 422)
ABSENT_HERE = (
    "settings/image/<str:name>/",
    "messages/<int:message_id>/letter.pdf",
)  # no logo; the first message is an e-mail


@pytest.fixture
def client() -> Client:
    """A browser to which a page that crashes answers 500, so that one does not hide the others."""
    return Client(raise_request_exception=False)


def shown(client: Client, house: House) -> dict[str, Any]:
    """What each address answers to a person of the house."""
    answers = {}
    for path, pattern in addresses():
        address = filled(path, pattern, house)
        if address is not None and "sign-in/" not in path:
            answers[path] = client.get(address)
    return answers


def wrong(answers: dict[str, Any]) -> dict[str, int]:
    """The addresses that answered badly."""
    return {
        path: answer.status_code
        for path, answer in answers.items()
        if answer.status_code not in FINE and not (answer.status_code == 404 and path in ABSENT_HERE)
    }


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_renders_with_a_full_book(client: Client, language: str) -> None:
    house = full_house()
    owner = house.person("Odile", "owner")
    owner.language = language
    owner.save()
    client.force_login(owner)
    answers = shown(client, house)
    assert wrong(answers) == {}
    for path, answer in answers.items():
        if "sandbox" in answer.headers.get("Content-Security-Policy", ""):
            continue  # a debtor's mail in its frame, in the debtor's language
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html") and b"<html" in answer.content:
            page = answer.content.decode()
            assert f'lang="{language}"' in page, path
            assert "<title>" in page, path
            assert "</main>" in page, path


def test_every_page_without_a_row_renders_with_an_empty_book(client: Client) -> None:
    house = brasserie_nord()
    client.force_login(house.people["Carole"])
    answers = shown(client, house)
    assert len(answers) > 8
    assert wrong(answers) == {}


def test_a_page_that_is_not_there_says_so_in_one_page(client: Client) -> None:
    client.force_login(brasserie_nord().people["Carole"])
    answer = client.get("/customers/999999999999999999999999/")
    assert answer.status_code == 404
    assert b"<title>" in answer.content
