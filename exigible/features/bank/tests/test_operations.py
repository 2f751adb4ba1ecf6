"""What becomes of movements: applied, shared, set aside, undone, given back; and who waits meanwhile."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from exigible.books.cases.models import Case, Hold
from exigible.books.documents.operations import store_document
from exigible.books.ledger.charges import claim_charges
from exigible.books.ledger.models import Allocation, Charge, Customer, Invoice, Payment
from exigible.features.bank.models import Application, BankTransaction, Payer, Proposal
from exigible.features.bank.operations import (
    Portion,
    accept_proposal,
    apply_all_certain,
    apply_by_hand,
    set_aside,
    take_up_again,
    undo_application,
)
from exigible.features.bank.proposing import match_statement
from exigible.features.bank.receiving import Received, keep_statements
from exigible.features.outbox.models import Message
from exigible.formats.bank import Movement, Statement
from exigible.formats.rows import Reading
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
IBAN = "FR7699999000010000000012337"
State = BankTransaction.State


def receive(house: House, *movements: Movement, name: str = "releve.xml", **fields: Any) -> Received:
    """Take in a statement of these movements, and match it."""
    format = fields.pop("format", "camt053")
    statement = Statement(IBAN, "EUR", movements, **fields)
    document = store_document(house.creditor, repr((format, statement)).encode(), name, "application/xml", house.at)
    reading = Reading(format, statements=[statement])
    received = keep_statements(house.creditor, reading, document, name, None, today=house.today, at=house.at)
    for row in received.statements:
        match_statement(row.pk, house.at, house.today)
    return received


def credit(house: House, amount_minor: int, label: str, **fields: Any) -> Movement:
    """A transfer that came in yesterday."""
    on = fields.pop("on", house.today - timedelta(days=1))
    return Movement(1, on, amount_minor, "EUR", label, kind=fields.pop("kind", "transfer"), **fields)


def only(house: House) -> BankTransaction:
    """The one movement of the creditor."""
    return BankTransaction.objects.of(house.creditor).get()


@pytest.fixture
def house() -> Iterator[House]:
    """Atelier Lumen, which lets certain matches be applied; whatever is done, the books are in order afterwards."""
    lumen = atelier_lumen()
    lumen.creditor.applies_certain_matches = True
    lumen.creditor.save()
    yield lumen
    assert lumen.broken() == []


def late(
    house: House, total_minor: int = 120_000, number: str = "FA-2026-0042", name: str = "Menuiserie Durand"
) -> tuple[Customer, Invoice]:
    """A customer with an invoice that is ten days late."""
    customer = house.customer(name)
    return customer, house.invoice(customer, total_minor, house.days_from_now(-10), number)


def acts(house: House) -> dict[str, Any]:
    """When, for an act."""
    return {"today": house.today, "at": house.at, "actor": "user:1"}


def test_a_transfer_that_names_its_invoice_pays_it_and_closes_the_case(house: House) -> None:
    customer, invoice = late(house)
    receive(house, credit(house, 120_000, "VIR SEPA RECU /DE MENUISERIE DURAND /MOTIF FA-2026-0042"))
    invoice.refresh_from_db()
    assert invoice.settled_on == house.today - timedelta(days=1)
    assert only(house).state == State.APPLIED
    assert Allocation.objects.get(invoice=invoice).basis == "bank"
    assert house.case(customer).state == Case.State.CLOSED


def test_one_movement_nets_a_credit_note_and_leaves_a_credit(house: House) -> None:
    customer, invoice = late(house)
    note = house.invoice(customer, 20_000, None, "AV-0001", kind="credit_note")
    house.creditor.applies_certain_matches = False
    house.creditor.save()
    receive(house, credit(house, 105_000, "VIR DURAND"))
    portions = [Portion(customer.pk, 100_000, invoice.pk), Portion(customer.pk, 20_000, invoice.pk, note.pk)]
    apply_by_hand(only(house), portions, **acts(house))
    invoice.refresh_from_db()
    note.refresh_from_db()
    assert None not in (invoice.settled_on, note.settled_on)
    payment = Payment.objects.get(customer=customer)
    assert (payment.amount_minor, payment.exhausted_on) == (105_000, None)
    undo_application(only(house), **acts(house))
    invoice.refresh_from_db()
    note.refresh_from_db()
    assert not Invoice.objects.filter(settled_on__isnull=False).exists()
    assert (Payment.objects.count(), Allocation.objects.count()) == (0, 0)
    assert (only(house).state, only(house).is_by_hand_only) == (State.TO_MATCH, True)


def test_what_a_person_undid_is_never_applied_by_itself_again(house: House) -> None:
    _customer, invoice = late(house)
    receive(house, credit(house, 120_000, "FA-2026-0042 MENUISERIE DURAND"))
    undo_application(only(house), **acts(house))
    assert Proposal.objects.get(rank=1, transaction=only(house)).is_certain
    assert apply_all_certain(house.creditor, **acts(house)) == 0
    accept_proposal(only(house), Proposal.objects.get(rank=1), **acts(house))
    invoice.refresh_from_db()
    assert invoice.settled_on


def test_a_payment_of_a_third_party_is_learned_from_a_person_only_and_forgotten_when_undone(house: House) -> None:
    customer, invoice = late(house)
    payer = {"payer_name": "HOLDING DU PARC", "payer_account": "DE89370400440532013000"}
    receive(house, credit(house, 120_000, "FA-2026-0042", **payer))
    if only(house).state == State.TO_MATCH:
        accept_proposal(only(house), Proposal.objects.get(rank=1), **acts(house))
        assert Payer.objects.get(customer=customer).account == "DE89370400440532013000"
    undo_application(only(house), **acts(house))
    assert not Payer.objects.exists()
    invoice.refresh_from_db()
    assert invoice.settled_on is None


def test_a_customer_who_may_have_paid_waits_until_the_movement_is_settled(house: House) -> None:
    customer, _invoice = late(house)
    house.creditor.applies_certain_matches = False
    house.creditor.save()
    receive(house, credit(house, 120_000, "VIR FA-2026-0042"))
    hold = Hold.objects.get(case__customer=customer)
    assert (hold.reason, hold.source) == (Hold.Reason.PAYMENT, f"bank:{only(house).pk}")
    assert house.run() == []
    assert json.loads(house.case(customer).waiting)["rule"] == "all.on.hold"
    set_aside(only(house), "not ours", **acts(house))
    hold.refresh_from_db()
    assert hold.released_on == house.today
    assert house.run() != []
    take_up_again(only(house), **acts(house))
    assert Hold.objects.filter(released_on__isnull=True, case__customer=customer).exists()


def test_a_reminder_that_waits_is_cancelled_the_moment_the_money_comes(house: House) -> None:
    customer, _invoice = late(house)
    house.run()
    assert [message.state for message in house.messages(customer)] == [Message.State.QUEUED]
    receive(house, credit(house, 120_000, "FA-2026-0042 MENUISERIE DURAND"))
    assert [message.state for message in house.messages(customer)] == [Message.State.CANCELLED]


@pytest.mark.parametrize("code", ["fee", "rounding"])
def test_a_small_difference_is_written_off_with_its_line_and_comes_back_when_undone(house: House, code: str) -> None:
    customer, invoice = late(house)
    house.creditor.applies_certain_matches = False
    house.creditor.save()
    receive(house, credit(house, 119_000, "FA-2026-0042"))
    apply_by_hand(only(house), [Portion(customer.pk, 119_000, invoice.pk)], code, **acts(house))
    invoice.refresh_from_db()
    assert invoice.settled_on
    assert Payment.objects.get(origin="difference").amount_minor == 1_000
    undo_application(only(house), **acts(house))
    assert not Payment.objects.exists()


def test_what_is_retained_or_disputed_stays_due_and_is_not_claimed(house: House) -> None:
    customer, invoice = late(house)
    house.creditor.applies_certain_matches = False
    house.creditor.save()
    receive(house, credit(house, 114_000, "FA-2026-0042"))
    apply_by_hand(only(house), [Portion(customer.pk, 114_000, invoice.pk)], "retention", **acts(house))
    hold = Hold.objects.get(released_on__isnull=True)
    assert (hold.invoice_id, hold.amount_minor, hold.reason) == (invoice.pk, 6_000, Hold.Reason.NOT_YET)
    undo_application(only(house), **acts(house))
    assert not Hold.objects.filter(released_on__isnull=True, reason=Hold.Reason.NOT_YET).exists()


def test_a_rejected_direct_debit_opens_its_invoice_again_by_itself(house: House) -> None:
    customer, invoice = late(house)
    house.run()
    receive(
        house, credit(house, 120_000, "PRLV FA-2026-0042 MENUISERIE DURAND", end_to_end="E2E-7", kind="direct_debit")
    )
    invoice.refresh_from_db()
    assert invoice.settled_on
    house.today += timedelta(days=3)
    back = credit(house, -120_000, "REJET PRLV", end_to_end="E2E-7", kind="return", reason="insufficient funds")
    receive(house, back, name="suite.xml")
    invoice.refresh_from_db()
    assert invoice.settled_on is None
    rows = BankTransaction.objects.order_by("booked_on")
    assert [row.state for row in rows] == [State.RETURNED, State.OUT]
    assert rows[1].returns_id == rows[0].pk
    assert house.case(customer).state == Case.State.OPEN


def test_two_movements_for_one_invoice_pay_it_once(house: House) -> None:
    customer, invoice = late(house)
    label = "FA-2026-0042 MENUISERIE DURAND"
    receive(house, credit(house, 120_000, label), credit(house, 120_000, label))
    assert sorted(BankTransaction.objects.values_list("state", flat=True)) == [State.APPLIED, State.TO_MATCH]
    assert Allocation.objects.filter(invoice=invoice).count() == 1
    left = BankTransaction.objects.get(state=State.TO_MATCH)
    accept_proposal(left, Proposal.objects.get(transaction=left, rank=1), **acts(house))
    assert Payment.objects.get(customer=customer, exhausted_on=None).amount_minor == 120_000


def test_a_movement_whose_payment_is_gone_is_seen(house: House) -> None:
    late(house)
    receive(house, credit(house, 120_000, "FA-2026-0042 MENUISERIE DURAND"))
    Application.objects.all().delete()
    assert sum(line.startswith("bank:") for line in house.broken()) == 2
    BankTransaction.objects.filter(pk=only(house).pk).update(state=State.TO_MATCH)
    Payment.objects.update(origin="hand")


def test_interest_and_indemnity_that_were_claimed_are_paid_with_the_invoice_and_due_again_when_undone(
    house: House,
) -> None:
    _customer, invoice = late(house)
    paid_on = house.days_from_now(-1)
    claimed = claim_charges(invoice, paid_on, today=paid_on, at=house.at)
    house.creditor.applies_certain_matches = False
    house.creditor.save()
    receive(house, credit(house, 120_000 + claimed, "FA-2026-0042 MENUISERIE DURAND"))
    best = Proposal.objects.get(rank=1)
    assert (best.cause, best.difference_minor) == ("charges", claimed)
    accept_proposal(only(house), best, **acts(house))
    assert set(Charge.objects.values_list("state", flat=True)) == {Charge.State.PAID}
    undo_application(only(house), **acts(house))
    assert set(Charge.objects.values_list("state", flat=True)) == {Charge.State.CLAIMED}
