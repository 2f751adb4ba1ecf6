"""Reads frozen e-mail bytes back into what a person can check: headers, text, HTML, attachments."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from exigible.core.typography import day_in_words

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


def opened(body: bytes, language: str) -> Opened:
    """Return what frozen bytes hold, the day of writing in the words of a language; attachments as (name, size in bytes)."""
    found = message_from_bytes(body, policy=policy.default)
    assert isinstance(found, EmailMessage)
    headers = [
        (str(word), _written_at(str(value), language) if name == "Date" else str(value))
        for name, word in SHOWN_HEADERS.items()
        if (value := found[name])
    ]
    attachments = [
        (part.get_filename() or part.get_content_type(), len(part.get_payload(decode=True) or b""))
        for part in found.iter_attachments()
    ]
    return Opened(headers, _part(found, "plain"), _part(found, "html"), attachments)


def _written_at(header: str, language: str) -> str:
    """The day and the time that the header states, at its own offset."""
    at = parsedate_to_datetime(header)
    hour = f"{at.hour}\u00a0h\u00a0{at:%M}" if language == "fr" else f"{at.hour}:{at:%M}"
    return f"{day_in_words(at.date(), language)}, {hour}"


def _part(found: EmailMessage, kind: str) -> str:
    part = found.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
