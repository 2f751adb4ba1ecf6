"""Reads a bank's file, one or an archive of them, by the reader of its kind, and checks that its balances hold."""

from collections.abc import Callable

from exigible.formats.archive import is_archive, members
from exigible.formats.bank_checks import checked
from exigible.formats.camt import read_camt
from exigible.formats.cfonb120 import read_cfonb120
from exigible.formats.einvoice import Unreadable
from exigible.formats.mt940 import read_mt940
from exigible.formats.ofx import read_ofx
from exigible.formats.recognise import recognise
from exigible.formats.rows import Reading, RowError
from exigible.formats.sentences import refused, row_error

READERS: dict[str, Callable[[bytes, str], Reading]] = {
    "camt053": read_camt,
    "camt054": read_camt,
    "cfonb120": lambda data, name: read_cfonb120(data),
    "mt940": lambda data, name: read_mt940(data),
    "ofx": lambda data, name: read_ofx(data),
}


def read_bank(data: bytes, name: str, kind: str) -> Reading:
    """The statements of a file of one of READERS, or of an archive of such files, their balances checked.

    Refused when no statement can be read.
    """
    reading = _archive(data, name, kind) if is_archive(data) else READERS[kind](data, name)
    if not reading.statements and not reading.errors and reading.refusal is None:
        reading.refusal = row_error("bank.nothing", None, "file", file=name or "The file")
    return checked(reading)


def _archive(data: bytes, name: str, kind: str) -> Reading:
    """The statements of all files of an archive; a file of which something cannot be read is named once."""
    whole = Reading(kind)
    try:
        for place, member in enumerate(members(data), 1):
            found = recognise(member.body, member.name) if member.error is None else "unknown"
            if member.error is not None:
                whole.errors.append(_of_bank(member.error)._replace(line=place))
            elif found not in READERS:
                whole.errors.append(row_error("bank.not_one", place, "file", file=member.name))
            else:
                _add(whole, READERS[found](member.body, member.name), place, member.name)
    except Unreadable as fault:
        return refused(kind, row_error(fault.code, None, "file", file=name or "The archive", **fault.params))
    return whole


def _of_bank(error: RowError) -> RowError:
    """What archives say of an invoice that is too large, said of a statement."""
    if not error.code.startswith("einvoice."):
        return error
    facts = {name: value for name, value in error.params.items() if name not in ("line", "field")}
    return row_error(error.code.replace("einvoice.", "bank."), None, "file", **facts)


def _add(whole: Reading, part: Reading, place: int, name: str) -> None:
    whole.statements += part.statements
    whole.warnings += part.warnings
    faults = [*([part.refusal] if part.refusal else []), *part.errors]
    if faults:
        whole.errors.append(
            row_error("bank.member", place, "file", file=name, count=len(faults), first=faults[0].line or "?")
        )
