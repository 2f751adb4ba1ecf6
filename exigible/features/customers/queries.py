"""The list of accounts: a page of customers in one of the saved views, found by an index, worst first or by name."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from exigible.books.cases.models import Case, Hold
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Contact, Customer, CustomerKind, Segment
from exigible.common.paging import Page, page_of
from exigible.features.outbox.checks import WAITING
from exigible.features.outbox.models import Message

VIEWS = {
    "late": _("Late payers"), "all": _("All"), "public": _("Public bodies"), "consumers": _("Consumers"), "new": _("New customers"),
    "held": _("Held"), "no_email": _("Without e-mail"), "unknown": _("Kind to specify"),
}  # fmt: skip
LAST = "\U0010ffff"


class Account(NamedTuple):
    """One line of the list."""

    customer: Customer
    case: Case | None
    days_late: int | None
    holds: Sequence[str]
    waiting: Message | None


class Accounts(NamedTuple):
    """A page of the list, and the keys of its neighbours."""

    rows: list[Account]
    previous: str
    next: str


def begins_with(column: str, typed: str) -> Q:
    """A range of the index for each way the word may have been written; LIKE would read the whole book."""
    found = Q()
    for variant in {typed, typed.upper(), typed.lower(), typed.capitalize(), typed.title()}:
        found |= Q(**{f"{column}__gte": variant, f"{column}__lt": variant + LAST})
    return found


class Asked(NamedTuple):
    """What the list is asked for: one of VIEWS, sorted by overdue or name, beginning as typed, after or before a key."""

    view: str = "late"
    sort: str = "overdue"
    typed: str = ""
    after: str = ""
    before: str = ""


def accounts(creditor: Creditor, asked: Asked, today: date) -> Accounts:
    """Return a page of accounts; what was typed is searched in all of them, whatever the view."""
    if asked.typed:
        page = _search(creditor, asked.typed, asked.after, asked.before)
    elif asked.sort == "overdue" and asked.view != "all":
        page = _by_overdue(creditor, asked.view, asked.after, asked.before)
    else:
        page = page_of(_customers_in(creditor, asked.view), ("name", "id"), asked.after, asked.before)
    customers = [row if isinstance(row, Customer) else row.customer for row in page.rows]
    return Accounts(_filled(customers, today), page.previous, page.next)


def _by_overdue(creditor: Creditor, view: str, after: str, before: str) -> Page:
    cases = Case.objects.of(creditor).filter(state=Case.State.OPEN).select_related("customer")
    if view == "late":
        cases = cases.filter(priority__gt=0)
    elif view == "held":
        cases = cases.filter(pk__in=Hold.objects.of(creditor).filter(released_on__isnull=True).values("case"))
    elif view == "no_email":
        cases = cases.filter(~_has_address("customer_id"))
    else:
        cases = cases.filter(**{f"customer__{name}": value for name, value in FILTERS[view].items()})
    return page_of(cases, ("-priority", "id"), after, before)


FILTERS: dict[str, dict[str, str]] = {
    "public": {"kind": CustomerKind.PUBLIC_BODY}, "consumers": {"kind": CustomerKind.CONSUMER}, "new": {"segment": Segment.NEW},
    "unknown": {"kind": CustomerKind.UNKNOWN},
}  # fmt: skip


def _has_address(column: str) -> Exists:
    return Exists(Contact.objects.filter(customer=OuterRef(column), email_is_bad=False).exclude(email=""))


def _customers_in(creditor: Creditor, view: str) -> QuerySet[Customer]:
    customers = Customer.objects.of(creditor).filter(merged_into__isnull=True)
    cases = Case.objects.filter(customer=OuterRef("pk"), state=Case.State.OPEN)
    if view == "late":
        return customers.filter(Exists(cases.filter(priority__gt=0)))
    if view == "held":
        return customers.filter(
            Exists(cases.filter(Exists(Hold.objects.filter(case=OuterRef("pk"), released_on__isnull=True))))
        )
    if view == "no_email":
        return customers.filter(~_has_address("pk"))
    return customers.filter(**FILTERS.get(view, {}))


def _search(creditor: Creditor, typed: str, after: str, before: str) -> Page:
    mine = Customer.objects.of(creditor).filter(merged_into__isnull=True)
    page = page_of(
        mine.filter(begins_with("name", typed) | begins_with("reference", typed)), ("name", "id"), after, before
    )
    if page.rows or len(typed) < 3:
        return page
    return page_of(mine.filter(name__icontains=typed), ("name", "id"), after, before)


def _filled(customers: Sequence[Customer], today: date) -> list[Account]:
    """Add to each customer its case, its holds and what waits for it; four queries whatever the page."""
    ids = [customer.pk for customer in customers]
    cases = {
        case.customer_id: case for case in Case.objects.filter(customer_id__in=ids).exclude(state=Case.State.CLOSED)
    }
    holds: dict[int, list[str]] = {}
    in_force = Hold.objects.filter(
        case__in=[case.pk for case in cases.values()], released_on__isnull=True, from_on__lte=today
    )
    for hold in in_force.filter(Q(until_on__isnull=True) | Q(until_on__gte=today)).order_by("id"):
        words = holds.setdefault(hold.case_id, [])
        if hold.get_reason_display() not in words:
            words.append(hold.get_reason_display())
    pending = Message.objects.filter(customer_id__in=ids, state__in=(*WAITING, Message.State.REHEARSED)).order_by("id")
    waiting = {message.customer_id: message for message in pending.defer("facts_json")}
    return [
        _account(customer, cases.get(customer.pk), holds, waiting.get(customer.pk), today) for customer in customers
    ]


def _account(
    customer: Customer, case: Case | None, holds: dict[int, list[str]], waiting: Message | None, today: date
) -> Account:
    late = (today - case.oldest_due_on).days if case and case.oldest_due_on else None
    return Account(customer, case, late, holds.get(case.pk, ()) if case else (), waiting)
