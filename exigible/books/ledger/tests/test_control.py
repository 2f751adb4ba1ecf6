"""The control names what is missing: the books beside the raw file, customer by customer."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.control import ControlReport, control_posting
from exigible.books.ledger.models import Customer, Invoice
from exigible.books.ledger.operations import record_payment
from exigible.books.ledger.posting_period import with_days
from exigible.books.ledger.tests.fec import TODAY, Ledger, changed, post
from exigible.formats import read
from exigible.formats.rows import Reading
from exigible.testing import brasserie_nord, noon

pytestmark = pytest.mark.django_db
SAMPLES = Path(os.environ.get("EXIGIBLE_SAMPLES", "../shared/samples")) / "fec"
DEMONSTRATION = Path(__file__).parents[3] / "entrypoints" / "demo" / "files"
NAMES = ("000000000FEC20231231.txt", "111111111FEC20221231.TXT", "tryton/FEC.csv", "tryton/FEC-previous.csv")
JAN, FEB = date(2026, 1, 12), date(2026, 2, 12)


@pytest.fixture
def creditor() -> Creditor:
    return brasserie_nord(TODAY).creditor


def sample(name: str) -> bytes:
    if not SAMPLES.exists():
        pytest.skip("the sample files are not here: set EXIGIBLE_SAMPLES")
    return (SAMPLES / name).read_bytes()


def control(creditor: Creditor, body: bytes, name: str = "fec.txt") -> ControlReport:
    return control_posting(creditor, with_days(read(body, name), body), body)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_ledger_is_posted_to_the_cent_and_once(creditor: Creditor, name: str) -> None:
    body = sample(name)
    post(creditor, body, name)
    found = control(creditor, body, name)
    assert found.agrees, found.differences
    assert found.file_minor == found.book_minor != 0
    assert changed(post(creditor, body, name)) == 0


def first_claim(reading: Reading) -> None:
    del reading.invoices[len(reading.invoices) // 2]


def first_payment(reading: Reading) -> None:
    del reading.payments[len(reading.payments) // 2]


@pytest.mark.parametrize("name", NAMES[:2])
@pytest.mark.parametrize("forget", [first_claim, first_payment])
def test_a_line_that_was_not_read_is_named(creditor: Creditor, name: str, forget: Callable[[Reading], None]) -> None:
    body = sample(name)
    whole, reading = read(body, name), read(body, name)
    forget(reading)
    kept = {row.source_key for rows in (reading.invoices, reading.payments) for row in rows}
    rows = [row for rows in (whole.invoices, whole.payments) for row in rows]
    (forgotten,) = [row for row in rows if row.source_key not in kept]
    post(creditor, body, name, reading)
    found = control_posting(creditor, reading, body)
    assert found.difference_minor == forgotten.signed_minor
    (difference,) = found.differences
    assert difference.reference == forgotten.customer_key
    assert [(line["line"], line["amount"]) for line in difference.missing] == [(forgotten.line, forgotten.signed_minor)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_consecutive_sample_years_agree_in_either_order(creditor: Creditor, order: tuple[int, int]) -> None:
    files = [sample("tryton/FEC-previous.csv"), sample("tryton/FEC.csv")]
    for index in order:
        post(creditor, files[index], "FEC.csv")
    assert Invoice.objects.of(creditor).count() == 3
    for body in files:
        assert control(creditor, body, "FEC.csv").agrees


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0)])
def test_the_demonstrations_two_years_and_tables_agree_in_any_order(creditor: Creditor, order: tuple[int, ...]) -> None:
    names = ("000100008FEC20251231.txt", "000100008FEC20261120.txt", "customers.csv", "foreign-invoices.csv")
    files = [(DEMONSTRATION / name).read_bytes() for name in names]
    for index in order:
        post(creditor, files[index], names[index])
    for name, body in zip(names, files, strict=True):
        found = control(creditor, body, name)
        assert found.agrees, found.differences
    assert control(creditor, files[1], names[1]).accounts["416"] == (1_494_000, 1_494_000)


def test_an_entry_that_a_newer_export_no_longer_holds_is_named(creditor: Creditor) -> None:
    post(creditor, Ledger(2026).sale("C1", "F1", 12000, JAN).sale("C1", "F2", 5000, FEB).bytes())
    newer = Ledger(2026).sale("C1", "F1", 12000, JAN).bytes()
    post(creditor, newer)
    found = control(creditor, newer)
    assert (found.file_minor, found.book_minor) == (12000, 17000)
    assert found.differences[0].extra == [{"number": "F2", "day": "2026-02-12", "amount": 5000}]


def test_a_payment_by_hand_is_told_apart_from_a_difference(creditor: Creditor) -> None:
    body = Ledger(2026).sale("C1", "F1", 12000, JAN).bytes()
    post(creditor, body)
    customer, invoice = Customer.objects.get(creditor=creditor), Invoice.objects.get(creditor=creditor)
    record_payment(customer, 5000, FEB, [(invoice, 5000)], today=TODAY, at=noon(TODAY))
    found = control(creditor, body)
    assert found.agrees
    assert found.elsewhere_minor == 5000


def test_each_account_is_shown_and_only_411_and_416_are_compared(creditor: Creditor) -> None:
    ledger = Ledger(2026).sale("C1", "F1", 12000, JAN)
    ledger.entry("OD", FEB, ("D1", None), "CLIENT DOUTEUX", [("411000", "C1", -4000), ("416000", "C1", 4000)])
    ledger.entry("OD", FEB, ("E1", None), "FACTURE A ETABLIR", [("418100", "C1", 900), ("706000", "", -900)])
    post(creditor, ledger.bytes())
    found = control(creditor, ledger.bytes())
    assert found.agrees
    assert found.accounts == {"411": (8000, 8000), "416": (4000, 4000), "418": (900, None)}
    assert Customer.objects.get(creditor=creditor).is_doubtful


def test_a_table_is_compared_with_what_the_books_leave_open(creditor: Creditor) -> None:
    table = b"Code client;Client;Facture;Date facture;Montant TTC;Reste du\nC1;Client C1;F1;12/01/2026;120,00;70,00\n"
    post(creditor, table, "a.csv")
    assert control(creditor, table, "a.csv").agrees
    invoice = Invoice.objects.get(creditor=creditor)
    record_payment(invoice.customer, 1000, FEB, [(invoice, 1000)], today=TODAY, at=noon(TODAY))
    assert control(creditor, table, "a.csv").difference_minor == 1000


def test_a_table_in_several_currencies_is_compared_in_each(creditor: Creditor) -> None:
    table = (
        b"Code client;Client;Facture;Date facture;Montant TTC;Reste du;Devise\n"
        b"C1;Client C1;F1;12/01/2026;120,00;70,00;EUR\nC2;Client C2;F2;12/01/2026;9,00;9,00;CHF\n"
        b"C1;Client C1;F3;12/01/2026;40,00;40,00;GBP\n"
    )
    post(creditor, table, "a.csv")
    found = control(creditor, table, "a.csv")
    assert [(each.currency, each.file_minor, each.book_minor) for each in (found, *found.others)] == [
        ("EUR", 7000, 7000), ("GBP", 4000, 4000), ("CHF", 900, 900)
    ]  # fmt: skip
    assert found.agrees
    record_payment(
        Customer.objects.get(reference="C2"), 900, TODAY, [(Invoice.objects.get(number="F2"), 900)], today=TODAY,
        at=noon(TODAY), currency="CHF",
    )  # fmt: skip
    found = control(creditor, table, "a.csv")
    assert not found.agrees
    assert found.others[1].differences[0].reference == "C2"
