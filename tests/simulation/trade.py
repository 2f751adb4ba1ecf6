"""What the world does to the books in a day: invoices, money, credit notes, holds, changes of facts."""

from datetime import timedelta

from exigible.books.cases.models import Case, Hold
from exigible.books.cases.operations import hold_case, refresh_customers, release_hold
from exigible.books.creditors.operations import set_bank_account
from exigible.books.ledger.models import Contact, Customer, Invoice, Payment
from exigible.books.ledger.operations import mark_settled
from exigible.books.ledger.queries import invoice_balance, payment_remainder
from exigible.features.customers.operations import (
    change_contact,
    change_customer,
    receive_payment,
    take_payment_back,
    use_credit,
)
from exigible.features.outbox.operations import recheck_waiting
from tests.simulation.life import Life

PAYING = {"prompt": 0.05, "late": 0.02, "never": 0.002}


def inherit(life: Life) -> None:
    """The books do not begin empty: each customer already owes something, late or not."""
    for customer in life.customers:
        for _invoice in range(life.random.randint(0, 3)):
            life.number += 1
            due = life.day_from_now(life.random.randint(-60, 25))
            amount = life.random.randint(2_000, 900_000)
            life.house.invoice(customer, amount, due, number=f"SIM-{life.number:04}")


def trade(life: Life) -> None:
    """One day of the world."""
    for customer in life.customers:
        if life.happens(0.035):
            bill(life, customer)
        if life.happens(0.008):
            credit(life, customer)
        if life.happens(0.007):
            hold(life, customer)
        if life.happens(0.012):
            change_facts(life, customer)
    pay(life)
    undo(life)
    release(life)
    correct(life)
    if life.happens(0.006):
        iban = f"FR76999990000100000000{life.random.randint(10000, 99999)}"
        set_bank_account(
            life.house.creditor, {"holder": "Atelier Lumen", "iban": iban, "bic": ""}, on=life.today, at=life.at
        )
        life.counts["bank account changed"] += 1


def agree(life: Life, customer: Customer) -> None:
    """What every operation does after the books changed."""
    refresh_customers(life.house.creditor, [customer.pk], life.today, life.at)
    recheck_waiting(life.house.creditor, [customer.pk], life.today, life.at)


def bill(life: Life, customer: Customer) -> None:
    """A new row of the accounts: mostly fresh, sometimes very old, without a due date, in dollars or to be confirmed."""
    random = life.random
    life.number += 1
    amount = random.choice(
        [random.randint(300, 3_000), random.randint(5_000, 80_000), random.randint(50_000, 3_000_000)]
    )
    sort = random.choices(["fresh", "imported late", "old", "no due date"], [70, 18, 8, 4])[0]
    late = {"fresh": -30, "imported late": random.randint(0, 40), "old": random.randint(60, 500), "no due date": 0}[
        sort
    ]
    due = None if sort == "no due date" else life.today - timedelta(days=late)
    life.house.invoice(
        customer, amount, due, number=f"SIM-{life.number:04}", currency="USD" if life.happens(0.08) else "EUR",
        is_confirmed=not (sort == "old" and life.happens(0.3)), issued_on=(due or life.today) - timedelta(days=30),
    )  # fmt: skip
    recheck_waiting(life.house.creditor, [customer.pk], life.today, life.at)
    life.counts[f"invoice: {sort}"] += 1


def unpaid(customer: Customer) -> list[Invoice]:
    """The unpaid invoices of a customer, in their order."""
    return list(
        Invoice.objects.filter(customer=customer, settled_on__isnull=True).exclude(kind="credit_note").order_by("id")
    )


def pay(life: Life) -> None:
    """Money comes in by habit: in full, in part, too much, or set against the wrong invoice."""
    rows = (
        Invoice.objects.of(life.house.creditor)
        .filter(settled_on__isnull=True, customer__in=life.customers)
        .exclude(kind="credit_note")
    )
    for invoice in rows.order_by("id").select_related("customer__creditor"):
        if life.happens(PAYING[life.habits[invoice.customer_id]]):
            pay_one(life, invoice)


def pay_one(life: Life, invoice: Invoice) -> None:
    """One payment about one invoice."""
    random, left = life.random, invoice_balance(invoice)
    sort = random.choices(["full", "part", "over", "unmatched", "wrong"], [60, 18, 8, 6, 8])[0]
    if left <= 0:
        return
    share = random.randint(1, left) if sort == "part" else left
    amount = share + (random.randint(1, 5_000) if sort == "over" else 0)
    target = invoice
    if sort == "wrong":
        others = [
            other for other in unpaid(invoice.customer) if other.currency == invoice.currency and other.pk != invoice.pk
        ]
        target = random.choice(others) if others else invoice
        share = min(left, invoice_balance(target))
        amount = left
    shares = [] if sort == "unmatched" or not share else [(target, share)]
    payment = receive_payment(
        invoice.customer,
        amount,
        life.today,
        shares,
        today=life.today,
        at=life.at,
        currency=invoice.currency,
        label=sort,
    )
    if sort == "wrong":
        life.to_undo.append((life.day_from_now(random.randint(1, 15)), payment.pk))
    life.counts[f"payment: {sort}"] += 1


def undo(life: Life) -> None:
    """Wrong payments are found out."""
    for on, key in [pair for pair in life.to_undo if pair[0] <= life.today]:
        payment = Payment.objects.filter(pk=key).select_related("customer__creditor").first()
        if payment is not None:
            take_payment_back(payment, today=life.today, at=life.at)
            life.counts["payment undone"] += 1
        life.to_undo.remove((on, key))


def credit(life: Life, customer: Customer) -> None:
    """A credit note, or a credit at last set against an invoice."""
    left_over = [
        row
        for row in Payment.objects.filter(customer=customer, exhausted_on__isnull=True).order_by("id")
        if payment_remainder(row)
    ]
    notes = list(Invoice.objects.filter(customer=customer, kind="credit_note", settled_on__isnull=True).order_by("id"))
    source: Payment | Invoice
    if life.happens(0.5) and (left_over or notes):
        source = life.random.choice([*left_over, *notes])
        life.counts["credit used"] += 1
    else:
        life.number += 1
        source = life.house.invoice(
            customer,
            life.random.randint(500, 60_000),
            None,
            number=f"AV-{life.number:04}",
            kind="credit_note",
            issued_on=life.today,
        )
        mark_settled([source.pk])
        agree(life, customer)
        life.counts["credit note"] += 1
        if life.happens(0.4):
            return
    left = payment_remainder(source) if isinstance(source, Payment) else invoice_balance(source)
    for invoice in unpaid(customer):
        share = min(left, invoice_balance(invoice))
        if invoice.currency == source.currency and share > 0:
            use_credit(source, [(invoice, share)], today=life.today, at=life.at)
            return


def hold(life: Life, customer: Customer) -> None:
    """A promise, a dispute, a pause: on the case, on an invoice, on a part of it."""
    case = Case.objects.filter(customer=customer).exclude(state=Case.State.CLOSED).first()
    invoices = unpaid(customer)
    if case is None or not invoices:
        return
    reason = life.random.choice([Hold.Reason.PROMISED, Hold.Reason.DISPUTED, Hold.Reason.PAUSED, Hold.Reason.REPLY])
    until = life.day_from_now(life.random.randint(0, 25)) if life.happens(0.7) else None
    sort = life.random.choice(["case", "invoice", "part"])
    invoice = None if sort == "case" else life.random.choice(invoices)
    amount = invoice_balance(invoice) // 2 or None if invoice and sort == "part" else None
    hold_case(case, reason, until, today=life.today, at=life.at, invoice=invoice, amount_minor=amount)
    recheck_waiting(life.house.creditor, [customer.pk], life.today, life.at)
    life.counts[f"hold: {sort}"] += 1


def release(life: Life) -> None:
    """Holds without an end are lifted one day."""
    for held in (
        Hold.objects.of(life.house.creditor).filter(released_on__isnull=True, until_on__isnull=True).order_by("id")
    ):
        if life.happens(0.06):
            release_hold(held, today=life.today, at=life.at)
            life.counts["hold released"] += 1


def change_facts(life: Life, customer: Customer) -> None:
    """The contact's address, the kind, the profile, the phone or the postal address change."""
    customer.refresh_from_db()
    sort = life.random.choice(["email", "kind", "segment", "phone", "address", "excluded"])
    contact = Contact.objects.filter(customer=customer, is_main=True).get()
    when = {"today": life.today, "at": life.at}
    if sort == "email":
        life.number += 1
        change_contact(customer, contact, {"email": f"nouveau{life.number}@sim.example", "is_main": True}, **when)  # type: ignore[arg-type]
    elif sort == "phone":
        change_contact(customer, contact, {"phone": "" if contact.phone else "+33199001234", "is_main": True}, **when)  # type: ignore[arg-type]
    elif sort == "kind" and customer.kind == "unknown":
        change_customer(customer, {"kind": life.random.choice(["business", "consumer", "public_body"])}, **when)  # type: ignore[arg-type]
    elif sort == "segment":
        change_customer(customer, {"segment": life.random.choice(["new", "good", "ordinary", "chronic"])}, **when)  # type: ignore[arg-type]
    elif sort == "address":
        change_customer(customer, {"address": f"{life.random.randint(1, 99)} rue Neuve"}, **when)  # type: ignore[arg-type]
    elif sort == "excluded":
        change_customer(customer, {"is_excluded": not customer.is_excluded and life.happens(0.3)}, **when)  # type: ignore[arg-type]
    life.counts[f"changed: {sort}"] += 1


def correct(life: Life) -> None:
    """The accountant confirms an opening item, or corrects a due date."""
    rows = (
        Invoice.objects.of(life.house.creditor)
        .filter(settled_on__isnull=True)
        .exclude(kind="credit_note")
        .order_by("id")
    )
    for invoice in rows.filter(is_confirmed=False).select_related("customer"):
        if life.happens(0.08):
            Invoice.objects.filter(pk=invoice.pk).update(is_confirmed=True)
            agree(life, invoice.customer)
    if life.happens(0.03):
        dated = rows.filter(due_on__isnull=False).select_related("customer")
        if chosen := list(dated):
            invoice = life.random.choice(chosen)
            Invoice.objects.filter(pk=invoice.pk).update(
                due_on=invoice.due_on + timedelta(days=life.random.randint(-10, 30))
            )
            agree(life, invoice.customer)
            life.counts["due date corrected"] += 1
