"""What the account page shows: figures per currency, open invoices, holds, contacts and the budget of contacts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from exigible.books.cases.models import Case, Hold, Stage
from exigible.books.cases.queries import holds_of, unpaid_of
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Allocation, Contact, Customer, Invoice, Payment
from exigible.books.ledger.queries import unallocated_credits
from exigible.books.policies.models import Policy
from exigible.core.guard import first_day_allowed, limits_for
from exigible.core.law.book import law_book
from exigible.core.plan import InvoiceFacts
from exigible.features.customers.letters import credits_of, open_invoices
from exigible.features.outbox.checks import WAITING, history_of
from exigible.features.outbox.models import Message

SHOWN_INVOICES = 60
STAGES = {stage.value: rank for rank, stage in enumerate(Stage)}


class Figures(NamedTuple):
    """What is owed in one currency, in minor units; `balance` is what would settle the account."""

    currency: str
    overdue: int
    not_due: int
    credits: int
    balance: int


class Line(NamedTuple):
    """One open invoice of the statement."""

    facts: InvoiceFacts
    days_late: int
    stage: str
    is_late: bool


class Budget(NamedTuple):
    """Contacts made in the window against the most allowed, and the first day a message may be written again."""

    made: int
    cap: int
    window_days: int
    percent: int
    written_from: date


class Account(NamedTuple):
    """An account as the page shows it."""

    customer: Customer
    case: Case | None
    figures: list[Figures]
    lines: list[Line]
    more_lines: int
    stage: str
    holds: list[Hold]
    contacts: list[Contact]
    budget: Budget
    pending: Message | None
    has_email: bool


def current_case(customer: Customer) -> Case | None:
    """Return the case that follows this customer now, if anything is unpaid."""
    found: Case | None = Case.objects.filter(customer=customer).exclude(state=Case.State.CLOSED).first()
    return found


def account(customer: Customer, today: date, show_all: bool = False) -> Account:
    """Return all that the page shows of one customer."""
    case = current_case(customer)
    held = holds_of([case.pk], today) if case else {}
    unpaid = unpaid_of([case.pk], held).by_case.get(case.pk, []) if case else []
    invoices = sorted(unpaid, key=lambda facts: (facts.due or date.max, facts.id))
    shown = invoices if show_all else invoices[:SHOWN_INVOICES]
    contacts = list(Contact.objects.filter(customer=customer).order_by("-is_main", "id"))
    pending = (
        Message.objects.filter(customer=customer, state__in=(*WAITING, Message.State.REHEARSED))
        .order_by("-on", "-id")
        .first()
    )
    return Account(
        customer, case, figures_of(customer, invoices, today), [line_of(facts, today) for facts in shown], len(invoices) - len(shown),
        stage_of_case(invoices, today), holds_in_force(case, today), contacts, budget_of(customer, today), pending,
        any(contact.email and not contact.email_is_bad for contact in contacts),
    )  # fmt: skip


def figures_of(customer: Customer, invoices: Sequence[InvoiceFacts], today: date) -> list[Figures]:
    """Return the figures of each currency in which something is open, the creditor's own first."""
    credits: Mapping[str, int] = unallocated_credits([customer.pk]).get(customer.pk, {})
    sums: dict[str, list[int]] = {currency: [0, 0] for currency in credits}
    for invoice in invoices:
        is_late = invoice.due is not None and invoice.due < today
        sums.setdefault(invoice.currency, [0, 0])[0 if is_late else 1] += invoice.open
    home = customer.creditor.currency
    if not sums:
        sums[home] = [0, 0]
    return [
        Figures(currency, late, coming, credits.get(currency, 0), late + coming - credits.get(currency, 0))
        for currency, (late, coming) in sorted(sums.items(), key=lambda pair: (pair[0] != home, pair[0]))
    ]


def line_of(facts: InvoiceFacts, today: date) -> Line:
    """Return one invoice with its lateness and the word for where it stands."""
    days = (today - facts.due).days if facts.due else 0
    return Line(facts, max(days, 0), str(Stage(stage_now(facts, today)).label), days > 0)


def stage_now(facts: InvoiceFacts, today: date) -> str:
    """Return where an invoice stands on a day: what the calendar alone decides is not left to the last run."""
    if facts.stage in (Stage.UPCOMING, Stage.DUE, Stage.OVERDUE) and facts.due is not None:
        return Stage.UPCOMING if facts.due > today else Stage.DUE if facts.due == today else Stage.OVERDUE
    return facts.stage


def stage_of_case(invoices: Sequence[InvoiceFacts], today: date) -> str:
    """Return the word for the farthest stage among the unpaid invoices."""
    if not invoices:
        return str(Stage.CLOSED.label)
    return str(Stage(max((stage_now(facts, today) for facts in invoices), key=lambda stage: STAGES[stage])).label)


def holds_in_force(case: Case | None, today: date) -> list[Hold]:
    """Return the holds of a case that still wait on a day, the longest last."""
    if case is None:
        return []
    rows = (
        Hold.objects.filter(case=case, released_on__isnull=True, from_on__lte=today)
        .select_related("invoice", "creditor")
        .order_by("until_on", "id")
    )
    return [hold for hold in rows if hold.until_on is None or hold.until_on >= today]


def budget_of(customer: Customer, today: date) -> Budget:
    """Return how much of the contact budget of a customer is used, by the same history and limits as the guard."""
    creditor: Creditor = customer.creditor
    gap = Policy.objects.filter(creditor=creditor, is_current=True).values_list("min_gap_days", flat=True).first() or 0
    limits = limits_for(law_book(creditor.country), customer.kind, today, gap)
    history = [
        contact for contact in history_of(creditor, [customer.pk], today).get(customer.pk, []) if contact.on <= today
    ]
    made = sum((today - contact.on).days < limits.window_days for contact in history)
    first, _why = first_day_allowed(history, "email", limits, today, customer.country)
    percent = round(100 * min(made, limits.contacts_in_window) / limits.contacts_in_window)
    return Budget(made, limits.contacts_in_window, limits.window_days, percent, first)


class Proposal(NamedTuple):
    """One invoice of the payment form: what is open and how much of the money is proposed for it."""

    invoice: Invoice
    open_minor: int
    share_minor: int


def proposed_shares(
    customer: Customer, currency: str, amount_minor: int, given: Mapping[int, int] | None = None
) -> list[Proposal]:
    """Spread an amount over the open invoices, oldest due first; `given` shares (by invoice id) replace the proposal."""
    proposals, left = [], amount_minor
    for invoice, is_open in open_invoices(customer, currency):
        share = min(left, is_open) if given is None else given.get(invoice.pk, 0)
        left -= share
        proposals.append(Proposal(invoice, is_open, share))
    return proposals


def currencies_of(customer: Customer) -> list[str]:
    """Return the currencies in which this customer owes something, the creditor's own first."""
    owed = set(
        Invoice.objects.filter(customer=customer, settled_on__isnull=True).values_list("currency", flat=True).distinct()
    )
    home: str = customer.creditor.currency
    return sorted(owed | {home}, key=lambda code: (code not in owed, code != home, code))


class Credit(NamedTuple):
    """Money or a credit note that is not set against anything yet."""

    source: Payment | Invoice
    kind: str
    day: date
    label: str
    left_minor: int


def credits_left(customer: Customer) -> list[Credit]:
    """Return the credits of a customer, oldest first."""
    found: list[Credit] = []
    for currency in unallocated_credits([customer.pk]).get(customer.pk, {}):
        notes, money = credits_of(customer, currency)
        found += [Credit(note, "credit_note", note.issued_on, note.number, left) for note, left in notes]
        found += [Credit(payment, "payment", payment.received_on, payment.label, left) for payment, left in money]
    return sorted(found, key=lambda credit: (credit.day, credit.kind, credit.source.pk))


def allocations_of(payment: Payment) -> list[Allocation]:
    """Return what a payment pays."""
    return list(Allocation.objects.filter(payment=payment).select_related("invoice").order_by("id"))


def recorded_payment(customer: Customer, key: str) -> Payment | None:
    """Return the payment just recorded by hand, whose undoing is offered; nothing when it is not one of this customer."""
    if not key.isdecimal() or len(key) > 18:
        return None
    found: Payment | None = Payment.objects.filter(customer=customer, pk=int(key), origin="hand").first()
    return found
