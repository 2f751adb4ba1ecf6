"""A real SMTP server on a free loopback port: keeps what it accepts, and refuses what a test tells it to refuse."""

import asyncio
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from exigible.books.creditors.models import Creditor, MailServer


@dataclass
class Received:
    """One message as the server took it: to whom, and its exact bytes."""

    recipients: list[str]
    body: bytes

    @cached_property
    def identifier(self) -> str:
        """Its Message-ID, without parsing the rest."""
        found = re.search(rb"^Message-ID:\s*(<[^>]+>)", self.body, re.MULTILINE | re.IGNORECASE)
        assert found, "every message has an identifier"
        return found[1].decode()

    @property
    def mail(self) -> EmailMessage:
        """The message, parsed by the standard library."""
        parsed = message_from_bytes(self.body, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        """Its plain text, with narrow and wide no-break spaces as they are."""
        part = self.mail.get_body(("plain",))
        assert part is not None
        return str(part.get_content())


@dataclass
class PostOffice:
    """The server's handler: `senders`, `recipients` and `data` hold the answers that refuse; `on_…` are called before the answer."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    senders: dict[str, str] = field(default_factory=dict)
    recipients: dict[str, str] = field(default_factory=dict)
    data: str = ""
    on_recipient: Callable[[], None] | None = None
    on_data: Callable[[Received], None] | None = None
    on_closed: Callable[[], None] | None = None
    _hangs_up: bool = False

    def hang_up_after_data(self) -> None:
        """From now on the connection is lost after the data are taken, so that the sender never reads an answer."""
        self._hangs_up = True

    def mend(self) -> None:
        """Answer normally again."""
        self.senders, self.recipients, self.data, self._hangs_up = {}, {}, "", False

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        """Answer MAIL FROM."""
        if refusal := self.senders.get(address) or self.senders.get("*"):
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        """Answer RCPT TO."""
        if refusal := self.recipients.get(address) or self.recipients.get("*"):
            return refusal
        if self.on_recipient is not None:
            await asyncio.to_thread(self.on_recipient)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the message unless told to refuse it."""
        if self.data:
            return self.data
        received = Received(list(envelope.rcpt_tos), bytes(envelope.content))
        self.received.append(received)
        if self.on_data is not None:
            await asyncio.to_thread(self.on_data, received)
        if self._hangs_up:
            server.transport.abort()
        return "250 taken"


class Watched(SMTP):
    """A session that says when its client has gone."""

    def connection_lost(self, error: Exception | None) -> None:
        """Tell the handler."""
        super().connection_lost(error)
        if self.event_handler.on_closed is not None:
            self.event_handler.on_closed()


class Server(Controller):
    """The server's thread."""

    def factory(self) -> SMTP:
        """One session a connection."""
        return Watched(self.handler, **self.SMTP_kwargs)


def free_port() -> int:
    """Return a loopback port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Run the server for the length of a block."""
    handler = PostOffice(port=free_port())
    controller = Server(handler, hostname="127.0.0.1", port=handler.port, decode_data=False)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


def mail_through(creditor: Creditor, office: PostOffice) -> None:
    """Let a creditor's e-mails leave through this server."""
    MailServer.objects.filter(creditor=creditor).update(host="127.0.0.1", port=office.port, security="none")
