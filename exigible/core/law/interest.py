"""Late-payment interest by segments of rate, the fixed indemnity and the costs proved beyond it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from exigible.core.law.book import LawBook
from exigible.core.law.ladders import frozen_ladder, regime_of, through
from exigible.core.law.rates import (
    UNITS_PER_PERCENT,
    RatePeriod,
    bears_interest,
    covered_from,
    cut,
    rate_choices,
    rate_units,
    rounding_of,
    starts_on_notice,
)
from exigible.core.money import minor_digits, round_half_up

_ONE_DAY = timedelta(days=1)

Payments = Sequence[tuple[date, int]]
"""What was set against one invoice: the day, and the amount in minor units."""


class Accrued(NamedTuple):
    """What lateness has cost so far: interest and fixed indemnity in minor units, and the late days."""

    interest_minor: int
    indemnity_minor: int
    late_days: int


class Segment(NamedTuple):
    """Days, both included, of one base and one rate; the interest is exact, in minor units, never rounded here."""

    first: date
    last: date
    days: int
    base_minor: int
    rate: Decimal
    interest: Fraction
    article: str


_NOTHING = Accrued(0, 0, 0)


def first_interest_day(book: LawBook, debtor: str, due: date | None, notice_received: date | None) -> date | None:
    """The first day that bears interest: the day after the due date or, where it needs one, after the formal notice.

    None for an unknown kind, or while the notice is missing (C. civ. art. 1231-6 and 1344-1 for a consumer).
    """
    if not bears_interest(book, debtor):
        return None
    if starts_on_notice(book, debtor):
        if notice_received is None:
            return None
        eve = notice_received if due is None else max(due, notice_received)
    else:
        assert due is not None, "a due date starts this debtor's interest"
        eve = due
    return max(eve + _ONE_DAY, covered_from(book, debtor))


def segment(period: RatePeriod, base_minor: int, divisor: int) -> Segment:
    """The interest of a base over one period: base x rate x days / (100 x divisor), exact."""
    days = (period.last - period.first).days + 1
    exact = Fraction(base_minor * rate_units(period.rate) * days, 100 * UNITS_PER_PERCENT * divisor)
    return Segment(period.first, period.last, days, base_minor, period.rate, exact, period.article)


def exact_interest(segments: Iterable[Segment]) -> Fraction:
    """The interest of some segments in minor units, exact."""
    return sum((part.interest for part in segments), Fraction(0))


def interest_of(book: LawBook, segments: Sequence[Segment]) -> int:
    """The interest of some segments in minor units: their exact sum, rounded once as the law rounds."""
    exact = exact_interest(segments)
    return rounding_of(book, segments[-1].last)(exact.numerator, exact.denominator) if segments else 0


def exact_string(interest: Fraction, currency: str) -> str:
    """An exact interest as shown in a derivation: four decimals beyond the cent, "99.863014"."""
    digits = minor_digits(currency) + 4
    shown = interest * 10**4
    return str(Decimal(round_half_up(shown.numerator, shown.denominator)).scaleb(-digits))


def indemnity_minor(book: LawBook, debtor: str, due: date) -> int:
    """The fixed indemnity for recovery costs of one invoice paid late, as of right, in the book's currency."""
    key = f"interest.{debtor}.indemnity"
    return book.minor(key, due + _ONE_DAY) if book.has(key) else 0


def recovers_costs(book: LawBook, debtor: str, on: date) -> bool:
    """Whether this debtor owes recovery costs on proof; a consumer's stay with the creditor (CPCE art. L111-8)."""
    key = f"interest.{debtor}.costs_on_proof"
    return book.has(key) and book.figure(key, on).value is True


def complement_minor(book: LawBook, debtor: str, due: date, costs_minor: int) -> int:
    """What proved recovery costs add to the fixed indemnity: their excess over it, where they may be claimed."""
    if not recovers_costs(book, debtor, due):
        return 0
    return max(0, costs_minor - indemnity_minor(book, debtor, due))


def derivation(
    book: LawBook, debtor: str, total_minor: int, due: date, until: date, *, payments: Payments = (),
    contract_rate: Decimal | None = None, buyer: str | None = None, notice_received: date | None = None,
) -> tuple[Segment, ...]:  # fmt: skip
    """The segments behind accrued(): the same arguments, and their sum, rounded once, is the same interest."""
    first = first_interest_day(book, debtor, due, notice_received)
    if first is None or first > until:
        return ()
    divisor = book.number("interest.day_divisor", due)
    cuts = [day + _ONE_DAY for day, _ in payments]
    choices = []
    for choice in rate_choices(book, debtor, first, until, contract_rate=contract_rate):
        parts = []
        for period in cut(choice.periods, cuts):
            base = total_minor - sum(amount for day, amount in payments if day < period.first)
            if base > 0:
                parts.append(segment(period, base, divisor))
        choices.append(tuple(parts))
    return min(choices, key=exact_interest)


def accrued(
    book: LawBook, debtor: str, total_minor: int, due: date, until: date, *, payments: Payments = (),
    contract_rate: Decimal | None = None, buyer: str | None = None, notice_received: date | None = None,
) -> Accrued:  # fmt: skip
    """Interest and indemnity of one invoice at the end of a day, principal first along the accountant's allocations.

    Made for tens of thousands of calls: whole numbers and sums prepared once per law, equal to the exact statement.
    A payment lowers the base from the day after it. A consumer owes nothing before the notice received, an unknown kind
    nothing at all. The buyer of a public body sets its terms, not its rate: it is taken so that a row passes as it is.
    """
    if total_minor <= 0 or until <= due:
        return _NOTHING
    spans, late_until = _spans(total_minor, due, until, payments) if payments else (((due, until, total_minor),), until)
    late_days = late_until.toordinal() - due.toordinal()
    regime = regime_of(book, debtor, contract_rate)
    if regime is None or not late_days or (regime.starts_on_notice and notice_received is None):
        return Accrued(0, 0, late_days)
    if regime.starts_on_notice and notice_received is not None and notice_received > due:
        spans = [(max(eve, notice_received), max(last, notice_received), base) for eve, last, base in spans]
    weights = [
        sum([base * (through(ladder, last) - through(ladder, eve)) for eve, last, base in spans])
        for ladder in regime.ladders or (frozen_ladder(book, debtor, due),)
    ]
    return Accrued(regime.rounding(min(weights), regime.denominator), _indemnity(book, debtor, due), late_days)


def _spans(
    total_minor: int, due: date, until: date, payments: Payments
) -> tuple[Sequence[tuple[date, date, int]], date]:
    """The late stretches, each (its eve, its last day, base still owed), and the last day something was owed late."""
    spans, base, eve, late_until = [], total_minor, due, due
    for day, amount in [*sorted(payments), (until, 0)]:
        day = min(day, until)
        if day > eve and base > 0:
            spans.append((eve, day, base))
            late_until = day
        eve = max(eve, day)
        base -= amount
    return spans, late_until


@lru_cache(maxsize=16384)
def _indemnity(book: LawBook, debtor: str, due: date) -> int:
    return indemnity_minor(book, debtor, due)
