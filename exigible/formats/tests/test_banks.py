"""What bank readers must not get wrong: signs, batches, returns, identifiers, and lines that stand where they may not."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from exigible.formats import read
from exigible.formats.bank import Movement
from exigible.formats.bank_table_headers import columns_of
from exigible.formats.bank_text import creditor_reference, french_iban, kind_of_label
from exigible.formats.bank_words import name_within, references_within
from exigible.formats.rows import Reading
from exigible.formats.tests.banks import DURAND_ACCOUNT, LUMEN_ACCOUNT, camt, cfonb, entry, payment, statement
from exigible.formats.tests.einvoices import archive


def movements(data: bytes, name: str = "file") -> list[Movement]:
    """All movements of a file of which nothing was left out."""
    reading = read(data, name)
    assert (reading.refusal, reading.errors) == (None, [])
    return [movement for each in reading.statements for movement in each.movements]


def codes(reading: Reading) -> tuple[list[tuple[str, int | None]], list[str]]:
    """The errors with their lines, and the warnings."""
    return [(each.code, each.line) for each in reading.errors], [each.code for each in reading.warnings]


def mt940(*lines: str, opening: str = "C260930EUR1000,00", closing: str = "C261031EUR1000,00") -> bytes:
    """An MT940 statement of the invented account."""
    head = [":20:1", ":25:99999/00001/0000123456X/68", ":28C:1", f":60F:{opening}"]
    return "\r\n".join([*head, *lines, f":62F:{closing}", "-"]).encode()


def ofx(*transactions: str, currency: str = "EUR") -> bytes:
    """An OFX file with these transactions."""
    body = "".join(f"<STMTTRN>{each}</STMTTRN>" for each in transactions)
    return f"OFXHEADER:100\n<OFX><STMTRS><CURDEF>{currency}<BANKTRANLIST>{body}</BANKTRANLIST></STMTRS></OFX>".encode()


# CAMT


@pytest.mark.parametrize("version", ["02", "04", "06", "08", "13"])
def test_a_camt_statement_of_any_version_is_read(version: str) -> None:
    (found,) = movements(camt(entry("10.00", payment("10.00")), version=version))
    assert (found.amount_minor, found.payer_name, found.payer_account) == (1000, "DURAND ET FILS", DURAND_ACCOUNT)


def test_a_notification_has_no_balances_and_says_that_it_is_none() -> None:
    reading = read(camt(entry("10.00", payment("10.00")), kind="054"))
    assert reading.format == "camt054"
    assert [(each.is_notification, each.is_balanced) for each in reading.statements] == [(True, None)]


def test_the_payments_of_a_batch_are_movements_each_with_an_identifier_of_its_own() -> None:
    first, second = movements(camt(entry("30.00", payment("10.00") + payment("20.00", name="MARTIN"), reference="B1")))
    assert [(each.amount_minor, each.payer_name, each.bank_id) for each in (first, second)] == [
        (1000, "DURAND ET FILS", "B1/1"), (2000, "MARTIN", "B1/2"),
    ]  # fmt: skip


def test_a_batch_that_does_not_add_up_is_one_movement_with_all_its_texts() -> None:
    details = payment("10.00", said="FA-1", end="E1") + payment("19.00", said="FA-2", end="E2")
    reading = read(camt(entry("30.00", details)))
    (found,) = reading.statements[0].movements
    assert (found.amount_minor, found.label, found.references, found.payer_name) == (
        3000,
        "FA-1 FA-2",
        ("E1", "E2"),
        "",
    )
    assert "bank.batch" in codes(reading)[1]


def test_what_is_taken_back_has_the_sign_of_its_own_entry() -> None:
    taken = entry("10.00", payment("10.00"), side="DBIT", more="<RvslInd>true</RvslInd>")
    given = entry("10.00", payment("10.00"), side="CRDT", more="<RvslInd>true</RvslInd>")
    assert [(each.amount_minor, each.kind, each.payer_name) for each in movements(camt(taken + given))] == [
        (-1000, "return", "DURAND ET FILS"), (1000, "return", "DURAND ET FILS"),
    ]  # fmt: skip


def test_the_other_side_of_a_payment_is_never_the_account_itself() -> None:
    own = payment("10.00", more="").replace(DURAND_ACCOUNT, LUMEN_ACCOUNT).replace("DURAND ET FILS", "ATELIER LUMEN")
    with_creditor = own.replace("</RltdPties>", "<Cdtr><Pty><Nm>MARTIN</Nm></Pty></Cdtr></RltdPties>")
    (found,) = movements(camt(entry("10.00", with_creditor, more="<RvslInd>true</RvslInd>", side="DBIT")))
    assert found.payer_name == "MARTIN"


def test_a_movement_that_is_not_booked_yet_is_left_out_with_a_word() -> None:
    reading = read(camt(entry("10.00", payment("10.00"), status="PDNG")))
    assert (reading.statements[0].movements, codes(reading)) == ((), ([], ["bank.pending"]))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('<Amt Ccy="EUR">10.00', '<Amt Ccy="EUR">ten'), "bank.amount"),
        (('<Amt Ccy="EUR">10.00', '<Amt Ccy="EUR">9' + "9" * 30), "bank.amount"),
        (('<Amt Ccy="EUR">10.00', '<Amt Ccy="EUR">10.005'), "bank.amount"),
        (('<Amt Ccy="EUR">10.00', '<Amt Ccy="USD">10.00'), "bank.currency"),
        (("<CdtDbtInd>CRDT", "<CdtDbtInd>OTHER"), "bank.sign"),
        (("2026-10-02", "2026-13-02"), "bank.day"),
    ],
)
def test_an_entry_that_cannot_be_read_is_left_out_with_its_line(change: tuple[str, str], code: str) -> None:
    reading = read(camt(entry("10.00").replace(*change, 1) + entry("5.00"), closing="1005.00"))
    assert ([each.amount_minor for each in reading.statements[0].movements], codes(reading)) == (
        [500],
        ([(code, 1)], []),
    )


def test_an_archive_of_statements_names_the_file_that_is_none() -> None:
    files = [
        ("a.xml", camt(entry("10.00"))),
        ("b.txt", statement()),
        ("c.xml", b"<Document/>"),
        ("d.txt", statement(cfonb("04", "xx"))),
    ]
    reading = read(archive(files), "all.zip")
    assert (reading.format, len(reading.statements)) == ("camt053", 3)
    assert [(each.code, each.line, each.params["file"]) for each in reading.errors] == [
        ("bank.not_one", 3, "c.xml"), ("bank.member", 4, "d.txt"),
    ]  # fmt: skip


# CFONB 120


def test_a_statement_without_ends_of_line_is_read() -> None:
    rows = [cfonb("01", "300926", minor=100), cfonb("04", "021026", minor=5), cfonb("07", "311026", minor=105)]
    assert [each.amount_minor for each in movements("".join(rows).encode())] == [5]


def test_a_movement_that_cannot_be_read_takes_its_complements_with_it_and_nothing_else() -> None:
    broken = (cfonb("04", "321026", minor=100), cfonb("05", "321026", text="LIBANY"))
    reading = read(statement(*broken, cfonb("04", "021026", minor=500), closing=100500))
    assert ([each.amount_minor for each in reading.statements[0].movements], codes(reading)) == (
        [500], ([("bank.day", 2)], []),
    )  # fmt: skip


def test_a_movement_in_another_currency_than_its_statement_is_left_out() -> None:
    reading = read(statement(cfonb("04", "021026", minor=100, currency="USD")))
    assert codes(reading)[0] == [("bank.currency", 2)]


def test_a_closing_balance_that_cannot_be_read_leaves_the_movements() -> None:
    data = statement(cfonb("04", "021026", minor=100)).replace(b"07999", b"07999").replace(b"311026", b"31xx26")
    reading = read(data)
    assert (len(reading.statements[0].movements), codes(reading)[0]) == (1, [("bank.closing", 3)])


def test_the_account_of_a_french_statement_is_an_iban() -> None:
    assert french_iban("30006", "00001", "12345678901") == "FR7630006000011234567890189"
    assert french_iban("3000", "1", "12") == "3000112"


# MT940


def test_what_is_taken_back_counts_against_its_mark() -> None:
    lines = (":61:261002RC10,00NRTI1", ":61:261002RCR10,NRTI2", ":61:261002RD7,5NRTI3", ":61:261002CR1,NTRF4")
    found = movements(mt940(*lines))
    assert [each.amount_minor for each in found] == [-1000, -1000, 750, 100]
    assert [each.kind for each in found] == ["return"] * 3 + ["transfer"]


def test_a_day_of_booking_without_a_year_is_the_nearest_to_the_value_date() -> None:
    found = movements(mt940(":61:2601021231C1,00NTRF1", ":61:2612310102C1,00NTRF2"))
    assert [each.booked for each in found] == [date(2025, 12, 31), date(2027, 1, 2)]


def test_german_sub_fields_are_told_apart() -> None:
    text = (
        ":86:166?00GUTSCHRIFT?20EREF+DURAND-77?21SVWZ+FA-2026-017?30ABCDFRPP?31"
        + DURAND_ACCOUNT
        + "?32DURAND?33ET FILS"
    )
    (found,) = movements(mt940(":61:2610021002C1,00NTRFNONREF//B1", text))
    assert (found.payer_name, found.payer_account, found.end_to_end, found.bank_id) == (
        "DURAND ET FILS", DURAND_ACCOUNT, "DURAND-77", "B1",
    )  # fmt: skip
    assert "FA-2026-017" in found.label


def test_a_field_that_tells_nothing_here_is_no_part_of_the_text_before_it() -> None:
    (found,) = movements(mt940(":61:261002C1,00NTRF1", ":86:VIR DURAND", ":13D:2610021200+0100"))
    assert found.label == "VIR DURAND"


def test_a_line_that_is_no_movement_is_left_out() -> None:
    reading = read(mt940(":61:2610021002X1,00NTRF1", ":61:2699021002C1,00NTRF1"))
    assert codes(reading)[0] == [("mt940.movement", 5), ("bank.day", 6)]


# OFX


def test_an_identifier_that_a_bank_gives_twice_names_no_movement() -> None:
    one = "<DTPOSTED>20261002<TRNAMT>10.00<FITID>{}<NAME>A"
    found = movements(ofx(one.format("7"), one.format("7"), one.format("8")))
    assert [each.bank_id for each in found] == ["", "", "8"]


@pytest.mark.parametrize(
    ("written", "minor"), [("10.00", 1000), ("-10,5", -1050), ("1.234,56", 123456), ("1,234.56", 123456), ("+7", 700)]
)
def test_an_amount_has_a_point_or_a_comma(written: str, minor: int) -> None:
    (found,) = movements(ofx(f"<DTPOSTED>20261002120000.000[-5:EST]<TRNAMT>{written}<FITID>1"))
    assert (found.amount_minor, found.booked) == (minor, date(2026, 10, 2))


def test_an_account_without_currency_is_taken_in_euros_with_a_word() -> None:
    reading = read(ofx("<DTPOSTED>20261002<TRNAMT>10.00<FITID>1", currency=""))
    assert (reading.statements[0].currency, codes(reading)) == ("EUR", ([], ["bank.no_currency"]))


# Tables


def table(*lines: str) -> bytes:
    """A bank's table in CSV."""
    return "\n".join(lines).encode()


def test_a_bank_table_is_known_by_its_headings_below_what_a_bank_prints_above() -> None:
    reading = read(table("Compte n° 12345678901;;", "", "Date;Libellé;Montant (EUR)", "02/10/2026;VIR DURAND;1 250,00"))
    (found,) = reading.statements
    assert (reading.format, found.account, found.movements[0].amount_minor) == ("table", "12345678901", 125000)


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_debit_is_money_out_with_or_without_a_minus(sign: str) -> None:
    data = table("Date;Libellé;Débit;Crédit", f"02/10/2026;CB 12;{sign}5,00;", "02/10/2026;VIR;;7,00")
    assert [each.amount_minor for each in movements(data)] == [-500, 700]


@pytest.mark.parametrize("order", [1, -1])
def test_a_running_balance_is_followed_whichever_way_the_lines_run(order: int) -> None:
    lines = ["02/10/2026;A;10,00;110,00", "02/10/2026;B;-5,00;105,00", "03/10/2026;C;20,00;125,00"]
    (found,) = read(table("Date;Libellé;Montant;Solde", *lines[::order])).statements
    assert (found.opening_minor, found.closing_minor, found.is_balanced) == (10000, 12500, True)


def test_a_running_balance_that_breaks_says_where() -> None:
    lines = ("02/10/2026;A;10,00;110,00", "03/10/2026;B;-5,00;95,00", "04/10/2026;C;1,00;96,00")
    reading = read(table("Date;Libellé;Montant;Solde", *lines))
    assert [(each.code, each.line) for each in reading.warnings if each.code == "bank.running"] == [("bank.running", 3)]
    assert reading.statements[0].is_balanced is False


def test_a_line_without_day_and_amount_goes_on_with_the_text_above() -> None:
    data = table("Date;Libellé;Montant", "02/10/2026;VIR RECU;10,00", ";DURAND FA-12;", ";Total;10,00")
    assert [each.label for each in movements(data)] == ["VIR RECU DURAND FA-12"]


@pytest.mark.parametrize(
    "heading",
    ["Date;Journal;Libellé;Débit;Crédit", "Date;Client;Libellé;Montant", "Date facture;Libellé;Montant", "Date;N° pièce;Libellé;Débit;Crédit"],
)  # fmt: skip
def test_a_ledger_or_a_list_of_invoices_is_no_bank_table(heading: str) -> None:
    assert read(table(heading, "02/10/2026;x;y;10,00;")).statements == []


@pytest.mark.parametrize(
    "heading",
    [
        "Date operation;Libelle court;Type operation;Libelle operation;Montant operation en euro",
        "dateOp;dateVal;label;category;categoryParent;supplierFound;amount;accountNum;accountLabel;accountbalance",
        "Date;Date de valeur;Débit;Crédit;Libellé;Solde",
        "Date de l'opération;Libellé;Détail de l'écriture;Montant de l'opération;Devise",
        "Date;Libellé;Montant(EUROS);Montant(FRANCS)",
        "Date,Payee,Account number,Transaction type,Payment reference,Amount (EUR)",
        "Date completed (UTC),ID,Type,State,Description,Reference,Payer,Orig currency,Amount,Fee,Balance,Account",
    ],
)
def test_the_headings_of_usual_banks_are_known(heading: str) -> None:
    assert columns_of(heading.split(";" if ";" in heading else ",")) != {}


def test_a_ledger_of_customers_under_the_same_headings_is_no_bank_table() -> None:
    heading, line = "Date;Libellé;Débit;Crédit", "02/10/2026;Facture 12;10,00;"
    assert read(table("Grand livre des comptes clients;;;", heading, line)).statements == []
    assert read(table(heading, "411DURAND;Durand et Fils;;", line)).statements == []


def test_the_balance_of_the_export_on_every_line_is_no_running_one() -> None:
    lines = ("02/10/2026;A;10,00;96,00", "03/10/2026;B;-5,00;96,00")
    (found,) = read(table("Date;Libellé;Montant;Solde", *lines)).statements
    assert (found.opening_minor, found.closing_minor, found.is_balanced) == (None, 9600, None)


def test_a_workbook_of_a_bank_is_read_by_its_own_numbers_and_days(tmp_path: Path) -> None:
    book = Workbook()
    for row in (
        ["Date", "Libellé", "Débit", "Crédit"],
        [date(2026, 10, 2), "VIR DURAND", None, 1250.1],
        [date(2026, 10, 3), "CB", -4.5, None],
    ):
        book.active.append(row)
    book.save(tmp_path / "bank.xlsx")
    found = movements((tmp_path / "bank.xlsx").read_bytes())
    assert [(each.booked, each.amount_minor) for each in found] == [
        (date(2026, 10, 2), 125010),
        (date(2026, 10, 3), -450),
    ]


# Words


def test_a_reference_is_structured_only_when_its_check_digits_hold() -> None:
    assert creditor_reference("payment RF37 FA20 2601 8 thanks") == "RF37FA2026018"
    assert creditor_reference("RF38FA2026018", "RF 12") == ""


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("VIR SEPA DURAND CHARGES OCTOBRE", "transfer"), ("FRAIS PRLV IMP 97 49EUR", "fee"), ("PRLV SEPA IMPAYE MARTIN", "return"),
        ("REJET PRLV MARTIN", "return"), ("Remise chèques 12", "cheque"), ("DURAND ET FILS", "other"), ("", "other"),
    ],
)  # fmt: skip
def test_the_first_word_that_tells_anything_is_the_kind(label: str, kind: str) -> None:
    assert kind_of_label(label) == kind


def test_the_words_of_french_banks_tell_the_payer_and_the_references() -> None:
    for label in (
        "VIR SEPA RECU /DE DURAND SA /MOTIF FACT 12 /REF 0034",
        "VIR RECU DE: DURAND SA MOTIF: FACT 12 REF: 0034",
    ):
        assert (name_within(label, is_in=True), references_within(label)) == ("DURAND SA", ("0034",))
    assert name_within("VIREMENT DE DURAND", is_in=True) == ""


def test_a_payer_whom_only_the_label_names_is_known_in_camt_and_cfonb_alike() -> None:
    label = "VIR SEPA RECU /DE DURAND SA /MOTIF FACT 2031 2033 /REF 000123"
    told = entry("10.00").replace("</Ntry>", f"<AddtlNtryInf>{label}</AddtlNtryInf></Ntry>")
    records = (cfonb("04", "021026", minor=1000, text=label[:31]), cfonb("05", "021026", text="LIB" + label))
    for data in (camt(told), statement(*records)):
        (found,) = read(data, "file").statements[0].movements
        assert (found.payer_name, found.references, found.kind) == ("DURAND SA", ("000123",), "transfer")
