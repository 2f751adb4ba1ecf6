"""Each invariant says so when it is broken, and nothing when the books are in order."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from exigible.books.cases.models import Case, Hold, Standing, TakenStep
from exigible.books.cases.operations import hold_case, release_hold
from exigible.books.documents.models import Document, DocumentContent
from exigible.books.journal.models import Event, EventPayload
from exigible.books.ledger.charges import claim_charges
from exigible.books.ledger.models import Allocation, Charge, Customer, Invoice, Payment
from exigible.books.ledger.operations import record_payment
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox.deliver import deliver
from exigible.features.outbox.models import Message
from exigible.invariants import broken
from exigible.testing import House, atelier_lumen
from tests.engines.world import Kept, free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def mail_port() -> Iterator[int]:
    port = free_port()
    controller = Controller(Kept(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


@pytest.fixture
def house(mail_port: int) -> House:
    """A live creditor after a day: two customers reminded by e-mail, a payment in part, a credit note."""
    house = atelier_lumen(mail_port=mail_port)
    durand, martin = house.customer("Durand"), house.customer("Martin")
    part = house.invoice(durand, 100_000, house.days_from_now(-10), number="F-1")
    house.invoice(martin, 50_000, house.days_from_now(-12), number="F-2")
    house.today -= timedelta(days=1)
    house.pay(durand, 30_000, (part, 30_000), on=house.days_from_now(-2))
    house.today += timedelta(days=1)
    live_day(house)
    assert {message.state for message in house.messages()} == {"sent"}
    return house


def live_day(house: House) -> None:
    """Run the day, write what it decided, and send it."""
    house.run()
    render_waiting(house.creditor, house.at)
    for message in house.messages():
        if message.state == "ready":
            deliver(message.pk, house.at)


def found(house: House) -> list[str]:
    return list(broken(house.creditor, house.today))


def invoice(number: str) -> Invoice:
    return Invoice.objects.get(number=number)


def test_a_book_in_order_breaks_nothing(house: House) -> None:
    assert found(house) == []


def test_it_still_holds_after_days_of_reminders_payments_and_holds(house: House) -> None:
    for days in (1, 8, 9, 3, 7):
        house.today = house.days_from_now(days)
        live_day(house)
        assert found(house) == []
    hold = hold_case(
        house.case(invoice("F-2").customer), "paused", house.days_from_now(4), today=house.today, at=house.at
    )
    assert found(house) == []
    release_hold(hold, today=house.today, at=house.at)
    record_payment(
        invoice("F-1").customer, 70_000, house.today, [(invoice("F-1"), 70_000)], today=house.today, at=house.at
    )
    live_day(house)


def overallocated(house: House) -> None:
    Allocation.objects.filter(invoice__number="F-1").update(amount_minor=100_001)


def settled_too_early(house: House) -> None:
    Invoice.objects.filter(number="F-1").update(settled_on=house.today)


def payment_beyond_itself(house: House) -> None:
    Payment.objects.update(amount_minor=20_000)


def payment_said_to_be_left(house: House) -> None:
    Payment.objects.update(exhausted_on=None)


def allocation_to_another_customer(house: House) -> None:
    Allocation.objects.update(invoice=invoice("F-2"))


def asked_for_what_was_paid(house: House) -> None:
    """The books knew of the payment before the reminder left: only its text is altered here."""
    message = Message.objects.get(customer__name="Durand")
    facts = message.facts
    facts["invoices"][0]["open"] = 100_000
    Message.objects.filter(pk=message.pk).update(facts_json=json.dumps(facts))


def left_against_a_hold(house: House) -> None:
    yesterday = house.days_from_now(-1)
    Hold.objects.create(
        creditor=house.creditor, case=house.case(invoice("F-2").customer), reason="paused", from_on=yesterday
    )


def two_demands_in_a_day(house: House) -> None:
    first, second = Message.objects.order_by("id")
    Message.objects.filter(pk=second.pk).update(customer=first.customer, on=house.days_from_now(1))


def two_demands_too_close(house: House) -> None:
    first, second = Message.objects.order_by("id")
    later = second.sent_at + timedelta(days=3)
    Message.objects.filter(pk=second.pk).update(customer=first.customer, on=house.days_from_now(3), sent_at=later)


def a_step_out_of_order(house: House) -> None:
    step = TakenStep.objects.get(invoice__number="F-1")
    TakenStep.objects.create(
        invoice=step.invoice, cycle=step.cycle, step="letter", taken_on=step.taken_on - timedelta(days=3)
    )


def left_without_an_event(house: House) -> None:
    Message.objects.filter(pk__in=Message.objects.order_by("id").values("pk")[:1]).update(sent_at=None, state="ready")


def payload_replaced(house: House) -> None:
    event = Event.objects.of(house.creditor).latest("id")
    EventPayload.objects.filter(pk=event.pk).delete()
    EventPayload.objects.create(event_id=event.pk, body='{"message":0}')


def head_moved(house: House) -> None:
    Customer.objects.filter(name="Durand").update(chain_number=99)


def open_without_a_reason(house: House) -> None:
    """The term was put off, and nobody told the case."""
    Invoice.objects.filter(customer__name="Martin").update(due_on=house.days_from_now(30))
    Standing.objects.update(last_step="")
    Case.objects.update(next_look_on=house.days_from_now(2))


def counted_wrong(house: House) -> None:
    Case.objects.filter(customer__name="Durand").update(open_minor=1, next_look_on=None)


def an_invoice_in_no_case(house: House) -> None:
    invoice("F-2").standing.delete()


def charges_of_f_1(house: House) -> None:
    today, at = house.today, house.at
    claim_charges(invoice("F-1"), today, today=today, at=at)
    assert found(house) == []


def interest_that_never_accrued(house: House) -> None:
    charges_of_f_1(house)
    Charge.objects.filter(kind="late_interest").update(amount_minor=F("amount_minor") + 1)


def half_an_indemnity(house: House) -> None:
    charges_of_f_1(house)
    Charge.objects.filter(kind="indemnity").update(amount_minor=2_000)


def a_charge_paid_by_another(house: House) -> None:
    charges_of_f_1(house)
    other = house.pay(invoice("F-2").customer, 100)
    Charge.objects.filter(kind="indemnity").update(state="paid", payment=other)


def altered_document(house: House) -> None:
    DocumentContent.objects.filter(document=Document.objects.latest("id")).update(body=b"something else")


def lost_document(house: House) -> None:
    DocumentContent.objects.filter(document=Document.objects.latest("id")).delete()


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (overallocated, "balance: "),
        (settled_too_early, "balance: "),
        (payment_beyond_itself, "balance: payment"),
        (payment_said_to_be_left, "balance: payment"),
        (allocation_to_another_customer, "joins two customers"),
        (asked_for_what_was_paid, "demand: message"),
        (left_against_a_hold, "against hold"),
        (two_demands_in_a_day, "received two demands on"),
        (two_demands_too_close, "3 days after another written demand"),
        (a_step_out_of_order, "had letter on"),
        (left_without_an_event, "and did not leave"),
        (payload_replaced, "was altered"),
        (head_moved, "is not its last event"),
        (open_without_a_reason, "is open without a reason"),
        (counted_wrong, "its invoices say"),
        (an_invoice_in_no_case, "stands in no case"),
        (interest_that_never_accrued, "of late_interest written"),
        (half_an_indemnity, "of indemnity written"),
        (a_charge_paid_by_another, "is paid by another customer"),
        (a_charge_paid_by_another, "pays 4000 of charges"),
        (altered_document, "was altered"),
        (lost_document, "has lost its bytes"),
    ],
)
def test_what_is_broken_is_found(house: House, break_it: Callable[[House], None], says: str) -> None:
    break_it(house)
    assert [sentence for sentence in found(house) if says in sentence]


def test_a_payment_read_later_does_not_make_an_earlier_reminder_wrong(house: House) -> None:
    durand = invoice("F-1").customer
    record_payment(
        durand, 70_000, house.days_from_now(-3), [(invoice("F-1"), 70_000)], today=house.days_from_now(1), at=house.at + timedelta(days=1)
    )  # fmt: skip
    assert [sentence for sentence in found(house) if sentence.startswith("demand")] == []


def test_a_second_indemnity_is_refused_by_the_database(house: House) -> None:
    from django.db import IntegrityError, transaction

    values = {
        "creditor": house.creditor, "invoice": invoice("F-1"), "kind": "indemnity", "state": "accrued", "currency": "EUR",
        "amount_minor": 4_000, "until_on": house.today, "article": "D441-5",
    }  # fmt: skip
    Charge.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.create(**values)


def test_a_last_day_to_sue_that_its_facts_do_not_give_is_found(house: House) -> None:
    Standing.objects.filter(invoice=invoice("F-1")).update(last_day_to_sue=house.today)
    assert any(sentence.startswith("invoice F-1: its last day to sue") for sentence in found(house))


def test_the_number_of_queries_does_not_grow_with_the_book(house: House) -> None:
    with CaptureQueriesContext(connection) as few:
        found(house)
    for number in range(30):
        house.invoice(house.customer(f"Client {number}"), 10_000, house.days_from_now(-20))
    with CaptureQueriesContext(connection) as many:
        found(house)
    assert len(many) <= len(few) + 12
