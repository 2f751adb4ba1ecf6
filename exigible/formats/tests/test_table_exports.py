"""Exports of accounting tools, written here with their usual headings: lists, ledgers, aged balances, workbooks."""

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from exigible.formats.amounts import minor
from exigible.formats.rows import Reading
from exigible.formats.settlement import SettlementRow
from exigible.formats.table import read_table
from exigible.formats.table_headers import NAMES, is_bucket
from exigible.formats.table_tools import tools

GROUPED = """Atelier Lumen;Grand livre des tiers;;;;;;
;Période du 01/01/26 au 31/12/26;;;;;;
Date;C.j;N° pièce;Libellé écriture;Lettr.;Mouvement débit;Mouvement crédit;Solde progressif
C0001;BRASSERIE DU QUAI;;;;;;
01/01/26;AN;1;A nouveau;;300,00;;300,00
23/01/26;VTE;37;Facture FA-2031 Quai;A;1 200,00;;1 500,00
Date;C.j;N° pièce;Libellé écriture;Lettr.;Mouvement débit;Mouvement crédit;Solde progressif
25/01/26;VTE;38;Avoir AV-0007 Quai;;;120,00;1 380,00
05/03/26;BQE;96;Virement Quai;A;;1 200,00;180,00
Total du tiers;;;;;1 500,00;1 320,00;180,00
C0002;HOTEL DES TILLEULS;;;;;;
02/02/26;VTE;39;Facture FA-2032 Tilleuls;;800,00;;800,00
09/03/26;BQE;99;Impayé prélèvement FA-2032;;50,00;;850,00
Total du tiers;;;;;850,00;;850,00
Total général;;;;;2 350,00;1 320,00;1 030,00
"""


def table(text: str) -> Reading:
    """The reading of a CSV text."""
    return read_table(text.encode())


def tool_of(reading: Reading) -> str:
    """The export that was recognised."""
    mapping = reading.facts["mapping"]
    assert isinstance(mapping, dict)
    return str(mapping["tool"])


def codes(reading: Reading) -> list[str]:
    """What was remarked about single lines."""
    return [each.code for each in reading.warnings if each.line]


def test_a_ledger_with_customers_above_their_lines_is_read_movement_by_movement() -> None:
    reading = table(GROUPED)
    assert tool_of(reading) == "Sage 100, Grand livre des tiers"
    assert [(row.key, row.name) for row in reading.customers] == [
        ("C0001", "BRASSERIE DU QUAI"), ("C0002", "HOTEL DES TILLEULS"),
    ]  # fmt: skip
    assert [(row.number, row.kind, row.origin, row.total_minor) for row in reading.invoices] == [
        ("1", "invoice", "opening", 30000),
        ("FA-2031", "invoice", "sale", 120000),
        ("AV-0007", "credit_note", "sale", 12000),
        ("FA-2032", "invoice", "sale", 80000),
        ("FA-2032", "invoice", "refund", 5000),
    ]
    assert [(row.amount_minor, row.origin, row.allocation_ref) for row in reading.payments] == [(120000, "bank", "A")]
    assert "lettering" in [each.basis for each in reading.allocations]
    assert codes(reading) == ["table.total_agrees"] * 3
    assert not reading.errors


def test_a_total_that_its_lines_do_not_make_is_said() -> None:
    reading = table(GROUPED.replace("09/03/26;BQE;99;Impayé prélèvement FA-2032;;50,00;;850,00\n", ""))
    assert codes(reading) == ["table.total_agrees", "table.total_differs", "table.total_differs"]
    differs = next(each for each in reading.warnings if each.code == "table.total_differs")
    assert differs.params["stated"] == "850.00 EUR"
    assert differs.params["counted"] == "800.00 EUR / 0.00 EUR" or differs.params["counted"] == "800.00 EUR"


def test_a_ledger_with_the_customer_on_each_line_leaves_other_accounts_aside() -> None:
    reading = table(
        "Compte;Intitulé;Jal;Date;Pièce;Libellé;Let;Débit;Crédit\n"
        "411DUPONT;Dupont SARL;VE;05/01/2026;FA-1;Facture FA-1;AA;120,00;\n"
        "411DUPONT;Dupont SARL;BQ;06/02/2026;;Virement;AA;;120,00\n"
        "512000;Banque;BQ;06/02/2026;;Virement;;120,00;\n"
    )
    assert tool_of(reading).startswith("Cegid")
    assert [row.number for row in reading.invoices] == ["FA-1"]
    assert [(each.amount_minor, each.basis) for each in reading.allocations] == [(12000, "lettering")]
    assert "table.other_accounts" in [each.code for each in reading.warnings]


def test_an_aged_balance_without_invoices_is_refused_with_its_total() -> None:
    reading = table(
        "Client;Non échu;1-30 j;31-60 j;> 60 jours;Total\nA;100,00;;;50,00;150,00\nB;;20,00;;;20,00\nTotal;100;20;;50;170,00\n"
    )
    assert reading.refusal is not None
    assert reading.refusal.code == "table.aged_balance"
    assert reading.refusal.params["total"] == "170.00 EUR"
    trial = table("Compte;Intitulé;Débit;Crédit\n411A;A;120,00;20,00\n")
    assert trial.refusal is not None
    assert (trial.refusal.code, trial.refusal.params["total"]) == ("table.aged_balance", "100.00 EUR")


def test_an_aged_balance_with_its_invoices_adds_up_the_periods_of_each_line() -> None:
    reading = table(
        "Client;N° facture;Date;Échéance;Non échu;1-30 j;+ de 30 jours\nA;F1;02/01/2026;01/02/2026;;;60,00\nA;F2;02/03/2026;01/04/2026;40,00;;\n"
    )
    assert [(row.number, row.total_minor) for row in reading.invoices] == [("F1", 6000), ("F2", 4000)]


def test_the_headings_of_an_aged_balance_are_known_in_both_languages() -> None:
    periods = (
        "Non échu",
        "0-30 j",
        "1 à 30 jours",
        "> 90 jours",
        "+ de 90 jours",
        "Entre 1 et 30 jours",
        "91 and over",
    )
    assert all(map(is_bucket, periods))
    assert not any(map(is_bucket, ("Total", "Solde", "2026", "N° facture", "")))


def test_each_known_tool_names_fields_that_exist_and_is_told_from_the_others() -> None:
    for tool in tools():
        assert set(tool.fields.values()) <= {*NAMES, ""}
        assert tool.needed <= tool.fields.keys()
        assert tool.confidence in ("certain", "probable")


def test_a_list_of_a_known_tool_is_read_through_its_own_headings() -> None:
    reading = table(
        "Numéro;Nom d'affichage du partenaire de la facture;Date de facturation;Date d'échéance;Hors taxes signé;Total signé;"
        "Montant dû signé;État de paiement\nFAC/2026/0001;Brasserie du Quai;2026-01-05;2026-02-04;1000.00;1200.00;200.00;Partiel\n"
    )
    assert tool_of(reading) == "Odoo, Factures clients"
    assert [(row.number, row.total_minor, row.net_minor) for row in reading.invoices] == [
        ("FAC/2026/0001", 120000, 100000)
    ]
    assert [row.amount_minor for row in reading.payments] == [100000]


def test_the_sheet_with_the_invoices_is_found_and_merged_cells_stand_on_each_line() -> None:
    book, content = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["Export du 3 mars"])
    sheet = book.create_sheet("Factures")
    for row in (
        ["Relevé des factures"], [], ["Client", None, "Numéro", "Date", "Montant TTC"],
        [None, "Brasserie du Quai", "F1", date(2026, 1, 5), "1 234,56 €"], [None, None, "F2", 46028, "(100,00)"],
    ):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("A3:B3")
    sheet.merge_cells("B4:B5")
    book.save(content)
    reading = read_table(content.getvalue())
    assert [(row.customer_key, row.number, row.signed_minor) for row in reading.invoices] == [
        ("Brasserie du Quai", "F1", 123456), ("Brasserie du Quai", "F2", -10000),
    ]  # fmt: skip
    assert reading.facts["mapping"]["sheet"] == "Factures"  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "cents"), [("1 234,56 CR", -123456), ("12,00 DB", 1200), ("1.234,56 C", -123456), ("3,10 D", 310)]
)
def test_the_side_of_an_account_behind_an_amount_is_its_sign(text: str, cents: int) -> None:
    assert minor(text) == cents


def test_a_line_says_how_its_invoice_is_to_be_settled() -> None:
    reading = table(
        "Numéro;Client;Date;Montant;Mode de règlement;Date prélèvement;Factor;Retenue de garantie;Date libération;Code service;Type\n"
        "F1;A;05/01/2026;100,00;Prélèvement SEPA;10/02/2026;;;;;\n"
        "F2;A;05/01/2026;100,00;LCR;;;;;;\n"
        "F3;A;05/01/2026;100,00;;;Factor du Nord;5,00;05/01/2027;FACT-01;Situation 3\n"
        "F4;A;05/01/2026;100,00;Troc;;;;;;\nF5;A;05/01/2026;100,00;;;;;;;\n"
    )
    said = {row.number: reading.settlements.get(row.source_key) for row in reading.invoices}
    assert said["F1"] == SettlementRow("direct_debit", date(2026, 2, 10), is_structured=True)
    assert said["F2"] == SettlementRow("bill", is_structured=True)
    assert said["F3"] == SettlementRow(
        factor="Factor du Nord", is_progress_claim=True, retention_minor=500, retention_until=date(2027, 1, 5),
        service_code="FACT-01",
        is_structured=True,
    )  # fmt: skip
    assert said["F4"] == said["F5"] == SettlementRow(is_structured=True)
    assert [(each.line, each.code) for each in reading.warnings if each.line] == [(5, "table.method")]


HEADINGS = ["Client", "N° facture", "Date", "Échéance", "Montant TTC", "Reste dû", "Débit", "Crédit", "Lettr.", "Jal",
            "Libellé", "1-30 j", "Non échu", "Compte", "Total", "Retenue de garantie", ""]  # fmt: skip
CELLS = ["", "F-1", "1 234,56", "(12,00)", "12,00 CR", "05/01/2026", "31/02/2026", "Dupont", "Total", "A nouveau", "401000",
         "411A", "Avoir AV-12345", "nan", "1e9", "9" * 30, "-", "EUR"]  # fmt: skip


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=9),
    st.lists(st.lists(st.sampled_from(CELLS), max_size=10), max_size=8),
    st.sampled_from(";,\t|"),
)
def test_no_table_stops_the_reader_and_what_is_read_can_be_kept(
    headings: list[str], rows: list[list[str]], separator: str
) -> None:
    reading = read_table("\n".join(separator.join(row) for row in (headings, *rows)).encode())
    keys = [row.source_key for row in reading.items]
    assert len(keys) == len(set(keys))
    assert all(row.total_minor >= 0 for row in reading.invoices)
    assert all(row.amount_minor > 0 for row in reading.payments)
    assert all(row.amount_minor > 0 for row in reading.allocations)
