"""What the screens of insolvency show: the open proceedings with their delays, and what one changes for a claim."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from exigible.books.cases.models import Case, Deadline
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.accruals import accrued_on
from exigible.books.ledger.models import Customer, Invoice
from exigible.books.ledger.queries import invoice_balance
from exigible.core.law.book import law_book
from exigible.core.law.deadlines import Deadline as Delay
from exigible.core.law.deadlines import deadline, deadline_rules
from exigible.features.insolvency.models import InsolvencyNotice
from exigible.features.insolvency.operations import (
    CLAIM,
    CLAIM_ABROAD,
    COUNTRY,
    ENDS,
    OPENS,
    declared_invoices,
    proceedings_of,
)

RULES = (CLAIM, CLAIM_ABROAD)
MOST = 200


class Proceeding(NamedTuple):
    """An insolvent customer: the latest notice, since when, the delay to declare if one runs, and what is owed."""

    customer: Customer
    notice: InsolvencyNotice
    since: date
    deadline: Deadline | None
    open_minor: int
    currency: str

    @property
    def is_ended(self) -> bool:
        """Whether the proceedings were closed."""
        return self.notice.kind in ENDS


def proceedings(creditor: Creditor) -> list[Proceeding]:
    """The insolvent customers: those whose delay ends first, then the others by name. A bounded number of them."""
    customers = Customer.objects.of(creditor).filter(insolvent_since__isnull=False, merged_into__isnull=True)
    customers = customers.order_by("name", "id")[:MOST]
    ids = [customer.pk for customer in customers]
    cases = {case.customer_id: case for case in Case.objects.filter(customer_id__in=ids).order_by("id")}
    planned: dict[int, Deadline] = {}
    for found in (
        Deadline.objects.filter(case__customer_id__in=ids, rule__in=RULES).select_related("case").order_by("last_day")
    ):
        planned[found.case.customer_id] = found
    rows = [
        _proceeding(customer, cases.get(customer.pk), planned.get(customer.pk), proceedings_of(customer))
        for customer in customers
    ]
    shown = [row for row in rows if row is not None]
    return sorted(shown, key=lambda row: (row.is_ended, *_urgency(row.deadline), row.customer.name))


def _urgency(planned: Deadline | None) -> tuple[bool, date]:
    waits = planned is not None and planned.done_on is None
    return not waits, planned.last_day if planned and waits else date.max


def _proceeding(
    customer: Customer, case: Case | None, planned: Deadline | None, notices: Sequence[InsolvencyNotice]
) -> Proceeding | None:
    since = customer.insolvent_since
    if not notices or since is None:
        return None
    owed = case.open_minor if case and case.state != Case.State.CLOSED else 0
    return Proceeding(customer, notices[0], since, planned, owed, case.currency if case else customer.creditor.currency)


def to_confirm(creditor: Creditor) -> list[InsolvencyNotice]:
    """The notices that only bear a customer's name, the latest first."""
    rows = InsolvencyNotice.objects.of(creditor).filter(state=InsolvencyNotice.State.PROPOSED)
    return list(rows.select_related("customer").order_by("-published_on", "-id")[:MOST])


def waiting_deadlines(creditor: Creditor, window: int) -> list[Deadline]:
    """The declarations of claim that wait, of customers who owe from before the judgment, the nearest last day first."""
    rows = Deadline.objects.of(creditor).filter(done_on__isnull=True, rule__in=RULES)
    rows = rows.filter(Exists(_of_before("case__customer")))
    return list(rows.select_related("case__customer").order_by("last_day", "id")[:window])


def without_deadline(creditor: Creditor, window: int) -> list[Customer]:
    """Insolvent customers who owe from before the judgment and whose delay to declare cannot be counted: no opening is known."""
    planned = Deadline.objects.filter(case__customer=OuterRef("pk"), rule__in=RULES)
    rows = Customer.objects.of(creditor).filter(insolvent_since__isnull=False, merged_into__isnull=True)
    found = list(rows.filter(~Exists(planned), Exists(_of_before("pk"))).order_by("id")[:window])
    return [one for one in found if (notices := proceedings_of(one)) and notices[0].kind not in ENDS]


def _of_before(customer: str) -> QuerySet[Invoice]:
    """The unpaid invoices of before the judgment, of the customer that a column of the outer query names."""
    since = "insolvent_since" if customer == "pk" else f"{customer}__insolvent_since"
    unpaid = Invoice.objects.filter(customer=OuterRef(customer), settled_on__isnull=True, issued_on__lt=OuterRef(since))
    return unpaid.exclude(kind=Invoice.Kind.CREDIT_NOTE)


def deadline_of(customer: Customer) -> Deadline | None:
    """The latest delay to declare of a customer."""
    rows = Deadline.objects.filter(case__customer=customer, rule__in=RULES).select_related("case__customer")
    found: Deadline | None = rows.order_by("-from_on", "-id").first()
    return found


class Declared(NamedTuple):
    """An invoice to declare: what is left of it, and its interest and indemnity until the eve, in its currency."""

    invoice: Invoice
    open_minor: int
    interest_minor: int
    indemnity_minor: int

    @property
    def total_minor(self) -> int:
        """All that is declared of it."""
        return self.open_minor + self.interest_minor + self.indemnity_minor


def to_declare(customer: Customer, today: date) -> list[Declared]:
    """What is owed of before the judgment, with what had accrued on its eve; a few queries an invoice."""
    found = []
    for invoice in declared_invoices(customer):
        accrued = accrued_on(invoice, today)
        found.append(Declared(invoice, invoice_balance(invoice), accrued.interest_minor, accrued.indemnity_minor))
    return found


def totals(rows: Sequence[Declared]) -> list[tuple[str, int]]:
    """What is declared in all, by currency."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.invoice.currency] = sums.get(row.invoice.currency, 0) + row.total_minor
    return sorted(sums.items())


def other_delays(notices: Sequence[InsolvencyNotice]) -> list[Delay]:
    """What else runs from the opening or from the liquidation: relief from forfeiture, goods under reserve, lost tax."""
    book = law_book(COUNTRY)
    opening = next((notice for notice in notices if notice.kind in OPENS), None)
    starts = (
        [("insolvency_relief", opening.published_on), ("retention_of_title", opening.published_on)] if opening else []
    )
    wound_up = next(
        (notice for notice in notices if notice.procedure == "liquidation" and notice.kind not in ENDS), None
    )
    if wound_up is not None:
        starts.append(("vat_recovery", wound_up.judged_on or wound_up.published_on))
    rules = deadline_rules(book)
    return [deadline(book, rule, day) for rule, day in starts if day is not None and rule in rules]
