"""exigible analyse: one claim from its facts, or from an electronic invoice; no set-up, no database, nothing kept."""

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from datetime import date
from pathlib import Path
from typing import Any

from exigible.common.clock import today
from exigible.core.law.book import law_book
from exigible.core.law.procedures import PIECES
from exigible.core.law.rates import DEBTORS
from exigible.entrypoints.cli.parser import Parser, UsageError, cents, day, paid, percent
from exigible.features.analysis.analyse import Analysis, analyse
from exigible.features.analysis.facts import ClaimFacts
from exigible.features.analysis.report import report
from exigible.features.analysis.told import told

TIME_ZONE = "Europe/Paris"
BUYERS = ("state", "local", "hospital", "army_health", "public_enterprise")


def add_commands(commands: "_SubParsersAction[Parser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "analyse", help="one claim: what is owed, until when, what to do; no set-up", allow_abbrev=False
    )
    add = parser.add_argument
    add("--debtor", required=True, choices=DEBTORS, help="the kind of debtor")
    add("--amount", required=True, type=cents, help="invoice total with VAT, like 10000.00")
    add("--due", type=day, help="the due date; a business may leave it out with --completed or --issued")
    add("--issued", type=day, help="the date of the invoice")
    add("--completed", type=day, help="the day the goods were delivered or the service done")
    add("--paid", type=paid, nargs="+", action="extend", default=[], metavar="D=A", help="a payment received")
    add("--has", type=_pieces, default=frozenset({"invoice"}), metavar="LIST", help=f"documents: {', '.join(PIECES)}")
    add("--number", default="", help="the invoice's number")
    _add_more(parser)
    parser.set_defaults(handle=show_analysis)


def _add_more(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--kind", choices=("services", "transport"), default="services", help="what was sold")
    add("--rate", type=percent, help="the contract's late-payment rate, percent a year")
    add("--notice", type=day, help="the day the formal notice was received")
    add("--acknowledged", type=day, help="the day of a written acknowledgement of the debt")
    add("--creditor-kind", choices=("business", "individual"), default="business", help="chooses the legal series")
    add("--buyer", choices=BUYERS, help="the kind of public buyer")
    add("--postcode", default="", help="the debtor's postcode, for the court")
    add("--country", default="FR", help="the debtor's country")
    add("--traders", choices=("yes", "no"), help="whether both parties are traders")
    add("--disputed", action="store_true", help="the debtor disputes the claim")
    add("--insolvent", type=day, help="the day of the opening judgment")
    add("--date", "--as-of", dest="date", type=day, help="the day of the analysis; today by default")
    add("--language", choices=("fr", "en"), default="fr", help="of the text and of the PDF")
    add("-o", "--output", metavar="FILE.pdf", help="write the report as a PDF")
    add("--json", action="store_true", help="machine-readable output")


def show_analysis(arguments: Namespace) -> int:
    """Print the analysis of one claim, or write it as a PDF."""
    if arguments.output and not arguments.output.lower().endswith(".pdf"):
        raise UsageError("exigible analyse: -o writes a PDF: give a file name that ends with .pdf.")
    on: date = arguments.date or today(TIME_ZONE)
    found = analyse(law_book("FR"), _facts(arguments), on)
    shown = told(found)
    if arguments.output:
        _write(found, arguments.language, Path(arguments.output))
        shown["written"] = arguments.output
    if arguments.json:
        print(json.dumps(shown, ensure_ascii=False))
    elif arguments.output:
        print(arguments.output)
    else:
        print(_text(report(found, arguments.language)))
    return 0


def _facts(arguments: Namespace) -> ClaimFacts:
    return ClaimFacts(
        debtor=arguments.debtor,
        amount_minor=arguments.amount,
        due=arguments.due,
        issued=arguments.issued,
        completed=arguments.completed,
        activity=arguments.kind,
        payments=tuple(arguments.paid),
        has=arguments.has,
        contract_rate=arguments.rate,
        creditor_kind=arguments.creditor_kind,
        notice_received=arguments.notice,
        acknowledged=arguments.acknowledged,
        disputed=arguments.disputed,
        insolvent=arguments.insolvent,
        both_traders={"yes": True, "no": False}.get(arguments.traders),
        postcode=arguments.postcode,
        country=arguments.country.upper(),
        buyer=arguments.buyer,
        number=arguments.number,
    )


def _pieces(text: str) -> frozenset[str]:
    """Documents separated by commas."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in PIECES]:
        raise ArgumentTypeError(f"'{unknown[0]}' is not a document: choose among {', '.join(PIECES)}")
    return frozenset(names)


def _write(found: Analysis, language: str, path: Path) -> None:
    from exigible.features.analysis.paper import report_pdf  # Typst is loaded only where a PDF is asked for

    path.write_bytes(report_pdf(found, language))


def _text(shown: dict[str, Any]) -> str:
    """The main of the report for a terminal: the sum, the lines, the day, the steps, the ways."""
    head, colon = shown["headline"], "\u00a0:" if shown["language"] == "fr" else ":"
    lines = [shown["subject"], "", f"{head['amount']} {head['label']}"]
    lines += [head["parts"]] if head["parts"] else []
    lines += [f"{fact['label'] + colon} {fact['value']} {fact['note']}".rstrip() for fact in head["facts"]]
    rows = [(row["label"], row["amount"]) for row in shown["owed"]["rows"]]
    width = max(len(label) for label, _amount in rows)
    lines += ["", *(f"{label.ljust(width)}  {amount:>16}".rstrip() for label, amount in rows), ""]
    lines += [f"{rank}. {step['title']} {step['by']}".rstrip() for rank, step in enumerate(shown["steps"], 1)]
    lines += ["", shown["file"]["summary"], ""]
    for way in shown["ways"]["open"]:
        lines.append(
            f"+ {way['name'] + colon} {way['cost']}, {way['delay']}, {shown['worth']['results'][way['key']]['expected']}"
        )
    lines += [f"- {way['name'] + colon} {way['because']}" for way in shown["ways"]["closed"]]
    return "\n".join([*lines, "", shown["caveat"]])
