"""exigible law: which module holds each of its commands; all work from the packaged law, without database or settings."""

from argparse import _SubParsersAction

from exigible.entrypoints.cli.parser import Parser

# Command: the module that fills its parser by a function add_<command>, and what it does. Only the one asked is imported.
COMMANDS = {
    "interest": ("law_interest", "interest, indemnity and balance of one invoice on a day"),
    "rates": ("law_interest", "the dated rates of a series, with their sources"),
    "limitation": ("law_days", "the last day to sue on a claim, and what moved it"),
    "deadline": ("law_days", "the end of a period that begins with an act"),
    "terms": ("law_terms", "the last due date that the law allows for an invoice"),
    "procedures": ("law_procedures", "which ways lie open for a claim, before which court, at what cost and delay"),
}


def add_commands(commands: "_SubParsersAction[Parser]") -> None:
    """Register the law commands."""
    law = commands.add_parser("law", help=f"what the law gives: {', '.join(COMMANDS)}", allow_abbrev=False)
    subcommands = law.add_subparsers(title="commands", metavar="command", dest="law_command")
    for name, (module, purpose) in COMMANDS.items():
        parser = subcommands.add_parser(name, help=purpose, allow_abbrev=False)
        parser.filled_by(f"{__package__}.{module}", f"add_{name}")
