"""Which rate runs on which days: default, contract, frozen and legal rates, cut into periods of one rate."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from exigible.core.dates import add_months
from exigible.core.law.book import LawBook, LawError
from exigible.core.law.periods import next_cut, next_period, period_start
from exigible.core.money import ROUNDINGS, Rounding

_ONE_DAY = timedelta(days=1)
DEBTORS = ("business", "consumer", "public_body", "unknown")
# Rates are compared and summed as whole ten-thousandths of a percent, so that no division rounds before the end.
RATE_UNIT = Decimal("0.0001")
UNITS_PER_PERCENT = 10_000


class RatePeriod(NamedTuple):
    """Days, both included, that bear one rate (percent a year), with the article that sets it."""

    first: date
    last: date
    rate: Decimal
    article: str
    flags: tuple[str, ...] = ()


class RateChoice(NamedTuple):
    """One lawful reading of the rate over a period: its rule (default, contract, floor...) and its periods."""

    rule: str
    periods: tuple[RatePeriod, ...]


class Judgment(NamedTuple):
    """What replaces the debtor's own regime after a decision: the day it became enforceable, who was awarded."""

    enforceable_on: date
    creditor_kind: str = "business"


def rate_units(rate: Decimal) -> int:
    """A rate in ten-thousandths of a percent; LawError for a negative one or one with more than four decimals."""
    units = rate / RATE_UNIT
    if not units.is_finite() or rate < 0 or rate > 1000 or units != int(units):
        raise LawError(f"The rate {rate} must be between 0 and 1000 percent a year, with at most four decimals.")
    return int(units)


def covered_from(book: LawBook, debtor: str) -> date:
    """The first day on which the book can say the debtor's rate and the floor of a clause; earlier days bear nothing."""
    begins = book.figures[f"interest.{debtor}.margin_points"][0].since
    names = [book.text(key, begins) for key in rate_keys(book, debtor, has_clause=True)]
    return max(begins, *(next_period(book, name, book.series[name][0].since - _ONE_DAY) for name in names))


def default_rate(book: LawBook, debtor: str, on: date, creditor_kind: str = "business") -> Decimal:
    """The rate without a contract clause, for the period of a day: the series on its first day, plus the margin."""
    series = book.text(series_key(book, f"interest.{debtor}", creditor_kind), on)
    start = period_start(book, series, on)
    margin = book.decimal(f"interest.{debtor}.margin_points", start if is_sliding(book, debtor) else on)
    return book.rate(series, start).percent + margin


def floor_rate(book: LawBook, debtor: str, on: date) -> Decimal:
    """The rate under which a contract clause is void, for the period of a day; none where the law knows no floor."""
    if not book.has(f"interest.{debtor}.floor_series"):
        return Decimal(0)
    series = book.text(f"interest.{debtor}.floor_series", on)
    start = period_start(book, series, on)
    return book.decimal(f"interest.{debtor}.floor_multiple", start) * book.rate(series, start).percent


def series_key(book: LawBook, key: str, creditor_kind: str = "business") -> str:
    """The figure that names the series of a regime; a creditor who is a private individual may have his own."""
    individual = f"{key}.series_individual_creditor"
    return individual if creditor_kind == "individual" and book.has(individual) else f"{key}.series"


def rate_keys(book: LawBook, debtor: str, has_clause: bool) -> tuple[str, ...]:
    """The figures that name what a debtor's rate is read from: its series and, for a clause, that of the floor."""
    floor = f"interest.{debtor}.floor_series"
    return (f"interest.{debtor}.series", *([floor] if has_clause and book.has(floor) else []))


def bears_interest(book: LawBook, debtor: str) -> bool:
    """Whether the book knows interest for this kind: an unknown kind owes neither interest nor indemnity."""
    return book.has(f"interest.{debtor}.series")


def starts_on_notice(book: LawBook, debtor: str) -> bool:
    """Whether interest waits for a formal notice (a consumer's does, C. civ. art. 1231-6)."""
    return book.figures[f"interest.{debtor}.starts"][-1].value == "notice"


def is_sliding(book: LawBook, debtor: str) -> bool:
    """Whether the rate follows each period, or stays that of the first late day."""
    return book.figures[f"interest.{debtor}.sliding"][-1].value is True


def takes_contract_rate(book: LawBook, debtor: str, on: date) -> bool:
    """Whether a clause of the contract may set this debtor's rate."""
    return book.figure(f"interest.{debtor}.contract_rate_allowed", on).value is True


def rounding_of(book: LawBook, on: date) -> Rounding:
    """How the law rounds interest to minor units, once, at the end."""
    name = book.text("interest.rounding", on)
    if name not in ROUNDINGS:
        raise LawError(f"The rounding '{name}' is not one of {', '.join(ROUNDINGS)}.")
    return ROUNDINGS[name]


def rate_choices(
    book: LawBook, debtor: str, first: date, last: date, *,
    contract_rate: Decimal | None = None, creditor_kind: str = "business", judgment: Judgment | None = None,
) -> tuple[RateChoice, ...]:  # fmt: skip
    """The readings of the rate from first to last: one, or two (floor, default) for a clause below the floor.

    After a judgment the legal rate runs, raised two months later (CMF art. L313-3): it attaches to the legal rate only.
    """
    after = tuple(_judgment_periods(book, judgment, first, last)) if judgment else ()
    own_last = min(last, judgment.enforceable_on) if judgment else last
    if first > own_last:
        return (RateChoice("judgment", after),)
    if contract_rate is not None and takes_contract_rate(book, debtor, first):
        choices = _contract_choices(book, debtor, first, own_last, contract_rate)
    else:
        choices = (RateChoice("default", tuple(_default_periods(book, debtor, first, own_last, creditor_kind))),)
    return tuple(RateChoice(choice.rule, choice.periods + after) for choice in choices)


def _default_periods(book: LawBook, debtor: str, first: date, last: date, creditor_kind: str) -> Iterator[RatePeriod]:
    key = series_key(book, f"interest.{debtor}", creditor_kind)
    article = book.article(f"interest.{debtor}.series", first)
    if not is_sliding(book, debtor):
        # The rate of the first period holds to the end: the public buyer's text freezes it (CCP art. R2192-31).
        flags = _unpublished(book, book.text(key, first), first)
        yield RatePeriod(first, last, default_rate(book, debtor, first, creditor_kind), article, flags)
        return
    for start, end in _periods(book, [key], first, last):
        rate = default_rate(book, debtor, start, creditor_kind)
        yield RatePeriod(start, end, rate, article, _unpublished(book, book.text(key, start), start))


def _contract_choices(
    book: LawBook, debtor: str, first: date, last: date, contract_rate: Decimal
) -> tuple[RateChoice, ...]:
    """The clause where it reaches the floor of the period; elsewhere what may replace it: floor or default."""
    rate_units(contract_rate)
    article = book.article(f"interest.{debtor}.series", first)
    parts: dict[str, list[RatePeriod]] = {"floor": [], "default": []}
    valid = True
    for start, end in _periods(book, rate_keys(book, debtor, has_clause=True), first, last):
        floor = floor_rate(book, debtor, start)
        flags: tuple[str, ...] = ()
        rates = {"floor": contract_rate, "default": contract_rate}
        if contract_rate < floor:
            valid = False
            rates = {"floor": floor, "default": default_rate(book, debtor, start)}
            flags = _unpublished(book, book.text(f"interest.{debtor}.floor_series", start), start)
        for rule, rate in rates.items():
            parts[rule].append(RatePeriod(start, end, rate, article, flags))
    if valid:
        return (RateChoice("contract", tuple(parts["floor"])),)
    return tuple(RateChoice(rule, tuple(periods)) for rule, periods in parts.items())


def _judgment_periods(book: LawBook, judgment: Judgment, first: date, last: date) -> Iterator[RatePeriod]:
    key = "interest.judgment"
    named = series_key(book, key, judgment.creditor_kind)
    after_months = book.number(f"{key}.increase_after_months", judgment.enforceable_on)
    raised_from = add_months(judgment.enforceable_on, after_months) + _ONE_DAY
    legal, raised = book.article(f"{key}.series", first), book.article(f"{key}.increase_points", first)
    for start, end in _periods(book, [named], max(first, judgment.enforceable_on + _ONE_DAY), last):
        series = book.text(named, start)
        rate, flags = book.rate(series, period_start(book, series, start)).percent, _unpublished(book, series, start)
        increase = book.decimal(f"{key}.increase_points", start)
        if start < raised_from:
            yield RatePeriod(start, min(end, raised_from - _ONE_DAY), rate, legal, flags)
        if end >= raised_from:
            yield RatePeriod(max(start, raised_from), end, rate + increase, raised, flags)


def _periods(book: LawBook, keys: Sequence[str], first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        following = next_cut(book, keys, first)
        yield first, min(last, following - _ONE_DAY)
        first = following


def _unpublished(book: LawBook, series: str, on: date) -> tuple[str, ...]:
    return ("rate_not_published",) if on > book.known_until(series) else ()


def cut(periods: Sequence[RatePeriod], days: Sequence[date]) -> Iterator[RatePeriod]:
    """The same periods, cut so that each of the days begins one."""
    marks = sorted(set(days))
    for period in periods:
        first = period.first
        for day in marks:
            if first < day <= period.last:
                yield period._replace(first=first, last=day - _ONE_DAY)
                first = day
        yield period._replace(first=first)
