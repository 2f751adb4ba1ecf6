"""The last days to sue that draw near, as rows of the worklist: no hold, no exclusion and no dispute takes them off it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from exigible.books.cases.limitation import months_before
from exigible.books.cases.limitation_alerts import end_alert
from exigible.books.cases.models import LimitationAlert, Stage
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Allocation, Customer, CustomerKind
from exigible.core.dates import add_months
from exigible.core.law.book import law_book
from exigible.features.worklist.rows import LIMITS, WINDOW, Row

_COLUMNS = (
    "id", "last_day", "raised_on", "invoice_id", "invoice__number", "invoice__currency", "open_minor", "invoice__customer_id",
    "invoice__customer__name", "invoice__customer__kind", "invoice__standing__case_id", "invoice__due_on",
)  # fmt: skip


class Alerted(NamedTuple):
    """One alert that waits, with its invoice and what is left of it."""

    id: int
    last_day: date
    raised_on: date
    invoice_id: int
    number: str
    currency: str
    open_minor: int
    customer_id: int
    customer: str
    kind: str
    case_id: int
    due: date | None


def waiting_alerts(creditor: Creditor, window: int, customer: Customer | None = None) -> list[Alerted]:
    """Return the alerts that wait for a person, the nearest last day first, of invoices still unpaid; one query."""
    paid = Allocation.objects.filter(invoice=OuterRef("invoice_id")).order_by().values("invoice")
    rows = LimitationAlert.objects.of(creditor).filter(
        ended_on__isnull=True, invoice__standing__last_day_to_sue=F("last_day")
    )
    if customer is not None:
        rows = rows.filter(invoice__customer=customer)
    rows = rows.exclude(invoice__standing__stage=Stage.CLOSED).order_by("last_day", "id")
    left = F("invoice__total_minor") - Coalesce(Subquery(paid.annotate(sum=Sum("amount_minor")).values("sum")), 0)
    return [Alerted(*row) for row in rows.annotate(open_minor=left).values_list(*_COLUMNS)[:window]]


def limit_rows(creditor: Creditor, today: date, window: int = WINDOW) -> list[Row]:
    """Return a row for each account with an alert that waits, the nearest last day first."""
    accounts: dict[int, list[Alerted]] = {}
    for alert in waiting_alerts(creditor, window):
        accounts.setdefault(alert.customer_id, []).append(alert)
    return [row_of(creditor, alerts, today) for alerts in accounts.values()]


def row_of(creditor: Creditor, alerts: list[Alerted], today: date) -> Row:
    """Return the row of one account: how much of it dies with the nearest last day, and what to do."""
    first = alerts[0]
    alike = [alert for alert in alerts if alert.currency == first.currency]
    dues = [alert.due for alert in alerts if alert.due]
    amount = sum(alert.open_minor for alert in alike)
    facts: dict[str, Any] = {
        "customer_id": first.customer_id, "invoices": [alert.invoice_id for alert in alerts], "count": len(alerts),
        "amount": amount, "currency": first.currency, "date": first.last_day.isoformat(),
    }  # fmt: skip
    return Row(
        LIMITS, first.customer_id, first.customer, {"rule": _rule(creditor, first, today), "facts": facts}, amount, first.currency,
        (today - min(dues)).days if dues else None, first.case_id, invoices=tuple(alert.number for alert in alerts),
        on=min(alert.raised_on for alert in alerts),
    )  # fmt: skip


def _rule(creditor: Creditor, alert: Alerted, today: date) -> str:
    """What there is to do: by how near the day is, and against whom."""
    if alert.last_day < today:
        return "limitation.passed"
    if alert.kind == CustomerKind.PUBLIC_BODY:
        return "limitation.public"
    marks = months_before(law_book(creditor.country), alert.last_day)
    is_near = len(marks) > 1 and today >= add_months(alert.last_day, -marks[1])
    return "limitation.near" if is_near else "limitation.far"


def end_alerts(
    customer: Customer, alert_ids: Iterable[int], note: str, *, today: date, at: datetime, actor: str
) -> None:
    """Keep what was done about alerts of a customer: they leave the list until the next threshold."""
    alerts = LimitationAlert.objects.filter(pk__in=list(alert_ids), invoice__customer=customer, ended_on__isnull=True)
    for alert in alerts.select_related("invoice__customer").order_by("id"):
        end_alert(alert, note, today=today, at=at, actor=actor)
