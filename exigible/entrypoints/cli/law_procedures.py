"""exigible law procedures: which ways lie open for a claim, before which court, with which pieces, cost and delay."""

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import date

from exigible.common.clock import today
from exigible.core.law.book import LawBook, law_book
from exigible.core.law.limitation import limitation
from exigible.core.law.procedure_words import say, source, way_name, word
from exigible.core.law.procedures import PIECES, Court, Facts, Range, Way, ways
from exigible.core.law.rates import DEBTORS
from exigible.core.money import decimal_string
from exigible.entrypoints.cli.parser import UsageError, cents, day
from exigible.entrypoints.cli.showing import as_json

BUYERS = ("state", "local", "hospital", "army_health", "public_enterprise")
TIME_ZONE = "Europe/Paris"
LANGUAGE = "en"


def add_procedures(parser: ArgumentParser) -> None:
    """The options of `exigible law procedures`."""
    add = parser.add_argument
    add("--debtor", required=True, choices=DEBTORS, help="the kind of debtor")
    add("--amount", required=True, type=cents, help="principal still owed, with VAT, like 10000.00")
    add("--due", required=True, type=day, help="the due date")
    add("--postcode", default="", help="the debtor's postcode, for the court")
    add("--country", type=country, default="FR", help="the debtor's country (FR)")
    _add_more(parser)
    parser.set_defaults(handle=show_procedures)


def _add_more(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--creditor-country", type=country, default="FR", help="the creditor's country (FR)")
    add("--disputed", action="store_true", help="the debtor disputes the claim")
    add("--insolvent", type=day, help="the day of the opening judgment")
    add("--traders", choices=("yes", "no"), help="whether both parties are traders")
    add("--buyer", choices=BUYERS, help="the kind of public buyer")
    add("--has", type=pieces, default=frozenset(), metavar="LIST", help=f"documents at hand: {','.join(PIECES)}")
    add("--last-day", type=day, help="the last day to sue; by default that of the due date, if nothing moved it")
    add("--date", "--as-of", dest="date", type=day, help="the day it is asked; today by default")
    add("--law", default="FR", help="whose law (FR)")
    add("--json", action="store_true", help="machine-readable output")


def country(text: str) -> str:
    """A country as two letters, like DE."""
    if len(text) != 2 or not text.isascii() or not text.isalpha():
        raise argparse.ArgumentTypeError(f"'{text}' is not a country: write its two letters, like DE")
    return text.upper()


def pieces(text: str) -> frozenset[str]:
    """Documents as order,invoice."""
    return frozenset(piece.strip() for piece in text.split(",") if piece.strip())


def show_procedures(arguments: Namespace) -> int:
    """Print the ways that lie open and those that are closed, each with its article."""
    book = law_book(arguments.law)
    if arguments.buyer and arguments.debtor != "public_body":
        raise UsageError("exigible law procedures: --buyer is for --debtor public_body.")
    facts = _facts(book, arguments)
    if facts.insolvent and facts.insolvent > facts.today:
        raise UsageError(f"exigible law procedures: --insolvent must not be after the day it is asked, {facts.today}.")
    found = ways(book, facts)
    _check_pieces(arguments.has, found)
    if arguments.json:
        told = [(way.is_open, way_fields(way, book.country, book.currency)) for way in found]
        sides = {
            "open": [each for is_open, each in told if is_open],
            "closed": [each for is_open, each in told if not is_open],
        }
        shown = {"currency": book.currency, "last_day_to_sue": facts.last_day_to_sue, **sides}
        print(as_json(shown))
        return 0
    lines = [f"last day to sue: {facts.last_day_to_sue or 'unknown'}", ""]
    lines += [line for way in found if way.is_open for line in _open_lines(way, book.country, book.currency)]
    lines += [
        f"closed  {way.name}: {say(book.country, way.because, LANGUAGE)} ({way.article})"
        for way in found
        if not way.is_open
    ]
    print("\n".join(lines))
    return 0


def _last_day(book: LawBook, arguments: Namespace) -> date | None:
    """The last day to sue that was given, else the one the due date alone gives; unknown for an unknown debtor."""
    if arguments.last_day:
        given: date = arguments.last_day
        return given
    if arguments.debtor == "unknown":
        return None
    return limitation(book, arguments.debtor, due=arguments.due).last_day


def _facts(book: LawBook, arguments: Namespace) -> Facts:
    return Facts(
        debtor=arguments.debtor,
        amount_minor=arguments.amount,
        due=arguments.due,
        today=arguments.date or today(TIME_ZONE),
        country=arguments.country,
        postcode=arguments.postcode,
        disputed=arguments.disputed,
        insolvent=arguments.insolvent,
        both_traders=None if arguments.traders is None else arguments.traders == "yes",
        creditor_country=arguments.creditor_country,
        has=arguments.has,
        buyer=arguments.buyer,
        last_day_to_sue=_last_day(book, arguments),
    )


def _check_pieces(has: frozenset[str], found: tuple[Way, ...]) -> None:
    known = dict.fromkeys([*PIECES, *(piece for way in found for piece in way.pieces)])
    if strange := sorted(has - known.keys()):
        raise UsageError(f"exigible law procedures: --has takes {', '.join(known)}, not '{strange[0]}'.")


def way_fields(way: Way, law: str, currency: str) -> dict[str, object]:
    """One way as the contract has it, and what explains it; an unknown figure is null."""
    return {
        "name": way.name,
        "title": {language: way_name(law, way.name, language) for language in ("fr", "en")},
        "because": say(law, way.because, LANGUAGE),
        "rule": way.because.rule,
        "facts": dict(way.because.facts),
        "article": way.article,
        "confidence": way.confidence,
        "court": "; ".join(court_line(court) for court in way.courts) or None,
        "courts": [court._asdict() | {"places": list(court.places)} for court in way.courts],
        "cost": {
            "low": _money(way.cost.low, currency),
            "high": _money(way.cost.high, currency),
            "source": way.cost.source,
            "confidence": way.cost.confidence,
        },
        "delay_days": way.delay_days._asdict(),
        "pieces": list(way.pieces),
        "missing": list(way.missing),
        "lawyer": way.lawyer,
        "warnings": [say(law, warning, LANGUAGE) for warning in way.warnings],
    }


def court_line(court: Court) -> str:
    """A court and its candidate places: "Tribunal de commerce: Grenoble or Vienne"."""
    return f"{court.name}: {' or '.join(court.places) or 'place to be established'}"


def _open_lines(way: Way, law: str, currency: str) -> Iterator[str]:
    yield f"open    {way.name}: {way_name(law, way.name, LANGUAGE)} ({way.article})"
    for court in way.courts:
        dated = f" ({source(law, court.source, LANGUAGE)}, {court.as_of})" if court.as_of else ""
        yield f"        court   {court_line(court)}{dated}"
    if not way.courts:
        yield "        court   none"
    yield f"        cost    {_between(way.cost, currency)}"
    yield f"        delay   {_between(way.delay_days, None)}"
    for head, listed in (("pieces", way.pieces), ("missing", way.missing if way.missing != way.pieces else ())):
        if listed:
            yield f"        {head:7} {', '.join(word(law, 'piece', piece, LANGUAGE) for piece in listed)}"
    yield f"        lawyer  {word(law, 'lawyer', way.lawyer, LANGUAGE)}"
    for warning in way.warnings:
        yield f"        note    {say(law, warning, LANGUAGE)}"
    yield ""


def _between(bounds: Range, currency: str | None) -> str:
    """A range in words, unknown where it is: amounts of a currency, or days without one."""
    low, high = (_money(end, currency) if currency else end for end in (bounds.low, bounds.high))
    unit = currency or "days"
    if not bounds.low and high is None:
        return "unknown"
    if high is None:
        return f"at least {low} {unit}, at most unknown"
    if low is None:
        return f"at most {high} {unit}"
    return f"{low} {unit}" if low == high else f"{low} to {high} {unit}"


def _money(minor: int | None, currency: str) -> str | None:
    return None if minor is None else decimal_string(minor, currency)
