"""What becomes of interest and indemnity: accrued, claimed, waived, paid; each move with its journal event.

Charges stand outside account 411. What is written down of an invoice is what accrued on it to the last day written, each part
in one state: when the books change, `follow_charges` brings both together again.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.charge_rows import (
    INDEMNITY,
    INTEREST,
    ORDER,
    State,
    bring_costs,
    bring_indemnity,
    bring_to,
    by_kind,
    charges_of,
    days_of,
    pay,
    sums_of,
    waive,
)
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Charge, CustomerKind, Invoice, Payment, RecoveryCost
from exigible.books.ledger.queries import payment_remainder
from exigible.books.policies.law import law_book_of
from exigible.common.errors import Refused
from exigible.core.money import decimal_string


class NothingToWaive(Refused):
    """No charge of this invoice is left to waive."""


class WaiverIsVoid(Refused):
    """A public body owes its late-payment interest whatever is agreed (%(article)s); only the fixed indemnity can be waived."""


class NoReasonGiven(Refused):
    """A waiver is kept with its reason; write why it is granted."""


class TooMuchForCharges(Refused):
    """Only %(left)s of it can pay the charges of this invoice; reduce the amount."""


class PaidInAnotherCurrency(Refused):
    """Charges in %(billed)s cannot be paid with money in %(paid)s."""


@transaction.atomic
def accrue_charges(invoice: Invoice, until: date, *, today: date, at: datetime, actor: str = SYSTEM) -> int:
    """Write down what has accrued to the end of a day; returns what that added, in minor units (0: nothing new).

    The fixed indemnity is written once an invoice (C. com. art. D441-5), interest for the days not written yet.
    """
    lock_customers([invoice.customer_id])
    added = bring_to(invoice, until)
    if added:
        payload = {"invoice": invoice.pk, "until": until, "amount": added, "currency": invoice.currency}
        record("charge.accrued", invoice.customer, payload, on=today, at=at, actor=actor)
    return added


@transaction.atomic
def claim_charges(invoice: Invoice, until: date, *, today: date, at: datetime, actor: str = SYSTEM) -> int:
    """Claim what has accrued to the end of a day and was not claimed yet; returns it in minor units, 0 when nothing is new."""
    accrue_charges(invoice, until, today=today, at=at, actor=actor)
    rows = [row for row in charges_of(invoice) if row.state == State.ACCRUED]
    if not rows:
        return 0
    Charge.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.CLAIMED, claimed_on=today)
    claimed = sums_of(rows).total
    payload = {"invoice": invoice.pk, "until": until, "amount": claimed, "currency": invoice.currency}
    record("charge.claimed", invoice.customer, payload | by_kind(rows), on=today, at=at, actor=actor)
    return claimed


@transaction.atomic
def waive_charges(
    invoice: Invoice, reason: str, kinds: Sequence[str] = ORDER, *, today: date, at: datetime, actor: str = SYSTEM
) -> int:
    """Give up what has accrued to this day and is not paid, for a reason; returns it in minor units.

    Interest goes on to accrue on what stays unpaid. Refused for the interest of a public body where its waiver is void
    (CCP art. L2192-14).
    """
    if not reason.strip():
        raise NoReasonGiven
    if INTEREST in kinds and (article := void_waiver(invoice, today)):
        raise WaiverIsVoid(article=article)
    lock_customers([invoice.customer_id])
    bring_to(invoice, max([today, *days_of(charges_of(invoice))]))
    waived = waive(invoice, kinds, reason.strip()[:200], today)
    if not waived:
        raise NothingToWaive
    _tell_waiver(invoice, waived, reason, today=today, at=at, actor=actor)
    return sums_of(waived).total


def void_waiver(invoice: Invoice, on: date) -> str:
    """Return the article by which a waiver of this debtor's interest is void on a day; empty where it is lawful."""
    key, book = f"interest.{invoice.customer.kind}.waiver_is_void", law_book_of(invoice.creditor)
    return book.article(key, on) if book.has(key) and book.figure(key, on).value is True else ""


@transaction.atomic
def pay_charges(
    payment: Payment, invoice: Invoice, amount_minor: int, *, today: date, at: datetime, actor: str = SYSTEM
) -> int:
    """Set a part of a payment against the charges of an invoice: claimed ones first, interest before indemnity.

    Never beyond what is due or what is left of the payment; what is left of it stays a credit of the customer. The balance
    of the accounts does not move: the entry that pays a charge is the accountant's.
    """
    assert payment.customer_id == invoice.customer_id, "a payment stays within one customer"
    if payment.currency != invoice.currency:
        raise PaidInAnotherCurrency(paid=payment.currency, billed=invoice.currency)
    lock_customers([invoice.customer_id])
    bring_to(invoice, max([payment.received_on, *days_of(charges_of(invoice))]))
    left = min(payment_remainder(payment), sums_of(charges_of(invoice)).due)
    if not 0 < amount_minor <= left:
        raise TooMuchForCharges(left=decimal_string(left, invoice.currency))
    paid = pay(payment, invoice, amount_minor)
    payload = {"invoice": invoice.pk, "payment": payment.pk, "amount": amount_minor, "currency": invoice.currency}
    record("charge.paid", invoice.customer, payload | by_kind(paid), on=today, at=at, actor=actor)
    return amount_minor


@transaction.atomic
def unpay_charges(payment: Payment, *, today: date, at: datetime, actor: str = SYSTEM) -> int:
    """Make the charges that a payment had paid due again; returns their sum in minor units."""
    lock_customers([payment.customer_id])
    rows = list(Charge.objects.filter(payment=payment).select_related("invoice__customer").order_by("id"))
    for row in rows:
        row.state = State.CLAIMED if row.claimed_on else State.ACCRUED
        row.payment, row.settled_on = None, None
        row.save(update_fields=["state", "payment", "settled_on"])
        payload = {
            "invoice": row.invoice_id,
            "payment": payment.pk,
            "amount": row.amount_minor,
            "currency": row.currency,
        }
        record("charge.unpaid", row.invoice.customer, payload, on=today, at=at, actor=actor)
    return sums_of(rows).total


@transaction.atomic
def follow_charges(
    creditor: Creditor, customer_ids: Sequence[int], today: date, at: datetime, actor: str = SYSTEM
) -> None:
    """Make the written charges of customers agree with their books, as after any change of them.

    Where the principal is settled, what is not paid is waived by the creditor's setting, never for a public body; where it
    is unpaid again, such a waiver falls. One query where nothing is written down.
    """
    written = Charge.objects.filter(creditor=creditor, invoice__customer_id__among=customer_ids)
    spent = RecoveryCost.objects.filter(creditor=creditor, invoice__customer_id__among=customer_ids)
    keys = written.values("invoice_id").union(spent.values("invoice_id"))
    invoices = Invoice.objects.filter(pk__in=keys).select_related("customer", "creditor")
    for invoice in invoices.order_by("id"):
        if invoice.settled_on is None:
            _restore(invoice, today=today, at=at, actor=actor)
        if moved := _bring_written(invoice, today):
            payload = {"invoice": invoice.pk, "amount": moved, "currency": invoice.currency}
            record("charge.corrected", invoice.customer, payload, on=today, at=at, actor=actor)
        if invoice.settled_on and creditor.waives_charges_when_paid:
            _waive_as_settled(invoice, today=today, at=at, actor=actor)


def _bring_written(invoice: Invoice, today: date) -> int:
    """Bring what is written of an invoice in line with its books; what was never written stays so."""
    rows = charges_of(invoice)
    days, kinds = [row.until_on for row in rows if row.kind == INTEREST], {row.kind for row in rows}
    moved = bring_costs(invoice, today)
    if days:
        return moved + bring_to(invoice, max(days))
    return moved + (bring_indemnity(invoice, today) if INDEMNITY in kinds else 0)


def _waive_as_settled(invoice: Invoice, *, today: date, at: datetime, actor: str) -> None:
    if invoice.customer.kind == CustomerKind.PUBLIC_BODY or not sums_of(charges_of(invoice)).due:
        return
    assert invoice.settled_on is not None
    bring_to(invoice, max([invoice.settled_on, *days_of(charges_of(invoice))]))
    waived = waive(invoice, ORDER, "", today)
    _tell_waiver(invoice, waived, "", today=today, at=at, actor=actor)


def _restore(invoice: Invoice, *, today: date, at: datetime, actor: str) -> None:
    """Take back the waiver that the creditor's setting granted because the principal was settled: it is not any more."""
    rows = list(Charge.objects.filter(invoice=invoice, state=State.WAIVED, reason="").order_by("id"))
    for row in rows:
        row.state, row.settled_on = State.CLAIMED if row.claimed_on else State.ACCRUED, None
        row.save(update_fields=["state", "settled_on"])
    if rows:
        payload = {"invoice": invoice.pk, "amount": sums_of(rows).total, "currency": invoice.currency}
        record("charge.restored", invoice.customer, payload, on=today, at=at, actor=actor)


def _tell_waiver(
    invoice: Invoice, rows: Sequence[Charge], reason: str, *, today: date, at: datetime, actor: str
) -> None:
    payload = {"invoice": invoice.pk, "amount": sums_of(rows).total, "currency": invoice.currency, "reason": reason}
    record("charge.waived", invoice.customer, payload | by_kind(rows), on=today, at=at, actor=actor)
