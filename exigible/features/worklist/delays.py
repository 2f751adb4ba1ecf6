"""Claims to declare in insolvency proceedings, notices to place and companies that closed, as rows of the worklist."""

from datetime import date
from typing import Any

from exigible.books.cases.models import Case
from exigible.books.creditors.models import Creditor
from exigible.features.customers.models import CompanyRecord
from exigible.features.insolvency.queries import to_confirm, waiting_deadlines, without_deadline
from exigible.features.worklist.rows import DELAYS, WINDOW, Row


def delay_rows(creditor: Creditor, today: date, window: int = WINDOW) -> list[Row]:
    """Return them: delays by their last day, then notices, then closed companies that owe; a few indexed queries."""
    found: list[tuple[str, Any, Case | None, dict[str, Any]]] = []
    for planned in waiting_deadlines(creditor, window):
        rule = "insolvency.claim" if today <= planned.last_day else "insolvency.claim.late"
        facts = {"date": planned.last_day.isoformat(), "on": planned.from_on.isoformat()}
        found.append((rule, planned.case.customer, planned.case, facts))
    notices, blind = to_confirm(creditor)[:window], without_deadline(creditor, window)
    closed = CompanyRecord.objects.of(creditor).filter(is_active=False, is_confirmed=True, seen_on__isnull=True)
    records = list(closed.select_related("customer").order_by("id")[:window])
    ids = {each.customer_id for each in (*notices, *records)} | {customer.pk for customer in blind}
    cases = {
        case.customer_id: case for case in Case.objects.filter(customer_id__in=ids).exclude(state=Case.State.CLOSED)
    }
    found += [("insolvency.unknown", customer, cases.get(customer.pk), {}) for customer in blind]
    for notice in notices:
        facts = {"on": notice.published_on.isoformat()} if notice.published_on else {}
        found.append(("insolvency.namesake", notice.customer, cases.get(notice.customer_id), facts))
    for record in records:
        if record.customer_id in cases:  # one that owes nothing is nobody's work
            facts = {"on": record.closed_on.isoformat()} if record.closed_on else {}
            found.append(("company.closed", record.customer, cases[record.customer_id], facts))
    return [_row(creditor.currency, each, today) for each in found]


def _row(home: str, found: tuple[str, Any, Case | None, dict[str, Any]], today: date) -> Row:
    rule, customer, case, facts = found
    amount, currency = (case.open_minor, case.currency) if case else (0, home)
    told = facts | {"customer_id": customer.pk, "amount": amount, "currency": currency}
    oldest = case.oldest_due_on if case else None
    return Row(
        DELAYS, customer.pk, customer.name, {"rule": rule, "facts": told}, amount, currency,
        (today - oldest).days if oldest else None, case.pk if case else None,
    )  # fmt: skip
