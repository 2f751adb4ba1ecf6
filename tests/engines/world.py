"""A live creditor with messages that wait, and a mail server on loopback that keeps what it receives."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

from exigible.books.creditors.models import MailServer
from exigible.common.clock import today
from exigible.features.dunning.models import Run
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox.models import Message
from exigible.testing import House, atelier_lumen


class Kept:
    """Keeps the Message-ID of each mail received."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        """Accept a mail."""
        lines = envelope.content.decode("utf-8", "replace").splitlines()
        self.ids += [line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("message-id:")]
        return "250 OK"


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server() -> Iterator[tuple[Kept, int]]:
    """A mail server on a port of its own."""
    kept = Kept()
    port = free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield kept, port
    finally:
        controller.stop()


def waiting_mails(port: int, count: int) -> House:
    """A live creditor with mails written and ready to leave at any hour; its day is run already, whatever day it is."""
    house = atelier_lumen(mail_port=port)
    Run.objects.create(creditor=house.creditor, day=today("Europe/Paris"), started_at=house.at, finished_at=house.at)
    for number in range(count):
        customer = house.customer(f"Client {number}")
        house.invoice(customer, 100_000 + number, house.days_from_now(-10))
    house.run(house.days_from_now(1))
    render_waiting(house.creditor, house.at)
    # The hours of contact are the outbox's matter: here mails are internal, which may leave at night and on Sundays.
    Message.objects.of(house.creditor).update(purpose=Message.Purpose.INTERNAL)
    assert MailServer.objects.filter(creditor=house.creditor, port=port).exists()
    assert Message.objects.of(house.creditor).filter(state="ready").count() == count
    return house


def states(house: House) -> set[str]:
    """The states of a house's messages."""
    return set(Message.objects.of(house.creditor).values_list("state", flat=True))
