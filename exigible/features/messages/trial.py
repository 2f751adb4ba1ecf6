"""A trial of the mail settings: one message to oneself, through the outbox like any other."""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from exigible.books.creditors.models import Creditor, User
from exigible.books.documents.operations import store_document
from exigible.features.messages.compose import house_of
from exigible.features.messages.mime import Envelope, email_bytes
from exigible.features.messages.write import write_service
from exigible.features.outbox.deliver import deliver
from exigible.features.outbox.models import Message


def send_test(creditor: Creditor, user: User, at: datetime) -> Message:
    """Send a message to the person who asks, now, even in rehearsal; its state and receipt say what the server answered."""
    with transaction.atomic():
        message = _write(creditor, user, at)
    deliver(message.pk, at)
    message.refresh_from_db()
    return message


def _write(creditor: Creditor, user: User, at: datetime) -> Message:
    house = house_of(creditor)
    zone = ZoneInfo(creditor.time_zone)
    today = at.astimezone(zone).date()
    facts = {
        **house.facts, "version": 1, "language": user.language, "template": "test", "step": "", "tone": 0, "debtor": "unknown",
        "profile": "ordinary", "date": today.isoformat(), "customer": {"id": 0, "name": str(user), "reference": ""},
        "recipient": {"contact": None, "name": user.name, "email": user.email, "address": []}, "currency": creditor.currency,
        "invoices": [], "credits": 0, "total": 0, "interest": 0, "indemnity": 0, "balance": 0, "next": None, "previous": [],
        "bank": None, "pay_reference": "", "usual_delay": None,
    }  # fmt: skip
    words = write_service(facts)
    key = f"test/{user.pk}/{at.isoformat()}"
    digest = hashlib.sha256(key.encode()).hexdigest()
    domain = house.sender[1].rpartition("@")[2]
    message_id = f"<{digest[:24]}.test@{domain}>"
    envelope = Envelope(
        house.sender,
        house.reply_to,
        (user.name, user.email),
        (),
        message_id,
        (),
        at.astimezone(zone).replace(microsecond=0),
    )
    document = store_document(
        creditor, email_bytes(envelope, words.subject, words.text, words.html), "test.eml", "message/rfc822", at
    )
    return Message.objects.create(
        creditor=creditor, key=key, content_digest=digest, purpose=Message.Purpose.INTERNAL, channel="email", state=Message.State.READY,
        on=today, facts_json="{}", template="test", subject=words.subject, recipient=user.email, message_id=message_id, document=document,
    )  # fmt: skip
