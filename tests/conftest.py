"""A real SMTP server for the tests that follow a message out of the house."""

from collections.abc import Iterator

import pytest

from exigible.features.outbox.tests.mail_server import PostOffice, post_office


@pytest.fixture(scope="session")
def _one_post_office() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


@pytest.fixture
def office(_one_post_office: PostOffice) -> PostOffice:
    """The server, empty and answering normally."""
    _one_post_office.received.clear()
    _one_post_office.on_data = None
    _one_post_office.mend()
    return _one_post_office
