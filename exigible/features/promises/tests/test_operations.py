"""The life of a promise: made, kept, kept in part, broken, put off once, withdrawn; and what it holds meanwhile."""

import json
from datetime import date, timedelta

import pytest

from exigible.books.cases.models import ExpectedPayment, Hold
from exigible.books.journal.models import Event, EventPayload
from exigible.books.ledger.models import Customer, Invoice
from exigible.features.promises.models import Promise
from exigible.features.promises.operations import (
    Given,
    NothingToPromise,
    PromiseTooLarge,
    PutOffAlready,
    make_promise,
    put_off,
    settle_promises,
    withdraw,
)
from exigible.testing import MONDAY, House, atelier_lumen

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def house() -> House:
    return atelier_lumen()


@pytest.fixture
def durand(house: House) -> Customer:
    customer = house.customer("Durand")
    house.invoice(customer, 100_000, house.days_from_now(-40), "F-1")
    house.invoice(customer, 50_000, house.days_from_now(-20), "F-2")
    return customer


def promised(house: House, customer: Customer, amount: int | None = 120_000, on: date = FRIDAY) -> Promise:
    return make_promise(house.case(customer), Given(on, amount), today=house.today, at=house.at)


def settle(house: House, on: date) -> int:
    house.today = on
    return settle_promises(house.creditor, on, house.at)


def state(promise: Promise) -> str:
    promise.refresh_from_db()
    return promise.state


def held(customer: Customer) -> int:
    rows = Hold.objects.filter(case__customer=customer, released_on__isnull=True)
    return sum(hold.amount_minor or 0 for hold in rows)


def invoice(number: str) -> Invoice:
    return Invoice.objects.select_related("customer", "creditor").get(number=number)


def told(kind: str) -> dict[str, object]:
    event = Event.objects.filter(kind=kind).latest("id")
    payload: dict[str, object] = json.loads(EventPayload.objects.get(event_id=event.pk).body)
    return payload


def test_a_promise_holds_its_amount_only_and_is_expected_money(house: House, durand: Customer) -> None:
    promise = promised(house, durand)
    assert [(share.invoice.number, share.amount_minor) for share in promise.shares.order_by("id")] == [
        ("F-1", 100_000),
        ("F-2", 20_000),
    ]
    assert held(durand) == 120_000
    assert promise.last_day == date(2026, 12, 2)  # three working days after a Friday
    expected = ExpectedPayment.objects.get(customer=durand)
    assert (expected.amount_minor, expected.on, expected.ended_on) == (120_000, FRIDAY, None)


def test_a_promise_is_kept_the_day_its_money_comes(house: House, durand: Customer) -> None:
    promise = promised(house, durand)
    house.pay(durand, 120_000, (invoice("F-1"), 100_000), (invoice("F-2"), 20_000))
    assert settle(house, MONDAY + timedelta(days=1)) == 1
    assert state(promise) == "kept"
    assert held(durand) == 0
    assert told("promise.kept")["received"] == 120_000
    assert ExpectedPayment.objects.get(customer=durand).ended_on == house.today


def test_a_promise_is_broken_after_its_grace_and_reminders_resume(house: House, durand: Customer) -> None:
    promise = promised(house, durand, None)
    assert house.run(promise.last_day) == []
    assert state(promise) == "open"
    following = promise.last_day + timedelta(days=1)
    house.run(following)
    assert state(promise) == "broken"
    (message,) = house.messages(durand)
    assert message.facts["broken"] == {"amount": 150_000, "currency": "EUR", "on": "2026-11-27"}


def test_a_part_that_came_lowers_what_is_held_and_is_not_a_promise_kept(house: House, durand: Customer) -> None:
    promise = promised(house, durand)
    house.pay(durand, 30_000, (invoice("F-1"), 30_000))
    settle(house, MONDAY + timedelta(days=1))
    assert (state(promise), held(durand)) == ("open", 90_000)
    settle(house, promise.last_day + timedelta(days=1))
    assert (state(promise), promise.received_minor) == ("partly", 30_000)


def test_money_that_came_before_the_promise_does_not_keep_it(house: House, durand: Customer) -> None:
    house.pay(durand, 40_000, (invoice("F-1"), 40_000), on=MONDAY - timedelta(days=1))
    promise = promised(house, durand, 60_000)
    settle(house, promise.last_day + timedelta(days=1))
    assert state(promise) == "broken"


def test_a_promise_is_put_off_once_and_no_more(house: House, durand: Customer) -> None:
    first = promised(house, durand)
    later = put_off(first, Given(FRIDAY + timedelta(days=7)), today=house.today, at=house.at)
    assert (state(first), later.amount_minor, held(durand)) == ("amended", 120_000, 120_000)
    with pytest.raises(PutOffAlready):
        put_off(later, Given(FRIDAY + timedelta(days=14)), today=house.today, at=house.at)


def test_a_promise_on_what_was_credited_meanwhile_is_withdrawn_not_broken(house: House, durand: Customer) -> None:
    promise = promised(house, durand, 100_000)
    Invoice.objects.filter(number="F-1").update(settled_on=MONDAY)
    settle(house, MONDAY + timedelta(days=1))
    assert state(promise) == "cancelled"


def test_what_is_withdrawn_holds_nothing(house: House, durand: Customer) -> None:
    promise = promised(house, durand)
    withdraw(promise, "Noted on the wrong account", today=house.today, at=house.at)
    assert (state(promise), held(durand), promise.note) == ("cancelled", 0, "Noted on the wrong account")


def test_no_more_is_promised_than_is_owed_and_not_on_hold(house: House, durand: Customer) -> None:
    with pytest.raises(PromiseTooLarge, match="1500.00"):
        promised(house, durand, 150_001)
    promised(house, durand, 150_000)
    with pytest.raises(NothingToPromise):
        promised(house, durand, 1)
