"""exigible law limitation and deadline: the last day to sue, the end of a procedural period."""

import argparse
from argparse import ArgumentParser, Namespace
from functools import partial

from exigible.core.law.book import law_book
from exigible.core.law.deadlines import Deadline, deadline, deadline_rules
from exigible.core.law.limitation import (
    ACTIVITIES,
    Limitation,
    LimitationEvent,
    Reached,
    event_kinds,
    limitation,
)
from exigible.core.law.rates import DEBTORS
from exigible.entrypoints.cli.parser import UsageError, day
from exigible.entrypoints.cli.showing import add_common, as_json, caution, columns, plain


def add_limitation(parser: ArgumentParser) -> None:
    """The options of `exigible law limitation`."""
    add = parser.add_argument
    add("--debtor", required=True, choices=DEBTORS, help="the kind of debtor")
    add("--due", type=day, help="the due date agreed")
    add("--completed", type=day, help="the day the goods were delivered or the service done")
    add("--kind", choices=ACTIVITIES, default="services", help="what was sold; carriage of goods has its own period")
    add("--event", type=event, nargs="+", action="extend", default=[], metavar="D=KIND", help="what happened since")
    add_common(parser)
    parser.set_defaults(handle=show_limitation)


def add_deadline(parser: ArgumentParser) -> None:
    """The options of `exigible law deadline`."""
    add = parser.add_argument
    add("--rule", required=True, help="which period, like payment_order_service, opposition or insolvency_claim")
    add(
        "--from", required=True, type=day, dest="from_on", metavar="DAY", help="the day of the act with which it begins"
    )
    add("--subdivision", type=subdivision, help="the department whose own holidays count, like 57")
    add_common(parser)
    parser.set_defaults(handle=show_deadline)


def event(text: str) -> LimitationEvent:
    """An event of limitation as 2025-01-10=mediation_start."""
    on, equals, kind = text.partition("=")
    if not equals or not kind:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not an event: write its day and kind, like 2025-01-10=acknowledgement"
        )
    return LimitationEvent(day(on), kind)


def subdivision(text: str) -> str:
    """A part of the country by its short code, like 57 or 2A: a name would silently have no holidays."""
    if not (2 <= len(text) <= 3 and text.isascii() and text.isalnum()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a department: write its number, like 57")
    return text.upper()


def show_limitation(arguments: Namespace) -> int:
    """Print the last day to sue and what each event did."""
    book = law_book(arguments.country)
    kinds = event_kinds(book)
    for one in arguments.event:
        if one.kind not in kinds:
            raise UsageError(f"exigible law limitation: an --event is one of {', '.join(kinds)}, not '{one.kind}'.")
    if not (arguments.due or arguments.completed):
        raise UsageError("exigible law limitation: say when the claim arose: --due, --completed, or both.")
    told = partial(
        limitation, book, arguments.debtor, due=arguments.due, completed=arguments.completed, activity=arguments.kind
    )
    found, untouched = told(events=arguments.event), told()
    if arguments.json:
        shown = limitation_fields(found) | {"last_day_without_events": untouched.last_day}
        if arguments.completed:
            shown["alternatives"] = [reading._asdict() for reading in found.readings]
        print(as_json(shown))
    else:
        print(limitation_text(found, untouched))
    return 0


def limitation_fields(found: Limitation) -> dict[str, object]:
    """The fields of the contract."""
    return {
        "start": found.start,
        "last_day": found.last_day,
        "safe_day": found.safe_day,
        "rule": found.rule,
        "article": found.article,
        "confidence": found.confidence,
        "events": [_reached_fields(reached) for reached in found.events],
    }


def _reached_fields(reached: Reached) -> dict[str, object]:
    return {
        "date": reached.on,
        "kind": reached.kind,
        "effect": reached.rule,
        "last_day": reached.last_day,
        "article": reached.article,
    }


def limitation_text(found: Limitation, untouched: Limitation) -> str:
    """The same for a reader: the days, the readings where there are two, the events one by one."""
    heads = [("last day to sue", str(found.last_day)), ("runs from", str(found.start))]
    if found.safe_day != found.last_day:
        heads.insert(1, ("safe day", str(found.safe_day)))
    if found.events:
        heads.append(("without events", str(untouched.last_day)))
    lines = columns(heads)
    if found.events:
        rows = [(str(one.on), plain(one.kind), plain(one.rule), str(one.last_day), one.article) for one in found.events]
        lines += ["", *columns([("date", "event", "effect", "last day", "article"), *rows])]
    if len(found.readings) > 1:
        readings = [(plain(one.rule), str(one.start), str(one.last_day), one.article) for one in found.readings]
        lines += ["", *columns([("reading", "runs from", "last day", "article"), *readings])]
    return "\n".join([*lines, f"article: {found.article}", *caution(found.confidence)])


def show_deadline(arguments: Namespace) -> int:
    """Print the end of a period."""
    book = law_book(arguments.country)
    rules = deadline_rules(book)
    if arguments.rule not in rules:
        raise UsageError(f"exigible law deadline: --rule must be one of {', '.join(rules)}, not '{arguments.rule}'.")
    found = deadline(book, arguments.rule, arguments.from_on, subdivision=arguments.subdivision)
    print(as_json(deadline_fields(found)) if arguments.json else deadline_text(found))
    return 0


def deadline_fields(found: Deadline) -> dict[str, object]:
    """The fields of the contract; first_day is told where the period is a wait."""
    return {
        "rule": found.rule,
        "from": found.from_on,
        "last_day": found.last_day,
        "rolled_from": found.rolled_from,
        "first_day": found.first_day,
        "article": found.article,
        "confidence": found.confidence,
    }


def deadline_text(found: Deadline) -> str:
    """The same for a reader."""
    heads = [("last day", str(found.last_day))]
    if found.rolled_from:
        heads.append(("before the move", f"{found.rolled_from}, not a working day: act before it"))
    if found.first_day:
        heads.append(("may act from", str(found.first_day)))
    return "\n".join([*columns(heads), f"article: {found.article}", *caution(found.confidence)])
