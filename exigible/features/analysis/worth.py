"""What each open way is worth on the proposed assumptions, or on the reader's own, and how the ways rank."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from exigible.core.law.book import LawBook
from exigible.core.law.procedures import Way
from exigible.core.worth import Assumptions, Expected, Ranking, assumptions_of, expected, rank

OWN = "own"
"""The confidence of a figure that the reader set."""


class Worth(NamedTuple):
    """The expected result of each open way, in the order of the ways, and their ranking."""

    results: tuple[Expected, ...]
    ranking: Ranking

    @property
    def best(self) -> str | None:
        """The way that ranks first, if any result is known."""
        return self.ranking.order[0] if self.ranking.order else None


def worth(
    book: LawBook, ways: Sequence[Way], debtor: str, amount_minor: int, assumed: Mapping[str, Decimal | None]
) -> Worth:
    """Weigh the ways that lie open against a kind of debtor; assumed maps "way.assumption" to the reader's own figure, which replaces the proposed one; None is unknown."""
    results = [expected(way, amount_minor, _assumptions(book, way, assumed)) for way in ways]
    return Worth(tuple(results), rank(results))


def _assumptions(book: LawBook, way: Way, assumed: Mapping[str, Decimal | None]) -> Assumptions:
    proposed = assumptions_of(book.country, way.name, way.debtor)
    changes = {}
    for name in Assumptions._fields:
        key, now = f"{way.name}.{name}", getattr(proposed, name)
        if now.source and key in assumed and assumed[key] != now.value:
            changes[name] = now._replace(value=assumed[key], low=None, high=None, confidence=OWN)
    return proposed._replace(**changes)
