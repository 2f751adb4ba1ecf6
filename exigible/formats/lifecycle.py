"""Reads statuses of electronic invoices: a table of them, in CSV, one line a status."""

import re
from datetime import date, datetime, time
from functools import lru_cache

from exigible.core.law.lifecycle import lifecycle
from exigible.formats.amounts import minor
from exigible.formats.days import day
from exigible.formats.fec_header import plain_name
from exigible.formats.rows import Reading, RowError, StatusRow
from exigible.formats.sentences import refused, row_error
from exigible.formats.table_grid import Grid, grid_of, text_of

COUNTRY = "FR"
LOOKED_AT = 10
NAMES = {
    "number": "numerofacture nfacture nofacture numerodefacture ndefacture facture invoice invoicenumber invoiceno number numero",
    "status": "codestatut statut status statuscode statutfacture codestatutfacture libellestatut etat code lifecyclestatus",
    "at": "dateheure dateheurestatut horodatage datestatut datedustatut statusdate datetime timestamp at date",
    "siren": "sirenacheteur sirenclient sirendestinataire siren siret siretacheteur buyersiren",
    "seller": "sirenvendeur sirenemetteur sirenfournisseur sellersiren",
    "reason": "motif libellemotif commentaire reason comment",
    "reason_code": "codemotif reasoncode",
    "platform": "plateforme plateformeagreee pa pdp platform",
    "amount": "montantencaisse montant amount amountreceived",
    "currency": "devise currency",
    "issued": "datefacture datedefacture issuedate invoicedate",
}
FIELDS = {name: field for field, names in NAMES.items() for name in names.split()}
NEEDED = ("number", "status", "at")
CODE = re.compile(r"(?:fr|statut)?(2\d\d)(?!\d)")
CLOCK = re.compile(
    r"^(\S+?)[T ]+(\d{1,2})[:h](\d{2})(?::?(\d{2}))?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE
)


@lru_cache
def _codes() -> dict[str, int]:
    book = lifecycle(COUNTRY)
    assert book is not None, COUNTRY
    return {
        plain_name(name): meaning.code
        for meaning in book.meanings.values()
        for name in (*meaning.names.values(), *meaning.also)
    }


def code_of(text: str) -> int | None:
    """The code of a status from its number (`203`, `fr:203`) or its name; None for what is no status."""
    plain = plain_name(text)
    if match := CODE.match(plain):
        return int(match[1])
    return _codes().get(plain)


def instant_of(text: str) -> datetime:
    """An instant, with its time zone where the text gives one; a day alone is its first minute. ValueError for none."""
    plain = text.strip()
    if len(plain) == 14 and plain.isascii() and plain.isdigit():
        return datetime.strptime(plain, "%Y%m%d%H%M%S")  # noqa: DTZ007 - local, as the sender wrote it
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        match = CLOCK.match(plain)
        on = day(match[1] if match else plain, "DMY")
        clock = time(int(match[2]), int(match[3]), int(match[4] or 0)) if match else time()
        found = datetime.combine(on, clock)
    day(found.date().isoformat(), "YMD")  # a year that no invoice has
    return found


def header_of(cells: list[str]) -> dict[str, int] | None:
    """The column of each field when these cells head a table of statuses, else None."""
    at: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if field := FIELDS.get(plain_name(cell)):
            at.setdefault(field, index)
    return at if all(name in at for name in NEEDED) else None


def is_status_table(lines: list[list[str]]) -> bool:
    """Whether lines begin a table of statuses: its headers, and under them a status that is known."""
    for place, cells in enumerate(lines[:LOOKED_AT]):
        if at := header_of(cells):
            below = [line[at["status"]] for line in lines[place + 1 :] if len(line) > at["status"]]
            return any(code_of(cell) for cell in below) and not _bills(cells)
    return False


def _bills(cells: list[str]) -> bool:
    """A list of invoices with a column of statuses is a list of invoices: it says who owes how much and until when."""
    names = {plain_name(cell) for cell in cells}
    return any(
        name.startswith(("totalttc", "montantttc", "dateecheance", "echeance", "duedate", "due")) for name in names
    )


def read_statuses(data: bytes) -> Reading:
    """The statuses of a table; a line that cannot be read is left out with a sentence."""
    grid = grid_of(data)
    if isinstance(grid, RowError):
        return refused("statuses", grid)
    for place, cells in enumerate(grid.rows[:LOOKED_AT]):
        if at := header_of([text_of(cell) for cell in cells]):
            return _read(grid, place, at)
    return refused("statuses", row_error("status.columns"), grid.encoding, grid.separator)


def _read(grid: Grid, header: int, at: dict[str, int]) -> Reading:
    reading = Reading("statuses", grid.encoding, grid.separator)
    reading.facts = {"lines": len(grid.rows) - header - 1}
    for place in range(header + 1, len(grid.rows)):
        cells = [text_of(cell) for cell in grid.rows[place]]
        if not any(cells):
            continue
        found = status_of({field: cells[index] if index < len(cells) else "" for field, index in at.items()}, place + 1)
        if isinstance(found, RowError):
            reading.errors.append(found)
        else:
            reading.statuses.append(found)
    if not reading.statuses and not reading.errors:
        reading.refusal = row_error("status.none")
    return reading


def status_of(told: dict[str, str], line: int) -> StatusRow | RowError:
    """One status from its fields as text (those of NAMES); one sentence when it cannot be read."""
    number = told.get("number", "").strip()[:80]
    if not number:
        return row_error("status.number", line, "number")
    code = code_of(told.get("status", ""))
    if code is None:
        return row_error("status.code", line, "status", value=told.get("status", "")[:40])
    try:
        at = instant_of(told.get("at", ""))
    except (ValueError, OverflowError):
        return row_error("status.at", line, "at", value=told.get("at", "")[:40])
    currency = told.get("currency", "").strip().upper()
    try:
        amount = minor(told["amount"], _mark(told["amount"])) if told.get("amount") else None
    except ValueError:
        return row_error("status.amount", line, "amount", value=told["amount"][:40])
    return StatusRow(
        line, number, code, at, _digits(told.get("siren", ""))[:14], _digits(told.get("seller", ""))[:14], told.get("reason", "")[:300],
        told.get("reason_code", "")[:40], told.get("platform", "")[:120], amount, currency[:3], _issued(told.get("issued", "")),
    )  # fmt: skip


def _mark(amount: str) -> str:
    return "," if amount.rfind(",") > amount.rfind(".") else "."


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _issued(text: str) -> date | None:
    try:
        return day(text, "DMY") if text else None
    except ValueError:
        return None
