"""Reads what others write: bytes in, rows and errors out."""

from exigible.formats.bank_reading import READERS, read_bank
from exigible.formats.bodacc import read_bodacc
from exigible.formats.einvoice import SYNTAXES
from exigible.formats.einvoice_reading import read_einvoice, read_einvoices
from exigible.formats.fec import read_fec
from exigible.formats.lifecycle import read_statuses
from exigible.formats.lifecycle_messages import read_messages
from exigible.formats.recognise import recognise
from exigible.formats.register import read_register
from exigible.formats.rows import Reading
from exigible.formats.sentences import refused, row_error
from exigible.formats.table import read_table
from exigible.formats.table_mapping import Mapping

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
    if kind == "statuses":
        return read_statuses(data)
    if kind == "cdar":
        return read_messages(data, name)
    if kind in SYNTAXES:
        return read_einvoices(data, name, kind)
    if kind == "register":
        return read_register(data)
    if kind == "bodacc":
        return read_bodacc(data)
    if kind in READERS:
        return read_bank(data, name, kind)
    if data.startswith(b"%PDF"):
        return refused("unknown", row_error("pdf.no_invoice", file=name or "The file"))
    return refused("unknown", row_error("file.unknown"))
