"""From a dropped ledger and a dropped bank file to an empty queue, in a real browser, with the keyboard alone."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from exigible.books.ledger.models import Invoice
from exigible.entrypoints.demo.bank import BankLine, records
from exigible.features.bank.models import BankTransaction
from exigible.testing import MONDAY
from tests.browser.conftest import SignIn, speaker
from tests.browser.test_journeys import engine, new_house
from tests.browser.test_look import AXE, EVERYTHING, audit
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser
__all__ = ["engine"]
FEC_HEADER = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|"
    "Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
)
SALES = (
    ("C1", "Menuiserie Durand", "FA2026-0031", "1240,00"),
    ("C1", "Menuiserie Durand", "FA2026-0042", "865,50"),
    ("C2", "Boulangerie du Nord", "FA2026-0052", "450,00"),
    ("C2", "Boulangerie du Nord", "FA2026-0067", "450,00"),
)


def ledger() -> bytes:
    """Four sales that nobody has paid yet, as a FEC."""
    lines = [FEC_HEADER]
    for number, (code, name, piece, amount) in enumerate(SALES, 1):
        for account, party, debit, credit in (("411000", code, amount, "0,00"), ("701000", "", "0,00", amount)):
            lines.append(
                f"VE|Ventes|{number}|20261005|{account}|Compte|{party}|{name if party else ''}|{piece}|20261005|FACTURE {piece}|"
                f"{debit}|{credit}|||20261005||"
            )
    return "\r\n".join(lines).encode()


def bank_file() -> bytes:
    """What came in yesterday: one sure, one of two, one of which only a person knows, one of nobody."""
    day = MONDAY - timedelta(days=1)
    lines = [
        BankLine(day, 124_000, "VIR SEPA RECU", "MENUISERIE DURAND", "FACT FA2026-0031"),
        BankLine(day, 45_000, "VIR INST RECU", "BOULANGERIE DU NORD", "SOLDE"),
        BankLine(day, 40_000, "REMISE CHEQUES 12"),
        BankLine(day, 9_900, "VIR SEPA RECU", "MUTUELLE DES METIERS", "SINISTRE 77"),
    ]
    return records(lines, 500_000, date(2026, 11, 20), day).encode()


def drop(visit: Visit, folder: Path, name: str, body: bytes) -> None:
    """Give a file to the page's drop zone and send it with the keyboard."""
    (folder / name).write_bytes(body)
    visit.page.locator("input[type=file]").set_input_files(folder / name)
    visit.page.locator("form.panel .btn-primary").focus()
    with visit.page.expect_navigation():
        visit.press("Enter")
    visit.rest()


def step(visit: Visit, *keys: str) -> None:
    """Press keys of which the last leads to another page."""
    visit.press(*keys[:-1])
    visit.rest()
    with visit.page.expect_navigation():
        visit.press(keys[-1])
    visit.rest()


def test_a_ledger_and_a_bank_file_are_dropped_and_the_queue_is_emptied_without_a_mouse(
    address: str, sign_in: SignIn, engine: None, tmp_path: Path
) -> None:
    creditor = new_house("Verrerie")
    visit = sign_in(speaker(creditor, "fr"))
    visit.go("/import/")
    drop(visit, tmp_path, "000100008FEC20261231.txt", ledger())
    step(visit, "i")
    assert Invoice.objects.of(creditor).filter(settled_on__isnull=True).count() == len(SALES)
    visit.go("/bank/statements/")
    drop(visit, tmp_path, "releve.txt", bank_file())
    visit.go("/bank/")
    assert visit.page.locator("[data-row]").count() == 4
    visit.page.evaluate(AXE)
    assert list(audit(visit.page, "light", EVERYTHING)) == []
    assert visit.has_focus("[data-row]")
    step(visit, "Enter")  # the sure one, applied as it is shown
    assert "Affecté : 1 240,00 €" in visit.text().replace("\u202f", " ").replace("\u00a0", " ")
    step(visit, "z")
    assert visit.page.locator("[data-row]").count() == 4, "undone with one key"
    step(visit, "Enter")
    visit.press("2")  # of two invoices of 450 euros, the second
    step(visit, "Enter")
    assert Invoice.objects.of(creditor).get(number="FA2026-0067").settled_on is not None
    step(visit, "/")  # cheques: the person knows whose
    visit.page.keyboard.type("durand")
    step(visit, "Enter")
    visit.page.keyboard.press("Escape")
    step(visit, "j", "Enter")
    visit.press("j", "Enter")
    assert "465,50" not in visit.text(".sums")
    step(visit, "v")
    step(visit, "s")  # an insurer's refund
    assert "Plus rien à rapprocher" in visit.text()
    states = BankTransaction.objects.of(creditor).values_list("amount_minor", "state")
    assert dict(states) == {124_000: "applied", 45_000: "applied", 40_000: "applied", 9_900: "set_aside"}
    assert Invoice.objects.of(creditor).filter(settled_on__isnull=False).count() == 2
