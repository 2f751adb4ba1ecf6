"""exigible run, actions, balance and check, as their contract has them."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from openpyxl import load_workbook

from exigible.books.cases.models import Case
from exigible.books.ledger.accruals import accrued_on
from exigible.books.ledger.models import Invoice
from exigible.core.money import decimal_string
from exigible.entrypoints.cli import main
from exigible.features.dunning.models import Action, Run
from exigible.features.outbox.models import Message
from exigible.testing import House, atelier_lumen, brasserie_nord

pytestmark = pytest.mark.django_db
ACTION = {
    "customer",
    "case",
    "channel",
    "step",
    "mode",
    "invoices",
    "amount",
    "currency",
    "because",
    "facts",
    "next_if_silent",
}
RUN = {"date", "settled", "actions", "sent", "waiting_approval", "held", "failed"}
Exigible = Callable[..., tuple[int, Any]]


@pytest.fixture
def exigible(capsys: pytest.CaptureFixture[str]) -> Exigible:
    """Run a command with --json; returns its status and what it printed, read."""

    def run(*words: str) -> tuple[int, Any]:
        capsys.readouterr()
        status = main([*words, "--json"])
        printed = capsys.readouterr().out
        return status, json.loads(printed) if printed else None

    return run


@pytest.fixture
def house() -> House:
    house = atelier_lumen(rehearses=True)
    durand, martin = house.customer("Durand", segment="chronic"), house.customer("Martin")
    house.invoice(durand, 123_450, house.days_from_now(-10), number="F-1")
    house.invoice(martin, 50_000, house.days_from_now(20), number="F-2")
    house.invoice(martin, 20_000, house.days_from_now(-40), number="F-3", currency="CHF")
    return house


def test_the_day_is_told_as_its_contract_has_it(exigible: Exigible, house: House) -> None:
    status, told = exigible("run", "--creditor", house.creditor.name, "--date", house.today.isoformat())
    assert status == 0
    assert set(told) >= RUN
    assert told["date"] == house.today.isoformat()
    assert set(told["settled"]) == {"promises_kept", "promises_broken", "instalments_late"}
    durand = next(action for action in told["actions"] if action["customer"] == "Durand")
    assert set(durand) >= ACTION
    assert (durand["amount"], durand["currency"], durand["invoices"]) == ("1234.50", "EUR", ["F-1"])
    assert "1\u202f234,50\u00a0€" in durand["because"]
    assert durand["facts"]["days_late"] == 10
    assert set(durand["next_if_silent"]) == {"step", "date"}
    assert told["sent"] == 0


def test_a_second_run_of_the_same_day_adds_nothing(exigible: Exigible, house: House) -> None:
    words = ("run", "--creditor", house.creditor.name, "--date", house.today.isoformat())
    assert len(exigible(*words)[1]["actions"]) == 2
    assert exigible(*words)[1]["actions"] == []


def test_a_dry_run_tells_the_day_and_leaves_no_trace(exigible: Exigible, house: House) -> None:
    words = ("run", "--creditor", house.creditor.name, "--date", house.today.isoformat())
    _status, dry = exigible(*words, "--dry-run")
    assert not Action.objects.exists()
    assert not Message.objects.exists()
    assert not Run.objects.exists()
    _status, wet = exigible(*words)
    assert [(each["customer"], each["because"]) for each in dry["actions"]] == [
        (each["customer"], each["because"]) for each in wet["actions"]
    ]


def test_the_date_replaces_today_everywhere(exigible: Exigible, house: House) -> None:
    later = house.today + timedelta(days=60)
    _status, told = exigible("run", "--creditor", house.creditor.name, "--date", later.isoformat(), "--dry-run")
    martin = next(action for action in told["actions"] if action["customer"] == "Martin")
    assert martin["facts"]["days_late"] > 10


def test_every_company_is_run_when_none_is_named(exigible: Exigible, house: House) -> None:
    nord = brasserie_nord()
    nord.invoice(nord.customer("Other"), 10_000, nord.days_from_now(-9))
    _status, told = exigible("run", "--date", house.today.isoformat())
    assert {action["creditor"] for action in told["actions"]} == {house.creditor.name, nord.creditor.name}


def test_the_worklist_holds_what_the_day_decided(exigible: Exigible, house: House) -> None:
    exigible("run", "--creditor", house.creditor.name, "--date", house.today.isoformat())
    status, told = exigible("actions", "--creditor", house.creditor.name, "--date", house.today.isoformat())
    assert status == 0
    assert {action["customer"] for action in told} >= {"Durand", "Martin"}
    assert all(set(action) >= ACTION for action in told)


def test_the_balance_is_in_one_currency_and_totals_the_others(exigible: Exigible, house: House) -> None:
    words = ("balance", "--creditor", house.creditor.name, "--as-of", house.today.isoformat())
    status, told = exigible(*words)
    assert status == 0
    assert told["buckets"] == ["not_due", "1-30", "31-60", "61-90", "90+"]
    assert told["other_currencies"] == [{"currency": "CHF", "total": "200.00"}]
    rows = {row["customer"]: row for row in told["rows"]}
    assert (rows["Durand"]["1-30"], rows["Martin"]["not_due"]) == ("1234.50", "500.00")
    assert Decimal(told["total"]["total"]) == sum(Decimal(row["total"]) for row in told["rows"])
    assert exigible(*words, "--currency", "CHF")[1]["total"]["total"] == "200.00"


def test_the_balance_of_today_says_what_has_accrued_on_what_is_late(exigible: Exigible, house: House) -> None:
    with time_machine.travel(house.at):
        _status, told = exigible("balance", "--creditor", house.creditor.name)
    late = Invoice.objects.select_related("customer", "creditor").get(number="F-1")
    exact = accrued_on(late, house.today)
    assert told["accrued"]["interest"] == decimal_string(exact.interest_minor, "EUR") != "0.00"
    assert told["accrued"]["indemnity"] == "40.00"


def test_the_balance_is_a_workbook_of_numbers(exigible: Exigible, house: House, tmp_path: Any) -> None:
    file = tmp_path / "balance.xlsx"
    exigible("balance", "--creditor", house.creditor.name, "--as-of", house.today.isoformat(), "--xlsx", str(file))
    cells = [cell.value for row in load_workbook(file).active.rows for cell in row]
    assert 1234.5 in cells


def test_a_company_that_is_not_there_is_named_with_those_that_are(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["balance", "--creditor", "Nobody"]) == 2
    said = capsys.readouterr().err
    assert "Nobody" in said
    assert house.creditor.name in said


def test_without_a_company_each_command_says_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("run", "actions", "check"):
        assert main([command]) == 2
        assert "exigible demo" in capsys.readouterr().err


def test_check_is_silent_on_books_in_order_and_fails_on_others(exigible: Exigible, house: House) -> None:
    house.run()
    assert exigible("check", "--date", house.today.isoformat()) == (0, {"broken": []})
    Case.objects.update(chain_number=99)
    status, told = exigible("check")
    assert status == 1
    assert "is not its last event" in told["broken"][0]["broken"]
    assert told["broken"][0]["creditor"] == house.creditor.name
