"""The runs of the day and the actions that they decided, each explained."""

import json
from typing import Any

from django.db import models

from exigible.books.cases.models import Case
from exigible.books.creditors.owned import Owned
from exigible.books.ledger.models import Customer


class Run(Owned):
    """The day of one creditor: one row a creditor and day."""

    day = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    notes_json = models.TextField(default="{}")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor", "day"], name="one_run_a_day")]


class Action(Owned):
    """One thing to do for one case on one day, with its reason and what comes next if nothing happens."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="actions", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    step = models.CharField(max_length=16)
    channel = models.CharField(max_length=20)
    mode = models.CharField(max_length=8)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    because_json = models.TextField()
    invoice_ids = models.TextField()
    next_step = models.CharField(max_length=16, blank=True)
    next_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["creditor", "on", "id"], name="action_by_day"),
            models.Index(fields=["case", "-on"], name="action_by_case"),
        ]

    @property
    def because(self) -> dict[str, Any]:
        """Return the rule and the facts that it saw."""
        found: dict[str, Any] = json.loads(self.because_json)
        return found
