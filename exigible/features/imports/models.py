"""Uploads of ledger files: waiting for a person's confirmation, then posted, and undone while nothing rests on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from exigible.books.creditors.models import User
from exigible.books.creditors.owned import Owned
from exigible.books.documents.models import Document
from exigible.books.ledger.models import Posting


class Import(Owned):
    """One file given to us."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("being read")
        PREVIEWED = "previewed", _("to confirm")
        WAITING = "waiting", _("being imported")
        DONE = "done", _("imported")
        REFUSED = "refused", _("refused")
        UNDONE = "undone", _("undone")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    format = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    mapping_json = models.TextField(blank=True)
    preview_json = models.TextField(blank=True)
    report_json = models.TextField(blank=True)
    error = models.TextField(blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lease_until = models.DateTimeField(null=True)
    posting = models.ForeignKey(Posting, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["creditor", "-uploaded_at"], name="import_by_day")]


class SavedMapping(Owned):
    """How the columns of a table were read, kept for the next file with the same heading."""

    heading_digest = models.CharField(max_length=64)
    mapping_json = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor", "heading_digest"], name="mapping_once_by_heading")]
