"""The file check: which documents exist, and which ways each missing one stands in the way of."""

from collections.abc import Iterable
from typing import NamedTuple

from exigible.core.law.procedures import Way
from exigible.features.analysis.facts import PIECES, ClaimFacts


class Piece(NamedTuple):
    """One document: whether it exists, the open ways that ask for it, and whether the claim cannot do without."""

    name: str
    is_there: bool
    needed_by: tuple[str, ...]


def file_check(facts: ClaimFacts, ways: Iterable[Way]) -> tuple[Piece, ...]:
    """Each document of the file, in the order in which they come to be, then what open ways ask for besides."""
    open_ways = [way for way in ways if way.is_open]
    asked = [piece for way in open_ways for piece in way.pieces]
    names = dict.fromkeys((*PIECES, *asked))
    return tuple(
        Piece(name, name in facts.pieces, tuple(way.name for way in open_ways if name in way.pieces)) for name in names
    )
