"""What a pause does to the list: nothing is asked of a person about an account that waits, until the pause ends."""

import json
from datetime import date, timedelta

import pytest

from exigible.books.cases.models import Hold
from exigible.books.cases.operations import hold_case, release_hold
from exigible.books.ledger.models import Customer, Invoice
from exigible.features.customers.operations import pause_customer
from exigible.features.worklist.queries import worklist
from exigible.features.worklist.rows import rows_for_customer
from exigible.features.worklist.tests.test_worklist import put
from exigible.testing import MONDAY, House, atelier_lumen

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def house() -> House:
    return atelier_lumen()


def notice_to(house: House, customer: Customer) -> None:
    put(house, customer, "registered_letter", "to_do", "formal_notice", purpose="internal")


def asked(house: House, day: date = MONDAY) -> list[tuple[str, str]]:
    return [(row.group, row.customer) for row in worklist(house.creditor, day)]


def pause(house: House, customer: Customer, until: date | None = FRIDAY) -> Hold:
    return pause_customer(customer, until, "en vacances", today=MONDAY, at=house.at)


def test_a_pause_takes_the_call_and_the_notice_off_the_list(house: House) -> None:
    martin, durand, petit = house.customer("Martin"), house.customer("Durand"), house.customer("Petit")
    put(house, martin, "phone", "to_do")
    notice_to(house, durand)
    notice_to(house, petit)
    pause(house, martin)
    pause(house, durand)
    assert asked(house) == [("prepare", "Petit")]


def test_a_task_that_is_only_rehearsed_is_cancelled_by_a_pause() -> None:
    house = atelier_lumen(rehearses=True)
    durand = house.customer("Durand")
    put(house, durand, "registered_letter", "rehearsed", "formal_notice", purpose="internal", is_rehearsal=True)
    assert asked(house) == [("prepare", "Durand")]
    pause(house, durand)
    assert asked(house) == []
    assert rows_for_customer(durand, MONDAY) == []


def test_a_task_comes_back_when_its_pause_ends(house: House) -> None:
    durand = house.customer("Durand")
    notice_to(house, durand)
    pause(house, durand)
    assert asked(house, FRIDAY) == []
    assert asked(house, FRIDAY + timedelta(days=1)) == [("prepare", "Durand")]


def test_a_task_half_done_can_still_be_finished_from_the_account(house: House) -> None:
    durand = house.customer("Durand")
    notice_to(house, durand)
    pause(house, durand)
    assert [row.step for row in rows_for_customer(durand, MONDAY)] == ["formal_notice"]


def test_a_notice_about_nothing_but_contested_invoices_is_not_to_be_prepared(house: House) -> None:
    durand = house.customer("Durand")
    notice_to(house, durand)
    contested = Invoice.objects.get(customer=durand)
    other = house.invoice(durand, 5_000, MONDAY - timedelta(days=9))
    hold_case(house.case(durand), "disputed", None, invoice=other, today=MONDAY, at=house.at)
    assert asked(house) == [("prepare", "Durand")]
    hold_case(house.case(durand), "disputed", None, invoice=contested, today=MONDAY, at=house.at)
    assert asked(house) == []


def test_a_customer_never_chased_leaves_no_task(house: House) -> None:
    notice_to(house, house.customer("Ami", is_excluded=True))
    assert asked(house) == []


def test_the_account_says_at_once_that_it_is_on_hold_and_says_so_no_longer(house: House) -> None:
    martin = house.customer("Martin")
    house.invoice(martin, 10_000, MONDAY - timedelta(days=12))
    hold = pause(house, martin)
    held = {"reason": "paused", "until": FRIDAY.isoformat(), "amount": None}
    assert json.loads(house.case(martin).waiting) == {"rule": "all.on.hold", "facts": {"holds": [held]}}
    release_hold(hold, today=MONDAY, at=house.at)
    assert house.case(martin).waiting == ""
