"""Files from strangers: nothing is fetched, expanded beyond reason or written, and no bytes raise."""

import io
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exigible.formats import read, read_einvoice
from exigible.formats.archive import LARGEST_FILE, base_name, members
from exigible.formats.einvoice import EInvoice, Unreadable
from exigible.formats.rows import Reading, RowError
from exigible.formats.tests.einvoices import archive, cii, facturx, ubl

WHOLE = {"cii": cii(), "ubl": ubl(), "facturx": facturx(), "zip": archive([("a.xml", cii()), ("b.pdf", facturx())])}


def code(body: bytes) -> str:
    """Why a file is not read."""
    found = read_einvoice(body, "invoice.xml")
    assert isinstance(found, RowError)
    return found.code


def with_doctype(doctype: str, number: str) -> bytes:
    """An invoice whose number is an entity."""
    whole = cii(number=number).decode()
    return whole.replace("?>", f"?>{doctype}", 1).encode()


def test_an_external_entity_is_never_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not for strangers")
    doctype = f'<!DOCTYPE rsm:CrossIndustryInvoice [<!ENTITY secret SYSTEM "{secret.as_uri()}">]>'
    assert code(with_doctype(doctype, "&secret;")) == "einvoice.doctype"


def test_an_entity_is_never_expanded() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE rsm:CrossIndustryInvoice [<!ENTITY a0 "ha">{entities}]>'
    assert code(with_doctype(doctype, "&a11;")) == "einvoice.doctype"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_is_seen_in_any_encoding(encoding: str) -> None:
    body = with_doctype("<!DOCTYPE x [<!ENTITY a 'b'>]>", "&a;").decode().replace('encoding="UTF-8"', "")
    assert code(body.encode(encoding)) == "einvoice.doctype"


def test_an_invoice_in_utf_16_is_read() -> None:
    found = read_einvoice(cii().decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    assert isinstance(found, EInvoice)


def test_a_depth_beyond_reason_is_refused() -> None:
    assert code(b"<a>" * 100_000) == "einvoice.broken"


def test_an_archive_that_fills_the_memory_is_refused() -> None:
    zeros = bytes(LARGEST_FILE)
    bomb = archive([(f"{n}.xml", zeros) for n in range(8)])
    assert len(bomb) < 1_000_000
    with pytest.raises(Unreadable) as refusal:
        list(members(bomb))
    assert refusal.value.code == "archive.too_large"
    reading = read(bomb, "bomb.zip")
    assert reading.refusal is not None


def test_a_file_larger_than_it_announces_is_cut_off() -> None:
    body = bytearray(archive([("a.xml", b"<a/>" + bytes(5_000_000))]))
    place = body.index(b"PK\x01\x02")
    body[place + 24 : place + 28] = (10).to_bytes(4, "little")
    found = list(members(bytes(body)))
    assert [len(each.body) for each in found if each.error is None] in ([], [10])


def test_an_attachment_that_fills_the_memory_is_not_unpacked() -> None:
    import pikepdf

    packing = zlib.compressobj(9)
    packed = b"".join(packing.compress(bytes(1_000_000)) for _ in range(60)) + packing.flush()
    with pikepdf.new() as document:
        document.add_blank_page()
        spec = pikepdf.AttachedFileSpec(document, b"", filename="factur-x.xml")  # type: ignore[call-arg]
        spec.get_file().obj.write(packed, filter=pikepdf.Name.FlateDecode)
        document.attachments["factur-x.xml"] = spec
        out = io.BytesIO()
        document.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert len(out.getvalue()) < 200_000
    assert code(out.getvalue()) == "pdf.no_invoice"


def test_a_pdf_whose_own_objects_fill_the_memory_is_not_unpacked() -> None:
    packing = zlib.compressobj(9)
    catalogue = b"1 0 << /Type /Catalog /Pages << /Type /Pages /Count 0 /Kids [] >> >>"
    packed = packing.compress(catalogue) + b"".join(packing.compress(b" " * 1_000_000) for _ in range(60))
    packed += packing.flush()

    def stream(number: int, entries: bytes, body: bytes) -> bytes:
        head = b"%d 0 obj\n<< %s /Length %d >>\nstream\n" % (number, entries, len(body))
        return head + body + b"\nendstream\nendobj\n"

    body = b"%PDF-1.5\n" + stream(2, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", packed)
    places = ((0, 0), (2, 2), (1, 9), (1, len(body)))
    table = b"".join(bytes([kind]) + at.to_bytes(4, "big") + b"\0" for kind, at in places)
    body += stream(3, b"/Type /XRef /Size 4 /W [1 4 1] /Root 1 0 R", table) + b"startxref\n%d\n%%%%EOF\n" % len(body)
    assert code(body) == "pdf.broken"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\windows\\a.xml", "a.xml"),
        ("/a/b.xml", "b.xml"),
        ("..", ""),
        ("a\nb.xml", "a b.xml"),
    ],
)
def test_a_path_in_an_archive_is_only_a_name(path: str, name: str) -> None:
    assert base_name(path) in (name, "..")
    reading = read(archive([(path, cii()), ("good.xml", cii(number="FA-2"))]), "a.zip")
    assert "FA-2" in [row.number for row in reading.invoices]
    assert all("/" not in str(error.params.get("file")) for error in reading.errors)


def test_hidden_files_and_archives_inside_are_not_opened() -> None:
    inner = archive([("secret.xml", cii(number="INNER"))])
    files = [("__MACOSX/._a.xml", b"\0"), (".hidden.xml", cii(number="HIDDEN")), ("inner.zip", inner), ("a.xml", cii())]
    reading = read(archive(files), "a.zip")
    assert [row.number for row in reading.invoices] == ["FA-2026-017"]
    assert [error.code for error in reading.errors] == ["einvoice.broken"]


def test_a_damaged_file_in_an_archive_does_not_stop_the_others() -> None:
    body = bytearray(archive([("a.xml", cii()), ("b.xml", cii(number="FA-2"))]))
    body[60:90] = bytes(30)
    reading = read(bytes(body), "a.zip")
    assert [row.number for row in reading.invoices] == ["FA-2"]
    assert [error.code for error in reading.errors] == ["archive.member"]


def test_a_method_that_may_claim_gigabytes_is_not_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("a.xml", cii())
    (member,) = members(out.getvalue())
    assert member.error is not None
    assert member.error.code == "archive.method"


@pytest.mark.parametrize("kind", sorted(WHOLE))
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_bytes_raise(kind: str, data: st.DataObject) -> None:
    whole = WHOLE[kind]
    cut, back = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 200))
    body = whole[:cut] + data.draw(st.binary(max_size=60)) + whole[cut + back :]
    assert isinstance(read(body, "file"), Reading)
    assert isinstance(read_einvoice(body, "file"), EInvoice | RowError)


ODD = st.one_of(
    st.text(st.characters(blacklist_characters="<&>\0", blacklist_categories=["Cs", "Cc"]), max_size=40),
    st.sampled_from(
        ["NaN", "Infinity", "1e999", "-0", "99999999999999999999", "0x10", "1.2.3", "٣", "20260230", "00000101", ""]
    ),
    st.decimals(allow_nan=False).map(str),
)


@pytest.mark.parametrize("write", [cii, ubl])
@settings(max_examples=150, deadline=None)
@given(
    changes=st.dictionaries(
        st.sampled_from(["number", "type", "issued", "due", "currency", "net", "tax", "total", "prepaid", "payable"]),
        ODD,
    )
)
def test_no_value_raises_and_what_is_read_adds_up(write, changes: dict[str, str]) -> None:
    reading = read(write(**changes), "file")
    found = read_einvoice(write(**changes), "file")
    assert (reading.refusal is None) == isinstance(found, EInvoice)
    if isinstance(found, EInvoice):
        assert found.total >= 0
        assert all(abs(row.signed_minor) < 2**63 for row in reading.items)
        left = sum(row.signed_minor for row in reading.items)
        assert left == (-found.total if found.kind == "credit_note" else found.payable)
