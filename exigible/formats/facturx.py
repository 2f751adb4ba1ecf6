"""Takes the XML out of a Factur-X or ZUGFeRD PDF, whatever the name under which it is attached."""

import io
import logging
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from exigible.formats.einvoice import Unreadable
from exigible.formats.xml_tree import LARGEST_XML

LARGEST_PDF = 64 * 1024 * 1024
USUAL_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml")
MOST_ATTACHMENTS = 200
FAULTS = (
    ValueError,
    RuntimeError,
    TypeError,
    AttributeError,
    LookupError,
    OverflowError,
)  # of objects that are not what they say
ROOTS = (b"CrossIndustryInvoice", b"CrossIndustryDocument", b"oasis:names:specification:ubl")


def pdf_library() -> Any:
    """Import the reader of PDFs, within limits: a file of a megabyte could otherwise unpack to fill the memory.

    Imported late, a tenth of a second that only a PDF needs. The limits are the process's; its own PDFs are far below.
    """
    import pikepdf

    most = LARGEST_XML + 12 * 1024 * 1024
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=most, png_max_memory=most, run_length_max_memory=most, tiff_max_memory=most,
        max_stream_filters=4, parser_max_nesting=100, parser_max_container_size=500_000, doc_max_warnings=200,
    )  # fmt: skip
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # a damaged file is one sentence, said by us
    return pikepdf


def xml_of(data: bytes) -> bytes:
    """The invoice's XML in a PDF: the one with a usual name, else the first that is an invoice. Unreadable if none."""
    if len(data) > LARGEST_PDF:
        raise Unreadable("einvoice.too_large", limit=LARGEST_PDF // (1024 * 1024))
    with _opened(data) as document:
        return _chosen(list(_attached(document)))


def holds_xml(data: bytes) -> bool:
    """True for a PDF to which a file of XML is attached."""
    try:
        with _opened(data) as document:
            return any(str(name).lower().endswith(".xml") for name in document.attachments)
    except Unreadable:
        return False


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """A PDF, open. Unreadable for whatever goes wrong with it, while it is opened or looked at."""
    pikepdf = pdf_library()
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            yield document
    except Unreadable:
        raise
    except pikepdf.PasswordError as fault:
        raise Unreadable("pdf.password") from fault
    except (pikepdf.PdfError, pikepdf.DataDecodingError, pikepdf.DeletedObjectError, *FAULTS) as fault:
        raise Unreadable("pdf.broken") from fault


def _chosen(found: list[tuple[str, bytes]]) -> bytes:
    for _name, body in sorted(found, key=lambda each: each[0].lower() not in USUAL_NAMES):
        if any(root in body[:65_536].replace(b"\0", b"") for root in ROOTS):
            return body
    raise Unreadable("pdf.no_invoice")


def _attached(document: Any) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the attachments that may be XML; one that cannot be unpacked is passed over."""
    for count, (name, spec) in enumerate(document.attachments.items()):
        if count >= MOST_ATTACHMENTS:
            return
        names = {str(name), str(getattr(spec, "filename", ""))}
        if any(each.lower().endswith(".xml") for each in names):
            body = unpacked(spec.get_file().obj)
            if body is not None:
                yield next(each for each in sorted(names) if each.lower().endswith(".xml")), body


def unpacked(stream: Any) -> bytes | None:
    """The content of a stream, never more than an invoice may hold: a small file may unpack to fill the memory."""
    pikepdf = pdf_library()
    raw = bytes(stream.read_raw_bytes())
    filters = stream.get("/Filter")
    kinds = [str(each) for each in filters] if isinstance(filters, pikepdf.Array) else [str(filters or "")]
    if kinds in ([], [""]):
        return raw if len(raw) <= LARGEST_XML else None
    if kinds != ["/FlateDecode"] or _is_predicted(stream):
        return None
    try:
        body = zlib.decompressobj().decompress(raw, LARGEST_XML + 1)
    except zlib.error:
        return None
    return body if len(body) <= LARGEST_XML else None


def _is_predicted(stream: Any) -> bool:
    """True for a stream whose bytes were also rearranged, which no writer of attachments does."""
    found = stream.get("/DecodeParms")
    return found is not None and "/Predictor" in str(found)
