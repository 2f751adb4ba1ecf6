"""render_waiting: writes the queued messages of a creditor, a chunk at a time, and freezes their bytes."""

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from exigible.books.creditors.models import Creditor, MailServer
from exigible.books.documents.models import Document, DocumentContent, Evidence
from exigible.books.documents.operations import read_document
from exigible.books.documents.render import render
from exigible.common.bulk import insert_rows, reserve_ids, update_rows
from exigible.common.engine import announce
from exigible.common.errors import Refused
from exigible.features.messages.letter import letter_data, letter_text
from exigible.features.messages.lint import lint
from exigible.features.messages.mime import Attachment, Envelope, email_bytes
from exigible.features.messages.write import task_text, template_version, write_email
from exigible.features.outbox.models import Message

logger = logging.getLogger(__name__)
State = Message.State
CHUNK = 200
ANNOUNCED = 100  # of a larger chunk the sweep brings the rest
THREAD_LENGTH = 5
MOST_ATTACHED_BYTES = 5_000_000
WAITS_AS = {"email": State.READY, "letter": State.TO_POST}


class Frozen(NamedTuple):
    """A message as written: what it will be called, its bytes when it has any, what forbids it to leave."""

    subject: str
    body: bytes | None
    media_type: str
    version: int
    fault: str


class Around(NamedTuple):
    """What stands around the messages of a chunk: identifiers of earlier e-mails by case, stored invoices by invoice."""

    threads: Mapping[int, list[str]]
    papers: Mapping[int, list[Document]]


class House(NamedTuple):
    """What every message of a creditor carries, read once for all."""

    facts: Mapping[str, Any]
    sender: tuple[str, str]
    reply_to: str


def house_of(creditor: Creditor) -> House:
    """Return the creditor's identity as messages state it."""
    server = MailServer.objects.filter(creditor=creditor).first()
    reply_to = creditor.signatory_email or creditor.email
    sender = (
        (server.from_name or creditor.name, server.from_address)
        if server
        else (creditor.name, reply_to or "nobody@exigible.invalid")
    )
    town = f"{creditor.postcode} {creditor.city}".strip()
    address = [line for line in (*creditor.address.splitlines(), town) if line.strip()]
    facts = {
        "creditor": {
            "name": creditor.name, "legal": legal_identity(creditor), "address": address, "place": creditor.city,
            "phone": creditor.phone, "email": creditor.email,
        },
        "signatory": {
            "name": creditor.signatory_name or creditor.name, "role": creditor.signatory_role,
            "phone": creditor.signatory_phone or creditor.phone, "email": reply_to,
        },
    }  # fmt: skip
    return House(facts, sender, reply_to)


def legal_identity(creditor: Creditor) -> str:
    """Return the line that stands at the foot of each letter: form, capital, number, register, VAT."""
    form = creditor.legal_form
    if form and creditor.share_capital:
        form = f"{form} au capital de {creditor.share_capital}"
    siren = (
        f"{creditor.siren[:3]}\u202f{creditor.siren[3:6]}\u202f{creditor.siren[6:]}"
        if len(creditor.siren) == 9
        else creditor.siren
    )
    parts = [form, siren and f"SIREN {siren}", creditor.register_town and f"RCS {creditor.register_town}",
             creditor.vat_number and f"TVA {creditor.vat_number}"]  # fmt: skip
    return " – ".join(part for part in parts if part)


def render_waiting(creditor: Creditor, at: datetime) -> int:
    """Write all that is queued for a creditor; returns how many. A message that cannot be written is shown as failed."""
    house = house_of(creditor)
    written = 0
    while True:
        with transaction.atomic():
            rows = Message.objects.of(creditor).filter(state=State.QUEUED).order_by("id")
            queued = list(rows.select_for_update(skip_locked=True, of=("self",), no_key=True)[:CHUNK])
            if not queued:
                return written
            known = around(queued)
            _freeze(creditor, queued, [_written(message, house, known, at) for message in queued], at)
            written += len(queued)


def _written(message: Message, house: House, known: Around, at: datetime) -> Frozen:
    try:
        facts = {**message.facts, **house.facts}
        write = WRITERS.get(message.channel, _task)
        return write(message, facts, house, known, at)
    except Refused as refused:
        return Frozen("", None, "", 0, str(refused)[:300])
    except Exception as fault:
        logger.exception("message %s could not be written", message.pk)
        return Frozen("", None, "", 0, f"{type(fault).__name__}: {fault}"[:300])


def _email(message: Message, facts: Mapping[str, Any], house: House, known: Around, at: datetime) -> Frozen:
    words = write_email(dict(facts))
    faults = lint(dict(facts), words.subject, words.text)
    references = known.threads.get(message.case_id or 0, [])[-THREAD_LENGTH:]
    zone = ZoneInfo(settings.TIME_ZONE)
    to = (facts["recipient"].get("name") or "", message.recipient)
    envelope = Envelope(
        house.sender,
        house.reply_to,
        to,
        facts.get("copies", ()),
        message.message_id,
        references,
        at.astimezone(zone).replace(microsecond=0),
    )
    body = email_bytes(envelope, words.subject, words.text, words.html, _attachments(facts, known.papers))
    version = template_version(message.template, facts["language"])
    return Frozen(words.subject, body, "message/rfc822", version, "; ".join(finding.sentence for finding in faults))


def _letter(message: Message, facts: Mapping[str, Any], house: House, known: Around, at: datetime) -> Frozen:
    data = letter_data(dict(facts))
    faults = lint(dict(facts), data["subject"], letter_text(dict(facts), data))
    body = render("letter", data, language=facts["language"])
    version = template_version(message.template, facts["language"])
    return Frozen(data["subject"], body, "application/pdf", version, "; ".join(finding.sentence for finding in faults))


def _task(message: Message, facts: Mapping[str, Any], house: House, known: Around, at: datetime) -> Frozen:
    return Frozen(task_text({**facts, "language": message.creditor.language})[:200], None, "", 1, "")


WRITERS: dict[str, Callable[[Message, Mapping[str, Any], House, Around, datetime], Frozen]] = {
    "email": _email,
    "letter": _letter,
}


def around(messages: Sequence[Message]) -> Around:
    """Read, for a chunk of messages at once, the threads that they continue and the stored invoices that they speak of."""
    threads: dict[int, list[str]] = {}
    sent = Message.objects.filter(
        customer_id__among={message.customer_id for message in messages}, sent_at__isnull=False, channel="email"
    )
    for case_id, message_id in (
        sent.filter(case__isnull=False).order_by("on", "id").values_list("case_id", "message_id")
    ):
        threads.setdefault(case_id, []).append(message_id)
    stated = {line["id"] for message in messages for line in message.facts.get("invoices", ())}
    rows = Evidence.objects.filter(
        invoice_id__among=stated, proves=Evidence.Proves.INVOICE, document__media_type="application/pdf"
    )
    papers: dict[int, list[Document]] = {}
    for evidence in rows.order_by("id").select_related("document"):
        assert evidence.invoice_id is not None
        papers.setdefault(evidence.invoice_id, []).append(evidence.document)
    return Around(threads, papers)


def _attachments(facts: Mapping[str, Any], papers: Mapping[int, list[Document]]) -> list[Attachment]:
    """The stored invoices that the message speaks of, each once, as long as they are light together."""
    found = {document.pk: document for line in facts.get("invoices", ()) for document in papers.get(line["id"], ())}
    attached, size = [], 0
    for document in found.values():
        size += document.size_bytes
        if size > MOST_ATTACHED_BYTES:
            break
        attached.append(Attachment(document.name, document.media_type, read_document(document)))
    return attached


def _freeze(creditor: Creditor, messages: Sequence[Message], written: Sequence[Frozen], at: datetime) -> None:
    """Store the bytes, each once by its hash, and move the messages on."""
    digests = [hashlib.sha256(frozen.body).hexdigest() if frozen.body is not None else "" for frozen in written]
    stored = dict(
        Document.objects.of(creditor)
        .filter(digest__in=[digest for digest in digests if digest])
        .values_list("digest", "id")
    )
    new: dict[str, tuple[Message, Frozen]] = {
        digest: (message, frozen)
        for digest, message, frozen in zip(digests, messages, written, strict=True)
        if digest and digest not in stored
    }
    ids = reserve_ids(Document, len(new))
    documents, contents = [], []
    for key, (digest, (message, frozen)) in zip(ids, new.items(), strict=True):
        assert frozen.body is not None
        name = f"{message.step or message.template}-{message.pk}.{'pdf' if frozen.media_type == 'application/pdf' else 'eml'}"
        documents.append((key, creditor.pk, digest, name, frozen.media_type, len(frozen.body), at))
        contents.append((key, frozen.body))
        stored[digest] = key
    insert_rows(Document, ("id", "creditor_id", "digest", "name", "media_type", "size_bytes", "stored_at"), documents)
    insert_rows(DocumentContent, ("document_id", "body"), contents)
    rows = [
        (
            following(message, frozen),
            frozen.subject[:200],
            frozen.version,
            stored.get(digest),
            frozen.fault[:300],
            message.pk,
        )
        for digest, message, frozen in zip(digests, messages, written, strict=True)
    ]
    update_rows(Message, ("state", "subject", "template_version", "document_id", "receipt"), rows)
    if not creditor.rehearses:
        ready = [row[-1] for row in rows if row[0] == State.READY]
        for message_id in ready[:ANNOUNCED]:
            announce("deliver", message_id)


def following(message: Message, frozen: Frozen) -> str:
    """Return the state in which a written message waits."""
    if frozen.fault:
        return State.FAILED.value
    if message.is_rehearsal:
        return State.REHEARSED.value
    if message.needs_approval and message.channel in WAITS_AS:
        return State.TO_APPROVE.value
    return WAITS_AS.get(message.channel, State.TO_DO).value
