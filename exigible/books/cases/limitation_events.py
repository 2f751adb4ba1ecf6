"""What a person records of the time to sue: events that interrupt, suspend or change nothing; what was supplied, and when."""

from datetime import date, datetime

from django.db import transaction

from exigible.books.cases.limitation import facts_of, limitation_of
from exigible.books.cases.models import Activity, LimitationEvent, Standing
from exigible.books.cases.operations import refresh_customers
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import CustomerKind, Invoice
from exigible.common.errors import Refused
from exigible.core.law.book import LawError, law_book
from exigible.core.law.limitation import Limitation
from exigible.core.law.limitation import LimitationEvent as Happened


class EventInTheFuture(Refused):
    """This has not happened yet: give the day on which it did, today at the latest."""


class EventBeforeInvoice(Refused):
    """This is before the day of the invoice: check the date."""


class EventKnown(Refused):
    """This is already recorded for that day."""


class EventOutOfOrder(Refused):
    """This does not fit what is recorded: a mediation, a conciliation or a procedure begins once and ends after that, not before."""


class OnlyPublicBody(Refused):
    """Only a claim to a public body is of this kind: for other debtors record a formal notice, which changes nothing."""


class SuppliedInTheFuture(Refused):
    """Goods or services of a later day are not supplied yet: give the day of the delivery or of the end of the service."""


def limitation_now(invoice: Invoice) -> Limitation | None:
    """Return until when one can sue on an invoice, with the reason; None where the law of the country does not say it."""
    standing = Standing.objects.filter(invoice=invoice).first()
    rows = LimitationEvent.objects.filter(invoice=invoice).order_by("on", "id").values_list("on", "kind")
    try:
        return limitation_of(
            law_book(invoice.creditor.country), facts_of(invoice, standing), [Happened(*row) for row in rows]
        )
    except LawError:
        return None


@transaction.atomic
def record_limitation_event(
    invoice: Invoice, kind: str, on: date, *, note: str = "", document_digest: str = "", today: date, at: datetime,
    actor: str = SYSTEM,
) -> LimitationEvent:  # fmt: skip
    """Record what happened to the time to sue on an invoice, also what changes nothing; its last day follows at once."""
    assert kind in LimitationEvent.Kind.values, kind
    lock_customers([invoice.customer_id])
    if on > today:
        raise EventInTheFuture
    if on < invoice.issued_on:
        raise EventBeforeInvoice
    if kind == LimitationEvent.Kind.WRITTEN_CLAIM and invoice.customer.kind != CustomerKind.PUBLIC_BODY:
        raise OnlyPublicBody
    if LimitationEvent.objects.filter(invoice=invoice, kind=kind, on=on).exists():
        raise EventKnown
    was = limitation_now(invoice)
    event = LimitationEvent.objects.create(
        creditor=invoice.creditor, invoice=invoice, kind=kind, on=on, note=note[:200], document_digest=document_digest,
        recorded_on=today,
    )  # fmt: skip
    _follow("limitation.recorded", event, was, today=today, at=at, actor=actor)
    return event


@transaction.atomic
def take_limitation_event_back(event: LimitationEvent, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Remove an event recorded by mistake; the journal keeps that it was."""
    lock_customers([event.invoice.customer_id])
    was = limitation_now(event.invoice)
    if LimitationEvent.objects.filter(pk=event.pk).delete()[0]:
        _follow("limitation.removed", event, was, today=today, at=at, actor=actor)


def _follow(
    what: str, event: LimitationEvent, was: Limitation | None, *, today: date, at: datetime, actor: str
) -> None:
    """Tell the journal, with the last day before and after, and have the standing agree."""
    invoice = event.invoice
    found = limitation_now(invoice)
    if found is None and was is not None:
        raise EventOutOfOrder
    payload = {
        "invoice": invoice.pk, "kind": event.kind, "day": event.on, "note": event.note, "document": event.document_digest,
        "last_day_was": was.last_day if was else None, "last_day": found.last_day if found else None,
    }  # fmt: skip
    record(what, invoice.customer, payload, on=today, at=at, actor=actor)
    refresh_customers(invoice.creditor, [invoice.customer_id], today, at, actor)


@transaction.atomic
def change_supply(
    invoice: Invoice, activity: str, completed_on: date | None, *, today: date, at: datetime, actor: str = SYSTEM
) -> bool:
    """Say what was supplied and when it was completed, from which the time to sue may run. False when nothing changed."""
    assert activity in Activity.values, activity
    lock_customers([invoice.customer_id])
    if completed_on is not None and completed_on > today:
        raise SuppliedInTheFuture
    standing = Standing.objects.filter(invoice=invoice).first()
    if standing is None or (standing.activity, standing.completed_on) == (activity, completed_on):
        return False
    was = {"activity": standing.activity, "completed_on": standing.completed_on}
    Standing.objects.filter(pk=standing.pk).update(activity=activity, completed_on=completed_on)
    payload = {"invoice": invoice.pk, "was": was, "is": {"activity": activity, "completed_on": completed_on}}
    record("limitation.changed", invoice.customer, payload, on=today, at=at, actor=actor)
    refresh_customers(invoice.creditor, [invoice.customer_id], today, at, actor)
    return True
