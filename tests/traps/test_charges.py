"""Trap 10: interest and the indemnity are neither lost when the principal is paid, nor claimed or counted twice."""

from datetime import timedelta
from itertools import pairwise

import pytest

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.accruals import accrued_on
from exigible.books.ledger.charge_rows import charges_of, sums_of
from exigible.books.ledger.charges import TooMuchForCharges, claim_charges, pay_charges
from exigible.books.ledger.models import Charge, Invoice
from exigible.books.ledger.queries import payment_remainder
from exigible.invariants import broken
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
TOTAL = 1_234_567


@pytest.fixture
def house() -> House:
    """A creditor who keeps charges due when the principal is paid."""
    house = atelier_lumen()
    Creditor.objects.filter(pk=house.creditor.pk).update(waives_charges_when_paid=False)
    house.creditor.refresh_from_db()
    return house


def late(house: House) -> Invoice:
    return house.invoice(house.customer("Durand"), TOTAL, house.days_from_now(-75), number="TRAP-10")


def fresh(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("customer", "creditor").get(pk=invoice.pk)


def claim(house: House, invoice: Invoice) -> int:
    claimed = claim_charges(fresh(invoice), house.today, today=house.today, at=house.at)
    house.refresh(invoice.customer)
    return claimed


def in_order(house: House, invoice: Invoice) -> None:
    """At this date too, what accrued is the sum of the charges in each state."""
    accrued = accrued_on(fresh(invoice), house.today)
    sums = sums_of(charges_of(invoice))
    assert sums.accrued + sums.claimed + sums.waived + sums.paid == accrued.interest_minor + accrued.indemnity_minor
    assert list(broken(house.creditor, house.today)) == []


def test_trap_10_a_payment_of_the_principal_alone_leaves_what_was_claimed_due(house: House) -> None:
    invoice = late(house)
    claimed = claim(house, invoice)
    house.pay(invoice.customer, TOTAL, (invoice, TOTAL))
    assert sums_of(charges_of(invoice)).claimed == claimed > 4_000
    assert house.case(invoice.customer).state == "open"
    in_order(house, invoice)


def test_trap_10_interest_that_was_not_claimed_can_still_be_after_the_principal_is_paid(house: House) -> None:
    invoice = late(house)
    house.pay(invoice.customer, TOTAL, (invoice, TOTAL))
    owed = accrued_on(fresh(invoice), house.today)
    house.today += timedelta(days=200)
    assert claim(house, invoice) == owed.interest_minor + owed.indemnity_minor
    assert house.case(invoice.customer).state == "open"
    in_order(house, invoice)


def test_trap_10_a_payment_of_the_charges_alone_leaves_the_principal_due_and_bearing_interest(house: House) -> None:
    invoice = late(house)
    claimed = claim(house, invoice)
    payment = house.pay(invoice.customer, claimed)
    pay_charges(payment, fresh(invoice), claimed, today=house.today, at=house.at)
    assert sums_of(charges_of(invoice)) == (0, 0, 0, claimed)
    assert fresh(invoice).settled_on is None
    assert payment_remainder(payment) == 0
    in_order(house, invoice)
    house.today += timedelta(days=31)
    assert claim(house, invoice) > 0
    in_order(house, invoice)


def test_trap_10_a_short_payment_leaves_the_rest_due_to_the_cent(house: House) -> None:
    invoice = late(house)
    claimed = claim(house, invoice)
    payment = house.pay(invoice.customer, TOTAL + claimed - 1, (invoice, TOTAL))
    pay_charges(payment, fresh(invoice), claimed - 1, today=house.today, at=house.at)
    assert sums_of(charges_of(invoice)) == (0, 1, 0, claimed - 1)
    house.refresh(invoice.customer)
    assert house.case(invoice.customer).state == "open"
    in_order(house, invoice)


def test_trap_10_what_is_paid_too_much_stays_a_credit_and_pays_nothing_twice(house: House) -> None:
    invoice = late(house)
    claimed = claim(house, invoice)
    payment = house.pay(invoice.customer, TOTAL + claimed + 777, (invoice, TOTAL))
    with pytest.raises(TooMuchForCharges):
        pay_charges(payment, fresh(invoice), claimed + 777, today=house.today, at=house.at)
    pay_charges(payment, fresh(invoice), claimed, today=house.today, at=house.at)
    with pytest.raises(TooMuchForCharges):
        pay_charges(payment, fresh(invoice), 1, today=house.today, at=house.at)
    assert payment_remainder(payment) == 777
    house.refresh(invoice.customer)
    assert house.case(invoice.customer).state == "closed"
    in_order(house, invoice)


def test_trap_10_a_new_claim_adds_only_the_new_days(house: House) -> None:
    invoice = late(house)
    claims = [claim(house, invoice)]
    assert claim(house, invoice) == 0
    for days in (1, 30, 40):
        house.today += timedelta(days=days)
        claims.append(claim(house, invoice))
        in_order(house, invoice)
    rows = [row for row in charges_of(invoice) if row.kind == "late_interest"]
    assert len(rows) == len(claims)
    for before, after in pairwise(rows):
        assert after.from_on == before.until_on + timedelta(days=1)
    owed = accrued_on(fresh(invoice), house.today)
    assert sum(claims) == owed.interest_minor + owed.indemnity_minor


def test_trap_10_the_40_euros_are_owed_once_however_often_they_are_claimed_and_paid(house: House) -> None:
    invoice = late(house)
    for _month in range(4):
        claim(house, invoice)
        part = house.pay(invoice.customer, 100_000, (fresh(invoice), 100_000))
        assert payment_remainder(part) == 0
        due = sums_of(charges_of(invoice)).due
        payment = house.pay(invoice.customer, due)
        pay_charges(payment, fresh(invoice), due, today=house.today, at=house.at)
        in_order(house, invoice)
        house.today += timedelta(days=30)
    rows = Charge.objects.filter(invoice=invoice, kind="indemnity")
    assert sum(row.amount_minor for row in rows) == 4_000
