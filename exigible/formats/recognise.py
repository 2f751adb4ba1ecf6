"""What a file is, told from its content; its name only decides between kinds that look alike."""

import io
import re
import zipfile
from itertools import islice

from exigible.formats.archive import is_archive, members
from exigible.formats.bank_table_headers import columns_of
from exigible.formats.encoding import CHUNK
from exigible.formats.facturx import holds_xml
from exigible.formats.fec_header import looks_like_entry, statutory_names
from exigible.formats.lifecycle import is_status_table
from exigible.formats.table_headers import field_of, is_bucket

HEAD = 65_536
LOOKED_AT = 20
ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([A-Za-z][\w.-]*)[^>]*>")
CFONB_LINE = re.compile(r"^0[1457]\d{5}.{4}\d{5}.{3}", re.MULTILINE)
MT940_TAG = re.compile(r"^:(?:20|25|28C?|60[FM]|61|62[FM]|86):", re.MULTILINE)
REGISTER_NAMES = {"siren", "siret", "nic", "etatadministratifunitelegale"}
BODACC_WORDS = re.compile(
    r'"(?:familleavis|dateparution|annonces?-commerciales|typeavis\w*|publicationavis)"', re.IGNORECASE
)
REGISTER_WORDS = re.compile(r'"(?:siren|nom_complet|unite_legale|etat_administratif|total_results|numero_imprime)"')


def recognise(data: bytes, name: str = "") -> str:
    """fec, table, statuses, cdar, facturx, cii, ubl, camt053, camt054, cfonb120, ofx, mt940, register, bodacc or unknown."""
    if data.startswith(b"%PDF"):
        return "facturx" if _holds_invoice(data) else "unknown"
    if data.startswith(b"PK\x03\x04"):
        return _of_archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "table" if name.lower().endswith(".xls") else "unknown"
    text = _head(data)
    if text is None:
        return "unknown"
    for kind in (_marked_up, _bank, _json, _tabular):
        found = kind(text)
        if found:
            return found
    return "unknown"


def _head(data: bytes) -> str | None:
    """The beginning as text, good enough to know the kind; None for what is no text."""
    head = data[:HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if b"\0" in head:
        even = head[: len(head) // 2 * 2]
        if len(even) > 2 and even[1::2].count(0) * 10 > len(even) * 4:
            return even.decode("utf-16-le", "replace")
        return None
    text = head.decode("utf-8-sig", "replace")
    if "\ufffd" in text[:-1]:
        text = head.decode("cp1252", "replace")  # another code page: good enough for the headers
    return text if any(character.isprintable() for character in text[:200]) else None


def _marked_up(text: str) -> str | None:
    start = text.lstrip()
    if "OFXHEADER" in start[:200] or re.match(r"<\?xml[^>]*>\s*<\?OFX|<OFX>", start):
        return "ofx"
    if not start.startswith("<"):
        return None
    without_comments = re.sub(r"<!--.*?-->", "", start, flags=re.DOTALL)
    root = ROOT.search(without_comments)
    if not root:
        return "unknown"
    tag, element = root[1], root[0]
    if tag in ("CrossIndustryInvoice", "CrossIndustryDocument"):
        return "cii"
    if tag in ("Invoice", "CreditNote") and "oasis:names:specification:ubl" in element:
        return "ubl"
    if tag == "CrossDomainAcknowledgementAndResponse":
        return "cdar"
    camt = re.search(r"camt\.05([34])", without_comments[:4000]) if tag == "Document" else None
    return f"camt05{camt[1]}" if camt else "unknown"


def _bank(text: str) -> str | None:
    if len(CFONB_LINE.findall(text[:2000])) >= 1 and CFONB_LINE.match(text.lstrip("\ufeff\r\n ")):
        return "cfonb120"
    return "mt940" if MT940_TAG.search(text[:4000]) else None


def _json(text: str) -> str | None:
    start = text.lstrip()
    if not re.match(r'\{\s*"|\[\s*[\[{"\]]', start):
        return None
    if BODACC_WORDS.search(text):
        return "bodacc"
    return "register" if REGISTER_WORDS.search(text) else "unknown"


def _tabular(text: str) -> str | None:
    lines = [line for line in text.splitlines()[:20] if line.strip(" \t;,|")]
    if not lines:
        return None
    if statutory_names(lines[0]) >= 6 or any(looks_like_entry(lines[0].split(separator)) for separator in "\t|;"):
        return "fec"
    if any(is_status_table([line.split(each) for line in lines]) for each in "\t;,|"):
        return "statuses"
    separator = max("\t;,|", key=lines[0].count)
    names = {re.sub(r"[^a-z]", "", cell.lower()) for cell in lines[0].split(separator)}
    if {"rcs", "nature"} <= names:
        return "bodacc"
    if len(names & REGISTER_NAMES) >= 2 or ("siren" in names and any(each.endswith("unitelegale") for each in names)):
        return "register"
    rows = [[cell.strip(' "') for cell in line.split(each)] for line in lines for each in "\t;,|"]
    return "table" if any(_is_header(row) or columns_of(row) for row in rows) else None


def _is_header(cells: list[str]) -> bool:
    """True for a line of short cells, enough of which name a field: prose has commas too."""
    fields = {field for cell in cells if (field := field_of(cell))} | {cell for cell in cells if is_bucket(cell)}
    return max(map(len, cells)) <= 60 and (len(fields) >= 4 or (len(fields) >= 2 and 2 * len(fields) >= len(cells)))


def _of_archive(data: bytes) -> str:
    """A workbook is an archive too; an archive of invoices or statements is known by the first of them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names:
            return "table"
        for member in islice(members(data), LOOKED_AT):
            body = member.body if member.body.startswith(b"%PDF") else member.body[:HEAD]
            found = "unknown" if is_archive(body) else recognise(body, member.name)
            if found != "unknown":
                return found
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        return "unknown"
    return "unknown"


def _holds_invoice(data: bytes) -> bool:
    """True for a PDF that carries an electronic invoice, whose file name may stand in clear or compressed."""
    if re.search(rb"(?i)(factur-x|zugferd-invoice|xrechnung)\.xml", data):
        return True
    if b"/EmbeddedFile" not in data and b"/ObjStm" not in data:
        return False
    return holds_xml(data) if len(data) <= 64 * CHUNK else False
