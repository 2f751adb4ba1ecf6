"""Money and facts of an account: the case follows at once, and every act can be undone."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from django.utils import translation

from exigible.books.cases.models import Case, Hold, Standing
from exigible.books.creditors.models import Creditor
from exigible.books.journal.models import Event
from exigible.books.ledger.models import Allocation, Contact, Customer, Invoice
from exigible.books.ledger.operations import PaymentFromFile, TooMuchAllocated
from exigible.books.ledger.queries import invoice_balance
from exigible.features.customers import operations
from exigible.features.customers.stories import said
from exigible.features.outbox.models import Message
from exigible.testing import MONDAY, House, atelier_lumen

pytestmark = pytest.mark.django_db
LATE = MONDAY - timedelta(days=20)


@pytest.fixture
def house() -> House:
    return atelier_lumen()


def when(house: House) -> dict[str, object]:
    return {"today": house.today, "at": house.at, "actor": f"user:{house.people['Alice'].pk}"}


def state_of(customer: Customer) -> str:
    return str(Case.objects.filter(customer=customer).latest("id").state)


def receive(house: House, customer: Customer, minor: int, *shares: tuple[Invoice, int]) -> object:
    return operations.receive_payment(customer, minor, house.today, shares, **when(house))  # type: ignore[arg-type]


def test_a_payment_of_all_that_is_late_closes_the_case(house: House) -> None:
    martin = house.customer("Martin")
    invoice = house.invoice(martin, 120_000, LATE)
    assert state_of(martin) == "open"
    receive(house, martin, 120_000, (invoice, 120_000))
    assert state_of(martin) == "closed"


def test_a_case_stays_open_while_another_invoice_is_unpaid(house: House) -> None:
    martin = house.customer("Martin")
    first, second = house.invoice(martin, 120_000, LATE), house.invoice(martin, 45_000, LATE)
    receive(house, martin, 120_000, (first, 120_000))
    assert state_of(martin) == "open"
    receive(house, martin, 45_000, (second, 45_000))
    assert state_of(martin) == "closed"


def test_taking_a_payment_back_reopens_the_case(house: House) -> None:
    martin = house.customer("Martin")
    invoice = house.invoice(martin, 120_000, LATE)
    payment = receive(house, martin, 120_000, (invoice, 120_000))
    operations.take_payment_back(payment, **when(house))  # type: ignore[arg-type]
    assert state_of(martin) == "open"
    assert invoice_balance(invoice) == 120_000
    assert Case.objects.filter(customer=martin).exclude(state="closed").get().overdue_minor == 120_000


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_paying_and_unpaying_in_any_order_closes_only_when_all_is_paid(house: House, order: tuple[int, ...]) -> None:
    durand = house.customer("Durand")
    invoices = [
        house.invoice(durand, minor, LATE - timedelta(days=days))
        for minor, days in ((10_001, 0), (20_002, 9), (30_003, 40))
    ]
    payments = {}
    for done, place in enumerate(order, start=1):
        payments[place] = receive(
            house, durand, invoices[place].total_minor, (invoices[place], invoices[place].total_minor)
        )
        assert state_of(durand) == ("closed" if done == 3 else "open")
    for place in reversed(order):
        operations.take_payment_back(payments[place], **when(house))  # type: ignore[arg-type]
        assert state_of(durand) == "open"
    assert Case.objects.filter(customer=durand).latest("id").overdue_minor == 60_006


def test_a_credit_note_set_against_an_invoice_closes_and_its_undoing_reopens(house: House) -> None:
    durand = house.customer("Durand")
    invoice = house.invoice(durand, 50_000, LATE)
    credit_note = house.invoice(durand, 60_000, LATE, kind="credit_note")
    operations.use_credit(credit_note, [(invoice, 50_000)], **when(house))  # type: ignore[arg-type]
    assert state_of(durand) == "closed"
    assert invoice_balance(credit_note) == 10_000
    operations.take_allocation_back(Allocation.objects.get(credit_note=credit_note), **when(house))  # type: ignore[arg-type]
    assert state_of(durand) == "open"
    assert invoice_balance(credit_note) == 60_000


def test_a_refused_share_leaves_nothing_behind(house: House) -> None:
    martin = house.customer("Martin")
    invoice = house.invoice(martin, 10_000, LATE)
    with pytest.raises(TooMuchAllocated):
        receive(house, martin, 50_000, (invoice, 20_000))
    assert not martin.payments.exists()
    assert not Event.objects.filter(customer_id=martin.pk, kind="payment.recorded").exists()


def test_what_a_payment_leaves_over_stays_as_a_credit(house: House) -> None:
    martin = house.customer("Martin")
    invoice = house.invoice(martin, 10_000, LATE)
    payment = receive(house, martin, 15_000, (invoice, 10_000))
    later = house.invoice(martin, 7_000, LATE)
    operations.use_credit(payment, [(later, 5_000)], **when(house))  # type: ignore[arg-type]
    assert invoice_balance(later) == 2_000


def test_a_payment_from_a_file_is_not_taken_back_by_hand(house: House) -> None:
    martin = house.customer("Martin")
    payment = receive(house, martin, 15_000)
    type(payment).objects.filter(pk=payment.pk).update(origin="payment")  # type: ignore[attr-defined]
    payment.refresh_from_db()  # type: ignore[attr-defined]
    with pytest.raises(PaymentFromFile):
        operations.take_payment_back(payment, **when(house))  # type: ignore[arg-type]


def test_a_payment_cancels_the_reminder_that_waited(house: House) -> None:
    martin = house.customer("Martin")
    invoice = house.invoice(martin, 120_000, MONDAY - timedelta(days=4))
    house.run()
    assert [message.state for message in house.messages(martin)] == ["queued"]
    receive(house, martin, 120_000, (invoice, 120_000))
    assert [message.state for message in house.messages(martin)] == ["cancelled"]


def test_thanks_are_sent_only_when_wished_and_the_case_is_closed(house: House) -> None:
    martin = house.customer("Martin")
    first, second = house.invoice(martin, 10_000, LATE), house.invoice(martin, 5_000, LATE)
    Creditor.objects.filter(pk=house.creditor.pk).update(thanks_for_payments=True)
    martin.creditor.refresh_from_db()
    receive(house, martin, 10_000, (first, 10_000))
    assert not Message.objects.filter(customer=martin, template="thank_you").exists()
    payment = receive(house, martin, 5_000, (second, 5_000))
    thanks = Message.objects.get(customer=martin, template="thank_you")
    assert thanks.facts["payment"]["amount"] == 5_000
    operations.take_payment_back(payment, **when(house))  # type: ignore[arg-type]
    thanks.refresh_from_db()
    assert thanks.state == "cancelled"


def test_a_changed_kind_is_told_and_the_waiting_message_is_stale(house: House) -> None:
    petit = house.customer("Petit")
    house.invoice(petit, 30_000, MONDAY - timedelta(days=4))
    house.run()
    assert operations.change_customer(petit, {"kind": "consumer"}, **when(house))  # type: ignore[arg-type]
    assert [message.state for message in house.messages(petit)] == ["cancelled"]
    assert not operations.change_customer(petit, {"kind": "consumer"}, **when(house))  # type: ignore[arg-type]
    assert Event.objects.filter(customer_id=petit.pk, kind="customer.changed").count() == 1


def test_the_first_contact_is_the_main_one_and_a_new_main_one_replaces_it(house: House) -> None:
    martin = house.customer("Martin")
    second = operations.change_contact(
        martin, None, {"name": "M. Roux", "email": "roux@martin.example", "is_main": True}, **when(house)
    )  # type: ignore[arg-type]
    assert list(Contact.objects.filter(customer=martin, is_main=True)) == [second]
    operations.remove_contact(second, **when(house))  # type: ignore[arg-type]
    assert Contact.objects.filter(customer=martin, is_main=True).count() == 1


def test_two_contacts_never_share_an_address(house: House) -> None:
    martin = house.customer("Martin", email="compta@martin.example")
    with pytest.raises(operations.AddressTwice):
        operations.change_contact(martin, None, {"email": "COMPTA@martin.example"}, **when(house))  # type: ignore[arg-type]


def test_a_new_address_is_no_longer_a_bad_one(house: House) -> None:
    martin = house.customer("Martin")
    contact = Contact.objects.get(customer=martin)
    Contact.objects.filter(pk=contact.pk).update(email_is_bad=True)
    contact.refresh_from_db()
    operations.change_contact(martin, contact, {"email": "nouveau@martin.example"}, **when(house))  # type: ignore[arg-type]
    contact.refresh_from_db()
    assert not contact.email_is_bad


def test_a_pause_cancels_what_waits_and_its_end_lets_the_case_be_looked_at(house: House) -> None:
    martin = house.customer("Martin")
    house.invoice(martin, 30_000, MONDAY - timedelta(days=4))
    house.run()
    hold = operations.pause_customer(martin, MONDAY + timedelta(days=5), "comptable absente", **when(house))  # type: ignore[arg-type]
    assert [message.state for message in house.messages(martin)] == ["cancelled"]
    assert hold.reason == Hold.Reason.PAUSED
    operations.resume_customer(hold, **when(house))  # type: ignore[arg-type]
    assert house.case(martin).next_look_on == MONDAY
    assert len(house.run()) == 1


def test_there_is_nothing_to_pause_where_nothing_is_owed(house: House) -> None:
    with pytest.raises(operations.NothingToPause):
        operations.pause_customer(house.customer("Martin"), date(2027, 1, 1), "vide", **when(house))  # type: ignore[arg-type]


def test_a_statement_states_each_invoice_with_its_own_balance_and_asks_nothing(house: House) -> None:
    martin = house.customer("Martin")
    first, second = house.invoice(martin, 30_000, LATE), house.invoice(martin, 12_345, MONDAY + timedelta(days=9))
    house.invoice(martin, 77_700, LATE, currency="USD")
    house.pay(martin, 10_000, (first, 9_000))
    message = operations.send_statement(martin, "EUR", today=house.today)
    assert {line["number"]: line["open"] for line in message.facts["invoices"]} == {
        first.number: 21_000,
        second.number: 12_345,
    }
    assert (message.facts["total"], message.facts["credits"], message.facts["balance"]) == (33_345, 1_000, 32_345)
    assert message.purpose == Message.Purpose.SERVICE


def test_the_same_statement_is_not_sent_twice_a_day(house: House) -> None:
    martin = house.customer("Martin")
    house.invoice(martin, 30_000, LATE)
    operations.send_statement(martin, "EUR", today=house.today)
    with pytest.raises(operations.StatementSentToday):
        operations.send_statement(martin, "EUR", today=house.today)


def test_a_statement_needs_an_address_that_works(house: House) -> None:
    with pytest.raises(operations.NoAddressToWriteTo):
        operations.send_statement(house.customer("Martin", email=""), "EUR", today=house.today)


def test_a_reopened_invoice_keeps_its_standing_in_the_new_case(house: House) -> None:
    martin = house.customer("Martin")
    invoice = house.invoice(martin, 30_000, LATE)
    payment = receive(house, martin, 30_000, (invoice, 30_000))
    operations.take_payment_back(payment, **when(house))  # type: ignore[arg-type]
    assert Standing.objects.get(invoice=invoice).case_id == house.case(martin).pk


def test_a_declared_reminder_is_told_with_its_own_day_and_its_proof() -> None:
    payload = {"step": "friendly", "on": "2026-10-15", "number": "F-12", "proof": "courriel", "invoice": 3}
    with translation.override("fr"):
        assert said("step.declared", payload) == (
            "Relance antérieure déclarée\u00a0: simple rappel, 15 octobre 2026", "F-12 · courriel"
        )  # fmt: skip
