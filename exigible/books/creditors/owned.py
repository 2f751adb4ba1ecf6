"""Owned: every row belongs to exactly one creditor and is reached through `.of(creditor)`."""

from typing import Any, Self

from django.db import models

from exigible.books.creditors.models import Creditor


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows of a tenant."""

    def of(self, creditor: Creditor) -> Self:
        """Return the rows of one creditor; views start here, always."""
        return self.filter(creditor=creditor)


class Owned(models.Model):
    """A row of a creditor."""

    # No index of its own: tables that are listed by creditor have one that begins with it.
    creditor = models.ForeignKey(Creditor, on_delete=models.CASCADE, related_name="+", db_index=False)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
