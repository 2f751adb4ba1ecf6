"""The journal: append-only, hash-chained events per stream, which name rows by id so as to outlive them."""

from typing import Any

from django.db import models

GENESIS = "0" * 64


class Chained(models.Model):
    """A row that has a stream of events of its own; the head of its chain stands on it, so that no event is read to write one."""

    chain_number = models.BigIntegerField(default=0)
    chain_hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        abstract = True

    @property
    def stream(self) -> str:
        """Return the name of this row's stream, such as `case/12`."""
        return f"{self._meta.model_name}/{self.pk}"


class EventQuerySet(models.QuerySet["Event"]):
    """Named filters of the journal."""

    def of(self, creditor: Any) -> "EventQuerySet":
        """Return the events of one creditor."""
        return self.filter(creditor_id=creditor.pk)


class Event(models.Model):
    """One fact, never changed. Its hash covers the previous one and the digest of its payload, which lies beside."""

    creditor_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    stream = models.CharField(max_length=40)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    on = models.DateField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    payload_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "number"], name="event_once_in_its_stream")]
        indexes = [
            models.Index(fields=["creditor_id", "-id"], name="event_by_creditor"),
            models.Index(
                fields=["customer_id", "-id"], name="event_by_customer", condition=models.Q(customer_id__isnull=False)
            ),
        ]


class EventPayload(models.Model):
    """What an event says, as canonical JSON; may be erased with a recorded reason without breaking the chain."""

    event_id = models.BigIntegerField(primary_key=True)
    body = models.TextField()
