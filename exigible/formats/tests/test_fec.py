"""A FEC is read whatever software wrote it; what cannot be trusted is refused in one sentence."""

from datetime import date

import pytest

from exigible.formats.control import file_balance
from exigible.formats.fec import read_fec
from exigible.formats.fec_header import COLUMNS
from exigible.formats.rows import Reading
from exigible.formats.tests.ledgers import SAMPLE_FECS, SAMPLES, Line, fec, opening, payment, sale, transfer

LEDGER = [*sale(1, "DURAND", 120000), *sale(2, "MARTIN", 45050), *payment(3, "DURAND", 120000)]
needs_samples = pytest.mark.skipif(not (SAMPLES / "fec").exists(), reason="EXIGIBLE_SAMPLES holds no FEC")


def balances(reading: Reading) -> dict[str, int]:
    """Each customer's balance, from the rows."""
    found: dict[str, int] = {}
    for row in reading.items:
        found[row.customer_key] = found.get(row.customer_key, 0) + row.signed_minor
    return found


@pytest.mark.parametrize("separator", ["\t", "|", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15", "mac-roman"])
def test_names_and_balances_survive_every_encoding_and_separator(encoding: str, separator: str) -> None:
    reading = read_fec(fec(LEDGER, encoding, separator))
    assert reading.refusal is None
    assert reading.separator == separator
    assert [customer.name for customer in reading.customers] == ["Société DURAND", "Société MARTIN"]
    assert balances(reading) == {"DURAND": 0, "MARTIN": 45050}


@pytest.mark.parametrize(
    "written",
    [
        fec(LEDGER, decimal="."),
        fec(LEDGER, signed=True),
        fec(LEDGER, padded=True, separator="|"),
        fec(LEDGER, newline="\n") + b"\n\n  \n\x1a",
        fec(LEDGER, newline="\r"),
        fec(LEDGER).replace(b"\r\n", b"\tmore\tcolumns\r\n"),
        fec(LEDGER).replace(b"JournalCode", b'"JournalCode"').replace(b"VE\t", b'"VE"\t'),
        b"\r\n" + fec(LEDGER),
        fec(LEDGER).replace(b"20250110", b"10/01/2025"),
        fec(LEDGER).split(b"\r\n", 1)[1],
        fec(LEDGER, columns=[name for name in COLUMNS if name not in ("EcritureLet", "DateLet")]),
        fec(LEDGER).rstrip(b"\r\n"),
        fec(LEDGER).rstrip(),
    ],
)
def test_every_way_of_writing_it_reads_the_same(written: bytes) -> None:
    reading = read_fec(written)
    assert reading.refusal is None
    assert not reading.errors
    assert balances(reading) == {"DURAND": 0, "MARTIN": 45050}
    assert reading.invoices[0].issued == date(2025, 1, 10)
    assert reading.facts["balanced"] is True
    assert (reading.facts["entries"], reading.facts["debit"]) == (3, 285050)


def test_every_customer_line_is_what_its_entry_says() -> None:
    deposit = [
        Line("VE", "9", "20250105", "41100000", 36000, 0, "PETIT", "AC9", "Acompte"),
        Line("VE", "9", "20250105", "41910000", 0, 30000),
        Line("VE", "9", "20250105", "44571000", 0, 6000),
    ]
    lines = [*opening(1, "PETIT", 5000), *opening(2, "PETIT", -700), *deposit, *sale(3, "PETIT", 120000)]
    lines += [
        *sale(4, "PETIT", -2000),
        *payment(5, "PETIT", 90000),
        *payment(6, "PETIT", -1500),
        *transfer(7, "PETIT", 10),
    ]
    lines += transfer(8, "PETIT", -300, "46700000")
    reading = read_fec(fec(lines))
    claims = [(row.kind, row.origin, row.is_opening, row.total_minor) for row in reading.invoices]
    assert claims == [
        ("invoice", "opening", True, 5000),
        ("deposit", "sale", False, 36000),
        ("invoice", "sale", False, 120000),
        ("credit_note", "sale", False, 2000),
        ("invoice", "refund", False, 1500),
        ("invoice", "other", False, 300),
    ]
    assert [(row.origin, row.amount_minor) for row in reading.payments] == [
        ("opening", 700),
        ("bank", 90000),
        ("adjustment", 10),
    ]
    assert balances(reading) == {"PETIT": reading.facts["receivable_balance"]}


def test_other_customer_accounts_are_shown_and_stand_apart() -> None:
    lines = [*LEDGER, Line("OD", "8", "20250401", "41600000", 45050, 0, "MARTIN", "OD8", "Douteux")]
    lines += [Line("OD", "8", "20250401", "41100000", 0, 45050, "MARTIN", "OD8", "Douteux")]
    lines += [Line("OD", "9", "20250401", "41910000", 0, 900, "MARTIN"), Line("OD", "9", "20250401", "41810000", 900)]
    reading = read_fec(fec(lines))
    assert reading.facts["accounts"] == {"411": 0, "416": 45050, "418": 900, "419": -900}
    assert reading.facts["doubtful"] == ["MARTIN"]
    assert balances(reading) == {"DURAND": 0, "MARTIN": 45050}


def test_a_customer_without_auxiliary_is_its_account() -> None:
    lines = [Line("VE", "1", "20250110", "411DUPONT", 1000, 0, "", "FA1"), Line("VE", "1", "20250110", "706", 0, 1000)]
    assert balances(read_fec(fec(lines))) == {"411DUPONT": 1000}
    collective = read_fec(fec([Line("VE", "1", "20250110", "411000", 1000), *lines[1:]]))
    assert [warning.code for warning in collective.warnings] == ["fec.no_auxiliary"]


def test_a_piece_shared_by_many_invoices_is_not_their_number() -> None:
    lines = [*sale(1, "DURAND", 100, piece="VE 0123"), *sale(2, "MARTIN", 200, piece="VE 0123")]
    assert [row.number for row in read_fec(fec(lines)).invoices] == ["VE 1", "VE 2"]
    named = sale(3, "DURAND", 100, piece="-", label="Facture n° F2025-017 Durand")
    assert read_fec(fec(named)).invoices[0].number == "F2025-017"


def test_the_same_line_keeps_its_identity_and_equal_lines_are_told_apart() -> None:
    first, again = read_fec(fec(LEDGER)), read_fec(fec([*LEDGER, *sale(4, "MARTIN", 99)], "cp1252", "|", "."))
    assert [row.source_key for row in first.invoices] == [row.source_key for row in again.invoices][:2]
    twins = sale(1, "DURAND", 100)
    doubled = read_fec(fec([twins[0], twins[0], twins[1], twins[1]]))
    assert len({row.source_key for row in doubled.invoices}) == 2
    assert balances(doubled) == {"DURAND": 200}


@pytest.mark.parametrize(
    ("column", "value", "code"), [("EcritureDate", "20251301", "fec.date"), ("Debit", "12x", "fec.amount")]
)
def test_one_bad_line_is_named_and_the_others_are_read(column: str, value: str, code: str) -> None:
    rows = fec(LEDGER).decode().split("\r\n")
    cells = rows[3].split("\t")
    cells[COLUMNS.index(column)] = value
    rows[3] = "\t".join(cells)
    reading = read_fec("\r\n".join(rows).encode())
    assert [(error.code, error.line, error.field) for error in reading.errors] == [(code, 4, column)]
    assert "VE 2" in reading.errors[0].reason
    assert value in reading.errors[0].reason
    assert balances(reading) == {"DURAND": 0}
    assert reading.facts["balanced"] is True


def test_a_short_line_in_the_middle_is_left_out_alone() -> None:
    rows = fec(LEDGER).split(b"\r\n")
    rows[3] = rows[3][:30]
    reading = read_fec(b"\r\n".join(rows))
    assert [(error.code, error.line) for error in reading.errors] == [("fec.short", 4)]
    assert balances(reading) == {"DURAND": 0}


def test_an_unbalanced_file_names_its_entry() -> None:
    lines = [*LEDGER, *sale(4, "PETIT", 1000)[:1]]
    reading = read_fec(fec(lines))
    assert reading.facts["balanced"] is False
    assert reading.facts["unbalanced_entries"] == [{"entry": "VE 4", "line": 8, "difference": 1000}]
    assert [(each.code, each.params["entry"], each.line) for each in reading.warnings] == [
        ("fec.unbalanced", "VE 4", 8)
    ]


def test_two_entries_out_of_balance_are_listed_though_the_file_balances() -> None:
    reading = read_fec(fec([*sale(1, "DURAND", 1000)[:1], *sale(2, "DURAND", 1000)[1:]]))
    assert reading.facts["balanced"] is True
    assert [warning.code for warning in reading.warnings] == ["fec.unbalanced_entry"] * 2


@pytest.mark.parametrize(
    ("written", "code", "word"),
    [
        (fec(LEDGER)[:-60], "fec.truncated", "line 7"),
        (fec(LEDGER)[:-140], "fec.truncated", "line 6"),
        (fec(LEDGER).replace("Société MARTIN".encode(), "Société MARTIN".encode("cp1252")), "encoding.mixed", "Line 4"),
        (fec(LEDGER).replace(b"Debit", b"Montants"), "fec.columns", "Debit"),
        (fec(LEDGER).replace(b"CompteNum", b"Compte"), "fec.columns", "CompteNum"),
        (fec([]), "fec.no_lines", "no line"),
        (fec(LEDGER, "utf-16")[:-1], "encoding.broken", "damaged"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_in_one_sentence(written: bytes, code: str, word: str) -> None:
    reading = read_fec(written)
    assert reading.refusal is not None
    assert reading.refusal.code == code
    assert word in reading.refusal.reason
    assert not reading.items
    assert not reading.customers


@needs_samples
@pytest.mark.parametrize(
    ("name", "lines", "cents", "customers", "balance"),
    [
        (SAMPLE_FECS[0], 2102, 126535082, 4, 2777170),
        (SAMPLE_FECS[1], 934, 22568223, 34, 1441652),
        (SAMPLE_FECS[2], 2, 500, 1, 500),
        (SAMPLE_FECS[3], 8, 9900, 1, 1500),
    ],
)
def test_a_real_ledger_reads_with_its_own_totals(
    name: str, lines: int, cents: int, customers: int, balance: int
) -> None:
    data = (SAMPLES / "fec" / name).read_bytes()
    reading, control = read_fec(data), file_balance(data)
    facts = reading.facts
    assert (facts["lines"], facts["debit"], facts["credit"]) == (lines, cents, cents)
    assert (len(reading.customers), facts["receivable_balance"]) == (customers, balance)
    assert facts["unbalanced_entries"] == []
    assert balances(reading) == control.customers
    assert control.receivable_balance == balance


@needs_samples
def test_lettered_invoices_of_a_real_ledger_are_settled_by_their_bank_credits() -> None:
    reading = read_fec((SAMPLES / "fec" / SAMPLE_FECS[1]).read_bytes())
    days = {row.source_key: row.issued for row in reading.invoices if row.origin == "sale" and row.kind == "invoice"}
    received = {row.source_key: row.received for row in reading.payments if row.origin == "bank"}
    delays = {
        each.source_key_invoice: (received[each.source_key_credit] - days[each.source_key_invoice]).days
        for each in reading.allocations
        if each.basis == "lettering" and each.source_key_credit in received and each.source_key_invoice in days
    }
    assert len(delays) == 54
    assert (min(delays.values()), max(delays.values())) == (7, 148)


def test_a_lone_carriage_return_and_a_quote_never_closed_raise_nothing() -> None:
    lines = fec(LEDGER).replace(b"\t", b'"\t"').splitlines()
    quoted = b"".join(b'"' + line + b'"\n' for line in lines)
    assert len(read_fec(quoted.replace(b"\tFACTURE", b"\tFAC\rTURE").replace(b"\n", b" \r \n", 3)).items) == 3
    refusal = read_fec(quoted + b'"' + b"x" * 1_200_000).refusal
    assert refusal is not None
    assert refusal.code == "fec.quote"
