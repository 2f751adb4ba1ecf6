"""Rates added by hand: they join the law one after the other, and give way to a release that brings the same day."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from exigible.core.law.added import AddedRate, overtaken, with_rates
from exigible.core.law.book import law_book
from exigible.core.law.interest import accrued
from exigible.core.law.periods import next_period, next_publication, period_start

FRANCE = law_book("FR")
FIRST = next_publication(FRANCE, "ecb_mro")
SECOND = next_period(FRANCE, "ecb_mro", FIRST)


def rate(since: date, percent: str = "5", series: str = "ecb_mro") -> AddedRate:
    return AddedRate(series, since, Decimal(percent), "BCE")


def test_each_added_rate_holds_for_its_period_and_the_last_stands_in_after_it() -> None:
    grown = with_rates(FRANCE, (rate(FIRST, "5"), rate(SECOND, "7")))
    eve = SECOND - timedelta(days=1)
    assert [grown.rate("ecb_mro", day).percent for day in (FIRST, eve, SECOND)] == [5, 5, 7]
    assert grown.known_until("ecb_mro") == next_period(FRANCE, "ecb_mro", SECOND) - timedelta(days=1)
    # Twelve days of January at 5 + 10 percent.
    assert accrued(grown, "business", 36_500, FIRST - timedelta(days=1), FIRST + timedelta(days=11))[0] == 180


def test_a_rate_that_passes_over_a_day_or_a_series_that_is_unknown_changes_nothing() -> None:
    assert with_rates(FRANCE, (rate(SECOND), rate(FIRST, series="libor"))) is FRANCE


def test_the_same_rates_give_the_same_book() -> None:
    assert with_rates(FRANCE, (rate(FIRST),)) is with_rates(FRANCE, (rate(FIRST, "5.0000"),))


def test_a_release_that_brings_the_day_wins_and_a_difference_is_told() -> None:
    brought = period_start(FRANCE, "ecb_mro", FRANCE.known_until("ecb_mro"))
    packaged = FRANCE.rate("ecb_mro", brought).percent
    added = (rate(brought, str(packaged + 1)), rate(FIRST))
    assert with_rates(FRANCE, added).rate("ecb_mro", brought).percent == packaged
    (found,) = overtaken(FRANCE, added)
    assert (found.added, found.packaged.percent, found.differs) == (added[0], packaged, True)
    assert not overtaken(FRANCE, (rate(brought, str(packaged)),))[0].differs


@given(st.permutations([rate(FIRST, "3"), rate(SECOND, "4"), rate(FIRST, "1", "fr_legal_autres")]))
def test_the_order_in_which_rates_were_added_does_not_matter(added: list[AddedRate]) -> None:
    grown = with_rates(FRANCE, tuple(added))
    assert grown.rate("ecb_mro", SECOND).percent == 4
    assert grown.rate("fr_legal_autres", FIRST).percent == 1


@given(st.dates(date(2015, 1, 1), date(2030, 12, 31)))
def test_a_day_lies_in_the_period_that_begins_at_or_before_it(day: date) -> None:
    start = period_start(FRANCE, "ecb_mro", day)
    assert start <= day < next_period(FRANCE, "ecb_mro", day) == next_period(FRANCE, "ecb_mro", start)
    assert (start.month, start.day) in ((1, 1), (7, 1))
