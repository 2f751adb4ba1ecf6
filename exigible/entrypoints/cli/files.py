"""exigible inspect: what a file is and what would be read from it; writes nothing, needs no database."""

import json
import sys
from argparse import Namespace, _SubParsersAction
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exigible.core.money import decimal_string
from exigible.entrypoints.cli.parser import Parser, UsageError
from exigible.entrypoints.cli.told_bank import lines_of, told_statement, told_transactions
from exigible.entrypoints.cli.told_einvoices import line_of, told_einvoice
from exigible.entrypoints.cli.told_registers import customers_of_registers, lines_of_registers, told_registers
from exigible.entrypoints.cli.told_statuses import line_of as status_line
from exigible.entrypoints.cli.told_statuses import told_status
from exigible.formats import read
from exigible.formats.einvoice import SYNTAXES
from exigible.formats.rows import InvoiceRow, Reading
from exigible.formats.table_mapping import Mapping as TableMapping
from exigible.formats.table_mapping import mapping_from_json

LEDGER_CURRENCY = "EUR"
SHOWN_AT_MOST = 20
PARTY = {"name": None, "siren": None, "vat": None}


def add_commands(commands: "_SubParsersAction[Parser]") -> None:
    """Register the commands about files."""
    inspect = commands.add_parser("inspect", help="what a file is and what would be read from it", allow_abbrev=False)
    inspect.add_argument(
        "file", metavar="FILE", help="a FEC, a table in CSV or XLSX, electronic invoices, bank statements"
    )
    inspect.add_argument("--mapping", metavar="FILE", help="a saved mapping of a table's columns, in JSON")
    inspect.add_argument("--json", action="store_true", help="machine-readable output")
    inspect.set_defaults(handle=show_file)


def show_file(arguments: Namespace) -> int:
    """Print what a file holds: 0 all of it can be read, 1 part or nothing of it."""
    path = Path(arguments.file)
    mapping = saved_mapping(arguments.mapping) if arguments.mapping else None
    reading = read(content_of(path), path.name, mapping)
    if arguments.json:
        json.dump(told(reading), sys.stdout, ensure_ascii=False)
        print()
    else:
        print("\n".join(summary(reading, path.name)))
    complaints = [error.reason for error in [*refusals(reading), *reading.errors]]
    for sentence in complaints[:SHOWN_AT_MOST]:
        print(sentence, file=sys.stderr)
    if len(complaints) > SHOWN_AT_MOST:
        print(f"… and {len(complaints) - SHOWN_AT_MOST} more lines left out.", file=sys.stderr)
    return 1 if complaints else 0


def content_of(path: Path) -> bytes:
    """The bytes of a file named on the command line. UsageError when there is no such file."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name the file that holds the ledger.")
    if not path.exists():
        raise UsageError(f"{path} does not exist: check the name of the file.")
    return path.read_bytes()


def saved_mapping(name: str) -> TableMapping:
    """A mapping from its JSON file. UsageError says what is wrong with it."""
    try:
        value = json.loads(content_of(Path(name)))
        if not isinstance(value, dict):
            raise ValueError("a mapping is a JSON object")
        return mapping_from_json(value)
    except (ValueError, TypeError) as fault:
        raise UsageError(f"{name} is not a mapping of columns: {fault}.") from fault


def refusals(reading: Reading) -> list[Any]:
    """Why an import of the file would be refused as a whole."""
    if reading.refusal:
        return [reading.refusal]
    if reading.facts.get("balanced", True):
        return []
    return [warning for warning in reading.warnings if warning.code == "fec.unbalanced"]


def told(reading: Reading) -> dict[str, Any]:
    """The reading as the command line's contract has it."""
    settled = _settled(reading)
    buyers = {customer.key: customer for customer in reading.customers}
    answer: dict[str, Any] = {
        "format": reading.format,
        "encoding": reading.encoding or None,
        "separator": reading.separator or None,
        "invoices": [
            told_einvoice(reading.einvoices[row.source_key])
            if row.source_key in reading.einvoices
            else _invoice(row, settled[row.source_key], buyers)
            for row in reading.invoices
        ],
        "customers": [
            {"key": each.key, "name": each.name, "siren": each.siren or None, "vat": each.vat or None,
             "country": each.country or None}
            for each in [*reading.customers, *customers_of_registers(reading)]
        ],
        **told_registers(reading),
        "payments": len(reading.payments),
        "transactions": told_transactions(reading.statements),
        "statements": [told_statement(each) for each in reading.statements],
        "statuses": [told_status(each) for each in reading.statuses],
        "ledger": _ledger(reading, settled) if reading.format == "fec" and not reading.refusal else None,
        "rejected": [{"line": each.line, "field": each.field, "reason": each.reason} for each in reading.errors],
        "refused": [{"line": each.line, "reason": each.reason} for each in refusals(reading)],
        "warnings": [each.reason for each in reading.warnings],
    }  # fmt: skip
    if "mapping" in reading.facts:
        answer["mapping"] = reading.facts["mapping"]
    return answer


def _settled(reading: Reading) -> Counter[str]:
    """What is set against each claim and taken from each credit, by source key."""
    settled: Counter[str] = Counter()
    for each in reading.allocations:
        settled[each.source_key_invoice] += each.amount_minor
        settled[each.source_key_credit] += each.amount_minor
    return settled


def _invoice(row: InvoiceRow, prepaid: int, buyers: Mapping[str, Any]) -> dict[str, Any]:
    buyer, currency = buyers[row.customer_key], row.currency
    tax = None if row.net_minor is None else decimal_string(row.total_minor - row.net_minor, currency)
    return {
        "number": row.number,
        "kind": row.kind,
        "origin": row.origin,
        "issue_date": row.issued.isoformat(),
        "due_date": row.due.isoformat() if row.due else None,
        "currency": currency,
        "net": None if row.net_minor is None else decimal_string(row.net_minor, currency),
        "tax": tax,
        "total": decimal_string(row.total_minor, currency),
        "prepaid": decimal_string(prepaid, currency),
        "payable": decimal_string(row.total_minor - prepaid, currency),
        "seller": PARTY,
        "buyer": {"name": buyer.name, "siren": buyer.siren or None, "vat": buyer.vat or None,
                  "country": buyer.country or None},
        "missing_mentions": [],
        "line": row.line,
    }  # fmt: skip


def _ledger(reading: Reading, settled: Counter[str]) -> dict[str, Any]:
    facts: Any = reading.facts
    claims = [row for row in reading.invoices if row.kind != "credit_note"]
    credits = [row for row in reading.invoices if row.kind == "credit_note"]
    left = sum(row.total_minor - settled[row.source_key] for row in credits)
    left += sum(row.amount_minor - settled[row.source_key] for row in reading.payments)
    return {
        "currency": LEDGER_CURRENCY,
        "lines": facts["lines"],
        "entries": facts["entries"],
        "debit": _euros(facts["debit"]),
        "credit": _euros(facts["credit"]),
        "balanced": facts["balanced"],
        "customers": len(reading.customers),
        "open_items": sum(row.total_minor > settled[row.source_key] for row in claims),
        "unallocated_credits": _euros(left),
        "receivable_balance": _euros(facts["receivable_balance"]),
        "accounts": {account: _euros(balance) for account, balance in facts["accounts"].items()},
        "presumed_allocations": sum(each.presumed for each in reading.allocations),
        "unbalanced_entries": [
            {**entry, "difference": _euros(entry["difference"])} for entry in facts["unbalanced_entries"]
        ],
    }


def _euros(cents: int) -> str:
    return decimal_string(cents, LEDGER_CURRENCY)


def summary(reading: Reading, name: str) -> list[str]:
    """The reading for a person."""
    told_so_far = [f"{name}: {reading.format}" + (f", {reading.encoding}" if reading.encoding else "")]
    if reading.refusal:
        return told_so_far
    if reading.format in ("register", "bodacc"):
        return [*told_so_far, *lines_of_registers(reading)[:SHOWN_AT_MOST], *_closing_lines(reading)]
    if reading.statuses:
        return [*told_so_far, *map(status_line, reading.statuses[:SHOWN_AT_MOST]), *_closing_lines(reading)]
    if reading.statements:
        return [*told_so_far, *lines_of(reading.statements)[:SHOWN_AT_MOST], *_closing_lines(reading)]
    told_so_far.append(
        f"{len(reading.customers)} customers, {len(reading.invoices)} invoices and credit notes, "
        f"{len(reading.payments)} payments, {len(reading.allocations)} allocations"
    )
    if reading.format == "fec":
        ledger = _ledger(reading, _settled(reading))
        told_so_far += [
            f"{ledger['entries']} entries; debit {ledger['debit']}, credit {ledger['credit']} EUR",
            f"{ledger['open_items']} open invoices; customers owe {ledger['receivable_balance']} EUR "
            f"(unallocated credits {ledger['unallocated_credits']} EUR)",
        ]
    told_so_far += [line_of(each) for each in list(reading.einvoices.values())[:SHOWN_AT_MOST]]
    totals: Counter[str] = Counter()
    for row in reading.invoices if reading.format in ("table", *SYNTAXES) else []:
        totals[row.currency] += row.signed_minor
    told_so_far += [f"total {decimal_string(total, currency)} {currency}" for currency, total in sorted(totals.items())]
    return told_so_far + _closing_lines(reading)


def _closing_lines(reading: Reading) -> list[str]:
    """What to know besides: the warnings, and how much was left out."""
    left_out = [f"{len(reading.errors)} lines left out"] if reading.errors else []
    return [f"warning: {each.reason}" for each in reading.warnings[:SHOWN_AT_MOST]] + left_out
