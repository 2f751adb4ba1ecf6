"""A file from its upload to the books and back."""

import json
from datetime import date, timedelta

import pytest

from exigible.books.cases.models import Case, Hold, Standing
from exigible.books.cases.operations import hold_case
from exigible.books.creditors.models import Creditor
from exigible.books.journal.models import Event
from exigible.books.ledger.models import Contact, Customer, Invoice, Payment, Posting
from exigible.books.ledger.operations import record_payment
from exigible.books.ledger.posting_undo import PaymentRestsOnIt
from exigible.books.ledger.tests.fec import TODAY, Ledger
from exigible.features.dunning.models import Action
from exigible.features.imports.models import Import, SavedMapping
from exigible.features.imports.operations import (
    NothingToConfirm,
    change_mapping,
    confirm_import,
    import_now,
    run_import,
    start_import,
)
from exigible.features.imports.undo import ActionRestsOnIt, HoldRestsOnIt, NothingToUndo, undo_import
from exigible.testing import MONDAY, House, atelier_lumen, brasserie_nord, noon

pytestmark = pytest.mark.django_db
JAN, FEB = date(2026, 1, 12), date(2026, 2, 12)
AT = noon(TODAY)


@pytest.fixture
def creditor() -> Creditor:
    return brasserie_nord(TODAY).creditor


def ledger() -> bytes:
    return Ledger(2026).sale("C1", "F1", 12000, JAN).sale("C2", "F2", 5000, FEB).bank("C2", 2000, FEB).bytes()


def start(creditor: Creditor, body: bytes, name: str = "fec.txt") -> Import:
    return start_import(creditor, name, body, None, AT)


def told(upload: Import) -> dict[str, object]:
    found: dict[str, object] = json.loads(upload.preview_json)
    return found


def test_a_preview_says_all_and_writes_nothing(creditor: Creditor) -> None:
    upload = start(creditor, ledger())
    seen = told(upload)
    assert upload.state == Import.State.PREVIEWED
    assert seen["created"] == {"customers": 2, "invoices": 2, "payments": 1, "allocations": 1}
    assert seen["control"]["difference"] == 0  # type: ignore[index]
    assert seen["picture"]["totals"][4] == 15000  # type: ignore[index]
    assert seen["picture"]["late"][0]["late"] == 12000  # type: ignore[index]
    assert not Customer.objects.of(creditor).exists()
    assert not Posting.objects.of(creditor).exists()
    assert not Event.objects.of(creditor).filter(kind="ledger.posted").exists()


def test_a_confirmed_import_is_posted_once_however_often_the_job_is_brought(creditor: Creditor) -> None:
    upload = start(creditor, ledger())
    confirm_import(upload)
    for _ in range(3):
        run_import(upload.pk, AT)
    upload.refresh_from_db()
    assert upload.state == Import.State.DONE
    assert Invoice.objects.of(creditor).count() == 2
    assert Event.objects.of(creditor).filter(kind="ledger.posted").count() == 1
    assert Case.objects.of(creditor).filter(state="open").count() == 2
    assert Standing.objects.count() == 2
    with pytest.raises(NothingToConfirm):
        confirm_import(upload)


def test_a_job_under_lease_is_left_to_its_worker_until_the_lease_ends(creditor: Creditor) -> None:
    upload = start(creditor, ledger())
    confirm_import(upload)
    Import.objects.filter(pk=upload.pk).update(lease_until=AT + timedelta(minutes=5))
    run_import(upload.pk, AT)
    assert not Invoice.objects.of(creditor).exists()
    run_import(upload.pk, AT + timedelta(minutes=6))
    assert Invoice.objects.of(creditor).count() == 2


def test_the_same_bytes_are_known_at_once(creditor: Creditor) -> None:
    import_now(creditor, "fec.txt", ledger(), TODAY, AT)
    again = start(creditor, ledger(), "renamed.txt")
    assert again.state == Import.State.DONE
    report = json.loads(again.report_json)
    assert report["known"]["name"] == "fec.txt"
    assert (sum(report["created"].values()), report["unchanged"]) == (0, 5)
    assert Event.objects.of(creditor).filter(kind="ledger.posted").count() == 1


BAD = {
    "truncated": ledger()[:-40],
    "unbalanced": ledger().replace(b"120,00", b"121,00", 1),
    "mixed encodings": ledger()
    .replace(b"Client C1", "Société é".encode())
    .replace(b"Client C2", "Société à".encode("cp1252")),
    "no ledger": b"Once upon a time there was a letter.\nIt owed nothing.\n",
    "empty": b"",
    "columns missing": ledger().replace(b"EcritureNum", b"Numero", 1),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_file_is_refused_with_one_sentence_and_nothing_is_written(creditor: Creditor, fault: str) -> None:
    upload = start(creditor, BAD[fault])
    assert upload.state == Import.State.REFUSED, upload.preview_json
    assert upload.error.endswith(".")
    assert "Traceback" not in upload.error
    assert not Customer.objects.of(creditor).exists()
    (event,) = Event.objects.of(creditor).filter(kind="import.refused")
    assert event.stream == f"creditor/{creditor.pk}"


def test_a_payment_that_a_newer_export_brings_closes_the_case(creditor: Creditor) -> None:
    import_now(creditor, "a.txt", Ledger(2026).sale("C1", "F1", 12000, JAN).bytes(), TODAY, AT)
    assert Case.objects.of(creditor).get().state == "open"
    newer = Ledger(2026).sale("C1", "F1", 12000, JAN, "AA 2026-02-12").bank("C1", 12000, FEB, "AA 2026-02-12")
    import_now(creditor, "b.txt", newer.bytes(), TODAY, AT)
    assert Case.objects.of(creditor).get().state == "closed"


def test_a_table_of_unknown_columns_asks_for_them_and_remembers(creditor: Creditor) -> None:
    table = b"Facture;Date facture;Montant TTC;Qui\nF1;12/01/2026;120,00;Tilleul\nF2;13/02/2026;80,00;Orme\n"
    upload = start(creditor, table, "a.csv")
    assert upload.state == Import.State.PREVIEWED
    seen = told(upload)
    assert "refusal" in seen
    with pytest.raises(NothingToConfirm):
        confirm_import(upload)
    mapping = seen["file"]["mapping"]  # type: ignore[index]
    for column, field in zip(mapping["columns"], ("number", "issued", "total", "customer"), strict=True):
        column["field"] = field
    change_mapping(upload, mapping | {"kind": "invoices"}, AT)
    assert told(upload)["created"]["invoices"] == 2  # type: ignore[index]
    assert told(upload)["columns"][0]["samples"] == ["F1", "F2"]  # type: ignore[index]
    assert SavedMapping.objects.of(creditor).count() == 1
    later = start(creditor, table + b"F3;14/03/2026;50,00;Orme\n", "b.csv")
    assert told(later)["created"]["invoices"] == 3  # type: ignore[index]


def test_an_import_is_undone_to_the_last_row(creditor: Creditor) -> None:
    upload = import_now(creditor, "fec.txt", ledger(), TODAY, AT)
    undo_import(upload, TODAY, AT)
    assert upload.state == Import.State.UNDONE
    for model in (Customer, Invoice, Payment, Case, Standing):
        assert not model.objects.of(creditor).exists()
    with pytest.raises(NothingToUndo):
        undo_import(upload, TODAY, AT)
    assert import_now(creditor, "fec.txt", ledger(), TODAY, AT).state == Import.State.DONE
    assert Invoice.objects.of(creditor).count() == 2


def test_undoing_a_newer_export_opens_the_case_again(creditor: Creditor) -> None:
    import_now(creditor, "a.txt", Ledger(2026).sale("C1", "F1", 12000, JAN).bytes(), TODAY, AT)
    newer = Ledger(2026).sale("C1", "F1", 12000, JAN, "AA 2026-02-12").bank("C1", 12000, FEB, "AA 2026-02-12")
    upload = import_now(creditor, "b.txt", newer.bytes(), TODAY, AT)
    undo_import(upload, TODAY, AT)
    assert Invoice.objects.of(creditor).get().settled_on is None
    assert Case.objects.of(creditor).latest("id").state == "open"


def test_what_rests_on_an_import_is_named(creditor: Creditor) -> None:
    upload = import_now(creditor, "fec.txt", ledger(), TODAY, AT)
    invoice = Invoice.objects.of(creditor).get(number="F1")
    payment = record_payment(invoice.customer, 1000, FEB, [(invoice, 1000)], today=TODAY, at=AT)
    with pytest.raises(PaymentRestsOnIt, match="10,00.€"):
        undo_import(upload, TODAY, AT)
    payment.delete()
    hold_case(Case.objects.get(customer=invoice.customer), Hold.Reason.PAUSED, None, today=TODAY, at=AT)
    with pytest.raises(HoldRestsOnIt, match="Client C1"):
        undo_import(upload, TODAY, AT)


def test_an_action_decided_on_an_import_keeps_it() -> None:
    house: House = atelier_lumen(TODAY)
    names = {"C1": "Tilleul SARL"}
    upload = import_now(
        house.creditor, "fec.txt", Ledger(2026, names=names).sale("C1", "F1", 12000, JAN).bytes(), TODAY, AT
    )
    customer = Customer.objects.of(house.creditor).get()
    Customer.objects.filter(pk=customer.pk).update(kind="business")
    Contact.objects.create(creditor=house.creditor, customer=customer, email="a@tilleul.example", is_main=True)
    house.run(MONDAY)
    assert Action.objects.of(house.creditor).exists()
    with pytest.raises(ActionRestsOnIt, match="Tilleul SARL"):
        undo_import(upload, TODAY, AT)


def test_one_creditors_imports_are_not_anothers(creditor: Creditor) -> None:
    other = brasserie_nord(TODAY).creditor
    import_now(creditor, "fec.txt", ledger(), TODAY, AT)
    upload = import_now(other, "fec.txt", ledger(), TODAY, AT)
    assert json.loads(upload.report_json)["created"]["invoices"] == 2
