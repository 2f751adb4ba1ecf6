"""Promises to pay: an amount and a day that a debtor gave, what they cover, and what became of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exigible.books.cases.models import Case, ExpectedPayment, Hold
from exigible.books.creditors.owned import Owned
from exigible.books.ledger.models import Customer, Invoice


class Promise(Owned):
    """What a debtor said would come, when, and by whom it was said; it holds that amount only, until its day plus grace."""

    class State(models.TextChoices):
        OPEN = "open", _("awaited")
        KEPT = "kept", _("kept")
        PARTLY = "partly", _("kept in part")
        BROKEN = "broken", _("broken")
        AMENDED = "amended", _("put off")
        CANCELLED = "cancelled", _("withdrawn")

    class Channel(models.TextChoices):
        PHONE = "phone", _("by phone")
        EMAIL = "email", _("by e-mail")
        LETTER = "letter", _("by letter")
        MEETING = "meeting", _("face to face")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="promises")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    on = models.DateField()
    last_day = models.DateField()
    made_on = models.DateField()
    made_by = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.PHONE)
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    received_minor = models.BigIntegerField(default=0)
    settled_on = models.DateField(null=True)
    amends = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="amended_by")
    expected = models.OneToOneField(ExpectedPayment, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="promise_is_positive")]
        indexes = [
            models.Index(fields=["creditor", "on"], name="promise_awaited", condition=Q(state="open")),
            models.Index(fields=["customer", "state"], name="promise_by_customer"),
        ]


class PromisedShare(Owned):
    """The part of a promise that is for one invoice, with the hold that it puts on that part."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="shares")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="+")
    amount_minor = models.BigIntegerField()
    hold = models.OneToOneField(Hold, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "invoice"], name="promised_once_an_invoice"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="promised_share_is_positive"),
        ]
