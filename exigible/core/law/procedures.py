"""Which ways lie open for a claim, before which court, with which pieces, at what cost and in how long."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from exigible.core.because import Because
from exigible.core.law.book import Figure, LawBook
from exigible.core.law.courts import Court, courts, department_of
from exigible.core.law.deadlines import deadline
from exigible.core.law.procedure_data import CONFIDENCES, Closing, Part, Proceedings, WayData, proceedings
from exigible.core.law.procedure_rules import PIECES, RULES, Asked, Facts
from exigible.core.money import parse_decimal_string

__all__ = ["PIECES", "Court", "Facts", "Range", "Way", "ways"]

NO_COURT = "none"


class Range(NamedTuple):
    """A cost in minor units or a delay in days. None is unknown, and is shown as unknown: `low` alone says "at least"."""

    low: int | None
    high: int | None
    source: str
    confidence: str


class Way(NamedTuple):
    """One way out of an unpaid claim on a day. `debtor` is the kind of debtor whose measured figures speak of it.

    That is unknown for a claim that is disputed or crosses a border: what was measured was measured on others.
    `because`, `article` and `confidence` are those of the rule that closes it or, open, of the way itself. `courts` is
    empty only where no judge is needed (`court_kind` "none"). `pieces` is what the file must hold, `missing` what of it
    is not there. `lawyer` is not_needed, useful, compulsory or unknown. A closed way keeps its figures and has no
    warnings.
    """

    name: str
    debtor: str
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


def _way(book: LawBook, facts: Facts, data: Proceedings, each: WayData) -> Way:
    kinds = _kinds(book, facts, data, each)
    department = department_of(facts.postcode) if facts.country == book.country else ""
    found = courts(book, kinds, department)
    asked = _asked(book, facts, data, each)._replace(courts=tuple(court.kind for court in found), department=department)
    closing = next((shut for shut in each.closed_by if RULES[shut.rule](asked) is not None), None)
    costs, delays = (_in_force(book, parts, facts, kinds) for parts in (each.costs, each.delays))
    told = closing or Closing("open", each.article, each.confidence)
    return Way(
        name=each.name,
        debtor=_measured_as(book, facts),
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
        warnings=() if closing else _warnings(asked, each),
    )


def _measured_as(book: LawBook, facts: Facts) -> str:
    ordinary = not facts.disputed and facts.country == facts.creditor_country == book.country
    return facts.debtor if ordinary else "unknown"


def _warnings(asked: Asked, each: WayData) -> tuple[Because, ...]:
    return tuple(_because(rule, asked) for rule in each.warns if RULES[rule](asked) is not None)


def _because(rule: str, asked: Asked) -> Because:
    seen = RULES[rule](asked)
    assert seen is not None, rule
    return Because.of(rule, **seen)


def _asked(book: LawBook, facts: Facts, data: Proceedings, each: WayData) -> Asked:
    near = _on(data.figures["limitation_near_months"], facts).value
    assert isinstance(near, int)
    return Asked(
        facts=facts,
        book=book,
        cap_minor=_minor(book, data, each.cap, facts) if each.cap else None,
        cap_counts_accessories=each.cap_counts_accessories,
        members=data.members,
        contribution_minor=_minor(book, data, "economic_contribution_above", facts),
        near_months=near,
        since=each.since,
        courts=(),
        department="",
    )


def _minor(book: LawBook, data: Proceedings, key: str, facts: Facts) -> int:
    """An amount of the file's own figures, else of the law book, in force today."""
    if key not in data.figures:
        return book.minor(key, facts.today)
    value = _on(data.figures[key], facts).value
    assert isinstance(value, str), key
    return parse_decimal_string(value, book.currency)


def _on(dated: Sequence[Figure], facts: Facts) -> Figure:
    return [dated[0], *(figure for figure in dated if figure.since <= facts.today)][-1]


def _kinds(book: LawBook, facts: Facts, data: Proceedings, each: WayData) -> tuple[str, ...]:
    """The kinds of court by what the debtor is; both where that depends on what is not known (C. com. art. L721-3)."""
    if each.court != "claim":
        return () if each.court == NO_COURT else (each.court,)
    if facts.debtor == "public_body":
        return ("administrative",)
    if facts.debtor == "consumer" or facts.both_traders is False:
        near = facts.amount_minor <= _minor(book, data, "proximity_cap", facts)
        return ("judicial", "proximity") if near else ("judicial",)
    return ("commercial",) if facts.both_traders else ("commercial", "judicial")


def _in_force(book: LawBook, parts: Sequence[Part], facts: Facts, kinds: tuple[str, ...]) -> tuple[Part, ...]:
    """Of each part the last one in force that concerns this court and this amount, its bounds read where they stand."""
    held: dict[tuple[object, ...], Part] = {}
    for part in parts:
        concerned = not part.courts or set(part.courts) & set(kinds)
        within = (part.above is None or facts.amount_minor > part.above) and (
            part.up_to is None or facts.amount_minor <= part.up_to
        )
        if concerned and within and part.since <= facts.today:
            held[part.name, part.courts] = part
    return tuple(_bounded(book, part, facts.today) for part in held.values())


def _bounded(book: LawBook, part: Part, today: date) -> Part:
    """The part with the figure or the deadlines it names, counted from today."""
    if part.high_figure:
        part = part._replace(high=book.minor(part.high_figure, today))
    if part.low_rule:
        part = part._replace(low=(deadline(book, part.low_rule, today).last_day - today).days)
    if part.high_rule:
        part = part._replace(high=(deadline(book, part.high_rule, today).last_day - today).days)
    return part


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
