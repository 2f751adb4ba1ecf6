"""The command line: finds the command's module, runs it, and turns every "no" into one sentence and a status."""

import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec

from exigible.common.errors import Refused
from exigible.entrypoints.cli.parser import Handler, Parser, UsageError

# Which module holds a command, so that only that one is imported; each has add_commands(subparsers).
MODULES = {
    "law": ("law",),
    "analyse": ("analyse",),
    "files": ("inspect",),
    "importing": ("import",),
    "matching": ("match",),
    "day": ("run", "actions", "balance", "kpi", "predict", "replay", "evidence", "verify"),
    "house": ("demo", "serve", "worker", "check", "backup", "restore", "export"),
}
DONE, REFUSED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0 done, 1 done in part or refused by a rule, 2 wrong usage (cli contract)."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _run(words)
        sys.stdout.flush()
    except UsageError as fault:
        return _say(str(fault), WRONG_USAGE)
    except BrokenPipeError:
        # Whoever read our output has read enough; nothing may be written at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as fault:
        if fault.filename is None:
            raise
        return _refuse(f"{fault.filename}: {fault.strerror}.", words)
    except (Refused, ValueError) as fault:
        return _refuse(str(fault), words)
    return status


def build_parser(modules: Iterable[str]) -> Parser:
    """The parser of the commands that these modules hold; a module that does not exist yet adds none."""
    parser = Parser(prog="exigible", description="Collects unpaid invoices.", allow_abbrev=False)
    commands = parser.add_subparsers(title="commands", metavar="command", dest="command")
    for name in modules:
        path = f"{__name__}.{name}"
        if find_spec(path):
            import_module(path).add_commands(commands)
    return parser


def _run(words: list[str]) -> int:
    holders = [module for module, commands in MODULES.items() if words and words[0] in commands]
    parser = build_parser(holders or MODULES)
    try:
        arguments = parser.parse_args(words)
    except SystemExit as leaving:  # argparse leaves this way after --help
        return int(leaving.code or DONE)
    return _handler(parser, arguments)(arguments)


def _handler(parser: Parser, arguments: Namespace) -> Handler:
    handle: Handler | None = getattr(arguments, "handle", None)
    if handle is None:
        within = f" {arguments.command}" if arguments.command else ""
        raise UsageError(f"exigible{within}: say which command to run (see exigible{within} --help).")
    return handle


def _refuse(sentence: str, words: Sequence[str]) -> int:
    if "--json" in words:
        print(json.dumps({"refused": [{"reason": sentence}]}, ensure_ascii=False))
    return _say(sentence, REFUSED)


def _say(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status
