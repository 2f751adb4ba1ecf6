"""A rate added by a creditor: which one is taken, what it changes, what the journal keeps."""

from datetime import date
from decimal import Decimal

import pytest

from exigible.books.journal.models import Event, EventPayload
from exigible.books.policies import law
from exigible.books.policies.law import add_rate, law_book_of, remove_rate
from exigible.books.policies.models import RateAdded
from exigible.common.errors import Refused
from exigible.core.law.added import AddedRate
from exigible.core.law.book import law_book
from exigible.core.law.periods import next_publication
from exigible.testing import House, atelier_lumen, brasserie_nord, noon

pytestmark = pytest.mark.django_db
FRANCE = law_book("FR")
EXPECTED = next_publication(FRANCE, "ecb_mro")
LATER = date(EXPECTED.year, EXPECTED.month, 20)


@pytest.fixture
def lumen() -> House:
    return atelier_lumen()


def rate(percent: str = "2.65", since: date = EXPECTED, series: str = "ecb_mro", source: str = "BCE") -> AddedRate:
    return AddedRate(series, since, Decimal(percent), source)


def add(house: House, added: AddedRate, today: date = LATER) -> RateAdded:
    return add_rate(house.creditor, added, today=today, at=noon(today), actor="user:1")


def test_a_rate_added_counts_at_once_and_for_this_creditor_only(lumen: House) -> None:
    nord = brasserie_nord()
    before = law_book_of(lumen.creditor)
    add(lumen, rate())
    after = law_book_of(lumen.creditor)
    assert after.rate("ecb_mro", EXPECTED).percent == Decimal("2.65")
    assert before.known_until("ecb_mro") < EXPECTED <= after.known_until("ecb_mro")
    assert law_book_of(nord.creditor) is before is FRANCE
    assert law_book_of(lumen.creditor) is after  # the same rates, the same book: what is derived from it stays prepared


def test_adding_and_taking_back_are_written_in_the_journal(lumen: House) -> None:
    row = add(lumen, rate())
    remove_rate(row, today=LATER, at=noon(LATER), actor="user:1")
    events = Event.objects.of(lumen.creditor).filter(kind__startswith="rate.").order_by("id")
    assert [event.kind for event in events] == ["rate.added", "rate.removed"]
    assert '"percent":"2.65"' in EventPayload.objects.get(event_id=events[0].pk).body
    assert law_book_of(lumen.creditor) is FRANCE


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (rate(since=date(2026, 7, 1)), law.RateNotExpected),
        (rate(since=date(EXPECTED.year, 2, 1)), law.RateNotExpected),
        (rate(series="libor"), law.RateNotExpected),
        (rate("-1"), law.RateUnlikely),
        (rate("265"), law.RateUnlikely),
        (rate("2.65001"), law.RateUnlikely),
        (rate(source="  "), law.SourceMissing),
    ],
)
def test_a_rate_that_is_not_the_one_expected_is_refused(lumen: House, wrong: AddedRate, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        add(lumen, wrong)
    assert not RateAdded.objects.of(lumen.creditor).exists()


def test_a_rate_is_not_added_before_it_can_be_known(lumen: House) -> None:
    with pytest.raises(law.RateTooEarly):
        add(lumen, rate(), today=date(EXPECTED.year - 1, 10, 1))


def test_rates_follow_one_another_and_are_taken_back_from_the_end(lumen: House) -> None:
    following = date(EXPECTED.year, 7, 1)
    first = add(lumen, rate())
    with pytest.raises(law.RateNotExpected):
        add(lumen, rate("9"))
    add(lumen, rate("2.90", following), today=following)
    with pytest.raises(law.RateNotLast):
        remove_rate(first, today=following, at=noon(following))
    assert law_book_of(lumen.creditor).rate("ecb_mro", following).percent == Decimal("2.90")
