"""exigible law interest and rates: what lateness costs, and the dated rates behind it."""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from exigible.core.law.book import LawBook, Rate, law_book
from exigible.core.law.imputation import ORDERS
from exigible.core.law.interest import exact_string
from exigible.core.law.rates import DEBTORS
from exigible.core.law.statement import Claim, Statement, state_claim
from exigible.core.law.years import check_year
from exigible.core.money import decimal_string
from exigible.entrypoints.cli.parser import UsageError, cents, day, paid, percent
from exigible.entrypoints.cli.showing import add_common, as_json, columns, notes

DATES = ("due", "until", "notice", "judgment", "insolvent", "completed", "request_received")
BUYERS = ("state", "local", "hospital", "army_health", "public_enterprise")


def add_interest(parser: ArgumentParser) -> None:
    """The options of `exigible law interest`."""
    add = parser.add_argument
    add("--debtor", required=True, choices=DEBTORS, help="the kind of debtor")
    add("--amount", required=True, type=cents, help="total with VAT, like 10000.00")
    add("--due", type=day, help="the due date")
    add("--until", required=True, type=day, help="the day of payment or of the statement, counted")
    add("--creditor-kind", choices=("business", "individual"), default="business", help="chooses the legal series")
    add("--rate", type=percent, help="the contract's rate, percent a year")
    add("--notice", type=day, help="the day the formal notice was received")
    add("--payment", type=paid, nargs="+", action="extend", default=[], metavar="D=AMOUNT", help="a part payment")
    add("--costs", type=cents, help="the recovery costs proved")
    add("--imputation", choices=tuple(ORDERS), help="what a payment settles first; by default the legal order")
    add("--judgment", type=day, help="the day the decision became enforceable")
    add("--capitalise", action="store_true", help="add each full year's interest to the base")
    add("--insolvent", type=day, help="the day of the opening judgment")
    add("--completed", type=day, help="the day the goods were delivered or the service done")
    add("--buyer", choices=BUYERS, help="the kind of public buyer")
    add("--request-received", type=day, help="the day the public buyer received the payment request")
    add_common(parser)
    parser.set_defaults(handle=show_interest)


def add_rates(parser: ArgumentParser) -> None:
    """The options of `exigible law rates`."""
    parser.add_argument("--series", required=True, help="ecb_mro, fr_legal_particulier or fr_legal_autres")
    parser.add_argument("--on", type=day, help="only the rate in force on this day")
    add_common(parser)
    parser.set_defaults(handle=show_rates)


def show_interest(arguments: Namespace) -> int:
    """Print the statement of one claim."""
    _check_start(arguments)
    for one in (getattr(arguments, name) for name in DATES):
        check_year(one or arguments.until, "a claim")
    book = law_book(arguments.country)
    statement = state_claim(book, _claim_of(arguments), arguments.imputation)
    shown = Shown(book.currency)
    print(as_json(shown.interest(statement, arguments)) if arguments.json else shown.interest_table(statement))
    return 0


def show_rates(arguments: Namespace) -> int:
    """Print a series, or its one rate on a day."""
    book, series = law_book(arguments.country), arguments.series
    if series not in book.series:
        raise UsageError(f"exigible law rates: --series must be one of {', '.join(book.series)}, not '{series}'.")
    rows = book.series[series] if arguments.on is None else (book.rate(series, arguments.on),)
    told = {
        "series": series,
        "rows": [_rate_row(row) for row in rows],
        "flags": _rate_flags(book, series, arguments.on),
    }
    if arguments.json:
        print(as_json(told))
        return 0
    table = [("from", "rate %", "confidence", "source")]
    table += [(str(row.since), rate_string(row.percent), row.confidence, row.source) for row in rows]
    print("\n".join([*columns(table, right={1}), *notes(_rate_flags(book, series, arguments.on))]))
    return 0


def _rate_row(rate: Rate) -> dict[str, str]:
    return {
        "from": rate.since.isoformat(),
        "rate": rate_string(rate.percent),
        "source": rate.source,
        "confidence": rate.confidence,
    }


def _rate_flags(book: LawBook, series: str, on: date | None) -> list[str]:
    return ["rate_not_published"] if on is not None and on > book.known_until(series) else []


def _check_start(arguments: Namespace) -> None:
    """Something must say when interest starts, and a public buyer's options belong to a public body."""
    says_start = arguments.due or arguments.judgment or (arguments.debtor == "consumer" and arguments.notice)
    requested = arguments.request_received and arguments.buyer
    if arguments.debtor != "public_body" and (arguments.buyer or arguments.request_received):
        raise UsageError("exigible law interest: --buyer and --request-received are for --debtor public_body.")
    if arguments.request_received and not arguments.buyer:
        raise UsageError(f"exigible law interest: with --request-received, say --buyer {'|'.join(BUYERS)}.")
    if not says_start and not requested:
        raise UsageError(
            "exigible law interest: say when the claim is due: --due, --judgment, a consumer's --notice,"
            " or --request-received with --buyer."
        )


def _claim_of(arguments: Namespace) -> Claim:
    return Claim(
        debtor=arguments.debtor,
        amount_minor=arguments.amount,
        until=arguments.until,
        due=arguments.due,
        payments=tuple(arguments.payment),
        contract_rate=arguments.rate,
        creditor_kind=arguments.creditor_kind,
        notice_received=arguments.notice,
        buyer=arguments.buyer,
        request_received=arguments.request_received,
        judgment=arguments.judgment,
        capitalise=arguments.capitalise,
        insolvent=arguments.insolvent,
        completed=arguments.completed,
        costs_minor=arguments.costs,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement in the words of the command line, amounts in one currency."""

    currency: str

    def money(self, minor: int) -> str:
        """Minor units as the contract's decimal string."""
        return decimal_string(minor, self.currency)

    def interest(self, statement: Statement, arguments: Namespace) -> dict[str, object]:
        """The fields of the contract, and what explains them."""
        shown: dict[str, object] = {
            "currency": self.currency,
            "due": statement.due and statement.due.isoformat(),
            "first_interest_day": statement.first_interest_day and statement.first_interest_day.isoformat(),
            "late_days": statement.late_days,
            "segments": self.segments(statement),
            "interest": self.money(statement.interest_minor),
            "indemnity": self.money(statement.indemnity_minor),
            "principal": self.money(statement.principal_minor),
            "balance": self.money(statement.balance_minor),
            "overpaid": self.money(statement.overpaid_minor),
            "accrued": {
                "interest": self.money(statement.accrued_interest_minor),
                "indemnity": self.money(statement.accrued_indemnity_minor),
            },
            "payments": self.payments(statement),
            "flags": list(statement.flags),
            "articles": list(statement.articles),
        }
        if arguments.costs is not None:
            complement = self.money(statement.accrued_complement_minor)
            shown["costs"] = {"proved": self.money(arguments.costs), "complement": complement}
        if statement.alternatives:
            shown["alternatives"] = [
                {
                    "rule": reading.rule,
                    "rate": rate_string(reading.rates[0]),
                    "rates": [rate_string(rate) for rate in reading.rates],
                    "interest": self.money(reading.interest_minor),
                }
                for reading in statement.alternatives
            ]
        return shown

    def segments(self, statement: Statement) -> list[dict[str, object]]:
        """Days, base, rate and exact interest of each segment."""
        return [
            {
                "from": part.first.isoformat(),
                "to": part.last.isoformat(),
                "days": part.days,
                "base": self.money(part.base_minor),
                "rate": rate_string(part.rate),
                "interest": exact_string(part.interest, self.currency),
                "article": part.article,
            }
            for part in statement.segments
        ]

    def payments(self, statement: Statement) -> list[dict[str, str]]:
        """What each payment settled, in the order of imputation asked for."""
        return [
            {
                "date": paid.day.isoformat(),
                "amount": self.money(paid.amount_minor),
                "interest": self.money(paid.interest_minor),
                "costs": self.money(paid.costs_minor),
                "principal": self.money(paid.principal_minor),
                "overpaid": self.money(paid.overpaid_minor),
            }
            for paid in statement.settled
        ]

    def interest_table(self, statement: Statement) -> str:
        """The same for a reader: segments, what payments settled, the sum."""
        lines: list[str] = []
        for rows, right in ((self.segments(statement), {2, 3, 4, 5}), (self.payments(statement), {1, 2, 3, 4, 5})):
            if rows:
                cells = [tuple(str(cell) for cell in row.values()) for row in rows]
                lines += [*columns([tuple(rows[0]), *cells], right), ""]
        heads = [
            ("late days", str(statement.late_days)),
            ("principal", self.money(statement.principal_minor)),
            ("interest", self.money(statement.interest_minor)),
            ("indemnity", self.money(statement.indemnity_minor)),
            ("further costs", self.money(statement.complement_minor)),
            (f"balance {self.currency}", self.money(statement.balance_minor)),
        ]
        for reading in statement.alternatives:
            heads.append((f"interest, {reading.rule} rate", self.money(reading.interest_minor)))
        lines += columns(heads, {1})
        return "\n".join([*lines, *(f"article: {article}" for article in statement.articles), *notes(statement.flags)])


def rate_string(rate: Decimal) -> str:
    """Percent a year with two decimals, more only where they matter."""
    shown = rate.quantize(Decimal("0.01"))
    return str(shown) if shown == rate else format(rate.normalize(), "f")
