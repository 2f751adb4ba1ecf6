"""`exigible inspect`: the contract's fields, one sentence for every no, and no traceback on any file."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from exigible.entrypoints.cli import main
from exigible.formats.tests.ledgers import OWN_SAMPLES, SAMPLES, fec, sale

CONTRACT = {
    "format",
    "encoding",
    "invoices",
    "customers",
    "transactions",
    "statements",
    "ledger",
    "rejected",
    "warnings",
}
INVOICE = {
    "number",
    "kind",
    "issue_date",
    "due_date",
    "currency",
    "net",
    "tax",
    "total",
    "prepaid",
    "payable",
    "seller",
    "buyer",
    "missing_mentions",
}
LEDGER = {"entries", "debit", "credit", "customers", "open_items", "receivable_balance", "unbalanced_entries"}


def inspected(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, Any], str]:
    """Status, JSON and standard error of one inspection."""
    status = main(["inspect", str(path), "--json", *more])
    out, err = capsys.readouterr()
    return status, json.loads(out) if out else {}, err


def test_a_ledger_is_told_in_the_contracts_words(capsys: pytest.CaptureFixture[str]) -> None:
    status, told, err = inspected(OWN_SAMPLES / "ledger.fec", capsys)
    assert (status, err) == (0, "")
    assert told.keys() >= CONTRACT
    assert told["ledger"].keys() >= LEDGER
    assert (told["format"], told["encoding"]) == ("fec", "cp1252")
    assert (told["ledger"]["debit"], told["ledger"]["receivable_balance"]) == ("2434.56", "1234.56")
    assert (told["ledger"]["entries"], told["ledger"]["open_items"]) == (3, 1)
    assert all(invoice.keys() >= INVOICE for invoice in told["invoices"])
    opened, sold = told["invoices"]
    assert (opened["number"], opened["issue_date"], opened["payable"]) == ("FA-0990", "2025-12-15", "0.00")
    assert (sold["number"], sold["total"], sold["payable"]) == ("FA-1001", "1234.56", "1234.56")
    assert sold["buyer"]["name"] == "Brasserie du Quai Blanc"


def test_rejected_lines_are_told_and_the_rest_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    status, told, err = inspected(OWN_SAMPLES / "balance-clients.csv", capsys)
    assert status == 1
    assert [each["line"] for each in told["rejected"]] == [9, 10, 11, 12, 13]
    assert len(told["invoices"]) == 4
    assert err.count("\n") == 5
    assert [each["kind"] for each in told["invoices"]][-1] == "credit_note"
    assert told["invoices"][-1]["total"] == "120.00"


def test_a_saved_mapping_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, told, _ = inspected(OWN_SAMPLES / "balance-clients.csv", capsys)
    saved = tmp_path / "mapping.json"
    saved.write_text(json.dumps({**told["mapping"], "currency": "CHF"}))
    _, again, _ = inspected(OWN_SAMPLES / "balance-clients.csv", capsys, "--mapping", str(saved))
    assert {each["currency"] for each in again["invoices"]} == {"CHF"}
    saved.write_text("[]")
    assert inspected(OWN_SAMPLES / "balance-clients.csv", capsys, "--mapping", str(saved))[0] == 2


def test_an_unbalanced_ledger_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ledger.txt"
    file.write_bytes(fec([*sale(1, "DURAND", 100), *sale(2, "DURAND", 100)[:1]]))
    status, told, err = inspected(file, capsys)
    assert status == 1
    assert told["ledger"]["unbalanced_entries"] == [{"entry": "VE 2", "line": 4, "difference": "1.00"}]
    assert "VE 2" in err
    assert err.count("\n") == 1


def test_a_bank_statement_is_told_movement_by_movement(capsys: pytest.CaptureFixture[str]) -> None:
    status, told, _ = inspected(OWN_SAMPLES / "releve.camt053.xml", capsys)
    (statement,) = told["statements"]
    account = statement["account"]
    assert (status, statement["opening"], statement["closing"], statement["balanced"]) == (
        0,
        "1000.00",
        "2695.50",
        True,
    )
    assert [(each["account"], each["amount"], each["currency"]) for each in told["transactions"]] == [
        (account, "1250.00", "EUR"), (account, "750.00", "EUR"), (account, "-300.00", "EUR"), (account, "-4.50", "EUR"),
    ]  # fmt: skip
    first, second, returned, _ = told["transactions"]
    assert (first["booking_date"], first["label"], first["references"]) == (
        "2026-10-02", "FACTURES FA-2026-017 ET FA-2026-019", ["DURAND-2026-114"],
    )  # fmt: skip
    assert first["counterparty"]["name"] == "DURAND ET FILS"
    assert first["counterparty"]["iban"].startswith("FR76")
    assert second["structured_reference"] == "RF37FA2026018"
    assert (returned["kind"], returned["reason"]) == ("return", "AM04 Provision insuffisante")
    assert main(["inspect", str(OWN_SAMPLES / "releve.camt053.xml")]) == 0
    assert "balances agree" in capsys.readouterr().out


@pytest.mark.parametrize(("content", "status"), [(b"", 1), (bytes(range(256)), 1), (None, 2)])
def test_what_cannot_be_read_is_one_sentence(
    content: bytes | None, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file.bin"
    if content is not None:
        file.write_bytes(content)
    found, _, err = inspected(file, capsys)
    assert found == status
    assert err.count("\n") == 1
    assert inspected(tmp_path, capsys)[0] == 2


@pytest.mark.skipif(not SAMPLES.exists(), reason="EXIGIBLE_SAMPLES is absent")
def test_every_sample_is_told_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    for path in sorted(SAMPLES.rglob("*")):
        if path.is_file():
            status, told, err = inspected(path, capsys)
            assert told.keys() >= CONTRACT, path
            assert (status == 0) == (not told["rejected"] and not told["refused"]), path
            assert bool(err) == bool(status), path
            assert main(["inspect", str(path)]) == status
            capsys.readouterr()


def test_inspect_needs_neither_django_nor_a_database(tmp_path: Path) -> None:
    code = (
        "import sys; from exigible.entrypoints.cli import main; "
        f"status = main(['inspect', {str(OWN_SAMPLES / 'ledger.fec')!r}]); "
        "print('django' in sys.modules, 'sqlite3' in sys.modules, status)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.splitlines()[-1] == "False False 0"
    assert list(tmp_path.iterdir()) == []
