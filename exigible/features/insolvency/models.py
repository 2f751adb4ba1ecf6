"""Notices of insolvency proceedings against customers: what the court decided, when it was published, who represents."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exigible.books.creditors.owned import Owned
from exigible.books.ledger.models import Customer


class InsolvencyNotice(Owned):
    """One notice about one customer; `root` is the number of the first notice that it rectifies, else its own.

    Named by its number it applies at once. One that only bears the customer's name waits for a person.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("opening")
        EXTENSION = "extension", _("extension of other proceedings")
        CONVERSION = "conversion", _("conversion")
        PLAN = "plan", _("plan")
        CLOSURE = "closure", _("closure")
        REVERSAL = "reversal", _("opening reversed")

    class Procedure(models.TextChoices):
        SAFEGUARD = "safeguard", _("safeguard")
        REORGANISATION = "reorganisation", _("reorganisation")
        LIQUIDATION = "liquidation", _("liquidation")

    class State(models.TextChoices):
        APPLIED = "applied", _("taken into account")
        PROPOSED = "proposed", _("to confirm")
        SET_ASIDE = "set_aside", _("set aside")
        REPLACED = "replaced", _("rectified since")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="insolvency_notices")
    number = models.CharField(max_length=60)
    root = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    procedure = models.CharField(max_length=14, choices=Procedure.choices, blank=True)
    nature = models.CharField(max_length=300, blank=True)
    judged_on = models.DateField(null=True)
    published_on = models.DateField(null=True)
    court = models.CharField(max_length=200, blank=True)
    representative = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    name = models.CharField(max_length=300, blank=True)
    siren = models.CharField(max_length=9, blank=True)
    department = models.CharField(max_length=3, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.APPLIED)
    source = models.CharField(
        max_length=8, choices=(("bulletin", _("official bulletin (BODACC)")), ("hand", _("entered by hand")))
    )
    document_digest = models.CharField(max_length=64, blank=True)
    recorded_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "number"], name="notice_once_a_customer")]
        indexes = [
            models.Index(fields=["creditor", "number"], name="notice_by_number"),
            models.Index(fields=["creditor", "id"], name="notice_to_confirm", condition=Q(state="proposed")),
        ]
