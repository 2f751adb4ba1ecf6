"""Reads what others write: bytes in, rows and errors out."""

from exigible.formats.einvoice import SYNTAXES
from exigible.formats.einvoice_reading import read_einvoice, read_einvoices
from exigible.formats.fec import read_fec
from exigible.formats.recognise import recognise
from exigible.formats.rows import Reading
from exigible.formats.sentences import refused, row_error
from exigible.formats.table import read_table
from exigible.formats.table_mapping import Mapping

NOT_YET = {
    "camt053": "CAMT.053 bank statement",
    "camt054": "CAMT.054 bank notification",
    "cfonb120": "CFONB 120 bank statement",
    "ofx": "OFX bank statement",
    "mt940": "MT940 bank statement",
    "register": "company register",
    "bodacc": "BODACC announcement",
}

__all__ = ["read", "read_einvoice", "recognise"]


def read(data: bytes, name: str = "", mapping: Mapping | None = None) -> Reading:
    """The rows of a file of a recognised kind; a refusal, never an exception, for any other.

    A mapping says that the file is a table, and how to read it.
    """
    if not data.strip(b" \t\r\n\0"):
        return refused("unknown", row_error("file.empty"))
    kind = "table" if mapping else recognise(data, name)
    if kind == "fec":
        return read_fec(data)
    if kind == "table":
        return read_table(data, mapping)
    if kind in SYNTAXES:
        return read_einvoices(data, name, kind)
    if data.startswith(b"%PDF"):
        return refused("unknown", row_error("pdf.no_invoice", file=name or "The file"))
    if kind in NOT_YET:
        return refused(kind, row_error("file.not_yet", kind=NOT_YET[kind]))
    return refused("unknown", row_error("file.unknown"))
