"""exigible import, as the contract of the command line has it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Customer, Invoice
from exigible.books.policies.models import Policy
from exigible.entrypoints.cli import main

pytestmark = pytest.mark.django_db
SAMPLES = Path(os.environ.get("EXIGIBLE_SAMPLES", "../shared/samples")) / "fec"
DEMONSTRATION = Path(__file__).parents[2] / "demo" / "files"
TABLE = "Code client;Client;Facture;Date facture;Echeance;Montant TTC\nC1;Tilleul;F1;12/01/2026;12/02/2026;120,00\n"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any], str]:
    status = main(["import", *words, "--creditor", "Atelier Essai", "--json"])
    told = capsys.readouterr()
    return status, json.loads(told.out or "{}"), told.err


def sample(name: str) -> str:
    if not SAMPLES.exists():
        pytest.skip("the sample files are not here: set EXIGIBLE_SAMPLES")
    return str(SAMPLES / name)


def test_a_ledger_is_imported_once_and_the_creditor_is_set_up(capsys: pytest.CaptureFixture[str]) -> None:
    path = sample("111111111FEC20221231.TXT")
    status, told, _err = run(capsys, path)
    assert status == 0
    assert told["created"] == {"customers": 34, "invoices": 103, "payments": 48}
    assert told["control"]["difference"] == "0.00"
    assert told["control"]["file_balance"] == told["control"]["book_balance"] == "14416.52"
    assert Policy.objects.of(Creditor.objects.get(name="Atelier Essai")).get().preset == "standard"
    status, told, _err = run(capsys, path)
    assert (status, told["created"], told["unchanged"]) == (0, {"customers": 0, "invoices": 0, "payments": 0}, 185)
    assert told["control"]["difference"] == "0.00"


def test_an_owner_whom_nobody_named_is_said_to_be_invented(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    assert "owner_invented" not in run(capsys, str(tmp_path), "--dry-run")[1]
    assert run(capsys, str(tmp_path))[1]["owner_invented"] == "owner@atelieressai.invalid"
    assert "owner_invented" not in run(capsys, str(tmp_path))[1]
    main(["import", str(tmp_path), "--creditor", "Autre"])
    said = capsys.readouterr().out
    assert "owner@autre.invalid" in said
    assert "--owner" in said
    main(["import", str(tmp_path), "--creditor", "Nommée", "--owner", "claire@nommee.example"])
    assert "invalid" not in capsys.readouterr().out


def test_a_dry_run_says_the_same_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    status, told, _err = run(capsys, str(DEMONSTRATION / "000100008FEC20251231.txt"), "--dry-run")
    assert (status, told["created"]["customers"], told["control"]["difference"]) == (0, 55, "0.00")
    assert not Creditor.objects.filter(name="Atelier Essai").exists()


def test_a_folder_is_imported_file_by_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(TABLE.replace("F1", "F2"), encoding="utf-8")
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    status, told, _err = run(capsys, str(tmp_path))
    assert (status, told["created"]["invoices"], told["created"]["customers"]) == (0, 2, 1)
    assert [each["file"] for each in told["files"]] == ["a.csv", "b.csv"]


def test_the_demonstrations_files_agree_together(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("000100008FEC20251231.txt", "000100008FEC20261120.txt", "customers.csv", "foreign-invoices.csv")
    status, told, _err = run(capsys, *(str(DEMONSTRATION / name) for name in names), "--date", "2026-11-20")
    assert status == 0
    assert told["control"] | {"customers": []} == told["control"]
    assert (told["control"]["file_balance"], told["control"]["difference"]) == ("751695.20", "0.00")
    assert Customer.objects.count() == 60
    assert Invoice.objects.filter(number="EX-0106").get().due_origin == "creditor_terms"


def test_a_bad_line_is_left_out_named_and_told_by_the_status(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{TABLE}C2;Orme;F2;31/31/2026;;80,00\nC3;Houx;F3;13/01/2026;;90,00\n", encoding="utf-8")
    status, told, err = run(capsys, str(path))
    assert (status, told["created"]["invoices"]) == (1, 2)
    assert [rejected["line"] for rejected in told["rejected"]] == [3]
    assert "Line 3" in err
    assert "Traceback" not in err


def test_a_file_that_is_no_ledger_is_refused_with_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear all,\nnothing is owed.\n", encoding="utf-8")
    status, told, err = run(capsys, str(path))
    assert (status, len(told["refused"]), told["control"]["difference"]) == (1, 1, None)
    assert err.count("\n") == 1


def test_a_mapping_names_the_columns_of_a_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Un;Deux;Trois;Quatre\nF1;12/01/2026;120,00;Tilleul\n", encoding="utf-8")
    fields = ("number", "issued", "total", "customer")
    columns = [
        {"name": name, "field": field} for name, field in zip(("Un", "Deux", "Trois", "Quatre"), fields, strict=True)
    ]
    (tmp_path / "m.json").write_text(json.dumps({"kind": "invoices", "columns": columns}), encoding="utf-8")
    status, told, _err = run(capsys, str(tmp_path / "a.csv"), "--mapping", str(tmp_path / "m.json"))
    assert (status, told["created"]["invoices"]) == (0, 1)


@pytest.mark.parametrize(
    "words", [["import"], ["import", "absent.csv", "--creditor", "X"], ["import", "a.csv", "--creditor", " "]]
)
def test_wrong_usage_is_one_sentence_and_status_2(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(words) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert not told.out


def test_for_a_person_the_control_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(DEMONSTRATION / "000100008FEC20251231.txt")
    assert main(["import", path, "--creditor", "Atelier Essai"]) == 0
    told = capsys.readouterr().out
    assert "created 55 customers, 666 invoices, 516 payments" in told
    assert "difference 0.00 EUR" in told
