"""A file of statuses is previewed, confirmed and reported like any other; an import of invoices meets statuses that waited."""

import pytest

from exigible.books.cases.models import Hold
from exigible.features.imports.models import Import
from exigible.features.imports.operations import confirm_import, import_now, run_import, start_import
from exigible.features.imports.queries import told
from exigible.features.statuses.models import InvoiceStatus
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
STATUSES = (
    "Numéro facture;Statut;Date statut;Plateforme\nL-1;Rejetée;20/11/2026 10:15;Plateforme Une\nL-1;Payée;20/11/2026;\n"
)
INVOICES = "Client;N° facture;Date facture;Date échéance;Montant TTC\r\nLefort;L-1;01/10/2026;31/10/2026;120,00\r\n"


@pytest.fixture
def house() -> House:
    return atelier_lumen()


def test_a_file_of_statuses_is_previewed_then_kept(house: House) -> None:
    upload = start_import(house.creditor, "statuts.csv", STATUSES.encode(), None, house.at)
    assert upload.state == Import.State.PREVIEWED
    assert (told(upload)["kept"]["statuses"], told(upload)["rejected_count"]) == (1, 1)
    assert not InvoiceStatus.objects.exists()
    confirm_import(upload)
    run_import(upload.pk, house.at, house.today)
    upload.refresh_from_db()
    assert (upload.state, told(upload)["kept"]["without_invoice"]) == (Import.State.DONE, 1)


def test_invoices_imported_later_meet_their_statuses(house: House) -> None:
    import_now(house.creditor, "statuts.csv", STATUSES.encode(), house.today, house.at)
    import_now(house.creditor, "factures.csv", INVOICES.encode(), house.today, house.at)
    assert Hold.objects.of(house.creditor).get().source.startswith("status:rejected:")
