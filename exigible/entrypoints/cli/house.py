"""exigible demo, serve, worker and check: the house itself."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction

from exigible.entrypoints.cli.books import add_books_options, creditors_of, open_books
from exigible.entrypoints.cli.parser import Parser, UsageError

PORT = 8000


def add_commands(commands: "_SubParsersAction[Parser]") -> None:
    """Register the commands of the house."""
    demo = commands.add_parser(
        "demo", help="fill the demonstration, or your own ledger, and serve it", allow_abbrev=False
    )
    demo.add_argument("--ledger", metavar="FILE", help="your own FEC or table instead of the invented company")
    demo.add_argument("--no-serve", action="store_true", help="only fill the books")
    _add_address(demo)
    demo.set_defaults(handle=run_demo)
    serve = commands.add_parser(
        "serve", help="the web, with the background work over the embedded database", allow_abbrev=False
    )
    _add_address(serve)
    serve.set_defaults(handle=run_serve)
    worker = commands.add_parser("worker", help="background work only, over PostgreSQL; any number", allow_abbrev=False)
    worker.add_argument("--concurrency", type=int, default=1, metavar="N", help="jobs at a time (1)")
    worker.set_defaults(handle=run_worker)
    check = commands.add_parser("check", help="every invariant of the books and the journal, on real data")
    add_books_options(check)
    check.set_defaults(handle=run_check)


def _add_address(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=port_number, default=PORT, metavar="N", help=f"the port to listen on ({PORT})")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="the address to listen on (127.0.0.1)")


def port_number(text: str) -> int:
    """A port between 1 and 65535."""
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ArgumentTypeError(f"'{text}' is not a port: give a number from 1 to 65535")
    return int(text)


def run_demo(arguments: Namespace) -> int:
    """Fill the books unless they are filled already, run the day, print the worklist, and serve it."""
    _prepare_address(arguments, unless=arguments.no_serve)
    open_books()
    from exigible.entrypoints.cli.filling import fill_from_ledger, fill_the_demonstration, show_worklist

    creditor = fill_from_ledger(arguments.ledger) if arguments.ledger else fill_the_demonstration()
    show_worklist(creditor)
    if arguments.no_serve:
        return 0
    from exigible.entrypoints.cli.serving import serve

    return serve(arguments.host, arguments.port, creditor)


def run_serve(arguments: Namespace) -> int:
    """Serve until told to stop."""
    _prepare_address(arguments)
    open_books()
    from exigible.entrypoints.cli.serving import serve

    return serve(arguments.host, arguments.port)


def run_worker(arguments: Namespace) -> int:
    """Work until told to stop. UsageError over the embedded database, whose web process works by itself."""
    open_books()
    from django.conf import settings

    if not settings.ON_POSTGRESQL:
        raise UsageError(
            "A worker needs PostgreSQL: set DATABASE_URL. Over the embedded database exigible serve works by itself."
        )
    from exigible.entrypoints.engine.postgresql import work

    work(max(1, arguments.concurrency))
    return 0


def run_check(arguments: Namespace) -> int:
    """Print each invariant that does not hold: 1 when there is one."""
    import json

    open_books()
    from exigible.invariants import broken

    found = 0
    told: list[dict[str, str]] = []
    for creditor in creditors_of(arguments):
        for sentence in broken(creditor, arguments.date):
            found += 1
            if arguments.json:
                told.append({"creditor": creditor.name, "broken": sentence})
            else:
                print(f"{creditor.name}: {sentence}", flush=True)
    if arguments.json:
        print(json.dumps({"broken": told}, ensure_ascii=False))
    elif not found:
        print("Every invariant holds.")
    return 1 if found else 0


def _prepare_address(arguments: Namespace, *, unless: bool = False) -> None:
    """Give the port to the settings before they are read, and see early that nobody listens on it."""
    os.environ.setdefault("EXIGIBLE_URL", f"http://localhost:{arguments.port}")
    if unless:
        return
    import socket

    family = socket.AF_INET6 if ":" in arguments.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((arguments.host, arguments.port))
        except OSError:
            free = arguments.port + 1
            raise UsageError(
                f"Port {arguments.port} is taken by another program: stop it, or choose another, as in make run PORT={free}."
            ) from None
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
