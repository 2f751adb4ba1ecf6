"""Is a way worth it: what it brings on average, what is lost for good, and which assumption would change the choice."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from exigible.core.law.procedure_data import Assumption, proceedings
from exigible.core.law.procedures import Range, Way
from exigible.core.money import round_half_up

CHANCES = ("title", "unopposed", "collected")
DAYS_A_YEAR = 365
UNKNOWN = Assumption(None, "", "unknown")
_FINEST = Decimal("0.0001")


class Assumptions(NamedTuple):
    """What the sum rests on and no law gives, each editable; a value of None is unknown and leaves the result unknown.

    Three chances that multiply: `title` (of getting one), `unopposed` (nobody opposes it, or in vain), `collected` (of
    being paid once there is one). Two shares: `success_fee` of what is collected, `recoverable` of the costs that the
    debtor reimburses. `relation` is what the relation with the debtor loses, in minor units; `discount` a yearly rate,
    as a share. One without a source does not apply to the way: an agency needs no title.
    """

    title: Assumption
    unopposed: Assumption
    collected: Assumption
    success_fee: Assumption
    recoverable: Assumption
    relation: Assumption
    discount: Assumption


class Expected(NamedTuple):
    """What a way brings on average on `amount_minor`, less its costs, in minor units: None is unknown.

    `low` takes the highest costs, the longest delay and the least chances, `high` the reverse. `lost_if_paid` stays lost
    even when everything is paid, `lost_if_not` is spent for nothing otherwise. `unknown` names what is missing,
    `unsourced` the assumptions that rest on no source.
    """

    way: str
    amount_minor: int
    low: int | None
    mid: int | None
    high: int | None
    lost_if_paid: Range
    lost_if_not: Range
    unknown: tuple[str, ...]
    unsourced: tuple[str, ...]
    assumptions: Assumptions
    cost: Range
    delay_days: Range


class Reversal(NamedTuple):
    """The nearest change that takes the first place away: this assumption of this way, from `value` to `at`.

    `assumption` is a name of Assumptions or "cost" (minor units); `instead` the way that then comes first.
    """

    way: str
    assumption: str
    value: Decimal
    at: Decimal
    instead: str


class Ranking(NamedTuple):
    """The ways whose result is known, best first; those whose result is not; what would reverse the first place.

    There is no order while the best known result brings nothing and others are unknown: giving up is not to be
    recommended on what one does not know.

    `needed` gives, for each unknown way, the whole chance of being paid from which it would equal the first; None when
    no chance would do, or its costs are unknown too.
    """

    order: tuple[str, ...]
    unknown: tuple[str, ...]
    reversal: Reversal | None
    needed: tuple[tuple[str, Decimal | None], ...]


def assumptions_of(country: str, way: str, debtor: str) -> Assumptions:
    """The assumptions the country's data propose for a way and a kind of debtor; unknown where they propose none."""
    data = proceedings(country)
    by_debtor = next(each.assumptions for each in data.ways if each.name == way)
    held = {**data.assumed, **by_debtor["all"], **by_debtor.get(debtor, {})}
    return Assumptions(**{name: held.get(name, UNKNOWN) for name in Assumptions._fields})


def expected(way: Way, amount_minor: int, assumptions: Assumptions) -> Expected:
    """What the way brings on average if this amount is claimed (principal, interest and indemnity)."""
    assert amount_minor >= 0
    cost, delay = way.cost, way.delay_days
    unknown = [name for name, each in zip(Assumptions._fields, assumptions, strict=True) if each.value is None]
    unknown += ["cost"] if cost.high is None else []
    unknown += ["delay"] if assumptions.discount.value and delay.high is None else []
    house = [name for name, each in zip(Assumptions._fields, assumptions, strict=True) if each.confidence == "house"]
    fee, kept = assumptions.success_fee.value, assumptions.recoverable.value
    paid = [_lost(amount_minor, each, fee, kept) for each in (cost.low, cost.high)]
    return Expected(
        way=way.name,
        amount_minor=amount_minor,
        low=_result(amount_minor, way, assumptions, "low"),
        mid=_result(amount_minor, way, assumptions, "mid"),
        high=_result(amount_minor, way, assumptions, "high"),
        lost_if_paid=Range(paid[0], paid[1], cost.source, cost.confidence),
        lost_if_not=cost,
        unknown=tuple(unknown),
        unsourced=tuple(house),
        assumptions=assumptions,
        cost=cost,
        delay_days=delay,
    )


def rank(results: Sequence[Expected]) -> Ranking:
    """The order of the ways by what they bring on average; equal ones keep the order they came in."""
    known = sorted((each for each in results if each.mid is not None), key=lambda each: -(each.mid or 0))
    unknown = [each for each in results if each.mid is None]
    needed = tuple((each.way, _needed(each, known[0].mid or 0) if known else None) for each in unknown)
    blind = tuple(each.way for each in unknown)
    if unknown and known and (known[0].mid or 0) <= 0:
        return Ranking((), blind, None, needed)
    return Ranking(tuple(each.way for each in known), blind, _reversal(known), needed)


def _result(amount: int, way: Way, assumptions: Assumptions, end: str) -> int | None:
    """The expected value at one end: chance x amount x (1 - fee), discounted, less costs not recovered and relation."""
    spent, waited = _end(way.cost, end), _end(way.delay_days, end)
    shares = [_share(getattr(assumptions, name), end) for name in CHANCES]
    fee = _share(assumptions.success_fee, {"low": "high", "high": "low"}.get(end, end))
    recoverable, relation = _share(assumptions.recoverable, end), assumptions.relation.value
    discounted = _discounted(assumptions.discount.value, waited)
    if spent is None or fee is None or recoverable is None or relation is None or discounted is None or None in shares:
        return None
    income = Fraction(amount) * (1 - fee) * discounted
    for share in shares:
        income *= share or 0
    value = income - spent * (1 - recoverable) - Fraction(relation)
    return round_half_up(value.numerator, value.denominator)


def _end(bounds: Range, end: str) -> Fraction | None:
    """A cost or delay as the end of the result needs it: the low result takes the high bound, the middle their middle."""
    if end == "high":
        return None if bounds.low is None else Fraction(bounds.low)
    if bounds.low is None or bounds.high is None:
        return None
    return Fraction(bounds.high) if end == "low" else Fraction(bounds.low + bounds.high, 2)


def _share(assumption: Assumption, end: str) -> Fraction | None:
    bound = {"low": assumption.low, "high": assumption.high}.get(end)
    value = assumption.value if bound is None else bound
    return None if assumption.value is None or value is None else Fraction(value)


def _discounted(rate: Decimal | None, days: Fraction | None) -> Fraction | None:
    """What one unit received after these days is worth today, at a simple yearly rate."""
    if rate is None or (rate and days is None):
        return None
    return 1 / (1 + Fraction(rate) * (days or 0) / DAYS_A_YEAR)


def _lost(amount: int, cost: int | None, fee: Decimal | None, recoverable: Decimal | None) -> int | None:
    if cost is None or fee is None or recoverable is None:
        return None
    lost = amount * Fraction(fee) + cost * (1 - Fraction(recoverable))
    return round_half_up(lost.numerator, lost.denominator)


def _reversal(known: Sequence[Expected]) -> Reversal | None:
    """Of all single changes that put another way first, the smallest in proportion."""
    changes = [change for other in known[1:] for change in _changes(known[0], other)]
    return min(changes, key=lambda change: abs(change.at - change.value) / change.value, default=None)


def _changes(first: Expected, other: Expected) -> Iterator[Reversal]:
    """What, alone, would bring `first` down or `other` up to the other's result: each chance, the fee, the costs."""
    for changed, target in ((first, other.mid or 0), (other, first.mid or 0)):
        own = changed.assumptions
        fixed, gap = _fixed(changed), Fraction(target - (changed.mid or 0))
        income = (changed.mid or 0) + fixed
        if income > 0:
            factor = (target + fixed) / income
            for name in CHANCES:
                chance: Assumption = getattr(own, name)
                at = _decimal(Fraction(chance.value or 0) * factor)
                if chance.source and chance.value and 0 <= at <= 1:
                    yield Reversal(changed.way, name, chance.value, at, other.way)
            fee = own.success_fee
            at = _decimal(1 - (1 - Fraction(fee.value or 0)) * factor)
            if fee.source and fee.value and 0 <= at <= 1:
                yield Reversal(changed.way, "success_fee", fee.value, at, other.way)
        cost, kept = _end(changed.cost, "mid") or Fraction(0), 1 - Fraction(own.recoverable.value or 0)
        if cost and kept and (at := _decimal(cost - gap / kept)) >= 0:
            yield Reversal(changed.way, "cost", _decimal(cost), at, other.way)


def _fixed(result: Expected) -> Fraction:
    """What a way loses whatever is collected: costs that are not reimbursed, and the relation."""
    own = result.assumptions
    kept = 1 - Fraction(own.recoverable.value or 0)
    return (_end(result.cost, "mid") or Fraction(0)) * kept + Fraction(own.relation.value or 0)


def _needed(result: Expected, best: int) -> Decimal | None:
    own = result.assumptions
    discounted = _discounted(own.discount.value, _end(result.delay_days, "mid"))
    if result.cost.high is None or own.success_fee.value is None or discounted is None or own.relation.value is None:
        return None
    income = result.amount_minor * (1 - Fraction(own.success_fee.value)) * discounted
    chance = _decimal((best + _fixed(result)) / income) if income else Decimal(2)
    return chance if chance <= 1 else None


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_FINEST)
