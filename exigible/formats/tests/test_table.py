"""A table of invoices or of customers is read as people write it, and each bad line is named."""

import io
import json
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from exigible.formats import read
from exigible.formats.amounts import minor, minor_of_float
from exigible.formats.rows import RowError
from exigible.formats.table import read_table
from exigible.formats.table_mapping import Mapping, mapping_from_json, propose_mapping
from exigible.formats.tests.ledgers import OWN_SAMPLES, SAMPLES

BALANCE = (OWN_SAMPLES / "balance-clients.csv").read_bytes()
IBM = SAMPLES / "ar_history" / "ibm" / "WA_Fn-UseC_-Accounts-Receivable.csv"


def proposed(data: bytes) -> Mapping:
    """The proposed mapping, which there must be."""
    mapping = propose_mapping(data)
    assert not isinstance(mapping, RowError)
    return mapping


def workbook(*rows: list[object]) -> bytes:
    """The bytes of an XLSX file with one sheet."""
    book, content = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def test_an_aged_balance_is_read_through_its_french_headers() -> None:
    reading = read(BALANCE, "balance.csv")
    assert (reading.format, reading.encoding, reading.separator) == ("table", "cp1252", ";")
    assert [(row.number, row.kind, row.total_minor, row.customer_key) for row in reading.invoices] == [
        ("FA-1001", "invoice", 123456, "C001"),
        ("FA-1002", "invoice", 200000, "C001"),
        ("FA-1003", "invoice", 72000, "C002"),
        ("AV-0007", "credit_note", 12000, "C002"),
    ]
    assert reading.invoices[0].issued == date(2026, 1, 13)
    assert [row.due for row in reading.invoices] == [date(2026, 2, 12), date(2026, 3, 4), None, None]
    assert [customer.name for customer in reading.customers] == ["Brasserie du Quai Blanc", "Éts Œillet & Fils"]


def test_what_is_no_longer_open_was_paid() -> None:
    reading = read_table(BALANCE)
    (paid,), (allocation,) = reading.payments, reading.allocations
    assert (paid.amount_minor, paid.origin, paid.reference) == (150000, "balance", "FA-1002")
    assert allocation.amount_minor == 150000
    assert allocation.source_key_invoice == reading.invoices[1].source_key
    assert not allocation.presumed


def test_each_bad_line_is_named_with_its_field_and_stops_no_other() -> None:
    reading = read_table(BALANCE)
    assert [(error.line, error.field, error.code) for error in reading.errors] == [
        (9, "issued", "table.date"),
        (10, "total", "table.amount"),
        (11, "number", "table.missing"),
        (12, "open", "table.open_above_total"),
        (13, "number", "table.duplicate"),
    ]
    assert [(each.line, each.code) for each in reading.warnings if each.line] == [(14, "table.total_agrees")]


def test_customers_come_with_their_contact() -> None:
    reading = read((OWN_SAMPLES / "clients.csv").read_bytes(), "clients.csv")
    first = reading.customers[0]
    assert reading.facts["kind"] == "customers"
    assert (first.key, first.siren, first.vat, first.kind) == ("C001", "000101014", "FR26000101014", "business")
    assert (first.contact_name, first.contact_role) == ("Amandine Arbouzier", "Comptable")
    assert (first.postcode, first.city, first.terms) == ("01000", "Bourg-en-Bresse", "30 jours fin de mois")
    assert first.address_lines == ("14 montée des Lanternes",)
    assert [customer.kind for customer in reading.customers] == ["business", "business", "consumer"]
    assert [(error.line, error.code) for error in reading.errors] == [(4, "table.missing")]
    assert [(warning.line, warning.code) for warning in reading.warnings] == [(3, "table.email")]


def test_a_workbook_gives_exact_cents_and_real_dates() -> None:
    data = workbook(
        ["Invoice no", "Customer", "Invoice date", "Due date", "Total", "Open balance", "Currency"],
        [611365, "Quai Blanc", datetime(2026, 1, 13), date(2026, 2, 12), 0.1 + 0.2, 0.3, "EUR"],
        ["A-2", "Quai Blanc", "14/01/2026", 46066, 1234.1, "1 234,10", "usd"],
        ["A-3", "Quai Blanc", "14/01/2026", None, 10.005, None, "EUR"],
        ["A-4", "Quai Blanc", "14/01/2026", None, 1234, None, "JPY"],
    )
    reading = read(data, "balance.xlsx")
    assert [(row.number, row.total_minor, row.currency) for row in reading.invoices] == [
        ("611365", 30, "EUR"),
        ("A-2", 123410, "USD"),
        ("A-4", 1234, "JPY"),
    ]
    assert [row.due for row in reading.invoices] == [date(2026, 2, 12), date(2026, 2, 13), None]
    assert [(error.line, error.code) for error in reading.errors] == [(4, "table.amount")]


def test_a_saved_mapping_reads_the_same_and_follows_its_columns() -> None:
    saved = json.loads(json.dumps(proposed(BALANCE).to_json()))
    mapping = mapping_from_json(saved)
    assert read_table(BALANCE, mapping).invoices == read_table(BALANCE).invoices
    rows = [line.split(";") for line in BALANCE.decode("cp1252").replace('"', "").split("\r\n")]
    swapped = "\r\n".join(";".join([*row[1:3], row[0], *row[3:]]) for row in rows).encode("cp1252")
    assert read_table(swapped, mapping).invoices == read_table(BALANCE).invoices


def test_a_column_can_be_given_another_field() -> None:
    mapping = proposed(BALANCE)
    changed = mapping.with_field(7, "order_reference")
    assert read_table(BALANCE, changed).invoices[0].order_reference == "Luminaires"
    assert changed.with_field(0, "order_reference").column_of("order_reference") == changed.columns[0].__class__(
        "Code client", 0, "order_reference"
    )


@pytest.mark.parametrize(
    "wrong", [{}, {"kind": "invoices", "columns": [{"name": "A", "field": "colour"}]}, {"kind": "x", "columns": []}]
)
def test_a_wrong_mapping_says_what_is_wrong(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="."):
        mapping_from_json(wrong)


def test_a_mapping_of_another_file_is_refused_in_one_sentence() -> None:
    reading = read_table(b"Nom;Montant\r\nA;1\r\n", proposed(BALANCE))
    assert reading.refusal is not None
    assert reading.refusal.code == "table.mapping"


@pytest.mark.parametrize(
    ("amounts", "mark", "cents"),
    [
        (["1,234.56", "7.5"], ".", [123456, 750]),
        (["1.234,56", "7,5"], ",", [123456, 750]),
        (["1\u202f234,56", "(12,00)", "12,00-", "−3"], ",", [123456, -1200, -1200, -300]),
        (["1.234", "1.234.567", "12,5"], ",", [123400, 123456700, 1250]),
        (["CHF 1'234.50", "$3.00"], ".", [123450, 300]),
    ],
)
def test_the_decimal_mark_is_that_of_the_column(amounts: list[str], mark: str, cents: list[int]) -> None:
    lines = [f'"N{index}";A;2026-01-02;"{amount}"' for index, amount in enumerate(amounts)]
    data = "\n".join(["Numéro;Client;Date;Montant", *lines]).encode()
    column = proposed(data).column_of("total")
    assert column is not None
    assert column.decimal_mark == mark
    assert [minor(amount, mark) for amount in amounts] == cents
    assert [row.signed_minor for row in read_table(data).invoices] == cents


@pytest.mark.parametrize("text", ["", "12.345.6", "1,2,3", "abc", "1 2 3,4 5 6", "12,345", "--3", "1e5"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=".*"):
        minor(text, ",") if text != "1 2 3,4 5 6" else minor("123,456", ",")


def test_half_a_cent_is_not_ours_to_round() -> None:
    assert minor_of_float(1234.5600000000001) == 123456
    with pytest.raises(ValueError, match="10.005"):
        minor_of_float(10.005)


def test_the_order_of_dates_is_that_of_the_column() -> None:
    american = b"Invoice no,Customer,Invoice date,Amount\nA,B,1/2/2026,1.00\nC,B,1/13/2026,1.00\n"
    assert [row.issued for row in read_table(american).invoices] == [date(2026, 1, 2), date(2026, 1, 13)]
    unclear = american.replace(b"1/13/2026", b"1/3/2026")
    reading = read_table(unclear)
    assert reading.invoices[0].issued == date(2026, 2, 1)
    assert "table.date_order" in [warning.code for warning in reading.warnings]


def test_an_invoice_due_in_two_parts_is_two_items() -> None:
    data = (
        "Numéro;Client;Date;Échéance;Montant\nA;B;02/01/2026;31/01/2026;5,00\nA;B;02/01/2026;28/02/2026;5,00\n".encode()
    )
    reading = read_table(data)
    assert len({row.source_key for row in reading.invoices}) == 2
    assert not reading.errors


def test_a_paid_invoice_of_another_currency_and_an_overpaid_one_keep_their_balance() -> None:
    data = "Numéro;Client;Date;Devise;Total;Solde\nA;B;02/01/2026;$;5,00;0\nC;B;02/01/2026;;5,00;-1,00\n".encode()
    reading = read_table(data)
    assert [(row.currency, row.amount_minor) for row in reading.payments] == [("USD", 500), ("EUR", 600)]
    assert [each.amount_minor for each in reading.allocations] == [500, 500]


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 not a workbook", workbook(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600]
)
def test_a_damaged_or_empty_workbook_is_refused_in_one_sentence(data: bytes) -> None:
    reading = read_table(data)
    assert reading.refusal is not None
    assert not reading.invoices


@pytest.mark.skipif(not IBM.exists(), reason="EXIGIBLE_SAMPLES holds no payment history")
def test_a_history_with_settlement_days_is_read_whole() -> None:
    reading = read(IBM.read_bytes(), IBM.name)
    assert len(reading.invoices) == len(reading.payments) == len(reading.allocations) == 2466
    assert sum(row.total_minor for row in reading.invoices) == 14770318
    due = {row.source_key: row.due for row in reading.invoices}
    assert sum(each.allocated > (due[each.source_key_invoice] or each.allocated) for each in reading.allocations) == 877
    assert len(reading.customers) == 100
