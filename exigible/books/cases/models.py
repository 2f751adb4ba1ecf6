"""Cases, the standing of each invoice in them, the steps taken and the holds."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exigible.books.creditors.owned import Owned
from exigible.books.journal.models import Chained
from exigible.books.ledger.models import Customer, Invoice


class Stage(models.TextChoices):
    """Where an invoice stands."""

    UPCOMING = "upcoming", _("upcoming")
    DUE = "due", _("due today")
    OVERDUE = "overdue", _("overdue")
    REMINDED = "reminded", _("reminded")
    FORMAL_NOTICE = "formal_notice", _("formal notice")
    ALTERNATIVE = "alternative", _("way to be chosen")
    HANDED_OVER = "handed_over", _("handed over")
    LITIGATION = "litigation", _("in proceedings")
    ENFORCEMENT = "enforcement", _("in enforcement")
    CLOSED = "closed", _("closed")


class Case(Owned, Chained):
    """The one collection file of a customer: watched while nothing is late, open while there is a reason, then closed."""

    class State(models.TextChoices):
        WATCHED = "watched", _("watched")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WATCHED)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    next_look_on = models.DateField(null=True)
    currency = models.CharField(max_length=3, default="EUR")
    open_minor = models.BigIntegerField(default=0)
    overdue_minor = models.BigIntegerField(default=0)
    overdue_count = models.PositiveIntegerField(default=0)
    oldest_due_on = models.DateField(null=True)
    priority = models.BigIntegerField(default=0)
    highest_tone = models.SmallIntegerField(default=0)
    waiting = models.TextField(blank=True)
    error = models.CharField(max_length=300, blank=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=~Q(state="closed"), name="one_case_a_customer"),
        ]
        indexes = [
            models.Index(
                fields=["creditor", "next_look_on"], name="case_by_next_look", condition=Q(next_look_on__isnull=False)
            ),
            models.Index(fields=["creditor", "-priority", "id"], name="case_by_priority", condition=Q(state="open")),
            models.Index(fields=["creditor", "id"], name="case_in_error", condition=~Q(error="")),
        ]


class Standing(Owned):
    """Where one unpaid invoice stands: its stage, its cycle and the last step taken and delivered in it."""

    invoice = models.OneToOneField(Invoice, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="standings")
    stage = models.CharField(max_length=14, choices=Stage.choices, default=Stage.UPCOMING)
    cycle = models.PositiveIntegerField(default=1)
    last_step = models.CharField(max_length=16, blank=True)
    last_taken_on = models.DateField(null=True)
    last_is_delivered = models.BooleanField(default=True)


class TakenStep(models.Model):
    """A step of an invoice, taken once in a cycle: the unique key is what prevents a second time."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="taken_steps", db_index=False)
    cycle = models.PositiveIntegerField()
    step = models.CharField(max_length=16)
    action_id = models.BigIntegerField(null=True, db_index=True)
    taken_on = models.DateField()
    delivered_on = models.DateField(null=True)
    is_declared = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "cycle", "step"], name="step_once_a_cycle")]


class Hold(Owned):
    """A reason to wait, on a case, an invoice or an amount, until a day: beside the stage, never instead of it."""

    class Reason(models.TextChoices):
        PROMISED = "promised", _("promised")
        PLANNED = "planned", _("in a plan")
        DISPUTED = "disputed", _("disputed")
        PAUSED = "paused", _("paused")
        REPLY = "reply", _("reply to read")
        INSOLVENCY = "insolvency", _("insolvency proceedings")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="holds", db_index=False)
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.CASCADE, related_name="holds")
    amount_minor = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)
    released_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="hold_by_case", condition=Q(released_on__isnull=True)),
            models.Index(fields=["creditor", "until_on"], name="hold_by_end", condition=Q(released_on__isnull=True)),
        ]
