"""Reads one electronic invoice, whatever its syntax and its wrapping."""

from exigible.formats.cii import read_cii
from exigible.formats.einvoice import EInvoice, Unreadable
from exigible.formats.facturx import xml_of
from exigible.formats.rows import RowError
from exigible.formats.sentences import row_error
from exigible.formats.ubl import read_ubl
from exigible.formats.xml_tree import local, tree_of

UBL = "oasis:names:specification:ubl"


def read_einvoice(body: bytes, name: str = "") -> EInvoice | RowError:
    """The invoice in a Factur-X PDF, a CII or a UBL document; one sentence, never an exception, for anything else."""
    try:
        is_pdf = body.startswith(b"%PDF")
        root = tree_of(xml_of(body) if is_pdf else body)
        if local(root) in ("CrossIndustryInvoice", "CrossIndustryDocument"):
            return read_cii(root, "facturx" if is_pdf else "cii")
        if local(root) in ("Invoice", "CreditNote") and UBL in str(root.tag):
            return read_ubl(root)
        raise Unreadable("einvoice.not_one")
    except Unreadable as fault:
        return row_error(fault.code, None, "file", file=name or "The file", **fault.params)
