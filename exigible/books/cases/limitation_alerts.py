"""Tells in time that the last day to sue draws near: once for each threshold, whatever is paused, excluded or disputed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from exigible.books.cases.limitation import thresholds
from exigible.books.cases.models import LimitationAlert, Stage, Standing
from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, Entry, Head, record, record_many
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Customer
from exigible.common.bulk import insert_rows, update_rows
from exigible.core.law.book import LawBook, law_book

CHUNK = 500
_ONE_DAY = timedelta(days=1)
_COLUMNS = ("invoice_id", "invoice__customer_id", "stage", "last_day_to_sue", "next_warning_on")


def warn_of_limitation(creditor: Creditor, today: date, at: datetime) -> int:
    """Raise the alerts that today reached; returns how many. One indexed query where none is.

    Of several thresholds passed while nobody looked, the last is told. Repeated the same day it adds nothing.
    """
    book, raised = law_book(creditor.country), 0
    while keys := _due(creditor, today):
        raised += _warn(creditor, book, keys, today, at)
    return raised


def _due(creditor: Creditor, today: date) -> list[tuple[int, int]]:
    """The standings (by invoice, with their customer) whose next alert has come, a chunk of them."""
    rows = Standing.objects.of(creditor).filter(next_warning_on__lte=today).order_by("next_warning_on", "invoice_id")
    return list(rows.values_list("invoice_id", "invoice__customer_id")[:CHUNK])


@transaction.atomic
def _warn(creditor: Creditor, book: LawBook, keys: Sequence[tuple[int, int]], today: date, at: datetime) -> int:
    lock_customers([customer_id for _key, customer_id in keys])
    ids = [key for key, _customer_id in keys]
    alerts: list[tuple[Any, ...]] = []
    marks: dict[int, dict[str, Any]] = {}
    moved: list[tuple[Any, ...]] = []
    known = set(LimitationAlert.objects.filter(invoice_id__among=ids).values_list("invoice_id", "last_day", "months"))
    rows = Standing.objects.filter(invoice_id__among=ids, next_warning_on__lte=today).order_by("invoice_id")
    for key, customer_id, stage, last_day, warning in rows.values_list(*_COLUMNS):
        days = thresholds(book, warning - _ONE_DAY, last_day) if last_day else []
        months = _months_told(days, warning, today)
        moved.append((min((day for day, _months in days if day > today), default=None), key))
        if stage == Stage.CLOSED or months is None or (key, last_day, months) in known:
            continue
        alerts.append((creditor.pk, key, months, last_day, today, ""))
        marks.setdefault(customer_id, {})[str(key)] = {"months": months, "last_day": last_day.isoformat()}
    LimitationAlert.objects.filter(invoice_id__among=[row[1] for row in alerts], ended_on__isnull=True).update(
        ended_on=today
    )
    insert_rows(LimitationAlert, ("creditor_id", "invoice_id", "months", "last_day", "raised_on", "note"), alerts)
    update_rows(Standing, ("next_warning_on",), moved)
    _tell(creditor, marks, today, at)
    return len(alerts)


def _months_told(days: Sequence[tuple[date, int]], warning: date, today: date) -> int | None:
    """The threshold that is told: the last one reached, not before the day that was set for this alert."""
    reached = [months for day, months in days if warning <= day <= today]
    return reached[-1] if reached else None


def _tell(creditor: Creditor, marks: dict[int, dict[str, Any]], today: date, at: datetime) -> None:
    """Write one event for each customer, with its invoices."""
    customers = list(Customer.objects.filter(pk__among=list(marks)).order_by("pk"))
    entries = [
        Entry(
            one.stream, Head(one.chain_number, one.chain_hash), one.pk, "limitation.warned", {"limits": marks[one.pk]}
        )
        for one in customers
    ]
    heads = record_many(creditor.pk, entries, today, at)
    rows = [(head.number, head.hash, one.pk) for one, head in zip(customers, heads, strict=True)]
    update_rows(Customer, ("chain_number", "chain_hash"), rows)


@transaction.atomic
def end_alert(alert: LimitationAlert, note: str, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Keep what a person did about an alert: it leaves the list until the next threshold. Done once, whoever repeats it."""
    customer = alert.invoice.customer
    lock_customers([customer.pk])
    if not LimitationAlert.objects.filter(pk=alert.pk, ended_on__isnull=True).update(ended_on=today, note=note[:300]):
        return
    payload = {"invoice": alert.invoice_id, "months": alert.months, "last_day": alert.last_day, "note": note[:300]}
    record("limitation.handled", customer, payload, on=today, at=at, actor=actor)
