"""exigible law procedures: the contract's fields, unknown figures told as unknown, errors in one sentence, no Django."""

import json
import subprocess
import sys
from typing import Any

import pytest

from exigible.entrypoints.cli import main

COMMAND = ["law", "procedures", "--debtor=business", "--amount=6000.00", "--due=2026-05-31", "--date=2026-11-22"]
WAY = {"name", "court", "cost", "delay_days", "pieces", "because", "article"}


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main([*COMMAND, *words, "--json"]) == 0
    shown: dict[str, Any] = json.loads(capsys.readouterr().out)
    return shown


def way(shown: dict[str, Any], side: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in shown[side] if each["name"] == name)
    return found


def test_an_open_way_has_the_fields_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, "--postcode", "75011", "--traders", "yes")
    assert all(set(each) >= WAY for each in (*shown["open"], *shown["closed"]))
    order = way(shown, "open", "payment_order")
    assert order["court"] == "Tribunal des activités économiques: Paris"
    assert (order["cost"]["low"], order["cost"]["high"]) == ("106.00", "262.00")
    assert (order["delay_days"]["low"], order["delay_days"]["high"]) == (72, 173)
    assert order["article"] == "CPC art. 1405 à 1422"
    assert "invoice" in order["pieces"]


def test_a_closed_way_says_why_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, "--disputed")
    assert way(shown, "closed", "payment_order")["because"].startswith("The claim is disputed")
    assert way(shown, "open", "summons")["rule"] == "open"


def test_an_unknown_figure_is_null_for_a_program_and_unknown_for_a_reader(capsys: pytest.CaptureFixture[str]) -> None:
    claim = way(told(capsys, "--postcode=38000"), "open", "commercial_claim")
    assert (claim["cost"]["low"], claim["cost"]["high"]) == (None, None)
    assert claim["court"] == "Tribunal de commerce: Grenoble or Vienne"
    assert main([*COMMAND, "--postcode=38000"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "        cost    unknown" in lines
    assert "        delay   at least 243 days, at most unknown" in lines
    assert any(
        line.startswith("closed  small_claim: The claim, of €6,000.00, is above the cap of €5,000.00.")
        for line in lines
    )


def test_what_the_file_lacks_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, "--has", "order,terms,invoice,delivery,account_statement")
    assert way(shown, "open", "payment_order")["missing"] == ["formal_notice"]


def test_an_old_claim_is_time_barred_unless_something_moved_its_last_day(capsys: pytest.CaptureFixture[str]) -> None:
    old = ["--due=2020-06-30"]
    shown = told(capsys, *old)
    assert shown["last_day_to_sue"] == "2025-06-30"
    assert way(shown, "closed", "payment_order")["rule"] == "time_barred"
    moved = told(capsys, *old, "--last-day=2028-04-12")
    assert way(moved, "open", "payment_order")["rule"] == "open"


def test_the_country_is_the_debtor_s(capsys: pytest.CaptureFixture[str]) -> None:
    order = way(told(capsys, "--country", "de"), "open", "european_payment_order")
    assert "place to be established" in order["court"]


@pytest.mark.parametrize(
    ("words", "sentence", "status"),
    [
        (["--postcode", "7501"], "'7501' is not a French postcode", 1),
        (["--country", "Germany"], "'Germany' is not a country", 2),
        (["--has", "cheque"], "--has takes order", 2),
        (["--buyer", "state"], "--buyer is for --debtor public_body", 2),
        (["--insolvent", "2027-01-01"], "--insolvent must not be after the day it is asked", 2),
        (["--amount", "0"], "'0' must be above zero", 2),
        (["--law", "ZZ"], "No law is packaged for the country 'ZZ'", 1),
    ],
)
def test_what_was_asked_wrongly_is_told_in_one_sentence(
    words: list[str], sentence: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*COMMAND, *words]) == status
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


def test_the_command_imports_neither_django_nor_a_database_driver() -> None:
    code = (
        "import sys; from exigible.entrypoints.cli import main; main(sys.argv[1:]);"
        "print([name for name in ('django', 'sqlite3', 'psycopg') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *COMMAND, "--json"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
