"""The exact bytes of an e-mail: headers that thread, plain text first, HTML with the same words, attachments."""

import base64
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from quopri import encodestring
from typing import NamedTuple

from exigible.common.errors import Refused

CRLF = b"\r\n"


class AddressNotPlain(Refused):
    """One of its e-mail addresses has an accent or another letter that mail does not carry; correct it on the contact."""


class Attachment(NamedTuple):
    """A file that goes with a message."""

    name: str
    media_type: str
    body: bytes


class Envelope(NamedTuple):
    """Who writes to whom, in which thread."""

    sender: tuple[str, str]
    reply_to: str
    to: tuple[str, str]
    copies: Sequence[str]
    message_id: str
    references: Sequence[str]
    date: datetime


def _one_line(text: str) -> str:
    """A header never holds a line break: what follows one would be read as another header."""
    return " ".join(text.split())


def _header(name: str, value: str) -> bytes:
    value = _one_line(value)
    if not value.isascii() or len(name) + len(value) > 74:
        return (
            f"{name}: {Header(value, 'utf-8', header_name=name).encode(linesep=chr(13) + chr(10))}".encode("ascii")
            + CRLF
        )
    return f"{name}: {value}".encode("ascii") + CRLF


def _address(name: str, value: tuple[str, str]) -> bytes:
    return f"{name}: {formataddr((_one_line(value[0]), _one_line(value[1])))}".encode("ascii") + CRLF


def _text_part(subtype: str, text: str) -> bytes:
    encoded = encodestring(text.replace("\r\n", "\n").encode()).replace(b"\r\n", b"\n").replace(b"\n", CRLF)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode("ascii") + encoded


def _attached(attachment: Attachment) -> bytes:
    name = Header(_one_line(attachment.name).replace('"', "'"), "utf-8").encode()
    head = (
        f'Content-Type: {attachment.media_type}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
    )
    return head.encode("ascii") + base64.encodebytes(attachment.body).replace(b"\n", CRLF)


def _multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    mark = f"--{boundary}".encode("ascii")
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode("ascii")
    return head + b"".join(mark + CRLF + part + CRLF for part in parts) + mark + b"--" + CRLF


def email_bytes(
    envelope: Envelope, subject: str, text: str, html: str, attachments: Sequence[Attachment] = ()
) -> bytes:
    """Return the message as it goes over the wire, the same bytes for the same arguments. Raises AddressNotPlain."""
    addresses = (envelope.sender[1], envelope.reply_to, envelope.to[1], *envelope.copies)
    if not all(address.isascii() for address in addresses):
        raise AddressNotPlain
    boundary = "=_" + envelope.message_id.strip("<>").partition("@")[0].replace(".", "_")
    headers = [
        _address("From", envelope.sender),
        _address("To", envelope.to),
        *([_header("Cc", ", ".join(envelope.copies))] if envelope.copies else []),
        *([_header("Reply-To", envelope.reply_to)] if envelope.reply_to else []),
        _header("Subject", subject),
        f"Date: {format_datetime(envelope.date)}".encode("ascii") + CRLF,
        f"Message-ID: {envelope.message_id}".encode("ascii") + CRLF,
        *([f"In-Reply-To: {envelope.references[-1]}".encode("ascii") + CRLF] if envelope.references else []),
        *([f"References: {' '.join(envelope.references)}".encode("ascii") + CRLF] if envelope.references else []),
        b"MIME-Version: 1.0" + CRLF,
        b"Auto-Submitted: auto-generated" + CRLF,
    ]
    body = _multipart("alternative", boundary, [_text_part("plain", text), _text_part("html", html)])
    if attachments:
        body = _multipart("mixed", f"{boundary}_m", [body, *map(_attached, attachments)])
    return b"".join(headers) + body
