"""What the screens of the bank show: movements to match a page at a time, what may explain one, statements, what became of all."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Allocation, Charge, Customer, Payment
from exigible.common.paging import SIZE, Page, page_of
from exigible.features.bank.models import Application, BankStatement, BankTransaction, Payer, Proposal
from exigible.features.bank.told import why_in_words

State = BankTransaction.State
ORDERS = {"largest": ("-amount_minor", "id"), "oldest": ("booked_on", "id")}
ORDER_NAMES = {"largest": _("largest first"), "oldest": _("oldest first")}
LATEST = ("-booked_on", "-id")
TABS = {
    "to_match": (State.TO_MATCH,),
    "applied": (State.APPLIED,),
    "returned": (State.RETURNED,),
    "set_aside": (State.SET_ASIDE,),
}
TAB_NAMES = {
    "to_match": _("To match"),
    "applied": _("Applied"),
    "returned": _("Given back"),
    "set_aside": _("Set aside"),
    "statements": _("Statements"),
}
MOST_COUNTED = 999
MOST_CERTAIN = 500
MOST_STATEMENTS = 100
LIKELY_FROM = Decimal("0.75")


class Surety(NamedTuple):
    """How sure an explanation is: a word, the tone of its badge, the figure behind it in percent."""

    word: Any
    tone: str
    percent: str


class Row(NamedTuple):
    """A movement of a list, and its best explanation if it has one."""

    movement: BankTransaction
    best: Proposal | None
    surety: Surety | None


def surety_of(proposal: Proposal) -> Surety:
    """Return how sure an explanation is, in words."""
    percent = _("%(number)s%%") % {"number": round(proposal.confidence * 100)}
    if proposal.is_certain:
        return Surety(_("certain"), "done", percent)
    return (
        Surety(_("likely"), "accent", percent)
        if proposal.confidence >= LIKELY_FROM
        else Surety(_("possible"), "", percent)
    )


def bounded(number: int) -> str:
    """Return a number as it is shown: beyond a bound nobody counts."""
    return str(number) if number <= MOST_COUNTED else f"{MOST_COUNTED}+"


def in_state(creditor: Creditor, *states: str) -> QuerySet[Any]:
    """Return the movements of a creditor in some states."""
    rows: QuerySet[Any] = BankTransaction.objects.of(creditor)
    return rows.filter(state__in=states) if len(states) > 1 else rows.filter(state=states[0])


def to_match(creditor: Creditor) -> QuerySet[Any]:
    """Return the movements that wait for a person."""
    return in_state(creditor, State.TO_MATCH)


def count_to_match(creditor: Creditor) -> int:
    """Return how many movements wait, counted up to a bound."""
    return len(to_match(creditor).order_by().values_list("pk")[: MOST_COUNTED + 1])


def count_certain(creditor: Creditor) -> int:
    """Return how many of those that wait have an explanation that is certain, counted up to a bound."""
    rows = Proposal.objects.of(creditor).filter(is_certain=True, rank=1, transaction__state=State.TO_MATCH)
    return len(rows.filter(transaction__is_by_hand_only=False).order_by().values_list("pk")[:MOST_CERTAIN])


def tab_list(creditor: Creditor, here: str) -> list[dict[str, Any]]:
    """Return the tabs, with how many wait; only what waits is counted."""
    tabs = []
    for name, title in TAB_NAMES.items():
        link = reverse("bank:queue") if name == "to_match" else reverse("bank:statements")
        if name not in ("to_match", "statements"):
            link = f"{reverse('bank:movements')}?tab={name}"
        count = bounded(count_to_match(creditor)) if name == "to_match" else ""
        tabs.append({"title": title, "link": link, "is_here": name == here, "count": count if count != "0" else ""})
    return tabs


def queue_page(creditor: Creditor, order: str, after: str, before: str, on: int | None) -> Page:
    """Return a page of what waits; where the one to begin with is not on it, the page begins with that one."""
    rows = to_match(creditor)
    page = page_of(rows, ORDERS[order], after, before)
    if on is not None and all(row.pk != on for row in page.rows):
        first = rows.filter(pk=on).first()
        if first is not None:
            rest = page_of(rows, ORDERS[order], str(on), "", SIZE - 1)
            page = Page([first, *rest.rows], str(on), rest.next)
    return Page(rows_of(page.rows), page.previous, page.next)


def rows_of(movements: Sequence[BankTransaction]) -> list[Row]:
    """Return movements with their best explanation, in one query whatever their number."""
    found = Proposal.objects.filter(transaction__in=[each.pk for each in movements], rank=1).select_related("customer")
    shown = found.only("transaction_id", "confidence", "is_certain", "customer__name")
    best: dict[int, Proposal] = {proposal.transaction_id: proposal for proposal in shown}
    return [row_of(movement, best.get(movement.pk)) for movement in movements]


def row_of(movement: BankTransaction, best: Proposal | None) -> Row:
    """Return a movement as a list shows it."""
    return Row(movement, best, surety_of(best) if best else None)


def following(creditor: Creditor, order: str, movement: BankTransaction) -> int | None:
    """Return the movement that comes after one in an order, or else the first that waits; nothing when none does."""
    rows = to_match(creditor).exclude(pk=movement.pk)
    beyond = page_of(rows, ORDERS[order], str(movement.pk), "", 1).rows or page_of(rows, ORDERS[order], "", "", 1).rows
    return int(beyond[0].pk) if beyond else None


def page_of_movements(creditor: Creditor, tab: str, after: str, before: str) -> Page:
    """Return a page of what was dealt with, the latest first."""
    rows = in_state(creditor, *TABS[tab]).select_related("statement", "returns")
    page = page_of(rows, LATEST, after, before)
    return Page(with_payments(page.rows), page.previous, page.next)


def with_payments(movements: Sequence[BankTransaction]) -> list[dict[str, Any]]:
    """Return movements with the payments that they became."""
    paid: dict[int, list[Application]] = {}
    rows = Application.objects.filter(transaction__in=[each.pk for each in movements])
    for one in rows.select_related("payment__customer").order_by("id"):
        paid.setdefault(one.transaction_id, []).append(one)
    return [{"movement": each, "applications": paid.get(each.pk, []), "why": why_in_words(each)} for each in movements]


class Paid(NamedTuple):
    """One payment that a movement became: whose, what it settled, what is left of it as a credit."""

    application: Application
    allocations: list[Allocation]
    charges: list[Charge]
    left_minor: int


def payments_of(movement: BankTransaction) -> list[Paid]:
    """Return what a movement paid, line by line."""
    found = []
    for one in Application.objects.filter(transaction=movement).select_related("payment__customer").order_by("id"):
        payment: Payment = one.payment
        allocations = list(Allocation.objects.filter(payment=payment).select_related("invoice").order_by("id"))
        charges = list(Charge.objects.filter(payment=payment).select_related("invoice").order_by("id"))
        used = sum(each.amount_minor for each in (*allocations, *charges))
        found.append(Paid(one, allocations, charges, payment.amount_minor - used))
    return found


def is_being_matched(creditor: Creditor) -> bool:
    """Say whether a statement is still being matched in the background."""
    return BankStatement.objects.of(creditor).filter(state=BankStatement.State.WAITING).exists()


def statements(creditor: Creditor) -> list[BankStatement]:
    """Return the latest statements, whose sentences `wording` writes."""
    rows = BankStatement.objects.of(creditor).select_related("received_by").order_by("-id")
    return list(rows[:MOST_STATEMENTS])


def has_statement(creditor: Creditor) -> bool:
    """Say whether any bank file was given."""
    return BankStatement.objects.of(creditor).exists()


def page_of_statement(statement: BankStatement, after: str, before: str) -> Page:
    """Return a page of the movements of a statement, as it lists them."""
    page = page_of(statement.transactions.select_related("statement"), ("line", "id"), after, before)
    return Page(with_payments(page.rows), page.previous, page.next)


def may_be_of(customer: Customer) -> list[Row]:
    """Return the movements that wait and may be this customer's, the most likely first."""
    rows = Proposal.objects.filter(customer=customer, transaction__state=State.TO_MATCH)
    found = rows.select_related("transaction__statement", "customer").order_by("-confidence", "-id")[:20]
    seen: dict[int, Row] = {}
    for proposal in found:
        seen.setdefault(proposal.transaction_id, row_of(proposal.transaction, proposal))
    return list(seen.values())


def just_done(creditor: Creditor, movement_id: int) -> BankTransaction | None:
    """Return the movement that was just dealt with, if it still can be undone."""
    found: BankTransaction | None = in_state(creditor, State.APPLIED, State.SET_ASIDE).filter(pk=movement_id).first()
    return found


def movement_of_payment(payment: Payment) -> BankTransaction | None:
    """Return the bank movement that a payment came from, if it came from one."""
    found = Application.objects.filter(payment=payment).select_related("transaction__statement").first()
    return found.transaction if found else None


def payers_of(customer: Customer) -> list[Payer]:
    """Return the accounts and names that a person confirmed to pay for a customer."""
    return list(Payer.objects.filter(customer=customer).order_by("-learned_on", "id")[:20])


def suggested_customers(movement: BankTransaction) -> list[Customer]:
    """Return whose money a movement may be, the most likely first, each once."""
    rows = Proposal.objects.filter(transaction=movement).select_related("customer").order_by("rank")
    return list({proposal.customer_id: proposal.customer for proposal in rows}.values())


def latest_day(creditor: Creditor) -> date | None:
    """Return the last day that a statement covers."""
    rows = BankStatement.objects.of(creditor).filter(closing_on__isnull=False).order_by("-closing_on")
    found: date | None = rows.values_list("closing_on", flat=True).first()
    return found
