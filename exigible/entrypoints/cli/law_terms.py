"""exigible law terms: the last due date that the law allows for an invoice."""

from argparse import ArgumentParser, Namespace

from exigible.core.law.book import law_book
from exigible.core.law.terms import METHODS, LongestTerm, is_beyond_law, longest_term
from exigible.entrypoints.cli.parser import day
from exigible.entrypoints.cli.showing import add_common, as_json, caution, columns, plain


def add_terms(parser: ArgumentParser) -> None:
    """The options of `exigible law terms`."""
    add = parser.add_argument
    add("--issued", required=True, type=day, help="the date of the invoice")
    add("--received", type=day, help="the day the goods, the service or the public buyer's request were received")
    add("--agreed", choices=METHODS, help="how the contract counts; left out, no term was agreed")
    add("--sector", help="a sector with terms of its own, like transport or perishable")
    add("--buyer", help="the kind of public buyer, like state or hospital")
    add("--periodic", action="store_true", help="one invoice for the deliveries of a period")
    add("--due", type=day, help="the due date on the invoice, to compare")
    add_common(parser)
    parser.set_defaults(handle=show_terms)


def show_terms(arguments: Namespace) -> int:
    """Print the longest lawful term, and whether a due date is beyond the law."""
    book = law_book(arguments.country)
    names = ("received", "agreed", "sector", "buyer", "periodic")
    facts = {name: getattr(arguments, name) for name in names}
    found = longest_term(book, arguments.issued, **facts)
    beyond = is_beyond_law(book, arguments.due, arguments.issued, **facts) if arguments.due else None
    print(as_json(_fields(found, beyond)) if arguments.json else _text(found, beyond))
    return 0


def _fields(found: LongestTerm, beyond: bool | None) -> dict[str, object]:
    told: dict[str, object] = {
        "last_due": found.last_due,
        "rule": found.rule,
        "counted_from": found.counted_from,
        "from": found.from_on,
        "article": found.article,
        "confidence": found.confidence,
    }
    return told if beyond is None else told | {"is_beyond_law": beyond}


def _text(found: LongestTerm, beyond: bool | None) -> str:
    heads = [
        ("last lawful due date", str(found.last_due)),
        ("counted from", f"{found.from_on} ({plain(found.counted_from)})"),
    ]
    if beyond is not None:
        heads.append(("the due date given", "is beyond the law" if beyond else "is lawful"))
    return "\n".join([*columns(heads), f"article: {found.article}", *caution(found.confidence)])
