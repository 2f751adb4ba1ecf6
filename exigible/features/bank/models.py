"""Statements as a bank gave them, their movements, what may explain each, and the payers that a person confirmed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exigible.books.creditors.models import User
from exigible.books.creditors.owned import Owned
from exigible.books.documents.models import Document
from exigible.books.ledger.models import Customer, Payment


class BankStatement(Owned):
    """One statement of an account, or one notification of movements, of a file that is kept by its hash."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being matched")
        DONE = "done", _("matched")

    class Fault(models.TextChoices):
        GAP = "gap", _("does not begin where the last one ended")
        OVERLAP = "overlap", _("repeats days of another one")
        UNBALANCED = "unbalanced", _("opening and movements do not make the closing balance")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    format = models.CharField(max_length=12)
    account = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3)
    number = models.CharField(max_length=40, blank=True)
    opening_on = models.DateField(null=True)
    closing_on = models.DateField(null=True)
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    is_notification = models.BooleanField(default=False)
    is_balanced = models.BooleanField(null=True)
    fault = models.CharField(max_length=10, choices=Fault.choices, blank=True)
    fault_json = models.TextField(default="{}", db_default="{}")
    source_key = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lease_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor", "source_key"], name="statement_once_by_source")]
        indexes = [models.Index(fields=["creditor", "account", "closing_on"], name="statement_by_account")]


class BankTransaction(Owned):
    """A movement, before and after it becomes payments; `amount_minor` is signed, money in is positive."""

    class State(models.TextChoices):
        TO_MATCH = "to_match", _("to match")
        APPLIED = "applied", _("applied")
        SET_ASIDE = "set_aside", _("not a customer's")
        RETURNED = "returned", _("given back")
        OUT = "out", _("money out")

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="transactions")
    line = models.PositiveIntegerField()
    account = models.CharField(max_length=40, blank=True)
    booked_on = models.DateField()
    value_on = models.DateField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    label = models.TextField(blank=True)
    references_json = models.TextField(default="[]")
    structured = models.CharField(max_length=35, blank=True)
    payer_name = models.CharField(max_length=140, blank=True)
    payer_account = models.CharField(max_length=40, blank=True)
    end_to_end = models.CharField(max_length=80, blank=True)
    bank_id = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=14, default="other")
    reason = models.CharField(max_length=140, blank=True)
    source_key = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.TO_MATCH)
    returns = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="returned_by")
    is_by_hand_only = models.BooleanField(default=False)
    because_json = models.TextField(blank=True)
    resolved_on = models.DateField(null=True)
    resolved_by = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor", "source_key"], name="movement_once_by_source")]
        indexes = [
            models.Index(fields=["creditor", "booked_on", "id"], name="movement_by_day"),
            models.Index(
                fields=["creditor", "-amount_minor", "id"], name="movement_to_match", condition=Q(state="to_match")
            ),
        ]


class Proposal(Owned):
    """One explanation of a movement, the best first; thrown away and made again whenever the books change.

    `shares_json` lists [key of an invoice or credit note, minor units], below zero for a credit note. One whose cause is
    "booked" has no shares: the books have that very payment already (its key is among the facts of the reason).
    """

    transaction = models.ForeignKey(BankTransaction, on_delete=models.CASCADE, related_name="proposals")
    rank = models.PositiveSmallIntegerField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    confidence = models.DecimalField(max_digits=4, decimal_places=3)
    is_certain = models.BooleanField(default=False)
    cause = models.CharField(max_length=24, blank=True)
    difference_minor = models.BigIntegerField(default=0)
    shares_json = models.TextField(default="[]")
    because_json = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transaction", "rank"], name="one_proposal_a_rank")]
        indexes = [models.Index(fields=["creditor"], name="proposal_certain", condition=Q(is_certain=True))]


class Application(Owned):
    """That a movement became a payment of a customer: one movement may pay for several customers.

    `was_booked`: the payment stood in the books already, from an accounting file or by hand, and was not made from the movement.
    `credits_json` lists the allocations of credit notes that were made with it.
    """

    transaction = models.ForeignKey(BankTransaction, on_delete=models.PROTECT, related_name="applications")
    payment = models.OneToOneField(Payment, on_delete=models.CASCADE, related_name="+")
    is_automatic = models.BooleanField(default=False)
    was_booked = models.BooleanField(default=False, db_default=False)
    credits_json = models.TextField(default="[]", db_default="[]")


class Payer(Owned):
    """A bank account or a name that a person confirmed to pay for a customer, learned from a movement."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    account = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=140, blank=True)
    learned_on = models.DateField()
    learned_from = models.ForeignKey(BankTransaction, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creditor", "customer", "account", "name"], name="payer_once_a_customer"),
        ]
        indexes = [models.Index(fields=["creditor", "account"], name="payer_by_account")]


class NumberKey(Owned):
    """Under which key (core/matching/numbers.py) an open invoice is found by its number; rows of invoices that are gone do no harm."""

    key = models.CharField(max_length=18)
    invoice_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["creditor", "key", "invoice_id"], name="invoice_by_number_key")]


class NumberIndex(Owned):
    """Up to which invoice the numbers of a creditor stand in NumberKey."""

    last_invoice = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor"], name="one_number_index_a_creditor")]
