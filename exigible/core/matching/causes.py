"""Why the money is not what the items come to: discount, retention, credit note, charges, fees, rounding, or unknown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from exigible.core.because import JSON
from exigible.core.matching.asked import Asked, signed
from exigible.core.matching.candidates import by_age
from exigible.core.matching.records import Cause, Match, OpenItem, Share, reason

_PART = re.compile(r"\b(?:ACOMPTES?|AVANCE|PARTIEL\w*|ECHEANCIER)\b")
EXACT: frozenset[Cause] = frozenset(("discount", "retention", "credit_note", "charges", "rounding"))
_SURE = {"discount": 0.93, "retention": 0.93, "credit_note": 0.92, "charges": 0.93, "rounding": 0.92, "fees": 0.88}


class Explained(NamedTuple):
    """What each item takes of the money, what is left over (+) or lacks (-), the cause, and the facts of the cause."""

    cause: Cause
    shares: tuple[Share, ...]
    difference_minor: int
    facts: Mapping[str, JSON]

    @property
    def confidence(self) -> float:
        """How sure the cause is, when the items are."""
        return _SURE.get(self.cause, 0.70 if self.facts.get("is_told") else 0.60)

    def match(self, customer: int, rule: str, *, least: float = 1.0, **facts: object) -> Match:
        """The explanation as a match that a person decides on; no more confident than `least`."""
        facts = {"doubt": "difference", **facts, **self.facts, "difference_minor": self.difference_minor}
        confidence = min(self.confidence, least)
        return Match(customer, self.shares, confidence, False, reason(rule, **facts), self.cause, self.difference_minor)


def shares_of(items: Sequence[OpenItem]) -> tuple[Share, ...]:
    """The whole of each item, credit notes negative."""
    return tuple(Share(item.id, signed(item)) for item in sorted(items, key=by_age))


def explain_difference(asked: Asked, items: Sequence[OpenItem]) -> Explained:
    """The likeliest cause why the movement's amount is not that of the items, known ones first; always an answer.

    Known causes are exact to the cent and taken from the books: a discount granted and in time, a retention, one credit
    note of the same customers, charges claimed. Fees only from abroad; rounding up to `Rules.rounding_minor`.
    """
    difference = asked.credit.amount_minor - sum(map(signed, items))
    if difference == 0:
        return Explained("", shares_of(items), 0, {})
    known = [*(_lacking(asked, items, -difference) if difference < 0 else _left_over(items, difference))]
    if not known:
        return _unknown(asked, items, difference)
    rivals = len({each.cause for each in known}) - 1
    return known[0]._replace(facts={**known[0].facts, "others": rivals}) if rivals else known[0]


def _lacking(asked: Asked, items: Sequence[OpenItem], missing: int) -> Iterator[Explained]:
    booked = asked.credit.booked
    in_time = [item.discount_minor if item.discount_until and booked <= item.discount_until else 0 for item in items]
    if sum(in_time) == missing:
        yield Explained("discount", _less(items, in_time), -missing, {"discount_minor": missing})
    kept = [item.retention_minor for item in items]
    if sum(kept) == missing:
        yield Explained("retention", _less(items, kept), -missing, {"retention_minor": missing})
    notes = [each for each in _credit_notes(asked, items) if each.left_minor == missing]
    if notes:
        facts: dict[str, JSON] = {"credit_note": notes[0].number, "others": len(notes) - 1}
        yield Explained("credit_note", shares_of([*items, notes[0]]), 0, facts)
    if missing <= asked.rules.rounding_minor:
        yield Explained("rounding", _short(items, missing), -missing, {})
    if missing <= asked.rules.fees_minor and asked.candidates.debtors[items[0].customer].country != "FR":
        country = asked.candidates.debtors[items[0].customer].country
        yield Explained("fees", _short(items, missing), -missing, {"country": country})


def _left_over(items: Sequence[OpenItem], extra: int) -> Iterator[Explained]:
    indemnity, interest = sum(item.indemnity_minor for item in items), sum(item.interest_minor for item in items)
    for both in ((indemnity, interest), (indemnity, 0), (0, interest)):
        if sum(both) == extra:
            facts: dict[str, JSON] = {"indemnity_minor": both[0], "interest_minor": both[1]}
            yield Explained("charges", shares_of(items), extra, facts)
    if extra <= 5:
        yield Explained("rounding", shares_of(items), extra, {})


def _unknown(asked: Asked, items: Sequence[OpenItem], difference: int) -> Explained:
    """Nothing known explains it: too much is a credit on account, too little a part payment or a short one."""
    if difference > 0:
        return Explained("over", shares_of(items), difference, {})
    word = _PART.search(asked.told.text)
    late = sum(item.discount_minor for item in items) == -difference
    facts: dict[str, JSON] = {"is_told": True, "word": word.group()} if word else {}
    facts |= {"discount_late": True} if late else {}
    is_part = bool(word) or asked.credit.amount_minor < 0.9 * sum(map(signed, items))
    return Explained("part" if is_part else "short", _short(items, -difference), difference, facts)


def _credit_notes(asked: Asked, items: Sequence[OpenItem]) -> list[OpenItem]:
    """The credit notes that these items' customers still have, other than those already among them."""
    taken = {item.id for item in items}
    customers = sorted({item.customer for item in items})
    mine = [item for customer in customers for item in asked.open_of(customer)]
    return [item for item in mine if item.kind == "credit_note" and item.id not in taken]


def _less(items: Sequence[OpenItem], kept: Sequence[int]) -> tuple[Share, ...]:
    """Each item less what is kept back of it."""
    pairs = sorted(zip(items, kept, strict=True), key=lambda pair: by_age(pair[0]))
    return tuple(Share(item.id, signed(item) - less) for item, less in pairs if signed(item) != less)


def _short(items: Sequence[OpenItem], missing: int) -> tuple[Share, ...]:
    """What lacks is taken from the youngest claim first; credit notes stay whole."""
    shares: list[Share] = []
    for item in sorted(items, key=by_age, reverse=True):
        less = min(missing, max(signed(item), 0))
        missing -= less
        if signed(item) != less:
            shares.append(Share(item.id, signed(item) - less))
    return tuple(reversed(shares))
