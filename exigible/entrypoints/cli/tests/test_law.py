"""The law commands: the contract's fields, the worked examples, errors in one sentence, no Django."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import exigible.core.tests
from exigible.entrypoints.cli import main

EXAMPLES = tomllib.loads((Path(exigible.core.tests.__file__).parent / "worked_examples.toml").read_text("utf-8"))
OPTIONS = {"contract_rate": "rate", "notice_received": "notice"}
CONTRACT = {"late_days", "segments", "interest", "indemnity", "principal", "balance", "flags", "articles"}
W02 = ["law", "interest", "--debtor=business", "--amount=10000.00", "--due=2026-05-31", "--until=2026-08-15"]


def command_of(case: dict[str, Any]) -> list[str]:
    """The command line of a worked example."""
    words = ["law", "interest", "--json"]
    if "imputation" in case:
        words += ["--imputation", case["imputation"]]
    for field, value in case["claim"].items():
        if field == "payments":
            words += [f"--payment={paid['date']}={paid['amount']}" for paid in value]
        elif field == "capitalise":
            words.append("--capitalise")
        else:
            words += [f"--{OPTIONS.get(field, field).replace('_', '-')}", str(value)]
    return words


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(words) == 0
    shown: dict[str, Any] = json.loads(capsys.readouterr().out)
    return shown


@pytest.mark.parametrize("case", EXAMPLES["case"], ids=lambda case: str(case["name"]))
def test_the_command_gives_the_worked_example(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, *command_of(case))
    assert set(shown) >= CONTRACT
    shown["rates"] = list(dict.fromkeys(part["rate"] for part in shown["segments"]))
    shown["segments"] = [part["interest"] for part in shown["segments"]]
    shown["complement"] = shown.get("costs", {}).get("complement")
    shown["settled"] = [f"{paid['interest']} {paid['costs']} {paid['principal']}" for paid in shown["payments"]]
    readings = shown.get("alternatives", [])
    shown["alternatives"] = [f"{reading['rule']} {reading['rate']} {reading['interest']}" for reading in readings]
    assert {field: shown[field] for field in case["expected"]} == case["expected"]


def test_a_segment_says_its_days_base_rate_and_article(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, *W02, "--json")["segments"][0] == {
        "from": "2026-06-01",
        "to": "2026-06-30",
        "days": 30,
        "base": "10000.00",
        "rate": "12.15",
        "interest": "99.863014",
        "article": "C. com. art. L441-10 II",
    }


def test_payments_may_be_repeated_or_listed(capsys: pytest.CaptureFixture[str]) -> None:
    listed = told(capsys, *W02, "--json", "--payment", "2026-06-10=100.00", "2026-06-20=50")
    repeated = told(capsys, *W02, "--json", "--payment", "2026-06-10=100.00", "--payment", "2026-06-20=50.00")
    assert listed == repeated
    assert [paid["amount"] for paid in listed["payments"]] == ["100.00", "50.00"]


def test_costs_are_told_beside_the_indemnity(capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, *W02, "--costs", "250.00", "--json")
    assert shown["costs"] == {"proved": "250.00", "complement": "210.00"}
    assert shown["balance"] == "10506.14"


def test_a_reader_gets_the_same_figures_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(W02) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:6] == ["2026-06-01", "2026-06-30", "30", "10000.00", "12.15", "99.863014"]
    assert ["balance", "EUR", "10296.14"] in [line.split() for line in lines]


def test_the_rates_of_a_series_carry_their_source(capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, "law", "rates", "--series", "fr_legal_autres", "--json")
    assert shown["series"] == "fr_legal_autres"
    assert [shown["rows"][-1][field] for field in ("from", "rate")] == ["2026-07-01", "2.75"]
    assert all(set(row) == {"from", "rate", "source", "confidence"} for row in shown["rows"])


@pytest.mark.parametrize(("on", "rate"), [("2026-06-16", "2.15"), ("2026-06-17", "2.40"), ("2025-01-01", "3.15")])
def test_one_rate_is_in_force_on_a_day(on: str, rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = told(capsys, "law", "rates", "--series", "ecb_mro", "--on", on, "--json")["rows"]
    assert [row["rate"] for row in rows] == [rate]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("law interest --debtor business --amount 1,50 --due 2026-05-31 --until 2026-08-15", "'1,50' is not an amount"),
        ("law interest --debtor business --amount 0 --due 2026-05-31 --until 2026-08-15", "'0' must be above zero"),
        ("law interest --debtor business --amount 10 --due 2026-02-30 --until 2026-08-15", "is not a date"),
        ("law interest --debtor business --amount 10 --due 20260131 --until 2026-08-15", "is not a date"),
        ("law interest --debtor business --amount 10 --until 2026-08-15", "say when the claim is due"),
        ("law interest --debtor consumer --amount 10 --until 2026-08-15", "say when the claim is due"),
        ("law interest --debtor public_body --amount 10 --until 2026-08-15 --request-received 2026-01-01", "--buyer"),
        ("law interest --debtor martian --amount 10 --due 2026-05-31 --until 2026-08-15", "invalid choice"),
        ("law interest --debtor business --amount 10 --due 2026-05-31 --until 2026-08-15 --rate -5", "--rate"),
        ("law interest --debtor business --amount 10 --due 2026-05-31 --until 2026-08-15 --payment 5", "--payment"),
        ("law rates --series libor", "--series must be one of"),
        ("law", "say which command to run"),
        ("", "say which command to run"),
        ("lay interest", "invalid choice"),
    ],
)
def test_wrong_usage_is_one_sentence_and_status_2(
    words: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_what_the_law_does_not_answer_is_refused_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "rates", "--series", "fr_legal_autres", "--on", "2001-01-01", "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.err == "The series fr_legal_autres begins on 2013-01-01: it has no rate on 2001-01-01.\n"
    assert json.loads(captured.out)["refused"] == [{"reason": captured.err.strip()}]


def test_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "--help"]) == 0
    assert {"interest", "rates"} <= set(capsys.readouterr().out.split())


def test_the_law_commands_do_not_load_django() -> None:
    program = (
        "import sys; from exigible.entrypoints.cli import main; "
        f"main({W02!r}); loaded = set(sys.modules); assert not loaded & {{'django', 'sqlite3', 'holidays'}}"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    rates = [sys.executable, "-m", "exigible", "law", "rates", "--series", "ecb_mro"]
    with subprocess.Popen(rates, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0
