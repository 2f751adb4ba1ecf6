"""Electronic invoices from the folder to the reminder: the books hold, the demand asks for what is left, the original is there."""

import json
from datetime import date

import pytest

from exigible.books.documents.models import Evidence
from exigible.books.ledger.models import Invoice
from exigible.books.ledger.tests.fec import Ledger
from exigible.features.imports.models import Import
from exigible.features.imports.operations import import_now
from exigible.features.imports.undo import undo_import
from exigible.formats.tests.einvoices import archive, cii, facturx, ubl
from exigible.invariants import broken
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db


def holds(house: House) -> bool:
    """Whether every invariant of the books holds."""
    assert list(broken(house.creditor, house.today)) == []
    return True


def test_an_invoice_is_read_and_reminded_of_for_what_is_left_of_it() -> None:
    house = atelier_lumen()
    customer = house.customer("Durand et Fils", siren="000200006")
    body = facturx(cii(prepaid="500.00", payable="700.00"))
    import_now(house.creditor, "FA-2026-017.pdf", body, house.today, house.at)
    assert holds(house)
    (action,) = house.run()
    assert action.customer_id == customer.pk
    facts = json.loads(house.messages(customer)[0].facts_json)
    assert (facts["currency"], facts["balance"]) == ("EUR", 70000)
    assert [line["number"] for line in facts["invoices"]] == ["FA-2026-017"]
    assert holds(house)


def test_a_ledger_an_archive_and_their_undoing_leave_the_books_whole() -> None:
    house = atelier_lumen()
    ledger = Ledger(2026, names={"C1": "Durand et Fils"}).sale("C1", "FA-2026-017", 120000, date(2026, 9, 1))
    import_now(house.creditor, "fec.txt", ledger.bytes(), house.today, house.at)
    files = [
        ("a.xml", cii(prepaid="500.00", payable="700.00")),
        ("b.pdf", facturx(cii(number="FA-2", prepaid="2000.00", payable="-800.00"))),
        ("c.xml", ubl(number="AV-1", type="381", total="100.00", payable="100.00", net="", tax="")),
        ("d.xml", ubl(number="FA-3", currency="GBP", due="")),
    ]
    import_now(house.creditor, "november.zip", archive(files), house.today, house.at)
    assert Invoice.objects.of(house.creditor).count() == 4
    assert Evidence.objects.of(house.creditor).count() == 4
    assert holds(house)
    undo_import(Import.objects.of(house.creditor).get(name="november.zip"), house.today, house.at)
    assert Invoice.objects.of(house.creditor).get().number == "FA-2026-017"
    assert holds(house)
