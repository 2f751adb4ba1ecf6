"""Publishes a version of the policy and has every open case looked at under it."""

from datetime import date, datetime

from django.db import transaction

from exigible.books.cases.models import Case
from exigible.books.cases.operations import look_again
from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM
from exigible.books.ledger.locks import lock_all_customers
from exigible.books.policies.models import Policy
from exigible.books.policies.operations import publish_policy
from exigible.common.engine import announce
from exigible.features.policies.tables import Content


@transaction.atomic
def publish(
    creditor: Creditor, content: Content, preset: str, *, today: date, at: datetime, actor: str = SYSTEM
) -> Policy:
    """Publish a version; every case that is not closed is looked at again today under it. Raises PolicyInvalid.

    Messages that were already written keep the version under which they were decided.
    """
    policy = publish_policy(creditor, content, preset, today=today, at=at, actor=actor)
    lock_all_customers(creditor.pk)
    living = Case.objects.of(creditor).exclude(state=Case.State.CLOSED)
    look_again(living.order_by("pk").values_list("pk", flat=True), today)
    announce("run_day", creditor.pk)
    return policy
