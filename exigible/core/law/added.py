"""Rates that a creditor added to the packaged law when they were published, before a release brought them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from exigible.core.law.book import Figure, LawBook, Rate
from exigible.core.law.periods import next_period, next_publication

ADDED = "added"


class AddedRate(NamedTuple):
    """One rate added by hand: its series, the day from which it holds, percent a year, where it was read."""

    series: str
    since: date
    percent: Decimal
    source: str


class Overtaken(NamedTuple):
    """A rate added by hand whose day the packaged law has since brought: the packaged one counts."""

    added: AddedRate
    packaged: Rate

    @property
    def differs(self) -> bool:
        """Whether what was computed meanwhile used another rate."""
        return self.added.percent != self.packaged.percent


@lru_cache(maxsize=64)
def with_rates(book: LawBook, added: tuple[AddedRate, ...]) -> LawBook:
    """The book with the rates that it does not know yet; the same book again for the same rates.

    Only the rate of the first day not yet published joins a series, one after the other: no day is passed over.
    """
    for rate in sorted(added, key=lambda each: each.since):
        if rate.series in book.series and rate.since == next_publication(book, rate.series):
            book = _joined(book, rate)
    return book


def overtaken(book: LawBook, added: Sequence[AddedRate]) -> tuple[Overtaken, ...]:
    """The rates added by hand that the packaged law has brought since."""
    return tuple(
        Overtaken(rate, book.rate(rate.series, rate.since))
        for rate in added
        if rate.series in book.series and rate.since <= book.known_until(rate.series)
    )


def _joined(book: LawBook, rate: AddedRate) -> LawBook:
    key, name = f"rates.known_until.{rate.series}", rate.series
    last_day = next_period(book, name, rate.since) - timedelta(days=1)
    known = Figure(rate.since, last_day, book.figures[key][-1].article, book.figures[key][-1].confidence)
    return replace(
        book,
        figures={**book.figures, key: (*book.figures[key], known)},
        series={**book.series, name: (*book.series[name], Rate(rate.since, rate.percent, rate.source, ADDED))},
    )
