"""What the tests in a browser share: one database, one server and one Monday for all; people signed in, pages that tell their faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, override_settings

from exigible.books.creditors.models import Creditor, Member, Role, User
from exigible.features.outbox.tests.mail_server import PostOffice, post_office
from exigible.testing import MONDAY, PASSWORD, House, noon
from tests.browser.crawl import Walk, data_of, walk
from tests.browser.serving import database_apart, site
from tests.browser.visit import Visit
from tests.browser.world import everything

QUICK = {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder needs a browser's machine; one worker builds its world."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def address(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the site is served, on Monday 23 November 2026 at ten in the morning and counting."""
    folder: Path = tmp_path_factory.mktemp("books")
    with (
        time_machine.travel(noon(MONDAY), tick=True),
        override_settings(**QUICK),
        django_db_blocker.unblock(),
        database_apart(folder),
        site() as address,
    ):
        yield address


@pytest.fixture(scope="package")
def office(address: str) -> Iterator[PostOffice]:
    """A real mail server."""
    with post_office() as office:
        yield office


@pytest.fixture(scope="package")
def lumen(address: str, office: PostOffice) -> House:
    """The house that uses everything; tests read it and change nothing."""
    return everything(office)


@pytest.fixture(scope="package")
def workshop(address: str, office: PostOffice) -> House:
    """Another house like it, in which people act; each test takes rows of its own."""
    return everything(office, "Atelier d'essai")


@pytest.fixture(scope="package")
def seen(lumen: House) -> Walk:
    """That house, read from end to end in both languages."""
    return walk({code: speaker(lumen.creditor, code) for code in ("fr", "en")}, data_of(lumen.creditor))


def speaker(creditor: Creditor, language: str, role: str = Role.OWNER) -> User:
    """A person of a house who reads this language."""
    email = f"{language}.{role}.{creditor.pk}@people.example"
    person = User.objects.filter(email=email).first()
    if person is None:
        person = User.objects.create_user(email, PASSWORD, name="Noor Duval", language=language)
        Member.objects.create(creditor=creditor, user=person, role=role)
    return person


@dataclass
class SignIn:
    """Opens pages for people who are signed in already."""

    chromium: Any
    address: str
    visits: list[Visit]

    def __call__(self, person: User, *, width: int = 1440, scheme: str = "light", scripts: bool = True) -> Visit:
        """A page of a context of its own, signed in as this person."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale="fr-FR",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(8000)
        for cookie in cookies_of(person):
            context.add_cookies([cookie | {"url": self.address}])
        visit = Visit(context.new_page(), self.address)
        self.visits.append(visit)
        return visit

    def stranger(self, **options: Any) -> Visit:
        """A page of nobody yet."""
        context = self.chromium.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR", **options)
        context.set_default_timeout(8000)
        visit = Visit(context.new_page(), self.address)
        self.visits.append(visit)
        return visit


def cookies_of(person: User) -> list[dict[str, str]]:
    """The cookie of a person who has just signed in."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert isinstance(client.session, SessionStore)
    return [{"name": "sessionid", "value": client.cookies["sessionid"].value}]


@pytest.fixture
def sign_in(chromium: Any, address: str) -> Iterator[Callable[..., Visit]]:
    """Open signed-in pages; at the end, none may have complained in its console."""
    signer = SignIn(chromium, address, [])
    yield signer
    complaints = [complaint for visit in signer.visits for complaint in visit.complaints]
    for visit in signer.visits:
        visit.page.context.close()
    assert complaints == []
