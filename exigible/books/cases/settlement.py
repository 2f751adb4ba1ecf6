"""Holds on what is not to be asked for yet, because of how an invoice is to be settled (core/settlement.py)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, Sum

from exigible.books.cases.models import TERMS, Hold, NotYetCause, Standing, cause_of
from exigible.books.cases.operations import refresh_customers, say_holds
from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Customer, Invoice, Posting, SettlementTerms, SupplierAccount
from exigible.books.ledger.posting_records import lookups
from exigible.books.ledger.posting_settlement import BY_PERSON, STRUCTURED
from exigible.core.settlement import NotYet, Terms, not_yet

Moment = tuple[date, datetime, str]
CODES = (NotYetCause.SERVICE_CODE.value, NotYetCause.COMMITMENT.value, NotYetCause.CODES.value)


def terms_of(settlement: SettlementTerms) -> Terms:
    """The terms of an invoice as the core takes them."""
    invoice = settlement.invoice
    return Terms(
        invoice.due_on,
        settlement.method,
        settlement.presented_on,
        settlement.factor,
        settlement.assigned_on,
        settlement.retention_minor,
        settlement.retention_until,
        settlement.not_before,
        settlement.service_code,
        invoice.order_reference,
        invoice.customer.kind,
        invoice.customer.buyer,
        settlement.source == STRUCTURED,
    )


@transaction.atomic
def agree_with_terms(
    creditor: Creditor, invoice_ids: Iterable[int], today: date, at: datetime, actor: str = SYSTEM, *,
    causes: Collection[str] = tuple(NotYetCause.values),
) -> list[int]:  # fmt: skip
    """Make the holds of invoices agree with their terms of settlement; returns the customers whose holds changed.

    Called when terms are new: a hold that a person ended is not begun again by the same terms. `causes` are those looked
    at: of a customer whose kind is said, only the codes of a public body (CODES) depend on it.
    """
    ids = list(invoice_ids)
    changed: set[int] = set()
    for some in lookups(ids, 500):
        changed |= _agree(creditor, some, (today, at, actor), frozenset(causes))
    if changed:
        refresh_customers(creditor, sorted(changed), today, at, actor)
        say_holds(creditor, sorted(changed), today)
    return sorted(changed)


def _agree(creditor: Creditor, invoice_ids: list[int], moment: Moment, causes: frozenset[str]) -> set[int]:
    rows = SettlementTerms.objects.of(creditor).filter(pk__in=invoice_ids).select_related("invoice__customer")
    settlements = list(rows.order_by("invoice__customer_id", "pk"))
    lock_customers(each.invoice.customer_id for each in settlements)
    standings = Standing.objects.filter(pk__in=[each.pk for each in settlements]).select_related("case")
    standing_of = {each.pk: each for each in standings}
    present: dict[int, list[Hold]] = defaultdict(list)
    holds = Hold.objects.filter(invoice_id__in=list(standing_of), released_on__isnull=True, source__startswith=TERMS)
    by_person = Q(source=f"{TERMS}{NotYetCause.SET_OFF}", amount_minor__isnull=False)  # of a customer's two debts
    for hold in holds.exclude(by_person):
        if cause_of(hold.source) in causes:
            present[hold.invoice_id or 0].append(hold)
    changed = set()
    for each in settlements:
        standing = standing_of.get(each.pk)
        is_open = standing is not None and each.invoice.settled_on is None
        reasons = not_yet(terms_of(each), moment[0], creditor.country) if is_open else []
        wanted = [reason for reason in reasons if reason.cause in causes]
        if standing and _follow(standing, each.invoice, wanted, present[each.pk], moment):
            changed.add(each.invoice.customer_id)
    return changed


def _follow(standing: Standing, invoice: Invoice, wanted: list[NotYet], present: list[Hold], moment: Moment) -> bool:
    """Begin and end the holds of one invoice; says whether any did."""
    today, at, actor = moment
    asked = {(TERMS + each.cause, each.amount_minor, each.until): each for each in wanted}
    kept = {(hold.source, hold.amount_minor, hold.until_on) for hold in present}
    for hold in present:
        if (hold.source, hold.amount_minor, hold.until_on) in asked:
            continue
        Hold.objects.filter(pk=hold.pk).update(released_on=today)
        payload = {"hold": hold.pk, "reason": hold.reason, "invoice": invoice.pk}
        record("case.released", standing.case, payload, on=today, at=at, actor=actor)
    for key in sorted(asked.keys() - kept, key=str):
        source, amount, until = key
        made = Hold.objects.create(
            creditor_id=invoice.creditor_id, case=standing.case, invoice=invoice, amount_minor=amount,
            reason=Hold.Reason.NOT_YET, from_on=today, until_on=until, source=source,
        )  # fmt: skip
        payload = {"hold": made.pk, "reason": made.reason, "until": until, "invoice": invoice.pk, "amount": amount}
        record("case.held", standing.case, payload | {"source": source}, on=today, at=at, actor=actor)
    return asked.keys() != kept


@transaction.atomic
def review_supplier(
    customer: Customer, is_set_off: bool, *, today: date, at: datetime, actor: str = SYSTEM
) -> Hold | None:
    """Say what becomes of what is owed to a customer: set off, then as much of its oldest invoices waits; or left apart.

    The amount is held invoice by invoice, the oldest due first, until a person ends it: the set-off itself is the
    accountant's entry (civil code, art. 1347: it takes effect as far as both debts reach).
    """
    lock_customers([customer.pk])
    supplier = SupplierAccount.objects.select_for_update(no_key=True).get(pk=customer.pk)
    SupplierAccount.objects.filter(pk=customer.pk).update(reviewed_minor=supplier.balance_minor)
    payload = {"supplier": supplier.balance_minor, "currency": supplier.currency, "is_set_off": is_set_off}
    record("customer.changed", customer, payload, on=today, at=at, actor=actor)
    made = _hold_oldest(customer, supplier, (today, at, actor)) if is_set_off else None
    refresh_customers(customer.creditor, [customer.pk], today, at, actor)
    say_holds(customer.creditor, [customer.pk], today)
    return made


def _hold_oldest(customer: Customer, supplier: SupplierAccount, moment: Moment) -> Hold | None:
    """Hold as much as is owed to the customer, on its oldest invoices."""
    today, at, actor = moment
    left, made = supplier.balance_minor, None
    standings = Standing.objects.filter(
        invoice__customer=customer, invoice__settled_on__isnull=True, invoice__currency=supplier.currency
    ).select_related("case", "invoice")
    for standing in standings.order_by("invoice__due_on", "pk"):
        paid = standing.invoice.allocations.aggregate(total=Sum("amount_minor"))["total"] or 0
        amount = min(left, standing.invoice.total_minor - paid)
        if amount <= 0:
            continue
        made = Hold.objects.create(
            creditor_id=customer.creditor_id, case=standing.case, invoice=standing.invoice, amount_minor=amount,
            reason=Hold.Reason.NOT_YET, from_on=today, source=f"{TERMS}{NotYetCause.SET_OFF}",
        )  # fmt: skip
        payload = {"hold": made.pk, "reason": made.reason, "until": None, "invoice": standing.pk, "amount": amount}
        record("case.held", standing.case, payload | {"source": made.source}, on=today, at=at, actor=actor)
        left -= amount
    return made


def forget_terms(posting: Posting, invoice_ids: set[int]) -> None:
    """Take back the terms that a posting brought, and the holds that follow from them, before the posting is undone."""
    SupplierAccount.objects.filter(posting=posting).delete()
    brought = SettlementTerms.objects.filter(posting=posting).exclude(source=BY_PERSON)
    for some in lookups({*invoice_ids, *brought.values_list("pk", flat=True)}):
        Hold.objects.filter(invoice_id__in=some, source__startswith=TERMS).delete()
        SettlementTerms.objects.filter(pk__in=some).exclude(source=BY_PERSON).delete()
