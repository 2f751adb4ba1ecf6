"""exigible match, as the contract of the command line has it."""

import json
from pathlib import Path
from typing import Any

import pytest

from exigible.books.ledger.models import Invoice, Payment
from exigible.entrypoints.cli import main
from exigible.features.bank.models import BankStatement
from exigible.testing import MONDAY, atelier_lumen

pytestmark = pytest.mark.django_db
OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20260301<LANGUAGE>FRA</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>EUR
<BANKACCTFROM><BANKID>99999<BRANCHID>00001<ACCTID>00000000123<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>{day}<DTEND>{day}
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{day}<TRNAMT>1200.00<FITID>A1<NAME>VIR DURAND<MEMO>FACTURE FA-2026-0042</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{day}<TRNAMT>-30.00<FITID>A2<NAME>FRAIS</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>1170.00<DTASOF>{day}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "releve.ofx"
    path.write_text(OFX.replace("{day}", f"{MONDAY:%Y%m%d}"), encoding="ascii")
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    status = main(["match", *words, "--date", MONDAY.isoformat(), "--json"])
    told = capsys.readouterr()
    assert status == 0, told.err
    answer: dict[str, Any] = json.loads(told.out)
    return answer


def test_a_file_is_explained_and_changes_nothing_then_applied_and_known(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    house = atelier_lumen()
    invoice = house.invoice(house.customer("Menuiserie Durand"), 120_000, house.days_from_now(-10), "FA-2026-0042")
    words = (str(file), "--creditor", house.creditor.name)
    told = run(capsys, *words)
    payment, fee = told["transactions"]
    assert (payment["amount"], payment["applied"], fee["amount"], fee["proposals"]) == ("1200.00", False, "-30.00", [])
    (best,) = payment["proposals"]
    assert best["allocations"] == [{"invoice": "FA-2026-0042", "amount": "1200.00"}]
    assert (best["certain"], told["coverage"], "FA-2026-0042" in best["because"]) == (True, 1.0, True)
    assert not BankStatement.objects.exists()
    assert run(capsys, *words, "--apply")["transactions"][0]["applied"] is True
    again = run(capsys, *words, "--apply")
    assert again["statements"] == {"new": 0, "known": 1}
    assert again["transactions"][0]["proposals"][0]["allocations"] == best["allocations"]
    assert Payment.objects.of(house.creditor).count() == 1
    assert Invoice.objects.get(pk=invoice.pk).settled_on == MONDAY


def test_what_is_no_statement_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    house = atelier_lumen()
    (tmp_path / "a.txt").write_text("rien", encoding="ascii")
    assert main(["match", str(tmp_path / "a.txt"), "--creditor", house.creditor.name, "--json"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["refused"][0]["reason"] == told.err.strip()
