"""Asks the public company register over the network, where the creditor has switched it on and an address is set."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.models import Customer
from exigible.common.engine import announce
from exigible.common.errors import Refused
from exigible.common.http_client import Pace, get
from exigible.features.customers.models import RegisterAccess, RegisterQuestion
from exigible.features.customers.registers import keep_companies, siren_of_customer
from exigible.formats.register import read_register

A_SECOND = 7
LEASE = timedelta(minutes=10)
AT_ONCE = 200
PACE = Pace(A_SECOND)


class RegisterIsOff(Refused):
    """The public register is not asked: switch it on under Accounts, Company register, or import a file of it."""


class NoRegisterAddress(Refused):
    """No address of the public register is set: whoever runs Exigible sets EXIGIBLE_REGISTER_URL."""


class NothingToAskBy(Refused):
    """This account has neither a SIREN nor a name to search by; complete its identity first."""


def may_be_asked() -> bool:
    """Say whether this installation has an address of the register."""
    return bool(settings.REGISTER_URL)


def is_on(creditor: Creditor) -> bool:
    """Say whether a creditor lets the register be asked."""
    return RegisterAccess.objects.filter(creditor=creditor, is_on=True).exists()


@transaction.atomic
def switch_register(creditor: Creditor, on: bool, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Allow or forbid asking the register: a customer's number, or its name, is then told to it."""
    if on and not may_be_asked():
        raise NoRegisterAddress
    if is_on(creditor) == on:
        return
    RegisterAccess.objects.update_or_create(creditor=creditor, defaults={"is_on": on})
    record("register.switched", creditor, {"on": on}, on=today, at=at, actor=actor)


@transaction.atomic
def ask_register(customer: Customer, *, today: date, at: datetime) -> None:
    """Have the register asked about a customer in the background."""
    if not is_on(customer.creditor):
        raise RegisterIsOff
    if not may_be_asked():
        raise NoRegisterAddress
    if not (siren_of_customer(customer.siren, customer.vat_number) or customer.name.strip()):
        raise NothingToAskBy
    RegisterQuestion.objects.update_or_create(
        customer=customer,
        defaults={"creditor": customer.creditor, "asked_at": at, "answered_at": None, "refusal": ""},
    )
    announce("fetch_registers", customer.creditor_id)


def fetch_registers(creditor_id: int, at: datetime, today: date) -> int:
    """The job: ask what waits, one question after the other; returns how many were answered. One worker a creditor.

    The network is never asked within a transaction. A refusal stays beside the question, which a person may put again.
    """
    mine = RegisterAccess.objects.filter(creditor_id=creditor_id, is_on=True)
    if not mine.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at)).update(lease_until=at + LEASE):
        return 0
    answered = 0
    try:
        waiting = RegisterQuestion.objects.filter(creditor_id=creditor_id, answered_at__isnull=True)
        for question in waiting.select_related("customer__creditor").order_by("asked_at", "id")[:AT_ONCE]:
            answered += _ask(question, at, today)
    finally:
        mine.update(lease_until=None)
    return answered


def _ask(question: RegisterQuestion, at: datetime, today: date) -> bool:
    customer = question.customer
    typed = siren_of_customer(customer.siren, customer.vat_number) or customer.name
    query = (
        {"q": typed}
        if typed != customer.name or not customer.postcode
        else {"q": typed, "code_postal": customer.postcode}
    )
    try:
        reading = read_register(get(settings.REGISTER_URL, query, PACE))
    except Refused as refused:
        RegisterQuestion.objects.filter(pk=question.pk).update(answered_at=at, refusal=str(refused)[:300])
        return False
    with transaction.atomic():
        if reading.refusal is None:
            keep_companies(customer.creditor, reading.companies, source="register", today=today, at=at)
        told = reading.refusal.reason if reading.refusal else "" if reading.companies else "nobody"
        RegisterQuestion.objects.filter(pk=question.pk).update(answered_at=at, refusal=told[:300])
    return True
