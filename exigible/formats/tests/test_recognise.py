"""A file is known by its content, whatever its name; what cannot be read is refused, never raised."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exigible.formats import read, recognise
from exigible.formats.einvoice import SYNTAXES
from exigible.formats.rows import Reading
from exigible.formats.tests.ledgers import OWN_SAMPLES, SAMPLES, fec, sale

EXPECTED = {
    "ar_history": {"table": 1},
    "bodacc": {"bodacc": 3},
    "camt": {"camt053": 4, "camt054": 1},
    "cfonb120": {"cfonb120": 10},
    "cii_xml": {"cii": 56},
    "facturx_pdf": {"facturx": 14},
    "fec": {"fec": 4},
    "mt940": {"mt940": 19},
    "ofx": {"ofx": 11},
    "ubl_xml": {"ubl": 43},
    "unstructured_pdf": {"unknown": 1},
}


@pytest.mark.skipif(not SAMPLES.exists(), reason="EXIGIBLE_SAMPLES is absent")
@pytest.mark.parametrize("folder", sorted(EXPECTED))
def test_every_sample_is_recognised_whatever_its_name(folder: str) -> None:
    files = [path for path in (SAMPLES / folder).rglob("*") if path.is_file()]
    assert Counter(recognise(path.read_bytes(), "file") for path in files) == EXPECTED[folder]


@pytest.mark.skipif(not SAMPLES.exists(), reason="EXIGIBLE_SAMPLES is absent")
def test_no_sample_raises_and_what_is_not_read_says_why() -> None:
    for path in SAMPLES.rglob("*"):
        if path.is_file():
            reading = read(path.read_bytes(), path.name)
            told = (reading.invoices, reading.customers, reading.statements, reading.companies, reading.notices)
            assert reading.refusal or any(told) or reading.warnings or reading.errors, path
            is_read = reading.format in ("fec", "table", *SYNTAXES)
            assert is_read != bool(reading.refusal) or reading.format not in ("unknown", *SYNTAXES), path


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b" \r\n\0", "file.empty"),
        (bytes(range(256)) * 4, "file.unknown"),
        (b"Dear sir, please pay, thank you.\n", "file.unknown"),
        (b"%PDF-1.4 nothing", "pdf.no_invoice"),
        (b"PK\x03\x04 nothing", "file.unknown"),
        (b"<html><body>Invoice</body></html>", "file.unknown"),
        (b'{"a": 1}', "file.unknown"),
        (b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>", "bank.broken"),
    ],
)
def test_what_is_not_read_is_refused_in_one_sentence(data: bytes, code: str) -> None:
    reading = read(data, "file.bin")
    assert reading.refusal is not None
    assert reading.refusal.code == code


def test_own_samples_are_recognised() -> None:
    kinds = {".fec": "fec", ".csv": "table", ".xml": "camt053", ".txt": "cfonb120", ".ofx": "ofx", ".mt940": "mt940"}
    for path in OWN_SAMPLES.glob("[!.]*"):
        assert read(path.read_bytes()).format == kinds[path.suffix], path.name


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 400))
def test_no_bytes_raise(noise: bytes, cut: int, back: int) -> None:
    whole = fec(sale(1, "DURAND", 100))
    table = (OWN_SAMPLES / "balance-clients.csv").read_bytes()
    for data in (noise, whole[:cut] + noise + whole[cut + back :], table[:cut] + noise + table[cut + back :]):
        assert isinstance(read(data, "file.csv"), Reading)
