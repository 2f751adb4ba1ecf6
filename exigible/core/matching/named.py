"""Items that a movement names: by a structured reference, by their numbers, or by a number already settled."""

from itertools import islice, product
from typing import NamedTuple

from exigible.core.matching.asked import Asked, Hit, numbers_of, signed
from exigible.core.matching.candidates import Written
from exigible.core.matching.causes import explain_difference, shares_of
from exigible.core.matching.numbers import INVOICE_WORDS, OTHER_WORDS, Quoted
from exigible.core.matching.payers import AGREES, Relation, customers_of, rivals
from exigible.core.matching.records import Match, OpenItem, reason
from exigible.core.matching.sums import sets_giving
from exigible.core.matching.unheld import is_year

STRONG, MEDIUM, WEAK = 3, 2, 1
_COMBINATIONS, _LONG = 64, 5
_CONFIDENCE = {STRONG: 0.99, MEDIUM: 0.97, WEAK: 0.94}


class Named(NamedTuple):
    """A set of items, one for each number quoted, and how surely these numbers are meant."""

    hits: tuple[Hit, ...]
    items: tuple[OpenItem, ...]

    @property
    def strength(self) -> int:
        """The weakest number's; bare numbers that add up with others to the amount support each other."""
        least = min(hit.strength for hit in self.hits)
        return max(least, MEDIUM) if len({item.id for item in self.items}) > 1 else least

    @property
    def left_minor(self) -> int:
        """What the items come to, credit notes taken off."""
        return sum(signed(item) for item in self.items)


def by_reference(asked: Asked) -> list[Match]:
    """Rung 1: the items that carry the structured reference of the movement."""
    reference, credit = asked.told.structured, asked.credit
    items = [each for each in asked.candidates.of_structured(reference) if each.currency == credit.currency]
    if not reference or not items:
        return []
    numbers, customer = numbers_of(items), items[0].customer
    if sum(map(signed, items)) == credit.amount_minor:
        because = reason("bank.reference", reference=reference, numbers=numbers)
        return [Match(customer, shares_of(items), 0.995, True, because)]
    return [explain_difference(asked, items).match(customer, "bank.reference", reference=reference, numbers=numbers)]


def by_numbers(asked: Asked) -> list[Match]:
    """Rungs 2 to 4: the items whose numbers the label quotes, when their amounts are, or nearly are, the movement's."""
    live = [hit for hit in asked.hits if any(item.left_minor for item in hit.items)]
    if not live:
        return _paid_already(asked)
    sets = _named_sets(live)
    exact = [each for each in sets if each.left_minor == asked.credit.amount_minor]
    if exact:
        return _exact(asked, exact, [])
    if len(live) > 1:
        partial = _partial(asked, sets[0])
        if partial:
            kept = {hit.quoted for each in partial for hit in each.hits}
            payers = {item.customer for each in partial for item in each.items if asked.agrees(item.customer)}
            rest = [hit for hit in live if hit.quoted not in kept]
            if payers:  # digits that happen to be the number of another customer's invoice say nothing
                rest = [hit for hit in rest if any(item.customer in payers for item in hit.items)]
            return _exact(asked, partial, rest)
    return _with_cause(asked, sets)


def hits_of(asked: Asked) -> tuple[Hit, ...]:
    """The numbers quoted that are numbers of items; where readings overlap, the surest and longest one."""
    found: list[Hit] = []
    for each in asked.told.quoted:
        carriers = asked.candidates.written(each)
        if not carriers:
            continue
        ranked = [
            (_strength(each, written, asked), written.item)
            for written in carriers
            if written.item.currency == asked.credit.currency
        ]
        best = max((strength for strength, _item in ranked), default=0)
        if best:
            found.append(Hit(each, _likely(asked, [item for strength, item in ranked if strength == best]), best))
    found.sort(key=lambda hit: (-hit.strength, -len(hit.quoted.digits), hit.quoted.place))
    used: set[int] = set()
    kept: dict[tuple[int, ...], Hit] = {}
    for hit in found:
        places = set(range(hit.quoted.place, hit.quoted.last + 1))
        if not places & used:
            used |= places
            kept.setdefault(tuple(item.id for item in hit.items), hit)
    return tuple(sorted(kept.values(), key=lambda hit: hit.quoted.place))


def _strength(each: Quoted, written: Written, asked: Asked) -> int:
    """How surely these digits mean this item: its own letters or many digits, then a word for invoice, then nothing."""
    is_own = bool(written.letters) and each.word == written.letters
    size = len(each.digits)
    if each.word in OTHER_WORDS and not is_own:
        return WEAK if size >= 8 and written.whole else 0
    if is_year(asked, each) and not is_own:
        return 0
    if each.is_derived:
        return WEAK
    if written.whole and (is_own or size > _LONG or len(each.text) > _LONG + 1):
        return STRONG
    if is_own or each.word in INVOICE_WORDS or (written.whole and size >= _LONG):
        return MEDIUM if size >= 3 else WEAK
    return WEAK if size >= 3 else 0


def _likely(asked: Asked, items: list[OpenItem]) -> tuple[OpenItem, ...]:
    """Of the items with one number: those still open, then those of whoever paid, where there are any."""
    live = [item for item in items if item.left_minor] or items
    own = [item for item in live if asked.agrees(item.customer)] if len(live) > 1 else []
    unique = {item.id: item for item in own or live}
    return tuple(unique.values())


def _named_sets(hits: list[Hit]) -> list[Named]:
    """One item for each number quoted, in each possible way."""
    choices = [[item for item in hit.items if item.left_minor] for hit in hits]
    ways = islice(product(*choices), _COMBINATIONS)
    return [Named(tuple(hits), tuple({item.id: item for item in way}.values())) for way in ways]


def _partial(asked: Asked, named: Named) -> list[Named]:
    """The sets of some of the items named whose amounts give the movement's."""
    hits = {item.id: hit for hit in reversed(named.hits) for item in hit.items}
    sums = sets_giving([signed(item) for item in named.items], asked.credit.amount_minor, most=3, steps=2_000)
    sets = [tuple(named.items[at] for at in places) for places in sums.sets]
    return [Named(tuple(hits[item.id] for item in items), items) for items in sets]


def _exact(asked: Asked, sets: list[Named], left_out: list[Hit]) -> list[Match]:
    """The sets whose amount is the movement's, certain when there is one and nothing speaks against it."""
    matches = []
    strongest_out = max((hit.strength for hit in left_out), default=0)
    for named in sets[: asked.rules.most]:
        customers = customers_of(named.items)
        relations = {asked.relation(customer) for customer in customers}
        doubt, others = _doubt(asked, named, relations)
        if len(sets) > 1:
            is_same = len({hit.quoted for each in sets for hit in each.hits}) == len(named.hits)
            doubt, others = ("same_number" if is_same else "two_numbers"), len(sets) - 1
        elif strongest_out >= min(hit.strength for hit in named.hits):
            doubt = "two_numbers"
        because = reason(
            "bank.number" if len(named.items) == 1 else "bank.numbers",
            numbers=numbers_of(named.items),
            quoted=[hit.quoted.text for hit in named.hits],
            payer=relations.pop() if len(relations) == 1 else "several",
            others=others,
            doubt=doubt,
        )
        confidence = 0.80 if doubt else _CONFIDENCE[named.strength]
        matches.append(Match(customers[0], shares_of(named.items), confidence, not doubt, because))
    return matches


def _doubt(asked: Asked, named: Named, relations: set[Relation]) -> tuple[str, int]:
    """What speaks against items named whose amount is the movement's ("": nothing), and how many others fit as well."""
    credit, customers = asked.credit, customers_of(named.items)
    digits = min(len(hit.quoted.digits) for hit in named.hits)
    if relations <= AGREES:
        return ("" if digits >= 3 else "weak_number"), 0
    if "other" in relations:
        count = rivals(
            customers, credit.amount_minor, credit.currency, payers=asked.payers, candidates=asked.candidates
        )
        if count:
            return "other_payer", count
        return ("" if named.strength == STRONG else "unknown_payer"), 0
    if named.strength == STRONG:
        return "", 0
    if named.strength == WEAK or digits < 4:
        return "weak_number", 0
    alike = asked.candidates.of_amount(credit.amount_minor, credit.currency)
    others = sum(each.customer not in customers for each in islice(alike, _COMBINATIONS))
    return ("unknown_payer" if others else ""), others


def _with_cause(asked: Asked, sets: list[Named]) -> list[Match]:
    """Rung 4: the items named, and what may explain that the amount is another; a person decides."""
    matches = []
    for named in sets[:2]:
        sure = [hit for hit in named.hits if hit.strength > WEAK] or list(named.hits)
        kept = {item.id for hit in sure for item in hit.items}
        items = [item for item in named.items if item.id in kept]
        agreeing = [item for item in items if asked.agrees(item.customer)]
        if not agreeing and min(hit.strength for hit in sure) == WEAK:
            continue
        items = agreeing or items
        if sum(map(signed, items)) <= 0:
            continue
        explained = explain_difference(asked, items)
        if explained.cause in ("part", "over") and not agreeing and named.strength < STRONG:
            continue
        match = explained.match(
            customers_of(items)[0],
            "bank.number_cause",
            numbers=numbers_of(items),
            quoted=[hit.quoted.text for hit in sure],
            payer=asked.relation(customers_of(items)[0]),
        )
        is_sure = len(sets) == 1 and len(items) == len(named.items) and named.strength > WEAK
        matches.append(_applied(asked, match, items) if is_sure else match)
    return matches


def _applied(asked: Asked, match: Match, items: list[OpenItem]) -> Match:
    """The match as certain, where its cause leaves nothing to decide and no other item of the payer has the amount."""
    facts = match.because.facts
    is_told = match.cause != "part" or bool(facts.get("is_told"))
    customers = {item.customer for item in items}
    rest = [each for customer in customers for each in asked.open_of(customer)]
    if (
        match.cause not in asked.rules.applied_causes
        or not is_told
        or facts.get("others")
        or not all(asked.agrees(customer) and asked.candidates.is_whole(customer) for customer in customers)
        or any(each.left_minor == asked.credit.amount_minor for each in rest)
    ):
        return match
    return match._replace(certain=True, because=reason(match.because.rule, **{**facts, "doubt": ""}))


def _paid_already(asked: Asked) -> list[Match]:
    """The items named are settled: the same invoice was paid twice, or another was meant."""
    hits = [hit for hit in asked.hits if hit.strength > WEAK or asked.agrees(hit.items[0].customer)]
    items = [hit.items[0] for hit in hits]
    if not items or sum(item.total_minor for item in items) != asked.credit.amount_minor:
        return []
    because = reason(
        "bank.paid_already",
        numbers=numbers_of(items),
        quoted=[hit.quoted.text for hit in hits],
        settled_on=max((item.settled_on for item in items if item.settled_on), default=None),
        doubt="already_paid",
    )
    return [Match(items[0].customer, (), 0.85, False, because, "already_paid", asked.credit.amount_minor)]
