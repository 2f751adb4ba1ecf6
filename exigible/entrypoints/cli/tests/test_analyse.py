"""exigible analyse: one claim on the command line, without a database."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from exigible.entrypoints.cli import main

CLAIM = ["analyse", "--debtor", "business", "--amount", "10000.00", "--due", "2026-05-31", "--date", "2026-08-15"]


def told(capsys: Any, *more: str) -> dict[str, Any]:
    assert main([*CLAIM, *more, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_it_tells_what_is_owed_until_when_and_what_to_do(capsys: Any) -> None:
    found = told(capsys, "--completed", "2026-04-20", "--has", "order,invoice")
    assert found["owed"]["balance"] == "10296.14"
    assert found["owed"]["daily"] == "3.40"
    assert len(found["weeks"]) == 8
    assert found["limitation"]["last_day"] == "2031-04-20"
    assert {"delivery", "terms"} <= {piece["piece"] for piece in found["file"] if not piece["present"]}
    assert "payment_order" in [way["name"] for way in found["open"]]
    assert all(way["article"] and way["because"] for way in found["closed"])
    assert found["next"][0]["step"] == "formal_notice"


def test_payments_are_set_against_interest_first(capsys: Any) -> None:
    found = told(capsys, "--paid", "2026-06-30=1000.00", "2026-07-15=500.00")
    assert found["owed"]["principal"] != "8500.00"


def test_a_reader_gets_text_and_the_last_line_that_it_informs(capsys: Any) -> None:
    assert main([*CLAIM, "--language", "en"]) == 0
    said = capsys.readouterr().out
    assert "€10,296.14 owed on" in said
    assert "does not replace a lawyer" in said


def test_it_writes_the_report_as_a_pdf(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "claim.pdf"
    assert told(capsys, "-o", str(path))["written"] == str(path)
    assert path.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--has", "order,cheque"], "is not a document"),
        (["-o", "claim.txt"], "ends with .pdf"),
        (["--paid", "1000"], "is not a payment"),
    ],
)
def test_wrong_usage_is_one_sentence(words: list[str], sentence: str, capsys: Any) -> None:
    assert main([*CLAIM, *words]) == 2
    said = capsys.readouterr().err.strip()
    assert sentence in said
    assert "\n" not in said


def test_a_claim_without_a_due_date_is_refused_in_a_sentence(capsys: Any) -> None:
    assert main(["analyse", "--debtor", "consumer", "--amount", "10.00", "--json"]) == 1
    assert "when the invoice was due" in json.loads(capsys.readouterr().out)["refused"][0]["reason"]


def test_it_needs_neither_django_nor_a_database() -> None:
    program = (
        "import sys; from exigible.entrypoints.cli import main\n"
        f"assert main({[*CLAIM, '--json']!r}) == 0\n"
        "print([name for name in ('django', 'sqlite3', 'psycopg', 'typst') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
