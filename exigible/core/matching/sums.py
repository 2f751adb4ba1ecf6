"""Which sets of amounts give a total: all of them up to a few, within a number of steps, the same on every machine."""

from collections.abc import Sequence
from itertools import accumulate
from math import comb, gcd
from typing import NamedTuple

_BITS = 1 << 22  # sums that one row of the table may hold: 41 943,04 when the amounts have no common divisor


class Sums(NamedTuple):
    """Sets of places whose amounts give the total; `is_complete` when there are no others than these."""

    sets: tuple[tuple[int, ...], ...]
    is_complete: bool


def sets_giving(amounts: Sequence[int], total: int, *, most: int, steps: int) -> Sums:
    """At most `most` sets of places of `amounts` (credit notes negative) that give `total`, in the order of the places.

    The order is that of preference: sets with the first places come first. Where the table of reachable sums is small
    enough, no dead end is entered and the answer is complete; else bounds cut the search, which stops after `steps`.
    """
    taken = [place for place, amount in enumerate(amounts) if amount]
    debits = sum(amount for amount in amounts if amount < 0)
    taken = [place for place in taken if amounts[place] <= total - debits]
    values = [amounts[place] for place in taken]
    divisor = gcd(*values) if values else 0
    if total <= 0 or not divisor or total % divisor:
        return Sums((), True)
    values = [value // divisor for value in values]
    found, is_complete = _search(values, total // divisor, most, steps)
    return Sums(tuple(tuple(taken[at] for at in each) for each in found), is_complete)


def chance_sets(amounts: Sequence[int], count: int) -> float:
    """How many sets of up to `count` of these amounts may be expected to give one given total by accident.

    The number of such sets over the number of totals they could give (from the smallest to the sum of the largest, by
    steps of the common divisor): many open items and round amounts make coincidences.
    """
    sizes = sorted((abs(amount) for amount in amounts), reverse=True)
    if len(sizes) < 2:
        return 0.0
    ways = sum(comb(len(sizes), size) for size in range(1, min(count, len(sizes)) + 1))
    span = max(sum(sizes[:count]) - sizes[-1], sizes[0])
    return (ways - 1) * gcd(*sizes) / max(span, 1)


def _search(values: list[int], total: int, most: int, steps: int) -> tuple[list[tuple[int, ...]], bool]:
    reach = _reachable(values, total)
    least = list(accumulate(min(value, 0) for value in reversed(values)))[::-1] + [0]
    greatest = list(accumulate(max(value, 0) for value in reversed(values)))[::-1] + [0]
    found: list[tuple[int, ...]] = []
    stack: list[tuple[int, int, tuple[int, ...]]] = [(0, total, ())]
    while stack:
        place, rest, chosen = stack.pop()
        steps -= 1
        if steps < 0:
            return found, False
        if rest == 0 and chosen and not _may_still_cancel(least, greatest, place):
            found.append(chosen)
            if len(found) >= most:
                return found, False
            continue
        if place == len(values):
            if rest == 0 and chosen:
                found.append(chosen)
                if len(found) >= most:
                    return found, False
            continue
        for taken in (False, True):  # the last pushed is looked at first: with this place, then without
            left = rest - values[place] if taken else rest
            if reach is not None:
                at = left - reach.low[place + 1]
                if at < 0 or not reach.rows[place + 1] >> at & 1:
                    continue
            elif not least[place + 1] <= left <= greatest[place + 1]:
                continue
            stack.append((place + 1, left, (*chosen, place) if taken else chosen))
    return found, True


def _may_still_cancel(least: list[int], greatest: list[int], place: int) -> bool:
    """Whether items to come could cancel each other out, an invoice and a credit note of the same amount."""
    return least[place] < 0 < greatest[place]


class _Reach(NamedTuple):
    rows: list[int]  # bit b of row p: the places from p on can give low[p] + b
    low: list[int]


def _reachable(values: list[int], total: int) -> _Reach | None:
    """The sums that the places from each one on can give, as bits; None where they would be too many."""
    width = total - sum(value for value in values if value < 0) + 1
    if width > _BITS or width * len(values) > _BITS * 8:
        return None
    rows, low = [1], [0]
    for value in reversed(values):
        row = rows[-1]
        if value > 0:
            rows.append((row | row << value) & ((1 << (width - low[-1])) - 1))
            low.append(low[-1])
        else:
            rows.append(row << -value | row)
            low.append(low[-1] + value)
    return _Reach(rows[::-1], low[::-1])
