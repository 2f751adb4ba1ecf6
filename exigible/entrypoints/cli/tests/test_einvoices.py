"""Electronic invoices on the command line: told as the contract has it, imported one by one, from a folder or from a ZIP."""

import json
from pathlib import Path
from typing import Any

import pytest

from exigible.books.documents.models import Evidence
from exigible.books.ledger.models import Invoice
from exigible.entrypoints.cli import main
from exigible.formats.tests.einvoices import archive, cii, facturx, ubl


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any], str]:
    """Status, JSON and standard error of a command."""
    status = main([*words, "--json"])
    out, err = capsys.readouterr()
    return status, json.loads(out), err


def test_inspect_gives_every_field_of_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.pdf").write_bytes(facturx(cii(prepaid="500.00", payable="700.00", due="")))
    status, answer, err = told(capsys, "inspect", str(tmp_path / "a.pdf"))
    assert (status, err, answer["format"]) == (0, "", "facturx")
    (invoice,) = answer["invoices"]
    assert (invoice["number"], invoice["kind"], invoice["issue_date"], invoice["due_date"], invoice["currency"]) == (
        "FA-2026-017", "invoice", "2026-09-01", None, "EUR",
    )  # fmt: skip
    assert [invoice[name] for name in ("net", "tax", "total", "prepaid", "payable")] == [
        "1000.00", "200.00", "1200.00", "500.00", "700.00",
    ]  # fmt: skip
    assert invoice["seller"] == {"name": "Atelier Lumen", "siren": "000100008", "vat": "FR24000100008", "country": "FR"}
    assert invoice["buyer"] == {"name": "Durand et Fils", "siren": "000200006", "vat": "FR51000200006", "country": "FR"}
    assert invoice["missing_mentions"] == ["due_date", "late_interest", "indemnity", "discount"]
    assert [each["siren"] for each in answer["customers"]] == ["000200006"]


def test_inspect_gives_a_correction_as_a_positive_credit_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.xml").write_bytes(ubl(type="384", net="-10.00", tax="-2.00", total="-12.00", payable="-12.00"))
    _status, answer, _err = told(capsys, "inspect", str(tmp_path / "a.xml"))
    (invoice,) = answer["invoices"]
    assert (invoice["kind"], invoice["net"], invoice["tax"], invoice["total"], invoice["payable"]) == (
        "credit_note", "10.00", "2.00", "12.00", "12.00",
    )  # fmt: skip


def test_a_self_billed_invoice_keeps_seller_and_buyer_as_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.xml").write_bytes(cii(type="389"))
    _status, answer, _err = told(capsys, "inspect", str(tmp_path / "a.xml"))
    (invoice,) = answer["invoices"]
    assert (invoice["kind"], invoice["seller"]["name"], invoice["buyer"]["name"]) == (
        "invoice", "Atelier Lumen", "Durand et Fils",
    )  # fmt: skip


def test_inspect_tells_what_an_archive_holds_and_leaves_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.zip").write_bytes(archive([("a.xml", cii()), ("b.xml", b"<a/>")]))
    status, answer, err = told(capsys, "inspect", str(tmp_path / "a.zip"))
    assert (status, len(answer["invoices"]), [each["line"] for each in answer["rejected"]]) == (1, 1, [2])
    assert "b.xml" in err


@pytest.mark.django_db
def test_a_folder_of_invoices_is_one_import_and_changes_nothing_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    below = tmp_path / "2026" / "11"
    below.mkdir(parents=True)
    for number in range(1, 6):
        (below / f"{number}.xml").write_bytes((cii, ubl)[number % 2](number=f"FA-{number}"))
    (tmp_path / ".hidden.xml").write_bytes(cii(number="HIDDEN"))
    outside = tmp_path.parent / f"{tmp_path.name}-outside.xml"
    outside.write_bytes(cii(number="OUTSIDE"))
    (below / "link.xml").symlink_to(outside)
    words = ("import", str(tmp_path), "--creditor", "Atelier Essai")
    status, answer, _err = told(capsys, *words)
    assert (status, answer["created"]) == (0, {"customers": 1, "invoices": 5, "payments": 0})
    assert answer["control"]["difference"] == "0.00"
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [f"FA-{number}" for number in range(1, 6)]
    assert Evidence.objects.count() == 5
    status, answer, _err = told(capsys, *words)
    assert (status, answer["created"], answer["updated"]["invoices"]) == (
        0,
        {"customers": 0, "invoices": 0, "payments": 0},
        0,
    )
    assert Evidence.objects.count() == 5
