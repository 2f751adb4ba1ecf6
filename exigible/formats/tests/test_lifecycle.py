"""Statuses of electronic invoices, from a table and from the messages of platforms."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest

from exigible.formats import read, recognise
from exigible.formats.lifecycle import code_of, instant_of

TABLE = """Numéro facture;Statut;Date statut;Motif;Plateforme
F-1;203;20/11/2026 10:15;;Plateforme Une
F-2;Refusée;2026-11-20T10:15:00+01:00;quantité fausse;Plateforme Une
F-3;Payée;20/11/2026;;
;204;20/11/2026;;
F-4;fr:208;le 20;;
"""


def message(code: int = 210, number: str = "F-2", *, amount: str = "") -> bytes:
    """A message of a platform, as the standard has it."""
    cashed = (
        f'<ram:SpecifiedDocumentCharacteristic><ram:TypeCode>MEN</ram:TypeCode><ram:ValuePercent>20</ram:ValuePercent>'
        f'<ram:ValueAmount currencyID="EUR">{amount}</ram:ValueAmount></ram:SpecifiedDocumentCharacteristic>' if amount else ""
    )  # fmt: skip
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossDomainAcknowledgementAndResponse
  xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
 <rsm:ExchangedDocument><ram:IssueDateTime><udt:DateTimeString format="204">20261121080000</udt:DateTimeString></ram:IssueDateTime>
  <ram:SenderTradeParty><ram:GlobalID schemeID="0238">9999</ram:GlobalID><ram:Name>Plateforme Une</ram:Name></ram:SenderTradeParty>
 </rsm:ExchangedDocument>
 <rsm:AcknowledgementDocument>
  <ram:IssueDateTime><udt:DateTimeString format="204">20261120101500</udt:DateTimeString></ram:IssueDateTime>
  <ram:ReferenceReferencedDocument><ram:IssuerAssignedID>{number}</ram:IssuerAssignedID><ram:TypeCode>380</ram:TypeCode>
   <ram:FormattedIssueDateTime><qdt:DateTimeString format="102">20261015</qdt:DateTimeString></ram:FormattedIssueDateTime>
   <ram:ProcessConditionCode>{code}</ram:ProcessConditionCode>
   <ram:IssuerTradeParty><ram:GlobalID schemeID="0002">732829320</ram:GlobalID></ram:IssuerTradeParty>
   <ram:SpecifiedDocumentStatus><ram:ReasonCode>QTE_ERR</ram:ReasonCode><ram:Reason>quantité fausse</ram:Reason>{cashed}</ram:SpecifiedDocumentStatus>
  </ram:ReferenceReferencedDocument>
 </rsm:AcknowledgementDocument>
</rsm:CrossDomainAcknowledgementAndResponse>""".encode()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_table_of_statuses_is_known_and_read_line_by_line(encoding: str) -> None:
    reading = read(TABLE.encode(encoding), "statuts.csv")
    assert reading.format == "statuses"
    assert [(row.number, row.code, row.reason) for row in reading.statuses] == [
        ("F-1", 203, ""),
        ("F-2", 210, "quantité fausse"),
    ]
    assert reading.statuses[0].at == datetime(2026, 11, 20, 10, 15)
    assert reading.statuses[1].at.astimezone(UTC) == datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
    assert [error.line for error in reading.errors] == [4, 5, 6]


def test_an_invoice_list_with_a_column_of_statuses_stays_an_invoice_list() -> None:
    table = "Client;Numéro facture;Date facture;Date échéance;Montant TTC;Statut\nLefort;L-1;01/10/2026;31/10/2026;120,00;Approuvée\n"
    assert recognise(table.encode(), "factures.csv") == "table"


def test_the_message_of_a_platform_is_read() -> None:
    reading = read(message(), "F-2-210.xml")
    (row,) = reading.statuses
    assert reading.format == "cdar"
    assert (row.number, row.code, row.at) == ("F-2", 210, datetime(2026, 11, 20, 10, 15))
    assert (row.reason, row.reason_code, row.platform, row.seller) == (
        "quantité fausse",
        "QTE_ERR",
        "Plateforme Une",
        "732829320",
    )
    assert row.issued == date(2026, 10, 15)


def test_the_amount_received_is_the_sum_of_its_rates_and_may_be_taken_back() -> None:
    (row,) = read(message(212, amount="120.50")).statuses
    assert (row.amount_minor, row.currency) == (12_050, "EUR")
    (back,) = read(message(212, amount="-120.50")).statuses
    assert back.amount_minor == -12_050


def test_an_archive_of_messages_is_read_and_its_bad_file_is_named() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("1.xml", message(203, "F-1"))
        archive.writestr("2.xml", message(205, "F-2"))
        archive.writestr("3.xml", b"<Invoice/>")
    reading = read(out.getvalue(), "statuts.zip")
    assert [(row.number, row.place) for row in reading.statuses] == [("F-1", 1), ("F-2", 2)]
    assert ["3.xml" in error.reason for error in reading.errors] == [True]


@pytest.mark.parametrize(
    "told", ["203", "fr:203", "FR-203", "Mise à disposition", "mise a disposition", "203 - Mise à disposition"]
)
def test_a_status_goes_by_its_code_or_its_name(told: str) -> None:
    assert code_of(told) == 203


@pytest.mark.parametrize("told", ["", "999", "12", "2031", "Payée"])
def test_what_is_no_status_is_none(told: str) -> None:
    assert code_of(told) is None


@pytest.mark.parametrize("told", ["", "x", "99/99/2026", "0001-01-01", "20/11/2026 25:61", "９9999999"])
def test_what_is_no_instant_is_refused(told: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the sentence is the reader's
        instant_of(told)


@pytest.mark.parametrize("cut", [60, 300, 900])
def test_a_damaged_message_is_one_sentence(cut: int) -> None:
    reading = read(message()[:cut], "statut.xml")
    assert reading.refusal is not None
