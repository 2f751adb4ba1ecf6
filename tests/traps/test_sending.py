"""Traps 4 and 5: money that arrives while a demand is on its way; demands that do not arrive."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from exigible.books.cases.models import Standing
from exigible.books.journal.models import Event
from exigible.books.ledger.models import Contact, Customer, Invoice
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox import deliver as delivery
from exigible.features.outbox.channels import CHANNELS
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import (
    approve,
    recheck_waiting,
    record_bounce,
    record_posting,
    resolve_uncertain,
)
from exigible.features.outbox.tests.mail_server import PostOffice, mail_through
from exigible.testing import MONDAY, House, atelier_lumen
from tests.acts import demands, left, people_work, work_day, write_and_send

pytestmark = pytest.mark.django_db
State = Message.State


def a_late_customer(office: PostOffice, late: int = 3) -> tuple[House, Customer, Invoice]:
    house = atelier_lumen()
    mail_through(house.creditor, office)
    durand = house.customer("Durand")
    return house, durand, house.invoice(durand, 420_000, MONDAY - timedelta(days=late))


MOMENTS = [
    "before the day",
    "after the decision",
    "after the writing",
    "after the claim",
    "after the server's answer",
    "after all",
]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("share", [420_000, 100_000])
def test_trap_04_money_known_before_the_last_check_stops_the_demand(
    office: PostOffice, moment: str, share: int
) -> None:
    house, durand, invoice = a_late_customer(office)

    def pay_at(present: str) -> None:
        if present == moment:
            house.pay(durand, share, (invoice, share))

    pay_at("before the day")
    house.run()
    pay_at("after the decision")
    render_waiting(house.creditor, house.at)
    pay_at("after the writing")
    ready = Message.objects.filter(state=State.READY).first()
    claimed = delivery._claim(ready.pk, house.at) if ready else None
    pay_at("after the claim")
    if claimed:
        send = CHANNELS["email"].send
        assert send is not None
        outcome = send(*claimed)
        pay_at("after the server's answer")
        delivery._write_down(claimed[0], outcome, house.at)
    pay_at("after all")

    known_before = MOMENTS.index(moment) < MOMENTS.index("after the claim")
    assert len(office.received) == (1 if moment == "before the day" and share < 420_000 else 0 if known_before else 1)
    for later in range(1, 4):
        work_day(house, MONDAY + timedelta(days=later))
    told = [mail.text for mail in office.received]
    if share == 420_000:
        assert len(told) == (0 if known_before else 1)
    elif known_before:  # the demand was written again with what is left, and only that one left
        assert len(told) == 1
        assert "3\u202f200,00" in told[0]
        assert "dont déjà" in told[0] or "4\u202f200,00" in told[0]
    assert Event.objects.filter(kind="message.sent").count() == len(told)


def test_trap_04_a_hold_that_begins_while_a_demand_waits_stops_it(office: PostOffice) -> None:
    from exigible.books.cases.operations import hold_case

    house, durand, _invoice = a_late_customer(office)
    house.run()
    hold_case(house.case(durand), "disputed", None, today=house.today, at=house.at)
    write_and_send(house)
    work_day(house)
    assert office.received == []
    assert left(house) == []


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "551 moved away"])
def test_trap_05_a_refused_address_sends_the_step_by_post(office: PostOffice, answer: str) -> None:
    house, durand, invoice = a_late_customer(office)
    office.recipients["*"] = answer
    work_day(house)
    (refused,) = Message.objects.filter(customer=durand)
    assert (refused.state, refused.receipt) == (State.BOUNCED, answer)
    assert Contact.objects.get(customer=durand).email_is_bad
    assert Standing.objects.get(invoice=invoice).last_step == ""
    work_day(house, MONDAY + timedelta(days=1))
    letter = Message.objects.filter(customer=durand).latest("id")
    assert (letter.step, letter.channel, letter.state) == ("friendly", "letter", State.TO_POST)
    assert office.received == []


@pytest.mark.parametrize(
    "answer", ["530 5.7.0 authentication required", "550 5.7.1 relaying denied", "454 4.7.0 greylisted"]
)
def test_trap_05_a_server_that_refuses_us_marks_no_customers_address(office: PostOffice, answer: str) -> None:
    house, durand, _invoice = a_late_customer(office)
    office.recipients["*"] = answer
    work_day(house)
    (message,) = Message.objects.filter(customer=durand)
    assert message.state == State.READY
    assert not Contact.objects.get(customer=durand).email_is_bad
    office.mend()
    assert message.not_before is not None
    write_and_send(house, message.not_before)
    assert len(office.received) == 1


def test_trap_05_a_refused_sender_is_our_fault_and_not_the_customers(office: PostOffice) -> None:
    house, durand, _invoice = a_late_customer(office)
    office.senders["*"] = "550 5.1.8 sender unknown"
    at = house.at
    work_day(house)
    for _attempt in range(8):
        at += timedelta(hours=6)
        write_and_send(house, at)
    (message,) = Message.objects.filter(customer=durand)
    assert message.state in (State.READY, State.FAILED)
    assert not Contact.objects.get(customer=durand).email_is_bad
    for later in range(1, 5):
        work_day(house, MONDAY + timedelta(days=later))
        assert len(demands(house)) == 1


def test_trap_05_a_refused_copy_marks_the_copy_and_not_the_main_contact(office: PostOffice) -> None:
    house, durand, _invoice = a_late_customer(office)
    Contact.objects.create(
        creditor=house.creditor, customer=durand, name="Chef", email="gone@durand.example", copied_from_step="friendly"
    )
    office.recipients["gone@durand.example"] = "550 5.1.1 gone"
    work_day(house)
    assert list(Contact.objects.filter(email_is_bad=True).values_list("email", flat=True)) == ["gone@durand.example"]
    work_day(house, MONDAY + timedelta(days=1))
    (received,) = office.received
    assert received.recipients == [Contact.objects.get(customer=durand, is_main=True).email]


def test_trap_05_a_server_out_for_a_while_delays_and_never_doubles(office: PostOffice) -> None:
    house, _durand, _invoice = a_late_customer(office)
    office.recipients["*"] = "451 4.3.0 try again later"
    work_day(house)
    assert [message.state for message in demands(house)] == [State.READY]
    office.mend()
    write_and_send(house)  # too soon: the wait between two attempts holds
    assert office.received == []
    write_and_send(house, house.at + timedelta(minutes=11))
    assert len(office.received) == 1
    assert [message.attempts for message in demands(house)] == [2]


def test_trap_05_a_refusal_after_the_data_is_no_delivery(office: PostOffice) -> None:
    house, durand, invoice = a_late_customer(office)
    office.data = "550 5.1.1 refused after all"
    work_day(house)
    assert Message.objects.get(customer=durand).state == State.BOUNCED
    assert Standing.objects.get(invoice=invoice).last_step == ""
    office.mend()
    work_day(house, MONDAY + timedelta(days=1))
    assert Message.objects.filter(customer=durand).latest("id").channel == "letter"


def test_trap_05_a_lost_answer_is_shown_to_a_person_and_holds_everything(office: PostOffice) -> None:
    house, durand, _invoice = a_late_customer(office)
    office.hang_up_after_data()
    work_day(house)
    (message,) = Message.objects.filter(customer=durand)
    assert message.state == State.UNCERTAIN
    office.mend()
    for later in range(1, 20):
        work_day(house, MONDAY + timedelta(days=later))
    assert Message.objects.filter(customer=durand).count() == 1
    assert len(office.received) == 1


@pytest.mark.parametrize("was_sent", [True, False])
def test_trap_05_a_person_says_whether_it_left_and_a_second_copy_has_the_same_identifier(
    office: PostOffice, was_sent: bool
) -> None:
    house, durand, _invoice = a_late_customer(office)
    office.hang_up_after_data()
    work_day(house)
    office.mend()
    message = Message.objects.select_related("case", "customer", "creditor").get(customer=durand)
    resolve_uncertain(message, was_sent, house.people["Alice"], house.today, house.at)
    write_and_send(house)
    assert len({mail.mail["Message-ID"] for mail in office.received}) == 1
    assert len(office.received) == (1 if was_sent else 2)
    assert Event.objects.filter(kind="message.sent").count() == 1


def bounced_on(house: House, durand: Customer, days: int) -> None:
    work_day(house, MONDAY + timedelta(days=days))
    message = Message.objects.select_related("case", "customer", "creditor").get(
        customer=durand, step="friendly", channel="email"
    )
    record_bounce(message, message.recipient, "5.1.1 unknown", today=house.today, at=house.at)


@pytest.mark.parametrize("days", [1, 4])
def test_trap_05_a_bounce_takes_the_step_back_even_when_it_comes_late(office: PostOffice, days: int) -> None:
    house, durand, invoice = a_late_customer(office)
    work_day(house)
    bounced_on(house, durand, days)
    assert Standing.objects.get(invoice=invoice).last_step == ""
    for later in range(days, days + 4):
        work_day(house, MONDAY + timedelta(days=later))
    assert [(message.step, message.channel) for message in demands(house) if message.state == State.TO_POST] == [
        ("friendly", "letter")
    ]


def test_trap_05_a_bounce_after_the_next_step_changes_no_history(office: PostOffice) -> None:
    house, durand, invoice = a_late_customer(office)
    for later in range(8):
        work_day(house, MONDAY + timedelta(days=later))
    assert Standing.objects.get(invoice=invoice).last_step == "firm"
    bounced_on(house, durand, 8)
    assert [step.step for step in invoice.taken_steps.order_by("id")] == ["friendly", "firm"]


def reach_the_letter(house: House) -> None:
    for later in range(40):
        work_day(house, MONDAY + timedelta(days=later))
        people_work(house, ["call"])
        if Message.objects.filter(step="letter").exists():
            return
    raise AssertionError("no letter came")


def test_trap_05_a_letter_never_posted_holds_the_next_level_and_stays_in_sight(office: PostOffice) -> None:
    house, _durand, invoice = a_late_customer(office)
    reach_the_letter(house)
    for _later in range(40):
        work_day(house, house.today + timedelta(days=1))
    standing = Standing.objects.get(invoice=invoice)
    assert (standing.last_step, standing.last_is_delivered) == ("letter", False)
    assert not Message.objects.filter(step="formal_notice").exists()
    assert Message.objects.filter(step="letter", state=State.TO_APPROVE).count() == 1


def test_trap_05_a_letter_posted_late_moves_the_next_step_by_its_own_delay(office: PostOffice) -> None:
    house, _durand, invoice = a_late_customer(office)
    reach_the_letter(house)
    posted = house.today + timedelta(days=21)
    work_day(house, posted)
    people_work(house, ["letter"])
    while not Message.objects.filter(step="formal_notice").exists():
        work_day(house, house.today + timedelta(days=1))
        assert house.today < posted + timedelta(days=30)
    assert (house.today - posted).days >= 7
    assert invoice.taken_steps.get(step="letter").taken_on == posted


def test_trap_05_a_letter_of_what_was_paid_is_neither_approved_nor_left_to_post(office: PostOffice) -> None:
    house, durand, invoice = a_late_customer(office)
    reach_the_letter(house)
    house.pay(durand, 420_000, (invoice, 420_000))
    letter = Message.objects.get(step="letter")
    assert approve(house.creditor, [letter.pk], house.people["Alice"], house.today, house.at) == 0
    letter.refresh_from_db()
    assert letter.state == State.CANCELLED


def test_trap_05_a_letter_to_post_falls_away_with_the_debt(office: PostOffice) -> None:
    house, durand, invoice = a_late_customer(office)
    reach_the_letter(house)
    letter = Message.objects.select_related("case", "customer", "creditor", "document").get(step="letter")
    approve(house.creditor, [letter.pk], house.people["Alice"], house.today, house.at)
    house.pay(durand, 420_000, (invoice, 420_000))
    recheck_waiting(house.creditor, [durand.pk], house.today, house.at)
    letter.refresh_from_db()
    assert letter.state == State.CANCELLED


POSTS: list[Callable[[House, Message], None]] = [
    lambda house, letter: record_posting(letter, house.today, house.people["Alice"], today=house.today, at=house.at)
]


def test_trap_05_a_letter_posted_twice_counts_once(office: PostOffice) -> None:
    from exigible.features.outbox.operations import NotWaiting

    house, _durand, _invoice = a_late_customer(office)
    reach_the_letter(house)
    letter = Message.objects.select_related("case", "customer", "creditor", "document").get(step="letter")
    approve(house.creditor, [letter.pk], house.people["Alice"], house.today, house.at)
    letter.refresh_from_db()
    twin = Message.objects.select_related("case", "customer", "creditor", "document").get(pk=letter.pk)
    POSTS[0](house, letter)
    with pytest.raises(NotWaiting):
        POSTS[0](house, twin)
    assert Event.objects.filter(kind="letter.posted").count() == 1
