"""The commands of days: the contract's fields, the worked examples, errors in one sentence, nothing loaded in vain."""

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
OPTIONS = {"activity": "kind", "events": "event"}
W26 = ["law", "limitation", "--debtor=business", "--due=2020-06-30"]
W26_EVENTS = ["--event", "2023-04-12=acknowledgement", "2025-02-10=formal_notice"]
W31 = ["law", "deadline", "--rule=payment_order_service", "--from=2026-08-31"]


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(words) == 0
    shown: dict[str, Any] = json.loads(capsys.readouterr().out)
    return shown


def words_of(facts: dict[str, Any]) -> list[str]:
    """The options of a worked example."""
    words = []
    for field, value in facts.items():
        values = value if isinstance(value, list) else [value]
        words += [f"--{OPTIONS.get(field, field)}={one}" for one in values]
    return words


def as_text(expected: dict[str, Any]) -> dict[str, Any]:
    return {field: value if isinstance(value, list) else str(value) for field, value in expected.items()}


@pytest.mark.parametrize("case", EXAMPLES["limitation"], ids=lambda case: str(case["name"]))
def test_limitation_gives_the_worked_example(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, "law", "limitation", "--json", *words_of(case["facts"]))
    assert set(shown) >= {"start", "last_day", "rule", "article", "events"}
    shown["effects"] = [event["effect"] for event in shown["events"]]
    shown["readings"] = [f"{reading['rule']} {reading['last_day']}" for reading in shown.get("alternatives", [])]
    assert {field: shown[field] for field in case["expected"]} == as_text(case["expected"])
    assert ("alternatives" in shown) is ("completed" in case["facts"])


@pytest.mark.parametrize("case", EXAMPLES["deadline"], ids=lambda case: str(case["name"]))
def test_deadline_gives_the_worked_example(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, "law", "deadline", "--json", *words_of(case["facts"]))
    assert set(shown) >= {"last_day", "rolled_from", "article"}
    assert {field: shown[field] for field in case["expected"]} == as_text(case["expected"])
    assert (shown["rolled_from"] is None) is ("rolled_from" not in case["expected"])


@pytest.mark.parametrize("case", EXAMPLES["longest_term"], ids=lambda case: str(case["name"]))
def test_terms_gives_the_worked_example(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    facts = {field: value for field, value in case["facts"].items() if field != "periodic"}
    periodic = ["--periodic"] if case["facts"].get("periodic") else []
    shown = told(capsys, "law", "terms", "--json", *words_of(facts), *periodic)
    assert shown["last_due"] == str(case["expected"])
    assert {"rule", "counted_from", "from", "article", "confidence"} <= set(shown)


def test_terms_says_whether_a_due_date_is_beyond_the_law(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["law", "terms", "--issued=2026-05-04", "--agreed=net"]
    assert told(capsys, *words, "--due=2026-07-03", "--json")["is_beyond_law"] is False
    assert told(capsys, *words, "--due=2026-07-04", "--json")["is_beyond_law"] is True
    assert main([*words, "--due=2026-07-04"]) == 0
    assert "is beyond the law" in capsys.readouterr().out


def test_each_event_says_what_it_did_and_by_which_text(capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, *W26, *W26_EVENTS, "--json")
    assert shown["last_day_without_events"] == "2025-06-30"
    assert shown["events"][1] == {
        "date": "2025-02-10",
        "kind": "formal_notice",
        "effect": "nothing",
        "last_day": "2028-04-12",
        "article": "Cass. com. 18 mai 2022, 20-23.204",
    }


def test_events_may_be_repeated_or_listed(capsys: pytest.CaptureFixture[str]) -> None:
    repeated = ["--event=2025-02-10=formal_notice", "--event", "2023-04-12=acknowledgement"]
    assert told(capsys, *W26, *W26_EVENTS, "--json") == told(capsys, *W26, *repeated, "--json")


def test_a_reader_sees_the_day_the_events_and_how_sure_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*W26, *W26_EVENTS]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["last", "day", "to", "sue", "2028-04-12"]
    assert "2025-02-10  formal notice    nothing     2028-04-12  Cass. com. 18 mai 2022, 20-23.204" in lines
    assert lines[-1].startswith("note: the confidence is medium")


def test_a_reader_sees_the_two_readings_and_the_safe_day(capsys: pytest.CaptureFixture[str]) -> None:
    words = "law limitation --debtor business --due 2023-02-28 --completed 2023-02-28"
    assert main(words.split()) == 0
    shown = capsys.readouterr().out
    assert "safe day         2028-02-28" in shown
    assert {"completion", "agreed term"} <= {line.split("  ")[0] for line in shown.splitlines()}


def test_a_reader_sees_the_day_before_the_move_and_from_when_one_may_act(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(W31) == 0
    assert "before the move  2027-02-28, not a working day: act before it" in capsys.readouterr().out
    assert main(["law", "deadline", "--rule", "prefect_alert", "--from", "2026-09-30"]) == 0
    assert "may act from  2026-10-31" in capsys.readouterr().out


def test_the_holidays_of_a_department_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["law", "deadline", "--rule=opposition", "--from=2026-03-03", "--json"]
    assert told(capsys, *words)["last_day"] == "2026-04-03"
    assert told(capsys, *words, "--subdivision=57")["last_day"] == "2026-04-07"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("limitation --debtor business", "say when the claim arose"),
        ("limitation --debtor martian --due 2020-01-01", "invalid choice"),
        ("limitation --debtor business --due 2020-13-01", "is not a date"),
        ("limitation --debtor business --due 2020-01-01 --kind piracy", "invalid choice"),
        ("limitation --debtor business --due 2020-01-01 --event 2021-01-01", "is not an event"),
        ("limitation --debtor business --due 2020-01-01 --event 2021-01-01=", "is not an event"),
        ("limitation --debtor business --due 2020-01-01 --event hier=court_claim", "is not a date"),
        ("limitation --debtor business --due 2020-01-01 --event 2021-01-01=prayer", "an --event is one of acknowl"),
        ("deadline --rule doomsday --from 2026-09-01", "--rule must be one of payment_order_service, opposition"),
        ("deadline --rule opposition", "--from"),
        ("deadline --from 2026-09-01", "--rule"),
        ("deadline --rule opposition --from 2026-02-30", "is not a date"),
        ("deadline --rule opposition --from 2026-03-03 --subdivision Moselle", "'Moselle' is not a department"),
    ],
)
def test_wrong_usage_is_one_sentence_and_status_2(
    words: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["law", *words.split()]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("limitation --debtor business --due 2020-01-01 --event 2021-01-01=mediation_end", "has no beginning"),
        ("terms --issued 2026-05-04 --sector dragons", "transport, perishable, livestock, alcohol, wine"),
        ("interest --debtor business --amount 10 --due 9999-12-30 --until 9999-12-31", "The year of 9999-12-30"),
        ("terms --issued 9999-12-31", "The year of 9999-12-31"),
        ("terms --issued 2026-05-04 --buyer king", "state, local, hospital"),
        ("limitation --debtor business --due 0020-01-01", "The year of 0020-01-01"),
        ("deadline --rule opposition --from 9999-12-31", "The year of 9999-12-31"),
        ("deadline --rule opposition --from 2026-09-01 --country ZZ", "No law is packaged for the country 'ZZ'"),
    ],
)
def test_what_the_law_does_not_answer_is_refused_with_its_reason(
    words: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["law", *words.split(), "--json"]) == 1
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert json.loads(captured.out)["refused"] == [{"reason": captured.err.strip()}]


@pytest.mark.parametrize("words", [W26, W31], ids=["limitation", "deadline"])
def test_nothing_is_loaded_that_the_command_does_not_need(words: list[str]) -> None:
    heavy = {"django", "sqlite3", "holidays", "exigible.core.law.statement", "exigible.core.law.interest"}
    program = (
        "import sys; from exigible.entrypoints.cli import main; "
        f"status = main({words!r}); assert not set(sys.modules) & {heavy!r}; sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_names_the_commands_and_their_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "--help"]) == 0
    assert {"interest", "rates", "limitation", "deadline", "terms"} <= set(capsys.readouterr().out.split())
    assert main(["law", "deadline", "--help"]) == 0
    assert {"--rule", "--from", "--subdivision"} <= set(capsys.readouterr().out.split())
