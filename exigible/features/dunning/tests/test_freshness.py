"""Nothing leaves on stale facts: demands wait until money in is known again."""

from datetime import timedelta

import pytest

from exigible.books.cases.models import Case
from exigible.books.creditors.models import Creditor
from exigible.books.creditors.money_known import learn_money, stale_money
from exigible.books.documents.operations import store_document
from exigible.books.journal.models import Event
from exigible.features.bank.receiving import keep_statements
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox.deliver import deliver
from exigible.features.outbox.freshness import MoneyNotKnown, confirm_and_go_on
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import approve
from exigible.formats.bank import Statement
from exigible.formats.rows import Reading
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    """A creditor, live, who limits what is known of money to ten days, and one invoice that is late."""
    house = atelier_lumen()
    house.invoice(house.customer("Durand"), 120_000, house.days_from_now(-12))
    return house


def test_money_is_stale_after_the_limit_and_never_when_nothing_was_ever_known(house: House) -> None:
    creditor = house.creditor
    assert stale_money(creditor, house.today) is None
    learn_money(creditor, house.days_from_now(-10), house.today)
    assert stale_money(creditor, house.today) is None
    assert stale_money(creditor, house.days_from_now(1)).until == house.days_from_now(-10)
    learn_money(creditor, house.days_from_now(-30), house.today)
    assert stale_money(creditor, house.today) is None, "an older file teaches nothing"
    creditor.bank_accounts.update(known_until=house.today)
    assert stale_money(creditor, house.days_from_now(10)) is None
    Creditor.objects.filter(pk=creditor.pk).update(money_known_days=None)
    assert stale_money(creditor, house.days_from_now(400)) is None


def test_a_day_on_stale_money_asks_for_nothing_and_says_so_until_a_person_confirms(house: House) -> None:
    learn_money(house.creditor, house.days_from_now(-11), house.today)
    assert house.run() == []
    waiting = Case.objects.of(house.creditor).get().waiting
    assert '"money.stale"' in waiting
    assert house.days_from_now(-11).isoformat() in waiting
    confirm_and_go_on(house.creditor, house.today, house.at, "user:1")
    assert Event.objects.of(house.creditor).filter(kind="money.confirmed").count() == 1
    assert house.run() != []


def test_a_demand_that_is_ready_waits_for_fresher_money_and_then_leaves_as_it_is(house: House) -> None:
    house.run()
    render_waiting(house.creditor, house.at)
    message = Message.objects.of(house.creditor).get()
    Message.objects.filter(pk=message.pk).update(state=Message.State.READY)
    learn_money(house.creditor, house.days_from_now(-11), house.today)
    assert deliver(message.pk, house.at) == Message.State.READY
    message.refresh_from_db()
    assert message.not_before == house.at + timedelta(hours=1)
    confirm_and_go_on(house.creditor, house.today, house.at, "user:1")
    message.refresh_from_db()
    assert message.not_before is None


def test_no_person_approves_on_stale_money(house: House) -> None:
    house.run()
    render_waiting(house.creditor, house.at)
    message = Message.objects.of(house.creditor).get()
    Message.objects.filter(pk=message.pk).update(state=Message.State.TO_APPROVE)
    learn_money(house.creditor, house.days_from_now(-11), house.today)
    with pytest.raises(MoneyNotKnown):
        approve(house.creditor, [message.pk], house.people["Alice"], house.today, house.at)
    message.refresh_from_db()
    assert message.state == Message.State.TO_APPROVE


def test_a_rehearsal_goes_on_whatever_is_known_of_money(house: House) -> None:
    learn_money(house.creditor, house.days_from_now(-11), house.today)
    Creditor.objects.filter(pk=house.creditor.pk).update(rehearses=True)
    house.creditor.rehearses = True
    assert house.run() != []


def test_a_bank_statement_makes_money_known_and_what_waited_goes_on(house: House) -> None:
    learn_money(house.creditor, house.days_from_now(-11), house.today)
    house.run()
    days = {"opening_on": house.days_from_now(-5), "closing_on": house.today}
    reading = Reading(
        "camt053",
        statements=[Statement("FR7630006000011234567890189", "EUR", opening_minor=0, closing_minor=0, **days)],
    )
    document = store_document(house.creditor, b"<Document/>", "releve.xml", "application/xml", house.at)
    keep_statements(house.creditor, reading, document, "releve.xml", None, today=house.today, at=house.at)
    assert stale_money(house.creditor, house.today) is None
    assert house.run() != []
