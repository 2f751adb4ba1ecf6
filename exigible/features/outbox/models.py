"""The outbox: every e-mail, letter, text message, call or task is a row here before it is anything else."""

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exigible.books.cases.models import Case
from exigible.books.creditors.models import User
from exigible.books.creditors.owned import Owned
from exigible.books.documents.models import Document
from exigible.books.ledger.models import Customer


class Message(Owned):
    """What leaves, with a purpose. Its facts are stored when it is decided; its bytes are frozen by `render`."""

    class Purpose(models.TextChoices):
        DEMAND = "demand", _("demand")
        SERVICE = "service", _("service")
        PROFESSIONAL = "professional", _("to a professional")
        OFFICIAL = "official", _("official act")
        INTERNAL = "internal", _("internal")

    class State(models.TextChoices):
        QUEUED = "queued", _("being written")
        TO_APPROVE = "to_approve", _("to approve")
        READY = "ready", _("ready to leave")
        SENDING = "sending", _("leaving")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        TO_POST = "to_post", _("to print and post")
        TO_DO = "to_do", _("to do")
        REHEARSED = "rehearsed", _("rehearsed")
        CANCELLED = "cancelled", _("cancelled")
        BOUNCED = "bounced", _("came back")
        FAILED = "failed", _("failed")
        UNCERTAIN = "uncertain", _("may have left")

    MOVES: ClassVar[dict[str, set[str]]] = {
        State.QUEUED: {
            State.TO_APPROVE,
            State.READY,
            State.TO_POST,
            State.TO_DO,
            State.REHEARSED,
            State.CANCELLED,
            State.FAILED,
        },
        State.TO_APPROVE: {State.READY, State.TO_POST, State.CANCELLED},
        State.READY: {State.SENDING, State.CANCELLED, State.FAILED},
        State.SENDING: {State.SENT, State.READY, State.BOUNCED, State.FAILED, State.UNCERTAIN},
        State.SENT: {State.DELIVERED, State.BOUNCED},
        State.DELIVERED: {State.BOUNCED},
        State.TO_POST: {State.SENT, State.CANCELLED},
        State.TO_DO: {State.DELIVERED, State.CANCELLED},
        State.UNCERTAIN: {State.SENT, State.READY, State.CANCELLED},
        State.FAILED: {State.READY, State.QUEUED, State.CANCELLED},
        State.REHEARSED: {State.CANCELLED},
    }

    key = models.CharField(max_length=80)
    content_digest = models.CharField(max_length=64)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="messages")
    action_id = models.BigIntegerField(null=True)
    step = models.CharField(max_length=16, blank=True)
    tone = models.SmallIntegerField(default=0)
    on = models.DateField()
    facts_json = models.TextField()
    template = models.CharField(max_length=40)
    template_version = models.PositiveIntegerField(default=1)
    policy_version = models.PositiveIntegerField(default=0)
    needs_approval = models.BooleanField(default=False)
    is_rehearsal = models.BooleanField(default=False)
    subject = models.CharField(max_length=200, blank=True)
    recipient = models.CharField(max_length=254, blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    not_before = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    settles_on = models.DateField(null=True)
    receipt = models.CharField(max_length=300, blank=True)
    cancelled_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="internal") | Q(customer__isnull=False), name="message_concerns_a_customer"
            ),
            models.UniqueConstraint(fields=["creditor", "key"], name="message_once_by_key"),
            models.UniqueConstraint(
                fields=["customer", "on"],
                condition=Q(purpose="demand") & ~Q(state="cancelled"),
                name="one_demand_a_customer_and_day",
            ),
        ]
        indexes = [
            models.Index(fields=["creditor", "state", "not_before", "id"], name="message_by_state"),
            models.Index(fields=["creditor", "settles_on"], name="message_settling", condition=Q(state="sent")),
            models.Index(fields=["creditor", "-id"], name="message_by_creditor"),
            models.Index(fields=["customer", "-on"], name="message_by_customer"),
        ]  # fmt: skip

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the text states."""
        found: dict[str, Any] = json.loads(self.facts_json)
        return found
