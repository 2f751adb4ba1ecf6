"""What bank files bring to the books: each statement once, each movement once, in whatever file and format it comes."""

from datetime import date, timedelta
from typing import Any

import pytest

from exigible.books.creditors.models import BankAccount
from exigible.books.ledger.models import Payment
from exigible.features.bank.accounts import bare_account, full_account
from exigible.features.bank.models import BankStatement, BankTransaction
from exigible.features.bank.proposing import match_statement
from exigible.features.bank.receiving import Received
from exigible.features.bank.tests.test_operations import IBAN, late, only, receive
from exigible.formats.bank import Movement
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
State = BankTransaction.State


def moved(amount_minor: int, label: str = "VIR", **fields: Any) -> Movement:
    """A movement of the day."""
    return Movement(
        fields.pop("line", 1), fields.pop("on", DAY), amount_minor, "EUR", label, **{"kind": "transfer", **fields}
    )


def statement(house: House, *movements: Movement, opening: int = 0, **fields: Any) -> Received:
    """A statement of the day, or of `closing_on`, whose balances hold."""
    closing = opening + sum(each.amount_minor for each in movements)
    days = {"opening_on": DAY - timedelta(days=1), "closing_on": DAY} | fields
    return receive(house, *movements, opening_minor=opening, closing_minor=closing, **days)


def notice(house: House, *movements: Movement, **fields: Any) -> Received:
    """A notification of movements."""
    return receive(house, *movements, format="camt054", is_notification=True, **fields)


def amounts() -> list[int]:
    """What the books count, in the order in which it came."""
    rows = BankTransaction.objects.exclude(state=State.SET_ASIDE).order_by("id")
    return list(rows.values_list("amount_minor", flat=True))


@pytest.fixture
def house() -> House:
    return atelier_lumen()


def test_the_same_statement_in_another_format_changes_nothing(house: House) -> None:
    statement(house, moved(500, "VIREMENT DURAND"), moved(-200, "FRAIS"))
    again = statement(house, moved(500, "VIR SEPA DURAND", bank_id="A1"), moved(-200), format="cfonb120")
    assert (again.is_nothing, len(again.known), amounts()) == (True, 1, [500, -200])


def test_two_equal_payments_of_one_day_are_two(house: House) -> None:
    statement(house, moved(500), moved(500))
    assert amounts() == [500, 500]
    receive(house, moved(500), moved(500), format="ofx")  # the same days without balances
    assert amounts() == [500, 500]


def test_a_notification_then_its_statement_count_once_and_the_statement_is_right(house: House) -> None:
    notice(house, moved(500, "DURAND", end_to_end="E1"), moved(700, "PETIT"))
    told = statement(house, moved(500, "VIR DURAND", bank_id="B1"), moved(900))
    assert (amounts(), told.dropped) == ([500, 900], 1)
    assert BankTransaction.objects.get(amount_minor=700).state == State.SET_ASIDE


def test_a_payment_notified_twice_on_one_day_by_other_words_is_two(house: House) -> None:
    notice(house, moved(500, "DURAND", end_to_end="E1"))
    notice(house, moved(500, "PETIT", end_to_end="E2"))
    assert amounts() == [500, 500]
    notice(house, moved(500, "PETIT", end_to_end="E2", bank_id="later"), name="again.xml")
    assert amounts() == [500, 500]


@pytest.mark.parametrize("detail_first", [True, False])
def test_a_batch_and_its_parts_are_the_same_money(house: House, detail_first: bool) -> None:
    parts = [moved(300, "DURAND"), moved(200, "PETIT")]
    if detail_first:
        notice(house, *parts)
        statement(house, moved(500, "REMISE 2 VIREMENTS"))
    else:
        statement(house, moved(500, "REMISE 2 VIREMENTS"))
        notice(house, *parts)
    assert amounts() == [300, 200]


def test_a_statement_that_books_a_notified_payment_the_day_after_counts_it_once(house: House) -> None:
    notice(house, moved(500, "DURAND", on=DAY - timedelta(days=1)))
    statement(house, moved(500, "VIR DURAND"), opening_on=DAY - timedelta(days=2))
    assert amounts() == [500]


def test_two_statements_of_one_day_that_follow_each_other_share_nothing(house: House) -> None:
    statement(house, moved(500))
    statement(house, moved(500), opening=500)
    assert amounts() == [500, 500]


def test_what_another_file_says_more_completes_a_movement_that_waits(house: House) -> None:
    statement(house, moved(500, "VIR"), format="cfonb120")
    receive(house, moved(500, "VIR DURAND", payer_name="DURAND", payer_account="DE89370400440532013000"), format="ofx")
    assert (only(house).payer_name, only(house).payer_account) == ("DURAND", "DE89370400440532013000")


def test_gaps_overlaps_and_balances_that_do_not_hold_are_kept(house: House) -> None:
    statement(house, moved(500))
    later = {"opening_on": DAY + timedelta(days=2), "closing_on": DAY + timedelta(days=3)}
    house.today += timedelta(days=5)
    gap = statement(house, moved(100, on=later["closing_on"]), opening=900, **later)
    receive(house, moved(50), opening_minor=0, closing_minor=99, closing_on=DAY - timedelta(days=5))
    row = BankStatement.objects.get(pk=gap.statements[0].pk)
    assert (row.fault, '"difference": 400' in row.fault_json) == (BankStatement.Fault.GAP, True)
    assert BankStatement.objects.filter(fault=BankStatement.Fault.UNBALANCED).count() == 1
    statement(
        house, moved(400, on=DAY + timedelta(days=2)), opening=500, opening_on=DAY, closing_on=DAY + timedelta(days=2)
    )
    row.refresh_from_db()
    assert row.fault == ""


def test_only_what_may_be_a_customers_waits(house: House) -> None:
    BankAccount.objects.create(creditor=house.creditor, holder="Lumen", iban="DE89370400440532013000")
    statement(
        house, moved(-10), moved(20, payer_account="DE89 3704 0044 0532 0130 00"), moved(30, kind="fee"), moved(40, kind="return"),
        moved(50),
    )  # fmt: skip
    states = dict(BankTransaction.objects.values_list("amount_minor", "state"))
    aside = State.SET_ASIDE
    assert states == {-10: State.OUT, 20: aside, 30: aside, 40: aside, 50: State.TO_MATCH}


def test_a_statement_says_until_when_the_account_is_known(house: House) -> None:
    notice(house, moved(500))
    assert BankAccount.objects.get().known_until is None
    statement(house, moved(500))
    assert BankAccount.objects.get().known_until == DAY


def test_accounts_meet_however_a_format_writes_them() -> None:
    rib, iban = "99999 00001 00000000123", "FR7699999000010000000012337"
    assert bare_account(rib) == bare_account(f"{rib} 37") == bare_account(iban) == IBAN == iban
    assert full_account("00000000123", [iban]) == iban
    assert full_account("0000123", [iban, "FR1499999000020000000012391"]) == "0000123"


def test_a_statement_brought_twice_to_the_job_is_matched_once(house: House) -> None:
    house.creditor.applies_certain_matches = True
    house.creditor.save()
    late(house, 500, "FA-2026-0042")
    received = statement(house, moved(500, "FA-2026-0042 MENUISERIE DURAND"))
    match_statement(received.statements[0].pk, house.at, house.today)
    assert Payment.objects.count() == 1
