"""Which movements of a statement the books have already: each counted once, in whatever files and formats it comes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from exigible.formats.bank import Movement, Statement

UNNAMED = ("", "NOTPROVIDED", "NONREF", "NOTAPPLICABLE")
BOOKED_LATER_DAYS = 3
Group = tuple[date, int, str]  # booking day, signed minor units, currency


class Source(NamedTuple):
    """The statement of which a movement was told: what says whether two of them can tell the same movement."""

    id: int
    format: str
    is_notification: bool
    opening_minor: int | None
    closing_minor: int | None
    closing_on: date | None
    is_balanced: bool

    @property
    def counts(self) -> bool:
        """Whether what it says of a day is all that there is."""
        return self.is_balanced and not self.is_notification


class Known(NamedTuple):
    """A movement of the books, and whether it still waits to be matched."""

    id: int
    source: Source
    booked: date
    amount_minor: int
    currency: str
    bank_id: str
    end_to_end: str
    label: str
    waits: bool

    @property
    def group(self) -> Group:
        """What it is counted among."""
        return self.booked, self.amount_minor, self.currency


Each = TypeVar("Each", Movement, Known)


class Counted(NamedTuple):
    """What became of the movements of a statement.

    `new` are to be added; `same` pairs the others with those of the books; `surplus` are movements of the books that the
    statement should tell and does not; `detailed` are sums of the books that new movements tell one by one; `unheard` are
    movements of a notification that the statement of their day does not have.
    """

    new: list[Movement]
    same: list[tuple[Movement, Known]]
    surplus: list[Known]
    detailed: list[Known]
    unheard: list[Movement]


def count_movements(statement: Statement, source: Source, known: Sequence[Known]) -> Counted:
    """Tell the movements of a statement from those of the same account that the books have already.

    Two equal movements of one file are two. Two of different files are one, unless the bank gave them different identifiers,
    or one statement begins where the other ends. Where a statement and a notification differ, the statement is right.
    """
    told = [each for each in known if not _follows(source, each.source)]
    groups: dict[Group, list[Known]] = defaultdict(list)
    for each in told:
        groups[each.group].append(each)
    same: list[tuple[Movement, Known]] = []
    new: list[Movement] = []
    asking: dict[Group, list[Movement]] = defaultdict(list)
    for movement in statement.movements:
        asking[movement.booked, movement.amount_minor, movement.currency].append(movement)
    for group, movements in asking.items():
        pairs, left = _paired(movements, groups.get(group, []), source)
        same += pairs
        new += left
    paired = {each.id for _movement, each in same}
    over = [each for each in told if each.id not in paired]
    if source.is_notification:
        new, detailed, unheard = _details(new, over, {each.booked for each in told if each.source.counts})
        return Counted(new, same, [], detailed, unheard)
    over = [each for each in over if each.source.is_notification]
    new = _without_sums(new, over)
    if source.counts:
        new = _told_of_another_day(new, over, same)
    return Counted(new, same, _surplus(statement, over) if source.counts else [], [], [])


def _follows(source: Source, other: Source) -> bool:
    """Say whether one of two statements begins with the balance on which the other ends: they share no movement."""
    if source.is_notification or other.is_notification:
        return False
    ends = (source.opening_minor, source.closing_minor, other.opening_minor, other.closing_minor)
    if None in ends or ends[:2] == ends[2:]:
        return False
    if source.closing_on and other.closing_on and source.closing_on < other.closing_on:
        return source.closing_minor == other.opening_minor
    return source.opening_minor == other.closing_minor


def _paired(
    movements: Sequence[Movement], known: Sequence[Known], source: Source
) -> tuple[list[tuple[Movement, Known]], list[Movement]]:
    """Pair equal movements, the likest first; what is left is new."""
    if not known:
        return [], list(movements)
    likest = sorted(
        ((_likeness(movement, each), -position, -each.id) for position, movement in enumerate(movements) for each in known
         if not _is_other(movement, each, source)),
        reverse=True,
    )  # fmt: skip
    by_id = {each.id: each for each in known}
    pairs: dict[int, Known] = {}
    taken: set[int] = set()
    for _like, position, key in likest:
        if -position not in pairs and -key not in taken:
            pairs[-position] = by_id[-key]
            taken.add(-key)
    return (
        [(movements[position], each) for position, each in sorted(pairs.items())],
        [movement for position, movement in enumerate(movements) if position not in pairs],
    )


def _likeness(movement: Movement, known: Known) -> int:
    named = movement.end_to_end not in UNNAMED
    return (
        4 * (bool(movement.bank_id) and movement.bank_id == known.bank_id)
        + 2 * (named and movement.end_to_end == known.end_to_end)
        + (movement.label == known.label)
    )


def _is_other(movement: Movement, known: Known, source: Source) -> bool:
    """Say whether what the bank tells proves that two equal movements are two: only files of one nature can be compared."""
    if source.format != known.source.format or source.is_notification != known.source.is_notification:
        return False
    if movement.bank_id and known.bank_id:
        return movement.bank_id != known.bank_id
    if source.counts or known.source.counts:
        return False
    if movement.end_to_end not in UNNAMED and known.end_to_end not in UNNAMED:
        return movement.end_to_end != known.end_to_end
    return movement.label != known.label


def _surplus(statement: Statement, over: Iterable[Known]) -> list[Known]:
    """Movements that a notification told of days that the statement covers, and that it does not have."""
    if statement.closing_on is None:
        return []
    first = min([*(movement.booked for movement in statement.movements), statement.closing_on])
    return [each for each in over if first <= each.booked <= statement.closing_on]


def _without_sums(new: list[Movement], over: list[Known]) -> list[Movement]:
    """Leave out a movement that is the sum of what a notification told one by one; its parts are taken out of `over`."""
    left = []
    for movement in new:
        parts = _run([each for each in over if each.booked == movement.booked], movement.amount_minor)
        if parts:
            over[:] = [each for each in over if each not in parts]
        else:
            left.append(movement)
    return left


def _told_of_another_day(new: list[Movement], over: list[Known], same: list[tuple[Movement, Known]]) -> list[Movement]:
    """Pair what a notification told with what the statement books a few days earlier or later; both lists are shortened."""
    left = []
    for movement in new:
        near = [
            each for each in over
            if (each.amount_minor, each.currency) == (movement.amount_minor, movement.currency)
            and abs((each.booked - movement.booked).days) <= BOOKED_LATER_DAYS
        ]  # fmt: skip
        if near:
            found = max(near, key=lambda each: (_likeness(movement, each), -each.id))
            same.append((movement, found))
            over.remove(found)
        else:
            left.append(movement)
    return left


def _details(
    new: list[Movement], over: Sequence[Known], counted: set[date]
) -> tuple[list[Movement], list[Known], list[Movement]]:
    """What a notification adds: the parts of a sum that still waits, or what no statement of that day has counted yet."""
    wholes = [each for each in over if not each.source.is_notification]
    left, added = list(new), []
    detailed: list[Known] = []
    for whole in wholes:
        parts = _run([each for each in left if each.booked == whole.booked], whole.amount_minor)
        left = [each for each in left if each not in parts]
        if parts and whole.waits:
            added += parts
            detailed.append(whole)
    added += [each for each in left if each.booked not in counted]
    return added, detailed, [each for each in left if each.booked in counted]


def _run(rows: Sequence[Each], amount_minor: int) -> list[Each]:
    """Return neighbours, two at least, that add up to an amount: the parts of one entry stand together."""
    begins, total = {0: 0}, 0
    for position, row in enumerate(rows, 1):
        total += row.amount_minor
        start = begins.get(total - amount_minor)
        if start is not None and position - start > 1:
            return list(rows[start:position])
        begins.setdefault(total, position)
    return []
