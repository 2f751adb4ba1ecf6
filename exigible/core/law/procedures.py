"""Which ways lie open for a claim, before which court, with which pieces, at what cost and in how long."""

from collections.abc import Sequence
from typing import NamedTuple

from exigible.core.because import Because
from exigible.core.law.book import Figure, LawBook
from exigible.core.law.courts import Court, courts, department_of
from exigible.core.law.procedure_data import CONFIDENCES, Closing, Part, Proceedings, WayData, proceedings
from exigible.core.law.procedure_rules import PIECES, RULES, Asked, Facts
from exigible.core.money import parse_decimal_string

__all__ = ["PIECES", "Court", "Facts", "Range", "Way", "title", "ways"]

NO_COURT = "none"


class Range(NamedTuple):
    """A cost in minor units or a delay in days. None is unknown, and is shown as unknown: `low` alone says "at least"."""

    low: int | None
    high: int | None
    source: str
    confidence: str


class Way(NamedTuple):
    """One way out of an unpaid claim on a day.

    `because`, `article` and `confidence` are those of the rule that closes it or, open, of the way itself. `courts` is
    empty only where no judge is needed (`court_kind` "none"). `pieces` is what the file must hold, `missing` what of it
    is not there. `lawyer` is not_needed, useful, compulsory or unknown. A closed way keeps its figures.
    """

    name: str
    is_open: bool
    because: Because
    article: str
    confidence: str
    court_kind: str
    courts: tuple[Court, ...]
    cost: Range
    cost_parts: tuple[Part, ...]
    delay_days: Range
    delay_parts: tuple[Part, ...]
    pieces: tuple[str, ...]
    missing: tuple[str, ...]
    lawyer: str
    warnings: tuple[Because, ...]


def ways(book: LawBook, facts: Facts) -> tuple[Way, ...]:
    """Every way the country's data know, open or closed, in the order of the data. LawError where it has none."""
    assert facts.debtor in ("business", "consumer", "public_body", "unknown"), facts.debtor
    data = proceedings(book.country)
    return tuple(_way(book, facts, data, each) for each in data.ways)


def title(country: str, name: str, language: str) -> str:
    """The name of a way in French ("fr") or English ("en"), as the country's data give it."""
    return next(each.words[language][0] for each in proceedings(country).ways if each.name == name)


def _way(book: LawBook, facts: Facts, data: Proceedings, each: WayData) -> Way:
    kinds = _kinds(facts, each)
    found = _courts(book, facts, kinds)
    asked = _asked(book, facts, data, each)._replace(courts=tuple(court.kind for court in found))
    closing = next((shut for shut in each.closed_by if RULES[shut.rule](asked) is not None), None)
    costs, delays = (_in_force(parts, facts, kinds) for parts in (each.costs, each.delays))
    told = closing or Closing("open", each.article, each.confidence)
    return Way(
        name=each.name,
        is_open=closing is None,
        because=_because(closing.rule, asked) if closing else Because.of("open", way=each.name),
        article=told.article,
        confidence=told.confidence,
        court_kind=each.court,
        courts=found,
        cost=_between(costs, kinds),
        cost_parts=costs,
        delay_days=_between(delays, kinds),
        delay_parts=delays,
        pieces=each.pieces,
        missing=tuple(piece for piece in each.pieces if piece not in facts.has),
        lawyer=_lawyer(book, facts, data, each),
        warnings=tuple(_because(rule, asked) for rule in each.warns if RULES[rule](asked) is not None),
    )


def _because(rule: str, asked: Asked) -> Because:
    seen = RULES[rule](asked)
    assert seen is not None, rule
    return Because.of(rule, **seen)


def _asked(book: LawBook, facts: Facts, data: Proceedings, each: WayData) -> Asked:
    cap = _minor(book, data, each.cap, facts) if each.cap else None
    return Asked(facts, book, cap, each.cap_counts_accessories, data.members)


def _minor(book: LawBook, data: Proceedings, key: str, facts: Facts) -> int:
    """An amount of the file's own figures, else of the law book, in force today."""
    if key not in data.figures:
        return book.minor(key, facts.today)
    value = _on(data.figures[key], facts).value
    assert isinstance(value, str), key
    return parse_decimal_string(value, book.currency)


def _on(dated: Sequence[Figure], facts: Facts) -> Figure:
    return [dated[0], *(figure for figure in dated if figure.since <= facts.today)][-1]


def _kinds(facts: Facts, each: WayData) -> tuple[str, ...]:
    """The kinds of court by what the debtor is; both where that depends on what is not known (C. com. art. L721-3)."""
    if each.court != "claim":
        return () if each.court == NO_COURT else (each.court,)
    if facts.debtor == "public_body":
        return ("administrative",)
    if facts.debtor == "consumer" or facts.both_traders is False:
        return ("judicial",)
    return ("commercial",) if facts.both_traders else ("commercial", "judicial")


def _courts(book: LawBook, facts: Facts, kinds: tuple[str, ...]) -> tuple[Court, ...]:
    """The courts of the debtor's postcode; without a place for a debtor abroad or without a postcode."""
    here = facts.country == book.country
    return courts(book, kinds, department_of(facts.postcode) if here else "", "")


def _in_force(parts: Sequence[Part], facts: Facts, kinds: tuple[str, ...]) -> tuple[Part, ...]:
    """Of each part the last one in force that concerns this court and this amount."""
    held: dict[tuple[object, ...], Part] = {}
    for part in parts:
        concerned = not part.courts or set(part.courts) & set(kinds)
        within = (part.above is None or facts.amount_minor > part.above) and (
            part.up_to is None or facts.amount_minor <= part.up_to
        )
        if concerned and within and part.since <= facts.today:
            held[part.name, part.courts] = part
    return tuple(held.values())


def _between(parts: Sequence[Part], kinds: tuple[str, ...]) -> Range:
    """The lowest and the highest sum over the courts that may be competent."""
    sums = [_sum([part for part in parts if not part.courts or kind in part.courts]) for kind in kinds or ("",)]
    lows, highs = [each.low for each in sums], [each.high for each in sums]
    known = [low for low in lows if low is not None]
    whole = [high for high in highs if high is not None]
    source = " ; ".join(dict.fromkeys(part.source for part in parts))
    worst = max((each.confidence for each in sums), key=CONFIDENCES.index)
    return Range(min(known, default=None), max(whole) if len(whole) == len(highs) else None, source, worst)


def _sum(parts: Sequence[Part]) -> Range:
    """The parts together: what is unknown of one end leaves that end unknown, what is known of the other stays."""
    known = [part.low for part in parts if part.low is not None]
    whole = [part.high for part in parts if part.high is not None]
    worst = max((part.confidence for part in parts), key=CONFIDENCES.index, default="unknown")
    return Range(sum(known) if known else None, sum(whole) if len(whole) == len(parts) > 0 else None, "", worst)


def _lawyer(book: LawBook, facts: Facts, data: Proceedings, each: WayData) -> str:
    if each.lawyer != "compulsory_above":
        return each.lawyer
    return "compulsory" if facts.amount_minor > _minor(book, data, "lawyer_compulsory_above", facts) else "useful"
