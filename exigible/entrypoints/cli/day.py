"""exigible run, actions and balance: the day of a creditor, its worklist, its aged balance."""

import json
import sys
from argparse import Namespace, _SubParsersAction
from typing import Any

from exigible.entrypoints.cli.books import add_books_options, creditors_of, moment_of, open_books
from exigible.entrypoints.cli.parser import Parser


def add_commands(commands: "_SubParsersAction[Parser]") -> None:
    """Register the commands of the day."""
    run = commands.add_parser("run", help="run the day: decide, write, and send what may leave")
    add_books_options(run)
    run.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
    run.set_defaults(handle=run_the_day)
    actions = commands.add_parser("actions", help="the worklist, in the order of the screen")
    add_books_options(actions)
    actions.set_defaults(handle=show_actions)
    balance = commands.add_parser("balance", help="the aged balance on any date")
    add_books_options(balance, date_option="--as-of", needs_creditor=True)
    balance.add_argument("--currency", default="", metavar="EUR", help="the creditor's own by default")
    balance.add_argument("--xlsx", metavar="FILE", help="write it as a workbook")
    balance.set_defaults(handle=show_balance)


def run_the_day(arguments: Namespace) -> int:
    """Run the day of one creditor or of all: 1 when something failed."""
    open_books()
    from exigible.entrypoints.cli.day_report import added_up, day_of, lines_of

    reports = []
    for creditor in creditors_of(arguments):
        today, at = moment_of(creditor, arguments.date)
        reports.append(day_of(creditor, today, at, dry_run=arguments.dry_run))
    report = added_up(reports)
    _show(arguments, report, lines_of(report))
    for failure in report["failed"]:
        print(f"{failure['customer']}: {failure['because']}", file=sys.stderr)
    return 1 if report["failed"] else 0


def show_actions(arguments: Namespace) -> int:
    """Print what waits for a person or was decided for the day."""
    open_books()
    from exigible.entrypoints.cli.day_report import action_lines, worklist_of

    found: list[dict[str, Any]] = []
    for creditor in creditors_of(arguments):
        today, _at = moment_of(creditor, arguments.date)
        found += worklist_of(creditor, today)
    _show(arguments, found, action_lines(found) or ["Nothing waits."])
    return 0


def show_balance(arguments: Namespace) -> int:
    """Print the aged balance of one creditor in one currency, or write it as a workbook."""
    open_books()
    from exigible.books.ledger.accruals import accrued_to
    from exigible.books.policies.law import law_book_of
    from exigible.core.money import decimal_string
    from exigible.features.customers.balance import balance_json
    from exigible.features.customers.balance_sheet import write_balance_xlsx

    (creditor,) = creditors_of(arguments)
    as_of, _at = moment_of(creditor, arguments.date)
    currency = (arguments.currency or creditor.currency).upper()
    if arguments.xlsx:
        write_balance_xlsx(arguments.xlsx, creditor, as_of, currency, creditor.language)
    report = balance_json(creditor, as_of, currency)
    if arguments.date is None:  # of what is open now: of another day it would be another set of invoices
        found, own = accrued_to(creditor, as_of), law_book_of(creditor).currency
        amounts = {"interest": found.interest_minor, "indemnity": found.indemnity_minor}
        report["accrued"] = {name: decimal_string(minor, own) for name, minor in amounts.items()} | {"currency": own}
    _show(arguments, report, _balance_lines(report))
    return 0


def _balance_lines(report: dict[str, Any]) -> list[str]:
    columns = [*report["buckets"], "unallocated", "total"]
    rows = [
        ["customer", *columns],
        *([row["customer"], *(row[name] for name in columns)] for row in report["rows"]),
        [report["currency"], *(report["total"][name] for name in columns)],
    ]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if rank else cell.ljust(width)
            for rank, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    lines += [f"also {other['total']} {other['currency']}" for other in report["other_currencies"]]
    if accrued := report.get("accrued"):
        told = f"accrued on what is late: {accrued['interest']} of interest, {accrued['indemnity']} of indemnities"
        lines.append(f"{told}, {accrued['currency']}")
    return lines


def _show(arguments: Namespace, report: object, lines: list[str]) -> None:
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        print("\n".join(lines))
