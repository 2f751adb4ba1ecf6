"""Reads frozen e-mail bytes back into what a person can check: headers, text, HTML, attachments."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

SHOWN_HEADERS = {
    "From": _("Sender"), "To": _("Recipient"), "Cc": _("Copy to"), "Reply-To": _("Answers go to"), "Subject": _("Subject"),
    "Date": _("Written at"), "Message-ID": _("Identifier"), "In-Reply-To": _("In reply to"),
}  # fmt: skip


class Opened(NamedTuple):
    """An e-mail as it left or will leave."""

    headers: list[tuple[str, str]]
    text: str
    html: str
    attachments: list[tuple[str, int]]


def opened(body: bytes) -> Opened:
    """Return what frozen bytes hold; attachments as (name, size in bytes)."""
    found = message_from_bytes(body, policy=policy.default)
    assert isinstance(found, EmailMessage)
    headers = [(str(word), str(value)) for name, word in SHOWN_HEADERS.items() if (value := found[name])]
    attachments = [
        (part.get_filename() or part.get_content_type(), len(part.get_payload(decode=True) or b""))
        for part in found.iter_attachments()
    ]
    return Opened(headers, _part(found, "plain"), _part(found, "html"), attachments)


def _part(found: EmailMessage, kind: str) -> str:
    part = found.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
