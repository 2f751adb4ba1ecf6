"""Customer lines of a FEC made into claims, credit notes and payments."""

import re
from collections.abc import Iterator
from datetime import date
from hashlib import blake2b

from exigible.formats import fec_accounts as traits
from exigible.formats.days import ledger_day
from exigible.formats.fec_accounts import is_opening_label
from exigible.formats.fec_scan import Line, Scan
from exigible.formats.rows import CustomerRow, InvoiceKind, InvoiceOrigin, InvoiceRow, PaymentOrigin, PaymentRow

CURRENCY = "EUR"  # a FEC is kept in euros (article A47 A-1)
NO_LETTER = {"", "-", "0", ".", "*"}
NO_PIECE = {"", "-", "--", "0", "sans", "s.a.n.", "neant", "na", "n/a", "."}
NUMBER_IN_LABEL = re.compile(
    r"\b(?:factures?|fact|fac|fact?n|fa|fc|fv|ft|inv|invoice|avoirs?|av)\s*[.:]?\s*(?:n[°o.]*)?\s*[.:#]?\s*"
    r"([A-Z0-9][A-Z0-9/_-]*\d[A-Z0-9/_-]*)",
    re.IGNORECASE,
)
CODE_IN_LABEL = re.compile(r"\b([A-Z]{1,4}[-_/]?\d{4,}(?:[-_/][A-Z0-9]+)*)\b")

ItemKind = tuple[InvoiceKind, InvoiceOrigin] | PaymentOrigin


def customers(found: Scan) -> list[CustomerRow]:
    """Each customer once, in the order of the file, under the last name the file gives."""
    rows: dict[str, CustomerRow] = {}
    for line in found.lines:
        known = rows.get(line.customer)
        if known is None:
            name = line.auxiliary_name or line.account_name or line.customer
            rows[line.customer] = CustomerRow(line.customer, name, line.account)
        elif line.auxiliary_name and known.name != line.auxiliary_name:
            rows[line.customer] = known._replace(name=line.auxiliary_name)
    return list(rows.values())


def items(found: Scan) -> tuple[list[InvoiceRow], list[PaymentRow]]:
    """Every customer line as one row, so that each customer's rows add up to the file's balance.

    The lines of `found` are used up: a million of them and their rows need not stand in memory together.
    """
    invoices: list[InvoiceRow] = []
    payments: list[PaymentRow] = []
    shared, day_of = _shared_pieces(found), _Days()
    for line, opening, key in _identified(found):
        amount = line.debit - line.credit
        letter = line.letter if line.letter not in NO_LETTER else None
        kind = _kind(found, line, amount, opening)
        if isinstance(kind, str):
            payments.append(
                PaymentRow(key, line.customer, line.day, CURRENCY, -amount, line.label, line.piece, opening, kind,
                           line.account, line.number, letter, day_of[line.lettered])
            )  # fmt: skip
        else:
            number = _number(line, shared, found.names[line.entry])
            invoices.append(
                InvoiceRow(key, line.customer, number, kind[0], day_of[line.piece_day] or line.day, day_of[line.due],
                           CURRENCY, abs(amount), None, line.label, opening, kind[1], line.account, line.number, letter,
                           day_of[line.lettered])
            )  # fmt: skip
    return invoices, payments


class _Days(dict[str, date | None]):
    """The days of a file by their text; None for what is none: only the day of the entry is worth a rejection."""

    def __missing__(self, text: str) -> date | None:
        try:
            value = ledger_day(text) if text else None
        except ValueError:
            value = None
        self[text] = value
        return value


def _kind(found: Scan, line: Line, amount: int, opening: bool) -> ItemKind:
    """What a customer line is, from the other accounts of its entry."""
    if opening:
        return ("invoice", "opening") if amount > 0 else "opening"
    seen = found.traits[line.entry]
    if not seen & ~(traits.STRUCTURE | traits.RESULT) and line.journal.code in found.unnumbered:
        seen |= line.journal.presumed
    if amount > 0:
        if seen & traits.REVENUE_CREDIT:
            is_deposit = seen & traits.ADVANCE_CREDIT and not seen & traits.RESULT
            return ("deposit" if is_deposit else "invoice"), "sale"
        return "invoice", "refund" if seen & traits.BANK_CREDIT else "other"
    if seen & traits.BANK_DEBIT:
        return "bank"
    if seen & traits.REVENUE_DEBIT or (seen & traits.REVENUE_CREDIT and not seen & traits.ADVANCE_DEBIT):
        return "credit_note", "sale"
    return "adjustment"


def _is_opening(found: Scan, line: Line) -> bool:
    """A balance brought forward: by its journal, by its label, or as part of the first day's balance sheet."""
    if line.journal.is_opening or is_opening_label(line.label):
        return True
    seen = found.traits[line.entry]
    return line.day == found.first_day and bool(seen & traits.STRUCTURE) and not seen & traits.RESULT


def _identified(found: Scan) -> Iterator[tuple[Line, bool, str]]:
    """Each line with whether it opens the year, and its identity: fiscal year, journal, EcritureNum, PieceRef, date,
    account, auxiliary, debit, credit, rank among equals. A line's own date tells its fiscal year; an opening line may
    be dated years before, so the year of the file stands for it."""
    first = (
        found.first_day if found.first_day != date.max else max((line.day for line in found.lines), default=date.max)
    )
    ranks: dict[str, int] = {}
    found.lines.reverse()
    while found.lines:
        line = found.lines.pop()
        opening = _is_opening(found, line)
        year, entry = first.year if opening else "", found.names[line.entry]
        identity = (
            f"{year}\x1f{entry}\x1f{line.piece}\x1f{line.day}\x1f{line.account}\x1f{line.auxiliary}"
            f"\x1f{line.debit}\x1f{line.credit}"
        )
        key = blake2b(identity.encode(), digest_size=12).hexdigest()
        rank = ranks[key] = ranks.get(key, -1) + 1
        yield line, opening, blake2b(f"{identity}\x1f{rank}".encode(), digest_size=12).hexdigest() if rank else key


def _shared_pieces(found: Scan) -> set[str]:
    """The pieces that several entries share: a month or a word, not the number of an invoice."""
    entries: dict[str, int] = {}
    shared = set()
    for line in found.lines:
        if line.debit > line.credit and entries.setdefault(line.piece, line.entry) != line.entry:
            shared.add(line.piece)
    return shared


def _number(line: Line, shared: set[str], entry: str) -> str:
    """The number of a claim: its piece when that is its own, else what the label says, else its entry."""
    plain = " ".join(line.piece.split())
    if line.piece not in shared and plain.casefold() not in NO_PIECE:
        return plain
    match = NUMBER_IN_LABEL.search(line.label) or CODE_IN_LABEL.search(line.label)
    return match[1].strip("-/_") if match else entry
