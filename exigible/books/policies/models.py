"""Policies and their steps, a published version of which is never edited; rates added to the packaged law."""

from django.db import models
from django.db.models import Q

from exigible.books.creditors.models import User
from exigible.books.creditors.owned import Owned


class Policy(Owned):
    """A version of the ordered plan: which step, when, by which channel, in which tone."""

    name = models.CharField(max_length=80)
    preset = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    is_current = models.BooleanField(default=False)
    published_on = models.DateField()
    minimum_minor = models.BigIntegerField(default=0)
    min_gap_days = models.PositiveSmallIntegerField(default=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creditor", "version"], name="policy_version_once"),
            models.UniqueConstraint(fields=["creditor"], condition=Q(is_current=True), name="one_current_policy"),
        ]


class Step(models.Model):
    """One step of one track; a track is a kind of debtor and, for a business, a payer profile."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="steps")
    track = models.CharField(max_length=20)
    rank = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=16)
    offset_days = models.SmallIntegerField()
    channel = models.CharField(max_length=20)
    tone = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=8)
    template = models.CharField(max_length=40)
    notice_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "track", "rank"], name="step_once_by_rank")]
        ordering = ["track", "rank"]


class RateAdded(Owned):
    """A rate that the creditor added when it was published, before a release brought it: percent a year from a day on."""

    series = models.CharField(max_length=40)
    since = models.DateField()
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    source = models.CharField(max_length=300)
    added_on = models.DateField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor", "series", "since"], name="rate_added_once")]
