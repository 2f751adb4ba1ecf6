"""Documents, stored once and named by their hash; evidence, which says what a document proves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from exigible.books.cases.models import Case
from exigible.books.creditors.owned import Owned
from exigible.books.ledger.models import Invoice


class Document(Owned):
    """Bytes that never change, named by their SHA-256; they lie in the database, so that every worker reads the same."""

    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor", "digest"], name="document_once_by_hash")]


class DocumentContent(models.Model):
    """The bytes of a document, apart, so that lists of documents stay light."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="content")
    body = models.BinaryField()


class Evidence(Owned):
    """What a document proves, for which invoice or case."""

    class Proves(models.TextChoices):
        INVOICE = "invoice", _("the invoice itself")
        ORDER = "order", _("order or quote")
        DELIVERY = "delivery", _("delivery or service done")
        TERMS = "terms", _("terms of sale accepted")
        POSTING = "posting", _("posting of a letter")
        DEPOSIT = "deposit", _("deposit on the e-invoicing platform")
        RECEIPT = "receipt", _("receipt of the invoice")
        OTHER = "other", _("other")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="evidence")
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.CASCADE, related_name="evidence")
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="evidence")
    proves = models.CharField(max_length=12, choices=Proves.choices)
    added_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "invoice", "proves"], name="evidence_once")]
