"""Limitation: the last day on which a claim can be sued on, and what each event did to it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from exigible.core.dates import add_months
from exigible.core.law.book import CONFIDENCES, Figure, LawBook, LawError
from exigible.core.law.rates import DEBTORS
from exigible.core.law.years import check_year

_ONE_DAY = timedelta(days=1)
ACTIVITIES = ("services", "transport")
INTERRUPTS, SUSPENDS, RESUMES, NOTHING = "interrupts", "suspends", "resumes", "nothing"
BEFORE_START, TOO_LATE, STILL_SUSPENDED = "before_start", "too_late", "still_suspended"


class LimitationEvent(NamedTuple):
    """What happened to a claim on a day; the kinds are those of event_kinds()."""

    on: date
    kind: str


class Reached(NamedTuple):
    """One event and the last day after it. The rule says what it did.

    interrupts, suspends, resumes, nothing; before_start and too_late: no period was running; still_suspended: another
    suspension goes on.
    """

    on: date
    kind: str
    last_day: date
    rule: str
    article: str


class Reading(NamedTuple):
    """One defensible start of the period, with the last day it gives: "completion" or "agreed_term"."""

    rule: str
    start: date
    last_day: date
    article: str
    confidence: str


class Limitation(NamedTuple):
    """When a claim dies: the first day of the period, the last day to sue, and the last one that nobody disputes.

    Of several readings the earliest is told; events are in the order of their days, also those that change nothing.
    """

    start: date
    last_day: date
    safe_day: date
    rule: str
    article: str
    confidence: str
    events: tuple[Reached, ...]
    readings: tuple[Reading, ...]


class _Regime(NamedTuple):
    """The figures of one kind of debtor and activity."""

    key: str
    years: int
    by_calendar_year: bool
    events: str


class _Period(NamedTuple):
    """A running period: its first day, its last, the earlier last day of the other way to count."""

    start: date
    last_day: date
    safe_day: date


def limitation(
    book: LawBook,
    debtor: str,
    *,
    due: date | None = None,
    completed: date | None = None,
    activity: str = "services",
    events: Iterable[LimitationEvent] = (),
) -> Limitation:
    """The last day to sue on a claim (C. com. art. L110-4, C. conso. art. L218-2, loi 68-1250; C. civ. art. 2219 s.).

    due is the agreed term, completed the day the goods were delivered or the service done; one at least is needed, and
    with both the earlier last day is told. The day is never moved to a working day. LawError, with its sentence, where
    the book has no regime, an event is unknown, or a suspension ends that did not begin.
    """
    days = {"completion": completed, "agreed_term": due}
    given = {rule: day for rule, day in days.items() if day is not None}
    if not given:
        raise LawError("Say when the claim is due, or when the goods were delivered or the service done.")
    regime, choice = _regime(book, debtor, activity, min(given.values()))
    ordered = _in_order(book, events)
    for day in (*given.values(), *(event.on for event in ordered)):
        check_year(day, "a claim")
    told = [_read(book, regime, rule, day, ordered) for rule, day in given.items() if book.has(f"{regime.key}.{rule}")]
    if not told:
        raise LawError(f"The law of {book.country} does not count this limitation from that day: give the other one.")
    reading, safe_day, reached = min(told, key=lambda each: each[0].last_day)
    return Limitation(
        start=reading.start,
        last_day=reading.last_day,
        safe_day=safe_day,
        rule=regime.key,
        article=reading.article,
        confidence=weakest(choice.confidence, reading.confidence),
        events=reached,
        readings=tuple(each[0] for each in told),
    )


@lru_cache(maxsize=64)
def event_kinds(book: LawBook) -> tuple[str, ...]:
    """The kinds of events that the country's law of limitation knows, in the order of the data."""
    kinds = [key.rpartition(".")[2] for key in book.figures if key.startswith("limitation.event.")]
    return tuple(dict.fromkeys(kinds))


def weakest(*confidences: str) -> str:
    """The least sure of some confidences: a result is never surer than what it rests on."""
    return max(confidences, key=CONFIDENCES.index)


def _regime(book: LawBook, debtor: str, activity: str, on: date) -> tuple[_Regime, Figure]:
    key = f"limitation.regime.{debtor}.{activity}"
    if not book.has(key):
        known = [name for name in DEBTORS if book.has(f"limitation.regime.{name}.services")]
        raise LawError(
            f"The law of {book.country} gives no limitation for '{debtor}' and '{activity}':"
            f" the debtor is one of {', '.join(known) or 'none'}, the activity one of {', '.join(ACTIVITIES)}."
        )
    choice = book.figure(key, on)
    home = f"limitation.{choice.value}"
    by_year = book.text(f"{home}.counting", on) == "calendar_years"
    return _Regime(home, book.number(f"{home}.years", on), by_year, book.text(f"{home}.events", on)), choice


def _in_order(book: LawBook, events: Iterable[LimitationEvent]) -> Sequence[LimitationEvent]:
    """The events by day, a beginning before an end; LawError for an unknown kind or an end without its beginning."""
    ordered = sorted(events, key=lambda event: (event.on, event.kind.endswith("_end")))
    running: dict[str, date] = {}
    kinds = event_kinds(book)
    for event in ordered:
        if event.kind not in kinds:
            raise LawError(f"'{event.kind}' is not an event of limitation: it is one of {', '.join(kinds)}.")
        what, _, edge = event.kind.rpartition("_")
        if edge == "start" and what in running:
            raise LawError(f"The {_plain(what)} of {event.on} begins while that of {running[what]} has not ended.")
        if edge == "end" and what not in running:
            raise LawError(f"The {_plain(what)} that ends on {event.on} has no beginning: give its {what}_start.")
        if edge == "start":
            running[what] = event.on
        elif edge == "end":
            del running[what]
    return ordered


def _plain(kind: str) -> str:
    return kind.replace("_", " ")


def _read(
    book: LawBook, regime: _Regime, rule: str, day: date, events: Sequence[LimitationEvent]
) -> tuple[Reading, date, tuple[Reached, ...]]:
    """One reading of the start, with its safe day and what each event did to it."""
    years, start = book.figure(f"{regime.key}.years", day), book.figure(f"{regime.key}.{rule}", day)
    walk = _Walk(book, regime, _period(regime, day))
    for event in events:
        walk.meet(event)
    period = walk.shown()
    article = "; ".join(dict.fromkeys((years.article, start.article)))
    confidence = weakest(years.confidence, start.confidence, *walk.confidences)
    return (
        Reading(rule, _period(regime, day).start, period.last_day, article, confidence),
        period.safe_day,
        tuple(walk.reached),
    )


def _period(regime: _Regime, eve: date) -> _Period:
    """The period that begins after a day: the next day at 0 h, or 1 January; its last day is the anniversary's eve.

    Counting by dates instead gives 28 February where the eve of 1 March is the 29th: that earlier day is the safe one.
    """
    months = 12 * regime.years
    if regime.by_calendar_year:
        start = date(eve.year + 1, 1, 1)
        last_day = add_months(start, months) - _ONE_DAY
        return _Period(start, last_day, last_day)
    start = eve + _ONE_DAY
    last_day = add_months(start, months) - _ONE_DAY
    return _Period(start, last_day, min(last_day, add_months(eve, months)))


class _Walk:
    """A period that meets its events in order; suspensions that overlap count once."""

    def __init__(self, book: LawBook, regime: _Regime, period: _Period) -> None:
        self.book, self.regime, self.period = book, regime, period
        self.running: set[str] = set()
        self.since: date | None = None
        self.heard = period.start
        self.reached: list[Reached] = []
        self.confidences: list[str] = []

    def meet(self, event: LimitationEvent) -> None:
        """Apply one event and write down what it did."""
        key = f"limitation.event.{self.regime.events}.{event.kind}"
        figure = self.book.figure(key, event.on) if self.book.has(key) else None
        self.heard = event.on
        rule = self._effect(event, str(figure.value) if figure else NOTHING)
        if figure and rule in (INTERRUPTS, SUSPENDS, RESUMES):
            self.confidences.append(figure.confidence)
        self.reached.append(
            Reached(event.on, event.kind, self.shown().last_day, rule, figure.article if figure else "")
        )

    def shown(self) -> _Period:
        """The period as it stands: one that is still suspended is told as if it resumed on the last day heard of."""
        return self._resumed(self.heard)

    def _effect(self, event: LimitationEvent, effect: str) -> str:
        if self.since is None and event.on > self.period.last_day:
            return TOO_LATE
        if effect == INTERRUPTS:
            return self._interrupt(event.on)
        if effect == SUSPENDS:
            self.running.add(event.kind.rpartition("_")[0])
            self.since = self.since or event.on
        if effect == RESUMES:
            self.running.discard(event.kind.rpartition("_")[0])
            return STILL_SUSPENDED if self.running else self._resume(event.on)
        return effect

    def _interrupt(self, on: date) -> str:
        if on < self.period.start:
            return BEFORE_START
        again = _period(self.regime, on)
        if again.last_day >= self._resumed(on + _ONE_DAY).last_day:  # a leap day suspended may be worth more
            self.period = again
        return INTERRUPTS

    def _resume(self, on: date) -> str:
        rule = BEFORE_START if on < self.period.start else RESUMES
        self.period, self.since = self._resumed(on), None
        return rule

    def _resumed(self, on: date) -> _Period:
        """The period as an end of the suspension on a day leaves it.

        The days from the suspension, or from the start if later, to the eve of its end are added; what is left then is
        never shorter than the law's months (C. civ. art. 2238).
        """
        start, last_day, safe_day = self.period
        if self.since is None or on < start:
            return self.period
        days = on - max(self.since, start)
        least = add_months(on, self.book.number("limitation.least_months_after_suspension", on))
        return _Period(start, max(last_day + days, least), max(safe_day + days, least))
