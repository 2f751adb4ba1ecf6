"""Money that comes twice, from the bank and from an accounting file: it is counted once, whichever comes first."""

from datetime import timedelta

import pytest

from exigible.books.ledger.models import Allocation, Customer, Invoice, Payment, Posting
from exigible.books.ledger.posting import post_rows
from exigible.features.bank.models import Application, BankTransaction, Proposal
from exigible.features.bank.operations import accept_proposal, undo_application
from exigible.features.bank.proposing import rematch
from exigible.features.bank.tests.test_operations import acts, credit, late, only, receive
from exigible.features.bank.undoing import leave_posting
from exigible.formats.rows import AllocationRow, CustomerRow, InvoiceRow, PaymentRow, Reading
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
State = BankTransaction.State


def ledger(house: House, customer: Customer, amount_minor: int, *, days_ago: int = 1, letters: bool = False) -> None:
    """Post a ledger that brings a payment, lettered with the invoice of `late` or not."""
    day = house.days_from_now(-days_ago)
    issued = house.days_from_now(-40)
    invoice = InvoiceRow(
        "L1", customer.reference, "FA-2026-0042", "invoice", issued, issued + timedelta(days=30), "EUR", 120_000
    )
    payment = PaymentRow("L2", customer.reference, day, "EUR", amount_minor, "REGLEMENT")
    reading = Reading(
        "fec", customers=[CustomerRow(customer.reference, customer.name)], invoices=[invoice], payments=[payment]
    )
    if letters:
        reading.allocations = [AllocationRow("L2", "payment", "L1", amount_minor, day, "lettering")]
    post_rows(house.creditor, reading, name="fec.txt", digest=f"{amount_minor}", today=house.today, at=house.at)


@pytest.fixture
def house() -> House:
    lumen = atelier_lumen()
    lumen.creditor.applies_certain_matches = True
    lumen.creditor.save()
    return lumen


def test_a_ledger_that_follows_the_bank_makes_the_payment_its_own(house: House) -> None:
    customer, _invoice = late(house)
    receive(house, credit(house, 120_000, "FA-2026-0042 MENUISERIE DURAND"))
    ledger(house, customer, 120_000, days_ago=3, letters=True)
    payment = Payment.objects.get(customer=customer)
    assert (payment.origin, payment.source_key, payment.received_on) == ("bank", "L2", house.days_from_now(-3))
    assert Application.objects.get().payment_id == payment.pk
    assert sum(Allocation.objects.values_list("amount_minor", flat=True)) == 120_000


def test_a_movement_that_the_ledger_had_booked_makes_no_second_payment(house: House) -> None:
    customer, _invoice = late(house)
    ledger(house, customer, 120_000, letters=True)
    receive(house, credit(house, 120_000, "VIR MENUISERIE DURAND FA-2026-0042", payer_name="MENUISERIE DURAND"))
    assert Payment.objects.count() == 1
    assert (only(house).state, Application.objects.get().was_booked) == (State.APPLIED, True)
    undo_application(only(house), **acts(house))
    assert (Payment.objects.count(), only(house).state) == (1, State.TO_MATCH)


def test_a_booked_payment_that_nothing_ties_to_the_movement_is_asked_about(house: House) -> None:
    customer, _invoice = late(house)
    ledger(house, customer, 77_700)
    receive(house, credit(house, 77_700, "VIR INST"))
    best = Proposal.objects.get(rank=1)
    assert (only(house).state, best.cause, best.is_certain) == (State.TO_MATCH, "booked", False)
    accept_proposal(only(house), best, **acts(house))
    assert (only(house).state, Payment.objects.count()) == (State.APPLIED, 1)


def test_an_import_that_is_undone_lets_go_of_the_movement_that_it_had_booked(house: House) -> None:
    customer, _invoice = late(house)
    ledger(house, customer, 120_000, letters=True)
    receive(house, credit(house, 120_000, "FA-2026-0042", payer_name="MENUISERIE DURAND"))
    leave_posting(Posting.objects.get(digest="120000"), [])
    assert (only(house).state, Application.objects.exists()) == (State.TO_MATCH, False)


def test_what_waits_is_explained_again_when_the_ledger_comes(house: House) -> None:
    receive(house, credit(house, 120_000, "FA-2026-0042 MENUISERIE DURAND"))
    assert only(house).state == State.TO_MATCH
    late(house)
    assert rematch(house.creditor, house.today, house.at) == 1
    assert only(house).state == State.APPLIED


def test_a_payment_recorded_by_hand_becomes_the_movements_own(house: House) -> None:
    customer, invoice = late(house)
    house.pay(customer, 120_000, (invoice, 120_000), on=house.days_from_now(-2))
    receive(house, credit(house, 120_000, "VIR", payer_name="MENUISERIE DURAND"))
    assert (Payment.objects.get().origin, Application.objects.get().was_booked) == ("statement", False)
    undo_application(only(house), **acts(house))
    assert not Payment.objects.exists()


def test_a_movement_waits_again_when_a_newer_file_takes_its_payment_out(house: House) -> None:
    customer, _invoice = late(house)
    ledger(house, customer, 120_000)
    receive(house, credit(house, 120_000, "VIR", payer_name="MENUISERIE DURAND"))
    house.creditor.applies_certain_matches = False
    Payment.objects.all().delete()
    rematch(house.creditor, house.today, house.at)
    assert only(house).state == State.TO_MATCH


def test_a_return_of_what_the_ledger_keeps_as_paid_opens_its_invoice_and_is_counted_once(house: House) -> None:
    customer, _invoice = late(house)
    Invoice.objects.all().delete()
    ledger(house, customer, 120_000, letters=True)
    receive(house, credit(house, 120_000, "PRLV", payer_name="MENUISERIE DURAND", end_to_end="E7"))
    back = credit(house, -120_000, "REJET PRLV", end_to_end="E7", kind="return", on=house.today)
    receive(house, back, name="suite.xml")
    invoice, claim = Invoice.objects.order_by("id")
    assert (invoice.settled_on, claim.settled_on, claim.origin) == (None, house.today, "refund")
    assert house.broken() == []
    day = house.today
    row = InvoiceRow("L9", customer.reference, "REJET", "invoice", day, day, "EUR", 120_000, origin="refund")
    reading = Reading("fec", customers=[CustomerRow(customer.reference, customer.name)], invoices=[row])
    post_rows(house.creditor, reading, name="fec2.txt", digest="two", today=house.today, at=house.at)
    assert Invoice.objects.count() == 2
    assert Invoice.objects.get(source_key="L9").pk == claim.pk
