"""What is done to a customer's account: money in and out of it, facts, people, notes and pauses; the case follows at once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from exigible.books.cases.models import Case, Hold
from exigible.books.cases.operations import hold_case, refresh_customers, release_hold
from exigible.books.cases.settlement import CODES, agree_with_terms
from exigible.books.creditors.models import MailServer
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Allocation, Contact, Customer, Invoice, Payment, SettlementTerms
from exigible.books.ledger.operations import allocate, record_payment, remove_payment, undo_allocation
from exigible.common.errors import Refused
from exigible.core.because import Because
from exigible.features.customers.letters import service_facts, writable_contact
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import State, cancel, queue, recheck_waiting

Share = tuple[Invoice, int]
CUSTOMER_FIELDS = (
    "name", "kind", "buyer", "language", "country", "siren", "vat_number", "address", "postcode", "city", "terms", "segment",
    "segment_is_manual", "is_excluded",
)  # fmt: skip
CONTACT_FIELDS = ("name", "role", "email", "phone", "language", "is_main", "copied_from_step")


class NoAddressToWriteTo(Refused):
    """This customer has no usable e-mail address; add one to a contact first."""


class NothingToPause(Refused):
    """Nothing is unpaid on this account: there is nothing to pause."""


class NoteIsEmpty(Refused):
    """The note is empty; write something to keep."""


class AddressTwice(Refused):
    """Another contact of this customer already has this e-mail address."""


class AddressWithAccents(Refused):
    """An e-mail address has no accents nor letters of another alphabet; write it like compta@exemple.fr."""


class StatementSentToday(Refused):
    """A statement that says the same left for this address today already."""


def facts_changed(customer: Customer, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Make the case agree with what changed, and cancel what waits and is no longer true."""
    refresh_customers(customer.creditor, [customer.pk], today, at, actor)
    recheck_waiting(customer.creditor, [customer.pk], today, at)


@transaction.atomic
def receive_payment(
    customer: Customer, amount_minor: int, received_on: date, shares: Sequence[Share], *,
    today: date, at: datetime, currency: str = "EUR", label: str = "", actor: str = SYSTEM,
) -> Payment:  # fmt: skip
    """Record money received and what it pays; the case follows, stale messages are cancelled, the customer may be thanked.

    `shares` are (invoice, minor units); what they leave of the amount stays as a credit of the customer.
    """
    lock_customers([customer.pk])
    payment = record_payment(
        customer, amount_minor, received_on, shares, today=today, at=at, currency=currency, label=label, actor=actor
    )
    facts_changed(customer, today, at, actor)
    _thank(payment, today)
    return payment


def _thank(payment: Payment, today: date) -> None:
    """Thank a customer whose account is settled, where the creditor wishes it; silently nothing without an address."""
    customer: Customer = payment.customer
    contact = writable_contact(customer)
    is_open = Case.objects.filter(customer=customer, state=Case.State.OPEN).exists()
    if is_open or contact is None or not customer.creditor.thanks_for_payments:
        return
    queue(
        customer, key=_thanks_key(payment), purpose=Message.Purpose.SERVICE, channel="email", template="thank_you",
        facts=service_facts(customer, "thank_you", payment.currency, today, payment), recipient=contact.email, today=today,
        message_domain=mail_domain(customer),
    )  # fmt: skip


def _thanks_key(payment: Payment) -> str:
    return f"thank-you/{payment.pk}"


def mail_domain(customer: Customer) -> str:
    """Return the domain that message identifiers carry: that of the creditor's sender address."""
    server = MailServer.objects.filter(creditor=customer.creditor).first()
    return server.from_address.rpartition("@")[2] if server else "exigible.invalid"


@transaction.atomic
def take_payment_back(payment: Payment, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Undo a payment recorded by hand: its invoices are unpaid again, the case reopens, thanks not yet sent stay here."""
    customer: Customer = payment.customer
    lock_customers([customer.pk])
    thanks = (
        Message.objects.filter(creditor=customer.creditor, key=_thanks_key(payment))
        .select_related("case", "customer")
        .first()
    )
    if thanks is not None and State.CANCELLED in Message.MOVES.get(thanks.state, set()):
        cancel(thanks, Because("payment.removed", {}), today, at, actor)
    remove_payment(payment, today=today, at=at, actor=actor)
    facts_changed(customer, today, at, actor)


@transaction.atomic
def use_credit(
    source: Payment | Invoice, shares: Sequence[Share], *, today: date, at: datetime, actor: str = SYSTEM
) -> int:
    """Set a payment or credit note that is left over against invoices; returns how many were touched."""
    lock_customers([source.customer_id])
    for invoice, share_minor in shares:
        allocate(source, invoice, share_minor, today=today, at=at, actor=actor)
    facts_changed(source.customer, today, at, actor)
    return len(shares)


@transaction.atomic
def take_allocation_back(allocation: Allocation, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Undo one allocation: the invoice is unpaid again by that amount, the money is a credit again."""
    customer: Customer = allocation.invoice.customer
    lock_customers([customer.pk])
    undo_allocation(allocation, today=today, at=at, actor=actor)
    facts_changed(customer, today, at, actor)


@transaction.atomic
def change_customer(
    customer: Customer, changes: Mapping[str, Any], *, today: date, at: datetime, actor: str = SYSTEM
) -> bool:
    """Change facts of a customer (names of CUSTOMER_FIELDS); returns whether anything changed. A segment given stays by hand."""
    assert set(changes) <= set(CUSTOMER_FIELDS), sorted(set(changes) - set(CUSTOMER_FIELDS))
    before = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    changed = {
        name: [getattr(before, name), value] for name, value in changes.items() if getattr(before, name) != value
    }
    if not changed:
        return False
    Customer.objects.filter(pk=customer.pk).update(**{name: pair[1] for name, pair in changed.items()})
    for name, pair in changed.items():
        setattr(customer, name, pair[1])
    record("customer.changed", customer, {"changed": changed}, on=today, at=at, actor=actor)
    if {"kind", "buyer"} & changed.keys():  # the codes that the platform of a public body asks for
        ids = SettlementTerms.objects.filter(invoice__customer=customer).values_list("pk", flat=True)
        agree_with_terms(customer.creditor, ids, today, at, actor, causes=CODES)
    facts_changed(customer, today, at, actor)
    return True


@transaction.atomic
def change_contact(
    customer: Customer,
    contact: Contact | None,
    changes: Mapping[str, Any],
    *,
    today: date,
    at: datetime,
    actor: str = SYSTEM,
) -> Contact:
    """Add a contact (None) or change one. The first is the main one; one made main replaces the one before."""
    assert set(changes) <= set(CONTACT_FIELDS), sorted(set(changes) - set(CONTACT_FIELDS))
    lock_customers([customer.pk])
    others = Contact.objects.filter(customer=customer).exclude(pk=contact.pk if contact else None)
    email = changes.get("email", "")
    if not email.isascii():
        raise AddressWithAccents
    if email and others.filter(email__iexact=email).exists():
        raise AddressTwice
    is_main = bool(changes.get("is_main")) or not others.filter(is_main=True).exists()
    if is_main:
        others.filter(is_main=True).update(is_main=False)
    saved = contact or Contact(creditor=customer.creditor, customer=customer)
    before = {name: getattr(saved, name) for name in CONTACT_FIELDS} if contact else {}
    for name, value in changes.items():
        setattr(saved, name, value)
    saved.is_main = is_main
    if before.get("email") != saved.email:
        saved.email_is_bad = False
    saved.save()
    after = {name: getattr(saved, name) for name in CONTACT_FIELDS}
    payload = {"contact": saved.pk, "before": before, "after": after}
    record("contact.changed", customer, payload, on=today, at=at, actor=actor)
    facts_changed(customer, today, at, actor)
    return saved


@transaction.atomic
def remove_contact(contact: Contact, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Remove a contact; if it was the main one, the oldest that is left takes its place."""
    customer: Customer = contact.customer
    lock_customers([customer.pk])
    payload = {"contact": contact.pk, "before": {name: getattr(contact, name) for name in CONTACT_FIELDS}, "after": {}}
    was_main = contact.is_main
    contact.delete()
    heir = Contact.objects.filter(customer=customer).order_by("id").first()
    if was_main and heir is not None:
        Contact.objects.filter(pk=heir.pk).update(is_main=True)
    record("contact.changed", customer, payload, on=today, at=at, actor=actor)
    facts_changed(customer, today, at, actor)


@transaction.atomic
def add_note(customer: Customer, text: str, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Keep what a person wrote about a customer, in the journal."""
    if not text.strip():
        raise NoteIsEmpty
    record("note.added", customer, {"text": text.strip()}, on=today, at=at, actor=actor)


@transaction.atomic
def pause_customer(
    customer: Customer, until: date | None, reason: str, *, today: date, at: datetime, actor: str = SYSTEM
) -> Hold:
    """Ask nothing of a customer until a day (included), with the reason; what waits to leave is cancelled."""
    lock_customers([customer.pk])
    case = Case.objects.filter(customer=customer).exclude(state=Case.State.CLOSED).first()
    if case is None:
        raise NothingToPause
    hold = hold_case(case, Hold.Reason.PAUSED, until, today=today, at=at, actor=actor, source=reason)
    recheck_waiting(customer.creditor, [customer.pk], today, at)
    return hold


@transaction.atomic
def resume_customer(hold: Hold, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """End a hold before its day; the case is looked at again by the next run."""
    lock_customers([hold.case.customer_id])
    release_hold(hold, today=today, at=at, actor=actor)
    recheck_waiting(hold.creditor, [hold.case.customer_id], today, at)


@transaction.atomic
def send_statement(customer: Customer, currency: str, *, today: date, actor: str = SYSTEM) -> Message:
    """Queue a statement of account by e-mail: a service message, nothing is asked. The same one is sent once a day."""
    contact = writable_contact(customer)
    if contact is None:
        raise NoAddressToWriteTo
    facts = service_facts(customer, "statement", currency, today)
    key = f"statement/{customer.pk}/{currency}/{today.isoformat()}/{_fingerprint(facts, contact.email)}"
    if Message.objects.filter(creditor=customer.creditor, key=key).exists():
        raise StatementSentToday
    return queue(
        customer, key=key, purpose=Message.Purpose.SERVICE, channel="email", template="statement", facts=facts,
        recipient=contact.email, today=today, message_domain=mail_domain(customer),
    )  # fmt: skip


def _fingerprint(facts: Mapping[str, Any], address: str) -> str:
    """Tell apart two statements of one day: the same figures to the same address are the same statement."""
    import hashlib
    import json

    return hashlib.sha256(f"{address}\n{json.dumps(facts, sort_keys=True)}".encode()).hexdigest()[:16]
