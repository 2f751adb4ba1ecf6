"""The analysis in written words: the documents of the file, and the ways out side by side."""

from collections.abc import Sequence
from typing import Any

from exigible.core.because import Because
from exigible.core.law.courts import Court
from exigible.core.law.procedure_data import Part
from exigible.core.law.procedure_words import say, source, way_name
from exigible.core.law.procedure_words import word as word_of
from exigible.core.law.procedures import Range, Way
from exigible.features.analysis.analyse import Analysis
from exigible.features.analysis.words import Words

_MANY = 3  # a warning of so many ways is told once, above them


class Said:
    """The country's own words for its ways, pieces, rules and parts, in the language of the reader."""

    def __init__(self, found: Analysis, word: Words) -> None:
        self._country, self._language = found.book.country, word.language

    def way(self, name: str) -> str:
        """The name of a way."""
        return way_name(self._country, name, self._language)

    def named(self, group: str, name: str) -> str:
        """The words of a piece, part, assumption, court or lawyer; its plain name where the data have none."""
        try:
            return word_of(self._country, group, name, self._language)
        except KeyError:
            return name.replace("_", " ")

    def source(self, text: str) -> str:
        """Where a figure comes from."""
        return source(self._country, text, self._language)

    def because(self, because: Because) -> str:
        """The sentence of a rule with the facts that it saw."""
        return say(self._country, because, self._language)


def file_section(found: Analysis, word: Words, said: Said) -> dict[str, Any]:
    """Each document: there or missing, and the open ways that ask for it."""
    rows = [
        {
            "name": _capital(said.named("piece", piece.name)),
            "is_there": piece.is_there,
            "state": word("file.there" if piece.is_there else "file.missing"),
            "proves": word(f"file.proves_{piece.name}") if word.has(f"file.proves_{piece.name}") else "",
            "needed_by": _some([said.way(name) for name in piece.needed_by], word),
        }
        for piece in found.file
    ]
    lacking = [piece for piece in found.file if not piece.is_there and piece.needed_by]
    key = "file.complete" if not lacking else "file.lacks_one" if len(lacking) == 1 else "file.lacks"
    names = ", ".join(said.named("piece", piece.name) for piece in lacking)
    return {"rows": rows, "summary": word(key, n=len(lacking), names=names)}


def _some(names: Sequence[str], word: Words) -> str:
    """All names of a few; of many the first two, and how many more."""
    if len(names) <= _MANY:
        return ", ".join(names)
    return word("file.and_more", names=", ".join(names[:2]), n=len(names) - 2)


def ways_section(found: Analysis, word: Words, said: Said) -> dict[str, Any]:
    """The open ways side by side, and each closed one with what closes it."""
    told = [warning for way in found.open_ways for warning in way.warnings]
    shared = [
        warning for rank, warning in enumerate(told) if told.index(warning) == rank and told.count(warning) >= _MANY
    ]
    return {
        "open": [_open(way, word, said, shared) for way in found.open_ways],
        "shared": [said.because(warning) for warning in shared],
        "closed": [
            {"name": said.way(way.name), "because": said.because(way.because), "article": way.article}
            for way in found.ways
            if not way.is_open
        ],
    }


def _open(way: Way, word: Words, said: Said, shared: Sequence[Because]) -> dict[str, Any]:
    missing = [said.named("piece", piece) for piece in way.missing]
    return {
        "key": way.name,
        "name": said.way(way.name),
        "why": said.because(way.because),
        "article": way.article,
        "confidence": word(f"confidence.{way.confidence}"),
        "court": word.either([court_name(court, word, said) for court in way.courts]) or word("ways.no_court"),
        "court_sources": [said.source(court.source) for court in way.courts if court.source],
        "cost": range_words(way.cost, word, is_money=True),
        "cost_parts": _parts(way.cost_parts, word, said, is_money=True),
        "delay": range_words(way.delay_days, word, is_money=False),
        "delay_parts": _parts(way.delay_parts, word, said, is_money=False),
        "lawyer": said.named("lawyer", way.lawyer),
        "missing": ", ".join(missing),
        "warnings": [said.because(warning) for warning in way.warnings if warning not in shared],
    }


def court_name(court: Court, word: Words, said: Said) -> str:
    """A court and its places: every candidate when there are several, or that the place is still to be found."""
    if not court.places:
        return word("ways.court_unplaced", court=said.named("court", court.kind))
    return word("ways.court", court=said.named("court", court.kind), places=word.either(court.places))


def range_words(bounds: Range, word: Words, *, is_money: bool) -> str:
    """A cost or a delay in words: exact, between, at least, at most, or unknown."""
    write = word.whole if is_money else word.span
    low, high = bounds.low, bounds.high
    if low is None and high is None:
        return word("ways.unknown")
    if low is not None and high is not None:
        if low == high:
            return write(low)
        return word("ways.between", low=write(low), high=write(high))
    if low is not None:
        return word("ways.at_least", low=write(low))
    return word("ways.at_most", high=write(high or 0))


def _parts(parts: Sequence[Part], word: Words, said: Said, *, is_money: bool) -> list[dict[str, str]]:
    return [
        {
            "name": said.named("part", part.name),
            "range": range_words(Range(part.low, part.high, part.source, part.confidence), word, is_money=is_money),
            "source": said.source(part.source),
            "confidence": word(f"confidence.{part.confidence}"),
        }
        for part in parts
    ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
