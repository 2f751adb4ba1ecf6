"""Nobody sees another company's rows, and nobody sees anything without signing in."""

import re
from typing import Any

import pytest
from django.test import Client

from exigible.books.journal.models import Event
from exigible.testing import House, brasserie_nord
from tests.architecture.world import addresses, filled, full_house

pytestmark = pytest.mark.django_db
OPEN = ("sign-in/",)
NAMES = ("Martin", "Durand", "Mairie de Vire", "Petit", "Silence", "Atelier Lumen")


@pytest.fixture
def client() -> Client:
    """A browser to which a page that crashes answers 500, so that one does not hide the others."""
    return Client(raise_request_exception=False)


@pytest.fixture
def lumen() -> House:
    return full_house()


def visits(house: House) -> list[tuple[str, str, bool]]:
    """Each address as (pattern, address filled with this house's rows, whether it names a row)."""
    found = []
    for path, pattern in addresses():
        address = filled(path, pattern, house)
        if address is not None and not path.startswith(OPEN):
            found.append((path, address, any(name.endswith("_id") for name in pattern.pattern.converters)))
    return found


def test_the_crawl_knows_a_row_for_every_address(lumen: House) -> None:
    unfilled = [path for path, pattern in addresses() if filled(path, pattern, lumen) is None]
    assert unfilled == []
    assert len(visits(lumen)) > 20


def test_another_creditors_member_finds_none_of_its_rows(lumen: House, client: Client) -> None:
    client.force_login(brasserie_nord().people["Carole"])
    before = Event.objects.of(lumen.creditor).count()
    leaks = []
    for path, address, names_a_row in visits(lumen):
        for method in (client.get, client.post):
            answer: Any = method(address)
            if names_a_row and answer.status_code not in (403, 404, 405):
                leaks.append(f"{method.__name__.upper()} {path}: {answer.status_code}")
            body = b"".join(answer) if answer.streaming else answer.content
            leaks += [f"{path} shows {name}" for name in NAMES if re.search(rf"\b{name}\b".encode(), body)]
    assert leaks == []
    assert Event.objects.of(lumen.creditor).count() == before


def test_a_person_who_is_not_signed_in_is_asked_to(lumen: House, client: Client) -> None:
    open_to_all = []
    for path, address, _names_a_row in visits(lumen):
        for method in (client.get, client.post):
            answer = method(address)
            if answer.status_code != 302 or "/accounts/login/" not in answer["Location"]:
                open_to_all.append(f"{path}: {answer.status_code}")
    assert open_to_all == []


def test_a_reader_changes_nothing(lumen: House, client: Client) -> None:
    client.force_login(lumen.person("Renaud", "reader"))
    before = Event.objects.of(lumen.creditor).count()
    for path, address, _names_a_row in visits(lumen):
        if not path.startswith(("me/", "password/")):
            client.post(address)
    kinds = Event.objects.of(lumen.creditor).order_by("id").values_list("kind", flat=True)[before:]
    assert list(kinds) == []
