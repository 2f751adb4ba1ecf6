"""Electronic invoices: the same facts whatever the syntax, the amount asked for, and every sample with its own values."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exigible.core.money import decimal_string
from exigible.formats import read, read_einvoice
from exigible.formats.einvoice import EInvoice
from exigible.formats.tests.einvoices import DURAND, LUMEN, archive, cii, facturx, ubl
from exigible.formats.tests.ledgers import SAMPLES

SYNTAXES = {"cii": cii, "ubl": ubl, "facturx": lambda **changes: facturx(cii(**changes))}
TOLD = re.compile(
    r".+? (?P<number>\S.*?), (?P<issued>\d{4}-\d\d-\d\d), due (?P<due>\S+), (?P<total>-?[\d.]+) (?P<currency>[A-Z]{3})"
    r"(?: \(to pay (?P<payable>\S+)\))?, \d+ lines"
)


def one(body: bytes) -> EInvoice:
    """The invoice of a file that holds one."""
    found = read_einvoice(body, "invoice")
    assert isinstance(found, EInvoice), found
    return found


@pytest.fixture(params=sorted(SYNTAXES))
def written(request: pytest.FixtureRequest) -> Any:
    """What writes an invoice, in each syntax."""
    return SYNTAXES[request.param]


def test_each_syntax_gives_the_same_facts(written: Any) -> None:
    found = one(written())
    assert (found.number, found.kind, found.issue_date, found.due_date) == (
        "FA-2026-017", "invoice", date(2026, 9, 1), date(2026, 10, 1),
    )  # fmt: skip
    assert (found.net, found.tax, found.total, found.prepaid, found.payable) == (100000, 20000, 120000, 0, 120000)
    assert (found.seller.name, found.seller.siren, found.seller.vat) == tuple(LUMEN.values())
    assert (found.buyer.name, found.buyer.siren, found.buyer.vat) == tuple(DURAND.values())
    assert (found.buyer.address_lines, found.buyer.postcode, found.buyer.city) == (
        ("4 quai de l'Industrie",), "69009", "Lyon",
    )  # fmt: skip


def test_what_is_asked_for_is_not_the_grand_total(written: Any) -> None:
    reading = read(written(prepaid="500.00", payable="700.00"), "invoice")
    (row,), (payment,), (allocation,) = reading.invoices, reading.payments, reading.allocations
    assert (row.total_minor, payment.amount_minor, payment.origin, allocation.amount_minor) == (
        120000, 50000, "balance", 50000,
    )  # fmt: skip


def test_a_profile_that_omits_the_prepayment_still_has_it_counted(written: Any) -> None:
    found = one(written(prepaid="", payable="700.00"))
    assert (found.total, found.prepaid, found.payable) == (120000, 50000, 70000)


def test_an_invoice_without_amount_due_asks_for_its_total_less_the_prepayment(written: Any) -> None:
    assert one(written(prepaid="500.00", payable="")).payable == 70000


def test_a_credit_note_and_a_negative_correction_are_credit_notes_with_positive_amounts(written: Any) -> None:
    credit = one(written(type="381"))
    assert (credit.kind, credit.total, credit.payable) == ("credit_note", 120000, 120000)
    amounts = {"net": "-1000.00", "tax": "-200.00", "total": "-1200.00", "payable": "-1200.00"}
    correction = one(written(type="384", **amounts))
    assert (correction.kind, correction.net, correction.tax, correction.total, correction.payable) == (
        "credit_note", 100000, 20000, 120000, 120000,
    )  # fmt: skip
    assert "einvoice.negative" in correction.doubts


def test_an_overpaid_invoice_leaves_the_customer_a_credit(written: Any) -> None:
    reading = read(written(prepaid="2000.00", payable="-800.00"), "invoice")
    assert reading.payments[0].amount_minor == 200000
    assert reading.allocations[0].amount_minor == 120000


def test_an_invoice_that_collects_for_others_counts_for_what_it_asks(written: Any) -> None:
    reading = read(written(prepaid="-300.00", payable="1500.00"), "invoice")
    assert (reading.invoices[0].total_minor, reading.payments) == (150000, [])
    assert [warning.code for warning in reading.warnings] == ["einvoice.more_to_pay"]


def test_a_missing_due_date_is_said(written: Any) -> None:
    found = one(written(due=""))
    assert found.due_date is None
    assert "due_date" in found.missing_mentions
    assert found.doubts == ("einvoice.no_due_date",)


def test_a_foreign_currency_keeps_its_decimals(written: Any) -> None:
    yen = one(written(currency="JPY", net="1000", tax="200", total="1200", prepaid="", payable="1200.00"))
    assert (yen.currency, yen.total, yen.payable) == ("JPY", 1200, 1200)


def test_mentions_that_the_law_wants_are_told_present_or_missing(written: Any) -> None:
    silent = one(written())
    assert silent.missing_mentions == ("late_interest", "indemnity", "discount")
    words = "Pénalités de retard : 12 %. Indemnité forfaitaire de 40 €. Pas d'escompte."
    assert one(written(note=words)).missing_mentions == ()


def test_a_foreign_seller_owes_no_french_mention(written: Any) -> None:
    assert one(written(seller={"name": "Lampen GmbH", "vat": "DE000000000", "country": "DE"})).missing_mentions == ()


@pytest.mark.parametrize(
    "name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "zugferd-invoice.xml", "facture.XML"]
)
def test_a_pdf_carries_its_invoice_under_any_name(name: str) -> None:
    assert one(facturx(name=name)).number == "FA-2026-017"


def test_a_pdf_without_structured_data_says_so_and_guesses_nothing() -> None:
    import io

    import pikepdf

    with pikepdf.new() as document:
        document.add_blank_page()
        out = io.BytesIO()
        document.save(out)
    reading = read(out.getvalue(), "scan.pdf")
    assert reading.refusal is not None
    assert (reading.format, reading.refusal.code) == ("unknown", "pdf.no_invoice")


def test_an_archive_gives_each_of_its_invoices_and_names_what_it_leaves_out() -> None:
    files = [
        ("2026/FA-1.xml", cii(number="FA-1")), ("2026/FA-2.pdf", facturx(cii(number="FA-2"))), ("FA-3.xml", ubl(number="FA-3")),
        ("again.xml", ubl(number="FA-1")), ("other.xml", ubl(number="FA-1", total="9.00", payable="9.00")), ("note.txt", b"hello"),
    ]  # fmt: skip
    reading = read(archive(files), "september.zip")
    assert [row.number for row in reading.invoices] == ["FA-1", "FA-2", "FA-3"]
    assert len(reading.customers) == 1
    assert [(error.line, error.code) for error in reading.errors] == [(5, "einvoice.conflict"), (6, "einvoice.broken")]
    assert [warning.code for warning in reading.warnings] == ["einvoice.duplicate"]


def test_the_same_number_from_another_seller_is_another_invoice() -> None:
    other = {"name": "Lampen GmbH", "vat": "DE000000000", "country": "DE"}
    reading = read(archive([("a.xml", cii()), ("b.xml", cii(seller=other, total="9.00", payable="9.00"))]))
    assert len({row.source_key for row in reading.invoices}) == 2


def sample_files() -> list[tuple[str, str]]:
    """The electronic invoices of the samples, with what is told of each."""
    manifest = SAMPLES / "MANIFEST.json"
    if not manifest.exists():
        return []
    listed = json.loads(manifest.read_text(encoding="utf-8"))
    folders = ("facturx_pdf/", "cii_xml/", "ubl_xml/")
    return [(each["file"], each["content"]) for each in listed if each["file"].startswith(folders)]


@pytest.mark.skipif(not SAMPLES.exists(), reason="EXIGIBLE_SAMPLES is absent")
def test_every_sample_is_read_with_the_values_told_of_it() -> None:
    files = sample_files()
    assert len(files) == 113
    for name, told in files:
        found = one((SAMPLES / name).read_bytes())
        expected = TOLD.fullmatch(told)
        assert expected is not None, told
        total = Decimal(expected["total"])
        payable = Decimal(expected["payable"]) if expected["payable"] not in (None, "None") else abs(total)
        assert expected["number"].endswith(found.number), name
        assert found.issue_date.isoformat() == expected["issued"], name
        assert (found.due_date.isoformat() if found.due_date else "absent") == expected["due"], name
        assert found.currency == expected["currency"], name
        assert Decimal(decimal_string(found.total, found.currency)) == abs(total), name
        assert Decimal(decimal_string(found.payable, found.currency)) == payable, name
        assert (found.kind == "credit_note") == (total < 0 or "credit note" in told), name
        reading = read((SAMPLES / name).read_bytes(), Path(name).name)
        left = sum(row.signed_minor for row in reading.items)
        assert left == (-found.payable if found.kind == "credit_note" else found.payable), name


@pytest.mark.skipif(not SAMPLES.exists(), reason="EXIGIBLE_SAMPLES is absent")
def test_both_syntaxes_of_a_sample_agree() -> None:
    pairs = [(path, SAMPLES / "ubl_xml/xml_rechnung" / path.name.replace(".cii.", ".ubl."))
             for path in (SAMPLES / "cii_xml/xml_rechnung").glob("*.cii.xml")]  # fmt: skip
    compared = 0
    for first, second in pairs:
        if second.exists():
            ours, theirs = one(first.read_bytes()), one(second.read_bytes())
            for field in (
                "number",
                "kind",
                "issue_date",
                "due_date",
                "currency",
                "net",
                "tax",
                "total",
                "prepaid",
                "payable",
            ):
                assert getattr(ours, field) == getattr(theirs, field), (first.name, field)
            assert (ours.seller.name, ours.seller.vat) == (theirs.seller.name, theirs.seller.vat), first.name
            compared += 1
    assert compared == 22
