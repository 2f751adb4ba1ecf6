"""Acts on one claim: the case and the waiting messages follow each correction at once."""

import json
from datetime import date, timedelta

import pytest

from exigible.books.journal.models import Event, EventPayload
from exigible.books.ledger.models import Invoice
from exigible.features.claims.operations import DueBeforeIssue, NotAPdf, ReceivedInTheFuture, add_proof, change_invoice
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox.models import Message
from exigible.testing import MONDAY, House, atelier_lumen

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return atelier_lumen()


def changed(house: House, invoice: Invoice, **changes: object) -> Invoice:
    change_invoice(invoice, changes, today=house.today, at=house.at)
    invoice.refresh_from_db()
    return invoice


def test_a_message_that_states_the_old_due_date_is_withdrawn_at_once(house: House) -> None:
    invoice = house.invoice(house.customer("Durand"), 90_000, house.days_from_now(-9))
    house.run()
    render_waiting(house.creditor, house.at)
    assert house.messages()[0].state == Message.State.READY
    changed(house, invoice, due_on=house.days_from_now(20))
    assert house.messages()[0].state == Message.State.CANCELLED
    assert house.case(invoice.customer).overdue_minor == 0


def test_a_due_date_given_by_a_person_counts_as_stated(house: House) -> None:
    invoice = house.invoice(house.customer("Durand"), 90_000, house.days_from_now(-9), due_origin="customer_terms")
    assert changed(house, invoice, due_on=house.days_from_now(-3)).due_origin == Invoice.DueOrigin.STATED
    assert changed(house, invoice, due_on=None).due_origin == Invoice.DueOrigin.NONE


def test_what_was_and_what_is_stand_in_the_journal(house: House) -> None:
    invoice = house.invoice(house.customer("Durand"), 90_000, MONDAY)
    changed(house, invoice, due_on=MONDAY + timedelta(days=5))
    event = Event.objects.get(kind="invoice.changed")
    told = json.loads(EventPayload.objects.get(event_id=event.pk).body)
    assert told["was"] == {"due_on": "2026-11-23"}
    assert told["is"]["due_on"] == "2026-11-28"
    assert told["invoice"] == invoice.pk


def test_saying_what_is_known_already_writes_nothing(house: House) -> None:
    invoice = house.invoice(house.customer("Durand"), 90_000, MONDAY)
    assert not change_invoice(invoice, {"due_on": MONDAY}, today=house.today, at=house.at)
    assert not Event.objects.filter(kind="invoice.changed").exists()


def test_an_opening_item_is_dunned_once_a_person_confirmed_it(house: House) -> None:
    customer = house.customer("Durand")
    invoice = house.invoice(customer, 90_000, house.days_from_now(-9), is_confirmed=False)
    assert house.run() == []
    changed(house, invoice, is_confirmed=True, number="F-77")
    (action,) = house.run()
    assert action.customer_id == customer.pk


def test_the_laws_term_of_a_public_buyer_brings_the_due_date_forward(house: House) -> None:
    customer = house.customer("Mairie de Vire", "public_body", buyer="local")
    invoice = house.invoice(customer, 90_000, date(2026, 12, 31), issued_on=date(2026, 11, 2))
    assert changed(house, invoice, request_received_on=date(2026, 11, 4)).due_on == date(2026, 12, 4)
    hospital = house.customer("Hôpital", "public_body", buyer="hospital")
    invoice = house.invoice(hospital, 90_000, date(2026, 12, 10), issued_on=date(2026, 11, 2))
    assert changed(house, invoice, request_received_on=date(2026, 11, 4)).due_on == date(2026, 12, 10)


def test_impossible_days_are_refused(house: House) -> None:
    invoice = house.invoice(house.customer("Durand"), 90_000, MONDAY)
    with pytest.raises(DueBeforeIssue):
        changed(house, invoice, due_on=date(2020, 1, 1))
    with pytest.raises(ReceivedInTheFuture):
        changed(house, invoice, notice_received_on=house.days_from_now(1))


def test_a_proof_is_attached_once_however_often_it_is_added(house: House) -> None:
    invoice = house.invoice(house.customer("Durand"), 90_000, MONDAY)
    for _time in range(2):
        add_proof(invoice, b"%PDF-1.7 x", "order.pdf", "order", today=house.today, at=house.at)
    assert invoice.evidence.count() == 1
    assert Event.objects.filter(kind="document.attached").count() == 1
    with pytest.raises(NotAPdf):
        add_proof(invoice, b"GIF89a", "order.pdf", "order", today=house.today, at=house.at)
