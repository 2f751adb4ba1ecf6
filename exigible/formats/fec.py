"""Reads a FEC, the ledger that French law asks of every firm (article A47 A-1 of the Livre des procédures fiscales)."""

from collections import Counter

from exigible.core.money import decimal_string
from exigible.formats.encoding import Encoding, detect
from exigible.formats.fec_accounts import DOUBTFUL
from exigible.formats.fec_header import Layout, layout_of
from exigible.formats.fec_items import CURRENCY, NO_LETTER, customers, items
from exigible.formats.fec_scan import Scan, scan, text_lines
from exigible.formats.fec_suppliers import suppliers
from exigible.formats.lettering import allocate
from exigible.formats.rows import Reading, RowError
from exigible.formats.sentences import refused, row_error


def read_fec(data: bytes) -> Reading:
    """The customers of a ledger, what they owe and what they paid.

    A file that cannot be trusted as a whole is refused with one sentence; one bad line is left out and named.
    `facts` holds entries, lines, debit, credit, accounts (41x balances), receivable_balance, unbalanced_entries,
    balanced (no import when false), lettered (whether any customer line is), doubtful (customer keys with a 416 item); amounts in cents.
    """
    encoding = detect(data)
    if isinstance(encoding, RowError):
        return refused("fec", encoding)
    first = next((line for line in text_lines(data, encoding) if line.strip("\ufeff \t\r\n|;,")), "")
    layout = layout_of(first.strip("\ufeff\r\n"))
    if isinstance(layout, RowError):
        return refused("fec", layout, encoding.name)
    found = scan(data, encoding, layout)
    if isinstance(found, RowError):
        return refused("fec", found, encoding.name, layout.separator)
    if not found.read:
        return refused("fec", row_error("fec.no_lines"), encoding.name, layout.separator)
    reading = Reading("fec", encoding.name, layout.separator, customers(found), errors=found.errors)
    reading.warnings, reading.facts = _warnings(found, encoding, layout), _facts(found)
    reading.invoices, reading.payments = items(found)
    reading.allocations = allocate(reading.invoices, reading.payments)
    reading.suppliers = suppliers(data, encoding, layout, reading.customers)
    return reading


def _facts(found: Scan) -> dict[str, object]:
    unbalanced = found.unbalanced
    return {
        "lines": found.read,
        "entries": len(found.names),
        "debit": found.debit,
        "credit": found.credit,
        "accounts": dict(sorted(found.shown.items())),
        "receivable_balance": found.shown.get("411", 0) + found.shown.get(DOUBTFUL, 0),
        "balanced": sum(found.sums[entry] for entry in unbalanced) == 0,
        "unbalanced_entries": [
            {"entry": found.names[entry], "line": found.first_lines[entry], "difference": found.sums[entry]}
            for entry in unbalanced
        ],
        "lettered": any(line.letter not in NO_LETTER for line in found.lines),
        "doubtful": sorted({line.customer for line in found.lines if line.account.startswith(DOUBTFUL)}),
    }


def _warnings(found: Scan, encoding: Encoding, layout: Layout) -> list[RowError]:
    warnings = []
    if encoding.lossy:
        warnings.append(row_error("fec.replaced", encoding=encoding.name))
    if not layout.has_header:
        warnings.append(row_error("fec.no_header"))
    if layout.missing and layout.has_header:
        warnings.append(row_error("fec.optional", missing=", ".join(layout.missing)))
    unnumbered = sorted(code for code, entries in found.unnumbered.items() if entries > 1)
    if unnumbered:
        warnings.append(row_error("fec.unnumbered", journals=", ".join(unnumbered)))
    warnings.extend(_balance_warnings(found))
    nameless = Counter(line.account for line in found.lines if not line.auxiliary)
    collective = {account: count for account, count in nameless.items() if not account[3:].strip("0")}
    warnings.extend(
        row_error("fec.no_auxiliary", account=account, count=count) for account, count in collective.items()
    )
    foreign = sum(1 for line in found.lines if line.foreign.strip("0,. -"))
    if foreign:
        warnings.append(row_error("fec.currency", count=foreign))
    return warnings


def _balance_warnings(found: Scan) -> list[RowError]:
    unbalanced = found.unbalanced
    difference = sum(found.sums[entry] for entry in unbalanced)
    if difference:
        first = unbalanced[0]
        return [
            row_error("fec.unbalanced", found.first_lines[first], entry=found.names[first], debit=_euros(found.debit),
                      credit=_euros(found.credit), difference=_euros(abs(difference)))
        ]  # fmt: skip
    return [
        row_error("fec.unbalanced_entry", found.first_lines[entry], entry=found.names[entry],
                  difference=_euros(abs(found.sums[entry])))
        for entry in unbalanced
    ]  # fmt: skip


def _euros(cents: int) -> str:
    return decimal_string(cents, CURRENCY)
