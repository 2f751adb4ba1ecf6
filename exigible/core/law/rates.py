"""Which rate runs on which days: default, contract, frozen and legal rates, cut into periods of one rate."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from exigible.core.dates import add_months
from exigible.core.law.book import LawBook, LawError

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


def semester_start(day: date) -> date:
    """1 January or 1 July at or before the day: where rates of default are cut (C. com. art. L441-10 II)."""
    return date(day.year, 7 if day.month > 6 else 1, 1)


def next_semester(day: date) -> date:
    """The first day of the semester after the day's own."""
    return date(day.year, 7, 1) if day.month <= 6 else date(day.year + 1, 1, 1)


def covered_from(book: LawBook, debtor: str) -> date:
    """The first day on which the book can say the debtor's rate; earlier days bear nothing."""
    key = f"interest.{debtor}"
    begins = book.figures[f"{key}.margin_points"][0].since
    series = book.series[book.text(f"{key}.series", begins)][0].since
    return max(begins, series if series == semester_start(series) else next_semester(series))


def default_rate(book: LawBook, debtor: str, on: date, creditor_kind: str = "business") -> Decimal:
    """The rate without a contract clause, for the semester of a day: the series on its first day, plus the margin."""
    start = semester_start(on)
    margin = book.decimal(f"interest.{debtor}.margin_points", start if is_sliding(book, debtor) else on)
    return book.rate(series_of(book, f"interest.{debtor}", on, creditor_kind), start).percent + margin


def floor_rate(book: LawBook, debtor: str, on: date) -> Decimal:
    """The rate under which a contract clause is void, for the semester of a day."""
    start = semester_start(on)
    series = book.text(f"interest.{debtor}.floor_series", start)
    return book.decimal(f"interest.{debtor}.floor_multiple", start) * book.rate(series, start).percent


def series_of(book: LawBook, key: str, on: date, creditor_kind: str) -> str:
    """The series of a regime; a creditor who is a private individual may have his own."""
    individual = f"{key}.series_individual_creditor"
    return book.text(individual if creditor_kind == "individual" and book.has(individual) else f"{key}.series", on)


def bears_interest(book: LawBook, debtor: str) -> bool:
    """Whether the book knows interest for this kind: an unknown kind owes neither interest nor indemnity."""
    return book.has(f"interest.{debtor}.series")


def starts_on_notice(book: LawBook, debtor: str) -> bool:
    """Whether interest waits for a formal notice (a consumer's does, C. civ. art. 1231-6)."""
    return book.figures[f"interest.{debtor}.starts"][-1].value == "notice"


def is_sliding(book: LawBook, debtor: str) -> bool:
    """Whether the rate follows each half-year, or stays that of the first late day."""
    return book.figures[f"interest.{debtor}.sliding"][-1].value is True


def takes_contract_rate(book: LawBook, debtor: str, on: date) -> bool:
    """Whether a clause of the contract may set this debtor's rate."""
    return book.figure(f"interest.{debtor}.contract_rate_allowed", on).value is True


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
    key = f"interest.{debtor}"
    article, series = book.article(f"{key}.series", first), series_of(book, key, first, creditor_kind)
    if not is_sliding(book, debtor):
        # The rate of the first semester holds to the end: the public buyer's text freezes it (CCP art. R2192-31).
        flags = _unpublished(book, series, semester_start(first))
        yield RatePeriod(first, last, default_rate(book, debtor, first, creditor_kind), article, flags)
        return
    for start, end in _semesters(first, last):
        rate = default_rate(book, debtor, start, creditor_kind)
        yield RatePeriod(start, end, rate, article, _unpublished(book, series, start))


def _contract_choices(
    book: LawBook, debtor: str, first: date, last: date, contract_rate: Decimal
) -> tuple[RateChoice, ...]:
    """The clause where it reaches the floor of the semester; elsewhere what may replace it: floor or default."""
    rate_units(contract_rate)
    article = book.article(f"interest.{debtor}.series", first)
    parts: dict[str, list[RatePeriod]] = {"floor": [], "default": []}
    valid = True
    for start, end in _semesters(first, last):
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
    after_months = book.number(f"{key}.increase_after_months", judgment.enforceable_on)
    raised_from = add_months(judgment.enforceable_on, after_months) + _ONE_DAY
    legal, raised = book.article(f"{key}.series", first), book.article(f"{key}.increase_points", first)
    for start, end in _semesters(max(first, judgment.enforceable_on + _ONE_DAY), last):
        series = series_of(book, key, start, judgment.creditor_kind)
        rate, flags = book.rate(series, semester_start(start)).percent, _unpublished(book, series, start)
        increase = book.decimal(f"{key}.increase_points", start)
        if start < raised_from:
            yield RatePeriod(start, min(end, raised_from - _ONE_DAY), rate, legal, flags)
        if end >= raised_from:
            yield RatePeriod(max(start, raised_from), end, rate + increase, raised, flags)


def _semesters(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        following = next_semester(first)
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
