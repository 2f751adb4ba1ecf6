"""The watched folder: what needs nobody is imported, what asks for a decision waits, what cannot be read says why."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connections

from exigible.books.ledger.models import Invoice
from exigible.books.ledger.tests.fec import Ledger
from exigible.common.clock import now
from exigible.features.imports.folder import SETTLED, claim, folder_of, has_work, is_watched, watch
from exigible.features.imports.models import Import
from exigible.features.imports.watching import take_in
from exigible.formats.tests.einvoices import DURAND, LUMEN, cii
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
TABLE = b"Client;Num\xc3\xa9ro;Date;Montant\nDurand;F1;02/01/2026;10,00\n"


@pytest.fixture
def house(tmp_path: Path, settings: LazySettings) -> House:
    """Atelier Lumen, whose folder is watched."""
    settings.INBOX = tmp_path / "inbox"
    made = atelier_lumen()
    watch(made.creditor)
    return made


def dropped(house: House, **files: bytes) -> list[str]:
    """What became of files: their places below the folder, after they were taken in."""
    folder = folder_of(house.creditor)
    for name, body in files.items():
        (folder / name.replace("__", ".")).write_bytes(body)
    take_in(house.creditor, now() + SETTLED, house.today)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def test_each_kind_of_file_goes_its_way(house: House) -> None:
    sold = Ledger(2026, names={"C1": "DURAND"}).sale("C1", "FA-1", 5000, house.today)
    found = dropped(house, year__txt=sold.bytes(), table__csv=TABLE, letter__pdf=b"%PDF-1.4 nothing", half__part=b"x")
    assert found == [
        "done/year.txt",
        "half.part",
        "refused/letter.pdf",
        "refused/letter.pdf.txt",
        "to-confirm/table.csv",
    ]
    why = (folder_of(house.creditor) / "refused/letter.pdf.txt").read_text()
    assert "letter.pdf" in why
    assert [row.number for row in Invoice.objects.of(house.creditor)] == ["FA-1"]
    assert list(Import.objects.of(house.creditor).filter(state="previewed").values_list("name", flat=True)) == [
        "table.csv"
    ]


def test_electronic_invoices_are_one_import_and_what_is_not_ours_is_put_apart(house: House) -> None:
    found = dropped(
        house, a__xml=cii(), b__xml=cii(number="FA-2"), c__xml=cii(number="B-1", seller=DURAND, buyer=LUMEN)
    )
    assert found == ["done/a.xml", "done/b.xml", "refused/c.xml", "refused/c.xml.txt"]
    assert Import.objects.of(house.creditor).count() == 1
    assert dropped(house, a__xml=cii())[0].startswith("done/a 20")
    assert Invoice.objects.of(house.creditor).count() == 2


def test_a_link_is_refused_and_no_folder_is_entered(house: House, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_bytes(TABLE)
    folder = folder_of(house.creditor)
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "years").mkdir()
    (folder / "years" / "a.csv").write_bytes(TABLE)
    assert dropped(house) == ["refused/link.csv", "refused/link.csv.txt", "years/a.csv"]
    assert not Import.objects.of(house.creditor).exists()


def test_a_file_that_still_grows_and_a_folder_that_is_a_link_are_left_alone(house: House, tmp_path: Path) -> None:
    folder = folder_of(house.creditor)
    (folder / "table.csv").write_bytes(TABLE)
    assert not has_work(house.creditor, now())
    assert has_work(house.creditor, now() + SETTLED)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert not is_watched(house.creditor)
    assert not has_work(house.creditor, now() + SETTLED)


def test_a_file_left_by_a_worker_that_died_is_taken_again_under_its_own_name(house: House) -> None:
    (folder_of(house.creditor) / "table.csv").write_bytes(TABLE)
    (first,) = claim(house.creditor, now() + SETTLED)
    assert not has_work(house.creditor, now() + SETTLED)
    (again,) = claim(house.creditor, now() + timedelta(hours=1))
    assert (first.name, again.name) == ("table.csv", "table.csv")
    assert first.path != again.path


def test_of_two_workers_each_file_has_one(house: House) -> None:
    folder = folder_of(house.creditor)
    for number in range(60):
        (folder / f"{number}.csv").write_bytes(TABLE)
    at = now() + SETTLED
    taken: list[str] = []

    def work() -> None:
        taken.extend(claimed.name for claimed in claim(house.creditor, at))
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == sorted(f"{number}.csv" for number in range(60))
    assert len(os.listdir(folder / ".taken")) == 60
