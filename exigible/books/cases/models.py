"""Cases, the standing of each invoice in them, the steps taken, the holds, and what the time to sue depends on."""

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


class Activity(models.TextChoices):
    """What was supplied, where the law gives another time to sue for it."""

    SERVICES = "services", _("goods or services")
    TRANSPORT = "transport", _("carriage of goods")


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
    """Where one unpaid invoice stands: its stage, its cycle and the last step taken in it; until when one can sue on it.

    The last day to sue follows from the facts of the invoice and from its events of limitation, each time the case is
    refreshed; `next_warning_on` is the day on which it must next be told that it draws near.
    """

    invoice = models.OneToOneField(Invoice, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="standings")
    stage = models.CharField(max_length=14, choices=Stage.choices, default=Stage.UPCOMING)
    cycle = models.PositiveIntegerField(default=1)
    last_step = models.CharField(max_length=16, blank=True)
    last_taken_on = models.DateField(null=True)
    last_is_delivered = models.BooleanField(default=True)
    activity = models.CharField(
        max_length=9, choices=Activity.choices, default=Activity.SERVICES, db_default=Activity.SERVICES
    )
    completed_on = models.DateField(null=True)
    last_day_to_sue = models.DateField(null=True)
    limitation_rule = models.CharField(max_length=60, default="", db_default="", blank=True)
    next_warning_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["creditor", "next_warning_on"],
                name="standing_by_warning",
                condition=Q(next_warning_on__isnull=False),
            ),
        ]


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


class NotYetCause(models.TextChoices):
    """Why an invoice is not to be asked for yet, in `Hold.source` behind TERMS (core/settlement.py)."""

    DIRECT_DEBIT = "direct_debit", _("direct debit to come")
    BILL = "bill", _("bill of exchange to fall due")
    FACTORED = "factored", _("assigned to a factor")
    RETENTION = "retention", _("retention money")
    SET_OFF = "set_off", _("to be set off")
    BY_HAND = "by_hand", _("not before a day that you gave")
    SERVICE_CODE = "service_code", _("service code missing")
    COMMITMENT = "commitment", _("commitment number missing")
    CODES = "codes", _("service code and commitment number missing")


TERMS = "terms:"


STATUS = "status:"


def cause_of(source: str) -> str:
    """The cause that the source of a hold names, such as `terms:retention` or `status:suspended:12`; empty for another source."""
    if source.startswith(STATUS):
        return source.removeprefix(STATUS).partition(":")[0]
    return source.removeprefix(TERMS) if source.startswith(TERMS) else ""


class Hold(Owned):
    """A reason to wait, on a case, an invoice or an amount, until a day: beside the stage, never instead of it."""

    class Reason(models.TextChoices):
        PROMISED = "promised", _("promised")
        PLANNED = "planned", _("in a plan")
        DISPUTED = "disputed", _("disputed")
        PAUSED = "paused", _("paused")
        REPLY = "reply", _("reply to read")
        INSOLVENCY = "insolvency", _("insolvency proceedings")
        PAYMENT = "payment", _("a payment to match")
        REFUSED = "refused", _("refused or suspended by the buyer")
        NOT_YET = "not_yet", _("not to be claimed yet")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="holds", db_index=False)
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.CASCADE, related_name="holds")
    amount_minor = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)
    released_on = models.DateField(null=True)

    @property
    def why(self) -> str:
        """Where it comes from, in words: the cause, else what a person or a status said."""
        cause = cause_of(self.source)
        return str(NotYetCause(cause).label) if cause in NotYetCause.values else self.source

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="hold_by_case", condition=Q(released_on__isnull=True)),
            models.Index(fields=["creditor", "until_on"], name="hold_by_end", condition=Q(released_on__isnull=True)),
        ]


class LimitationEvent(Owned):
    """What happened to one invoice that interrupts or suspends the time to sue, or that is wrongly believed to."""

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", _("the debtor acknowledged the debt in writing")
        PART_PAYMENT = "part_payment", _("a part payment by which the debtor acknowledged the rest")
        COURT_CLAIM = "court_claim", _("a claim before a court")
        ORDER_SERVED = "payment_order_served", _("a payment order was served on the debtor")
        FORCED_EXECUTION = "forced_execution", _("a seizure or other act of enforcement")
        INSOLVENCY_CLAIM = "insolvency_claim", _("the claim was declared in insolvency proceedings")
        MEDIATION_START = "mediation_start", _("a mediation began")
        MEDIATION_END = "mediation_end", _("the mediation ended")
        CONCILIATION_START = "conciliation_start", _("a conciliation began")
        CONCILIATION_END = "conciliation_end", _("the conciliation ended")
        SMALL_CLAIM_START = "small_claim_start", _("the debtor agreed to the small-claims procedure")
        SMALL_CLAIM_END = "small_claim_end", _("the small-claims procedure ended")
        WRITTEN_CLAIM = "written_claim", _("a written claim to a public body")
        FORMAL_NOTICE = "formal_notice", _("a formal notice")
        ORDER_REQUEST = "payment_order_request", _("a payment order was asked for")

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="limitation_events", db_index=False)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    document_digest = models.CharField(max_length=64, blank=True)
    recorded_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "kind", "on"], name="limitation_event_once")]


class LimitationAlert(Owned):
    """That the last day to sue on an invoice draws near, told once for each threshold; 0 months: it has passed."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="limitation_alerts", db_index=False)
    months = models.PositiveSmallIntegerField()
    last_day = models.DateField()
    raised_on = models.DateField()
    ended_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "last_day", "months"], name="limitation_alert_once"),
        ]
        indexes = [
            models.Index(fields=["creditor", "last_day"], name="alert_by_last_day", condition=Q(ended_on__isnull=True)),
        ]


class Deadline(Owned):
    """A day before which something must be done, by a procedural rule (core/law/deadlines.py), with what it runs from."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=60)
    from_on = models.DateField()
    last_day = models.DateField()
    article = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=80, blank=True)
    done_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "rule", "source"], name="deadline_once_a_source")]
        indexes = [
            models.Index(fields=["creditor", "last_day"], name="deadline_by_day", condition=Q(done_on__isnull=True)),
        ]


class ExpectedPayment(Owned):
    """Money that a promise or an instalment says will come on a day; awaited until the end of its grace."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="expected_payments")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    on = models.DateField()
    last_day = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="expected_payment_is_positive")]
        indexes = [
            models.Index(fields=["customer", "on"], name="expected_by_customer", condition=Q(ended_on__isnull=True))
        ]


class MentionCheck(Owned):
    """What the mentions of one invoice were found to be, by name (core/law/mentions.py), and by whom: a person or a file."""

    invoice = models.OneToOneField(Invoice, on_delete=models.CASCADE, primary_key=True, related_name="mention_check")
    states_json = models.TextField(default="{}")
    checked_on = models.DateField()
    source = models.CharField(max_length=8, default="person")
