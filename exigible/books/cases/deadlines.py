"""Delays that the law sets on a case: when the last day is, and that what had to be done was done."""

from datetime import date, datetime

from django.db import transaction

from exigible.books.cases.models import Case, Deadline
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.common.errors import Refused
from exigible.core.law.book import law_book
from exigible.core.law.deadlines import deadline as end_of


class DoneInTheFuture(Refused):
    """This is not done yet: give the day on which it was, today at the latest."""


@transaction.atomic
def set_deadline(
    case: Case, rule: str, from_on: date, *, source: str, country: str, today: date, at: datetime, actor: str = SYSTEM
) -> Deadline:
    """Plan what must be done within a rule's period of the country's law; the same rule of one source is planned once.

    The last day is moved to a working day as the law says. LawError for a country that has no such rule.
    """
    lock_customers([case.customer_id])
    found = end_of(law_book(country), rule, from_on)
    planned, is_new = Deadline.objects.get_or_create(
        case=case, rule=rule, source=source[:80],
        defaults={"creditor": case.creditor, "from_on": from_on, "last_day": found.last_day, "article": found.article[:120]},
    )  # fmt: skip
    if is_new:
        payload = {"deadline": planned.pk, "rule": rule, "from": from_on, "last_day": found.last_day, "source": source}
        record("deadline.set", case, payload | {"article": found.article}, on=today, at=at, actor=actor)
    return planned


@transaction.atomic
def end_deadline(
    planned: Deadline, done_on: date, note: str, *, today: date, at: datetime, document_digest: str = "",
    actor: str = SYSTEM,
) -> bool:  # fmt: skip
    """Say that what had to be done was done, on which day and what proves it. False when somebody said so before."""
    lock_customers([planned.case.customer_id])
    if done_on > today:
        raise DoneInTheFuture
    if not Deadline.objects.filter(pk=planned.pk, done_on__isnull=True).update(done_on=done_on, note=note[:300]):
        return False
    payload = {
        "deadline": planned.pk,
        "rule": planned.rule,
        "done": done_on,
        "note": note[:300],
        "document": document_digest,
    }
    record("deadline.done", planned.case, payload, on=today, at=at, actor=actor)
    return True
