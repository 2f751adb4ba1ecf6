"""What registers say of customers, kept beside the accounts; what was asked of them; customers merged into one."""

import json

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exigible.books.creditors.models import Creditor
from exigible.books.creditors.owned import Owned
from exigible.books.ledger.models import Customer


class CompanyRecord(Owned):
    """A customer as the company register states it, beside the account, which it never overwrites.

    Known by its number it is confirmed; found by name and postcode it waits for a person. `seen_on`: a person has taken
    note that the company is closed.
    """

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="company_record")
    siren = models.CharField(max_length=9)
    facts_json = models.TextField(default="{}")
    is_active = models.BooleanField(null=True)
    closed_on = models.DateField(null=True)
    is_confirmed = models.BooleanField(default=True)
    source = models.CharField(
        max_length=8, choices=(("file", _("a file")), ("register", _("the public register"))), default="file"
    )
    document_digest = models.CharField(max_length=64, blank=True)
    known_on = models.DateField(null=True)
    kept_on = models.DateField()
    seen_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["creditor", "id"],
                name="company_closed_unseen",
                condition=Q(is_active=False, is_confirmed=True, seen_on__isnull=True),
            ),
            models.Index(fields=["creditor", "id"], name="company_to_confirm", condition=Q(is_confirmed=False)),
        ]

    @property
    def facts(self) -> dict[str, object]:
        """The facts by the names of `CompanyRow`, days as ISO text."""
        found: dict[str, object] = json.loads(self.facts_json)
        return found


class RegisterAccess(models.Model):
    """Whether a creditor lets the public register be asked over the network; without a row it does not."""

    creditor = models.OneToOneField(Creditor, on_delete=models.CASCADE, related_name="register_access")
    is_on = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True)


class RegisterQuestion(Owned):
    """That the register is to be asked about a customer; the answer becomes its record, a refusal stays here."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="register_question")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["creditor", "asked_at"], name="question_waiting", condition=Q(answered_at__isnull=True)
            ),
        ]


class Merge(Owned):
    """That one customer was merged into another: which rows moved, so that undoing puts back exactly these."""

    kept = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    merged = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    moved_json = models.TextField()
    merged_on = models.DateField()
    undone_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_on__isnull=True), name="merged_once"),
        ]


class SeparateCustomers(Owned):
    """That a person said two customers with one number are to stay apart: sites, not a double."""

    siren = models.CharField(max_length=9)
    decided_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor", "siren"], name="apart_once")]
