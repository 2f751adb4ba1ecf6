"""Makes payments of movements: many at once, each whole or not at all; accounts, cases and messages follow."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from exigible.books.cases.models import Case
from exigible.books.cases.operations import hold_case, refresh_customers
from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM
from exigible.books.ledger.charges import pay_charges
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Allocation, Customer, Invoice, Payment
from exigible.books.ledger.operations import CurrencyDiffers, FuturePayment, TooMuchAllocated, mark_settled
from exigible.common.bulk import insert_rows, reserve_ids, update_rows
from exigible.common.errors import Refused
from exigible.core.because import Because
from exigible.core.money import decimal_string
from exigible.features.bank.holding import release_holds_of
from exigible.features.bank.models import Application, BankTransaction, Proposal
from exigible.features.bank.portions import HELD, WRITTEN_OFF, NothingShared, Portion, SharesDiffer, customers_of
from exigible.features.bank.telling import Told, tell_many
from exigible.features.outbox.operations import recheck_waiting

State = BankTransaction.State
STATEMENT, DIFFERENCE = "statement", "difference"  # where a payment comes from
PAYMENT_COLUMNS = (
    "id", "creditor_id", "customer_id", "received_on", "currency", "amount_minor", "label", "reference", "account", "origin",
    "source_key",
)  # fmt: skip
ALLOCATION_COLUMNS = (
    "id", "creditor_id", "payment_id", "credit_note_id", "invoice_id", "amount_minor", "allocated_on", "basis",
)  # fmt: skip
APPLICATION_COLUMNS = ("creditor_id", "transaction_id", "payment_id", "is_automatic", "was_booked", "credits_json")
WORDS = {
    "fee": _("Bank charges written off"), "discount": _("Discount written off"), "rounding": _("Rounding written off"),
}  # fmt: skip
RESOLVED = ("because_json", "resolved_on", "resolved_by", "note")


class AlreadyResolved(Refused):
    """This movement was settled meanwhile: reload the page."""


class BooksMoved(Refused):
    """The books changed since this was proposed: look at the new proposals."""


class Sharing(NamedTuple):
    """A movement and how it is shared; `difference` says what becomes of what its claims are still short of."""

    movement: BankTransaction
    portions: Sequence[Portion]
    difference: str = ""
    because: Because = Because("bank.by_hand", {})
    is_automatic: bool = False


@dataclass(slots=True)
class Drafts:
    """The rows of some sharings, made before anything is written; what is left of each item goes down as they are made."""

    left: dict[int, int]
    items: dict[int, Invoice]
    payments: list[list[Any]] = field(default_factory=list)
    allocations: list[list[Any]] = field(default_factory=list)
    applications: list[tuple[Any, ...]] = field(default_factory=list)
    charges: list[tuple[int, Portion]] = field(default_factory=list)
    holds: list[tuple[BankTransaction, str, int, int]] = field(default_factory=list)
    events: list[Told] = field(default_factory=list)


@transaction.atomic
def apply_sharings(
    creditor: Creditor, sharings: Sequence[Sharing], *, today: date, at: datetime, actor: str = SYSTEM
) -> list[int]:
    """Make payments of movements that wait; returns the customers whose accounts changed.

    All of them or none: refused where one does not fit the books. Credit notes are set against claims, charges paid, small
    differences written off; what a single customer's shares leave of a movement stays as that customer's credit.
    """
    customers = sorted({key for each in sharings for key in customers_of(each.portions)})
    lock_customers(customers)
    _claim(creditor, sharings)
    drafts = _drafts(creditor, sharings)
    for each in sharings:
        _draft(drafts, each, today)
    _write(creditor, drafts)
    for payment_id, portion in drafts.charges:
        _pay_charges(payment_id, portion, today=today, at=at, actor=actor)
    _resolve(sharings, today, actor)
    tell_many(Customer, creditor.pk, drafts.events, on=today, at=at, actor=actor)
    release_holds_of(creditor, [each.movement.pk for each in sharings], today=today, at=at, actor=actor)
    refresh_customers(creditor, customers, today, at, actor)
    for movement, reason, invoice_id, minor in drafts.holds:
        _hold(movement, reason, invoice_id, minor, today=today, at=at, actor=actor)
    recheck_waiting(creditor, customers, today, at)
    return customers


def _claim(creditor: Creditor, sharings: Sequence[Sharing]) -> None:
    """Take the movements where they still wait: of two who resolve one, the second is refused."""
    ids = [each.movement.pk for each in sharings]
    waiting = BankTransaction.objects.of(creditor).filter(pk__among=ids, state=State.TO_MATCH, amount_minor__gt=0)
    if waiting.update(state=State.APPLIED) != len(ids):
        raise AlreadyResolved


def _drafts(creditor: Creditor, sharings: Sequence[Sharing]) -> Drafts:
    """Read what is left of all the items that are named."""
    portions = [portion for each in sharings for portion in each.portions]
    ids = {key for portion in portions for key in (portion.invoice, portion.credit_note) if key is not None}
    items = {item.pk: item for item in Invoice.objects.of(creditor).filter(pk__among=ids)}
    left = {pk: item.total_minor for pk, item in items.items()}
    for column in ("invoice_id", "credit_note_id"):
        used = Allocation.objects.filter(**{f"{column}__among": ids}).order_by().values_list(column)
        for pk, minor in used.annotate(used=Sum("amount_minor")):
            left[pk] -= minor
    known = set(Customer.objects.of(creditor).filter(pk__among=customers_of(portions)).values_list("pk", flat=True))
    if not known >= set(customers_of(portions)) or not items.keys() >= ids:
        raise BooksMoved
    return Drafts(left, items)


def _draft(drafts: Drafts, sharing: Sharing, today: date) -> None:
    movement, customers = sharing.movement, customers_of(sharing.portions)
    shared = sum(portion.money_minor for portion in sharing.portions)
    if movement.booked_on > today:
        raise FuturePayment
    if not customers or shared < 0:
        raise NothingShared
    if shared > movement.amount_minor or (shared < movement.amount_minor and len(customers) > 1):
        amounts = (shared, movement.amount_minor)
        told = [decimal_string(minor, movement.currency) for minor in amounts]
        raise SharesDiffer(shares=told[0], amount=told[1])
    for customer in customers:
        portions = [portion for portion in sharing.portions if portion.customer == customer]
        money = sum(portion.money_minor for portion in portions) + (
            movement.amount_minor - shared if len(customers) == 1 else 0
        )
        _draft_of_customer(drafts, sharing, customer, portions, money)


def _draft_of_customer(
    drafts: Drafts, sharing: Sharing, customer: int, portions: Sequence[Portion], money_minor: int
) -> None:
    movement, basis = sharing.movement, "bank" if sharing.is_automatic else "hand"
    place = len(drafts.payments)
    if money_minor <= 0:
        raise NothingShared
    drafts.payments.append(_payment(movement, customer, money_minor, STATEMENT, ""))
    told, credits = [], []
    for portion in portions:
        if portion.is_charges:
            drafts.charges.append((place, portion))
        elif portion.invoice is not None:
            _take(drafts, movement, portion)
            drafts.allocations.append(_allocation(drafts, movement, portion, place, basis))
            credits += [len(drafts.allocations) - 1] if portion.credit_note else []
            told.append([portion.invoice, portion.amount_minor, portion.credit_note])
    drafts.applications.append((movement.pk, place, sharing.is_automatic, False, credits))
    payload = {
        "transaction": movement.pk, "amount": money_minor, "currency": movement.currency, "received_on": movement.booked_on,
        "allocations": told, "because": sharing.because.to_json(),
    }  # fmt: skip
    drafts.events.append(Told(customer, "bank.applied", payload))
    if sharing.difference:
        _difference(drafts, sharing, customer, portions, basis)


def _take(drafts: Drafts, movement: BankTransaction, portion: Portion) -> None:
    """Take a portion off what is left of its items, never beyond it, within one customer and currency."""
    for key in (portion.invoice, portion.credit_note):
        if key is None:
            continue
        item = drafts.items[key]
        if item.currency != movement.currency:
            raise CurrencyDiffers(paid=movement.currency, billed=item.currency)
        is_credit = item.kind == Invoice.Kind.CREDIT_NOTE
        if (
            item.customer_id != portion.customer
            or is_credit != (key == portion.credit_note)
            or portion.amount_minor <= 0
        ):
            raise BooksMoved
        if portion.amount_minor > drafts.left[key]:
            raise TooMuchAllocated(left=decimal_string(drafts.left[key], item.currency))
        drafts.left[key] -= portion.amount_minor


def _difference(drafts: Drafts, sharing: Sharing, customer: int, portions: Sequence[Portion], basis: str) -> None:
    """Write off what the claims named are still short of, or hold it, as the person says."""
    movement = sharing.movement
    claims = dict.fromkeys(each.invoice for each in portions if each.invoice is not None and not each.is_charges)
    for key in claims:
        minor = drafts.left[key]
        if not minor:
            continue
        if sharing.difference in WRITTEN_OFF:
            place = len(drafts.payments)
            drafts.payments.append(_payment(movement, customer, minor, DIFFERENCE, f"{sharing.difference}:{key}"))
            share = Portion(customer, minor, key)
            _take(drafts, movement, share)
            drafts.allocations.append(_allocation(drafts, movement, share, place, basis))
            payload = {
                "transaction": movement.pk, "invoice": key, "amount": minor, "currency": movement.currency,
                "reason": sharing.difference,
            }  # fmt: skip
            drafts.events.append(Told(customer, "payment.written_off", payload))
        else:
            drafts.holds.append((movement, HELD[sharing.difference], key, minor))


def _payment(movement: BankTransaction, customer: int, minor: int, origin: str, more: str) -> list[Any]:
    """The columns of a payment; what is written off says so, and has the movement in its source key."""
    key = f"bank:{movement.pk}:{customer}" + (f":{more}" if more else "")
    label = _written_off(movement, more.partition(":")[0]) if more else movement.label[:200]
    return [
        None, movement.creditor_id, customer, movement.booked_on, movement.currency, minor, label, movement.end_to_end[:80], "",
        origin, key,
    ]  # fmt: skip


def _written_off(movement: BankTransaction, difference: str) -> str:
    """How an account names what was written off, in the language of the house."""
    with translation.override(movement.creditor.language):
        return str(WORDS[difference])


def _allocation(drafts: Drafts, movement: BankTransaction, portion: Portion, place: int, basis: str) -> list[Any]:
    """The columns of an allocation; its payment is known by its place until it has its number."""
    assert portion.invoice is not None
    invoice = drafts.items[portion.invoice]
    given = drafts.items[portion.credit_note].issued_on if portion.credit_note else movement.booked_on
    payment = None if portion.credit_note else place
    return [
        None, movement.creditor_id, payment, portion.credit_note, portion.invoice, portion.amount_minor,
        max(given, invoice.issued_on), basis,
    ]  # fmt: skip


def _write(creditor: Creditor, drafts: Drafts) -> None:
    """Give rows their numbers and write them; what they settle says so."""
    payments = reserve_ids(Payment, len(drafts.payments))
    allocations = reserve_ids(Allocation, len(drafts.allocations)) if drafts.allocations else range(0)
    for pk, row in zip(payments, drafts.payments, strict=True):
        row[0] = pk
    for pk, row in zip(allocations, drafts.allocations, strict=True):
        row[0], row[2] = pk, None if row[2] is None else payments[row[2]]
    insert_rows(Payment, PAYMENT_COLUMNS, drafts.payments)
    insert_rows(Allocation, ALLOCATION_COLUMNS, drafts.allocations)
    rows = [
        (creditor.pk, movement, payments[place], automatic, booked, json.dumps([allocations[each] for each in credits]))
        for movement, place, automatic, booked, credits in drafts.applications
    ]
    insert_rows(Application, APPLICATION_COLUMNS, rows)
    mark_settled(drafts.items, payments)
    drafts.charges = [(payments[place], portion) for place, portion in drafts.charges]
    for told, (_movement, place, *_rest) in zip(
        [each for each in drafts.events if each.kind == "bank.applied"], drafts.applications, strict=True
    ):
        assert isinstance(told.payload, dict)
        told.payload["payment"] = payments[place]


def _pay_charges(payment_id: int, portion: Portion, *, today: date, at: datetime, actor: str) -> None:
    payment = Payment.objects.select_related("customer", "creditor").get(pk=payment_id)
    invoice = Invoice.objects.select_related("customer", "creditor").get(pk=portion.invoice)
    pay_charges(payment, invoice, portion.amount_minor, today=today, at=at, actor=actor)


def _hold(
    movement: BankTransaction, reason: str, invoice_id: int, minor: int, *, today: date, at: datetime, actor: str
) -> None:
    """Leave due, and unclaimed, what a person says is retained or disputed."""
    invoice = Invoice.objects.get(pk=invoice_id)
    case = Case.objects.filter(customer=invoice.customer_id).exclude(state=Case.State.CLOSED).first()
    if case is not None:
        hold_case(
            case, reason, None, today=today, at=at, actor=actor, invoice=invoice, amount_minor=minor,
            source=f"bank:{movement.pk}",
        )  # fmt: skip


def _resolve(sharings: Sequence[Sharing], today: date, actor: str) -> None:
    """Say on each movement why it was applied, when and by whom; what was proposed for it goes."""
    rows = []
    for each in sharings:
        because = json.dumps(each.because.to_json(), ensure_ascii=False)
        rows.append((because, today, actor[:120], each.difference, each.movement.pk))
    update_rows(BankTransaction, RESOLVED, rows)
    forget_proposals(each.movement.pk for each in sharings)


def forget_proposals(movement_ids: Iterable[int]) -> None:
    """Throw away what was proposed for movements."""
    Proposal.objects.filter(transaction_id__among=list(movement_ids))._raw_delete("default")
