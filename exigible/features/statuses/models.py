"""Statuses that electronic-invoicing platforms gave to invoices, each kept with its raw message."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exigible.books.creditors.owned import Owned
from exigible.books.documents.models import Document
from exigible.books.ledger.models import Invoice, Payment


class InvoiceStatus(Owned):
    """One status of one invoice at one instant, as a platform, a file or a program told it.

    `number` is the invoice's as stated; `invoice` is empty as long as the books hold no such invoice. `source_key` is
    what makes two messages the same: number, code, instant and platform. `payment` was recorded because of it;
    `paid_minor` is what it reported anew, counted once whatever becomes of that payment.
    """

    class Source(models.TextChoices):
        TABLE = "table", _("table")
        MESSAGE = "message", _("message of the platform")
        API = "api", _("program")

    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.SET_NULL, related_name="statuses")
    number = models.CharField(max_length=80)
    buyer_siren = models.CharField(max_length=14, blank=True)
    code = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    platform = models.CharField(max_length=120, blank=True)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    line = models.PositiveIntegerField(null=True)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.SET_NULL, related_name="+")
    paid_minor = models.BigIntegerField(default=0)
    source_key = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor", "source_key"], name="status_once_by_source")]
        indexes = [
            models.Index(
                fields=["creditor", "number"], name="status_without_invoice", condition=Q(invoice__isnull=True)
            ),
        ]
