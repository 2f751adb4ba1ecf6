"""What comes of a call: a promise holds its amount, a dispute its invoices, and the rest goes on."""

from datetime import date, timedelta

import pytest

from exigible.books.cases.models import Hold
from exigible.books.journal.models import Event
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import NotWaiting
from exigible.features.promises.operations import PromiseInThePast, PromiseTooFar, PromiseWithoutDay
from exigible.features.worklist.operations import Outcome, save_call
from exigible.features.worklist.scripts import facts_today, script_for
from exigible.features.worklist.tests.test_worklist import put
from exigible.features.worklist.typed_days import typed_day
from exigible.testing import MONDAY, House, atelier_lumen

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def house() -> House:
    return atelier_lumen()


def call_of(house: House, *amounts: int) -> Message:
    """A call to make to Durand about invoices of these amounts, the first being the oldest."""
    durand = house.customer("Durand")
    for place, minor in enumerate(amounts[:-1]):
        house.invoice(durand, minor, MONDAY - timedelta(days=40 - place), f"F-{place}")
    return put(house, durand, "phone", "to_do", minor=amounts[-1])


def save(house: House, message: Message, outcome: Outcome) -> None:
    save_call(message, outcome, house.people["Bob"], MONDAY, house.at)
    message.refresh_from_db()


def holds(message: Message) -> list[tuple[str, str | None, int | None, date | None]]:
    rows = Hold.objects.filter(case=message.case).select_related("invoice").order_by("id")
    return [
        (hold.reason, hold.invoice.number if hold.invoice else None, hold.amount_minor, hold.until_on) for hold in rows
    ]


def test_a_promise_holds_its_amount_oldest_first_until_its_grace_has_passed(house: House) -> None:
    message = call_of(house, 10_000, 20_000, 5_000)
    save(house, message, Outcome("promised", "vendredi", FRIDAY, 25_000))
    assert holds(message) == [
        ("promised", "F-0", 10_000, date(2026, 12, 2)),
        ("promised", "F-1", 15_000, date(2026, 12, 2)),
    ]
    assert message.state == "delivered"


def test_a_promise_without_an_amount_holds_all_that_is_late(house: House) -> None:
    message = call_of(house, 10_000, 5_000)
    save(house, message, Outcome("promised", "", FRIDAY))
    assert sum(amount or 0 for _reason, _number, amount, _until in holds(message)) == 15_000


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (None, PromiseWithoutDay),
        (MONDAY - timedelta(days=1), PromiseInThePast),
        (MONDAY + timedelta(days=91), PromiseTooFar),
    ],
)
def test_a_promise_needs_a_day_that_can_be_kept(house: House, day: date | None, refusal: type[Exception]) -> None:
    message = call_of(house, 5_000)
    with pytest.raises(refusal):
        save(house, message, Outcome("promised", "", day))
    message.refresh_from_db()
    assert message.state == "to_do"
    assert not Event.objects.filter(customer_id=message.customer_id, kind="call.made").exists()


def test_a_dispute_holds_only_the_invoices_contested(house: House) -> None:
    message = call_of(house, 10_000, 20_000, 5_000)
    contested = message.customer.invoices.get(number="F-1")  # type: ignore[union-attr]
    save(house, message, Outcome("dispute", "deux palettes manquent", None, None, [contested.pk]))
    assert holds(message) == [("disputed", "F-1", None, None)]


def test_an_invoice_of_another_customer_cannot_be_contested(house: House) -> None:
    message = call_of(house, 10_000, 5_000)
    other = house.invoice(house.customer("Martin"), 900, MONDAY - timedelta(days=20))
    save(house, message, Outcome("dispute", "", None, None, [other.pk]))
    assert not Hold.objects.filter(invoice=other).exists()


def test_who_says_it_is_paid_is_left_alone_for_five_working_days(house: House) -> None:
    message = call_of(house, 5_000)
    save(house, message, Outcome("paid"))
    assert holds(message) == [("paused", None, None, MONDAY + timedelta(days=7))]


@pytest.mark.parametrize("outcome", ["wrong_person", "message_left", "refuses"])
def test_other_answers_end_the_step_and_hold_nothing(house: House, outcome: str) -> None:
    message = call_of(house, 5_000)
    save(house, message, Outcome(outcome))
    assert (message.state, holds(message)) == ("delivered", [])


def test_two_calls_without_an_answer_end_the_step(house: House) -> None:
    message = call_of(house, 5_000)
    save(house, message, Outcome("no_answer"))
    assert message.state == "to_do"
    save(house, message, Outcome("no_answer"))
    assert message.state == "delivered"


def test_a_call_already_made_is_not_made_twice(house: House) -> None:
    message = call_of(house, 5_000)
    save(house, message, Outcome("refuses"))
    with pytest.raises(NotWaiting):
        save(house, message, Outcome("promised", "", FRIDAY))
    assert holds(message) == []


def test_the_script_speaks_of_today_not_of_the_day_it_was_decided(house: House) -> None:
    message = call_of(house, 10_000, 5_000)
    Message.objects.filter(pk=message.pk).update(facts_json=FACTS)
    message.refresh_from_db()
    from exigible.features.worklist.operations import late_invoices

    assert message.case is not None
    late = late_invoices(message.case, MONDAY)
    found = facts_today(message.facts, late, MONDAY)
    assert (found["total"], found["invoices"][0]["days_late"], found["next"]) == (15_000, 40, None)
    said = " ".join(line for _title, lines in script_for(message, late, "fr", MONDAY) for line in lines)
    assert "150,00" in said
    assert "999,99" not in said


FACTS = (
    '{"version":1,"language":"en","template":"call","step":"call","tone":2,"debtor":"business","profile":"ordinary","date":"2026-10-01",'
    '"customer":{"id":1,"name":"Durand","reference":"C1"},"recipient":{"name":""},"currency":"EUR","credits":0,"total":99999,"balance":99999,'
    '"interest":0,"indemnity":0,"previous":[],"bank":null,"pay_reference":"C1","usual_delay":null,"next":{"step":"letter","date":"2026-10-05"},'
    '"invoices":[{"id":0,"number":"X","issued":"2026-08-01","due":"2026-09-01","total":99999,"open":99999,"days_late":30,"interest":0,"indemnity":0}]}'
)


@pytest.mark.parametrize(
    ("text", "day"),
    [("ven", date(2026, 11, 27)), ("Friday", date(2026, 11, 27)), ("lundi", date(2026, 11, 30)), ("+7", date(2026, 11, 30)),
     ("15/12", date(2026, 12, 15)), ("3/1", date(2027, 1, 3)), ("15/12/26", date(2026, 12, 15)), ("2026-12-15", date(2026, 12, 15))],
)  # fmt: skip
def test_a_day_is_typed_in_a_few_keys(text: str, day: date) -> None:
    assert typed_day(text, MONDAY) == day


@pytest.mark.parametrize("text", ["", "bientôt", "32/12", "+", "2026-13-01", "15/12/2026/1"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=".*"):
        typed_day(text, MONDAY)
