"""Bank files made to harm or badly cut: one sentence or a reading, never an exception, and nothing fetched or unpacked."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exigible.formats import read
from exigible.formats.bank_reading import READERS
from exigible.formats.rows import Reading
from exigible.formats.tests.banks import camt, entry, payment, statement
from exigible.formats.tests.einvoices import archive
from exigible.formats.tests.ledgers import OWN_SAMPLES

OWN = {
    "camt053": "releve.camt053.xml", "cfonb120": "releve.cfonb120.txt", "mt940": "releve.mt940", "ofx": "releve-cp1252.ofx",
    "table": "operations.csv",
}  # fmt: skip
BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("declared", [BOMB, EXTERNAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_statement_that_declares_a_document_type_is_refused(declared: str, encoding: str) -> None:
    text = (
        camt(entry("10.00", payment("10.00", said="&a;")))
        .decode()
        .replace('encoding="UTF-8"?>', f'encoding="{encoding}"?>{declared}')
    )
    reading = READERS["camt053"](text.encode(encoding), "releve.xml")
    assert reading.refusal is not None
    assert (reading.refusal.code, reading.statements) == ("bank.doctype", [])


def test_an_archive_that_unpacks_to_more_than_is_reasonable_is_refused() -> None:
    padded = camt(entry("10.00")) + b" " * (19 * 1024 * 1024)
    reading = read(archive((f"{number}.xml", padded) for number in range(4)), "all.zip")
    assert reading.refusal is not None
    assert reading.refusal.code == "archive.too_large"


def test_a_path_in_an_archive_leads_nowhere_and_a_bomb_within_is_named() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../escape.xml", camt(entry("10.00")))
        packed.writestr("large.xml", b"<" * (21 * 1024 * 1024))
    reading = read(out.getvalue(), "all.zip")
    assert len(reading.statements) == 1
    assert [(each.code, each.params["file"]) for each in reading.errors] == [("bank.too_large", "large.xml")]


@pytest.mark.parametrize("kind", sorted(OWN))
def test_no_cut_or_noise_raises(kind: str) -> None:
    whole = (OWN_SAMPLES / OWN[kind]).read_bytes()

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(st.binary(max_size=40), st.integers(0, len(whole)), st.integers(0, 200))
    def hold(noise: bytes, cut: int, over: int) -> None:
        data = whole[:cut] + noise + whole[cut + over :]
        reader = READERS.get(kind, read)
        assert isinstance(reader(data, "file"), Reading)
        assert isinstance(read(data, "file"), Reading)

    hold()


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(st.text("0145789EURNPY{}AJ ", min_size=1, max_size=125), max_size=12))
def test_no_records_raise(records: list[str]) -> None:
    assert isinstance(READERS["cfonb120"]("\n".join(records).encode(), "file"), Reading)
    assert isinstance(read(statement(*records), "file"), Reading)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([":20:", ":25:", ":60F:", ":61:", ":86:", ":62F:", "-", ""]), st.text("0123CDRNTF,/+?EUR \n", max_size=40)),
        max_size=12,
    )
)  # fmt: skip
def test_no_fields_raise(fields: list[tuple[str, str]]) -> None:
    text = "\n".join(tag + said for tag, said in fields)
    assert isinstance(READERS["mt940"](text.encode(), "file"), Reading)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["<OFX>", "<STMTRS>", "</STMTRS>", "<STMTTRN>", "</STMTTRN>", "<TRNAMT>", "<DTPOSTED>", "<CURDEF>",
                             "<LEDGERBAL>", "<BALAMT>", "<![CDATA[", "]]>", "<MEMO>"]),
            st.text("0129-.,EURé&<>/;", max_size=12),
        ),
        max_size=20,
    )
)  # fmt: skip
def test_no_elements_raise(elements: list[str]) -> None:
    assert isinstance(READERS["ofx"]("".join(elements).encode(), "file"), Reading)
