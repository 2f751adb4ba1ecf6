"""Sets of open items of whoever is known to have paid that give the amount, and what makes one of them sure."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from exigible.core.matching.asked import Asked, numbers_of, signed
from exigible.core.matching.causes import EXACT, explain_difference, shares_of
from exigible.core.matching.habits import MonthNamed, habit_of, month_named
from exigible.core.matching.payers import confirmed_name
from exigible.core.matching.records import Match, OpenItem, Rules, reason
from exigible.core.matching.sums import chance_sets, sets_giving
from exigible.core.matching.unheld import near_number, unresolved

_HABITS = ("month_named", "all_due", "month", "oldest_first", "")


class _Found(NamedTuple):
    """Sets that give the amount, whether there are no others, and the amounts that were searched."""

    sets: list[list[OpenItem]]
    is_complete: bool
    amounts: list[int]


def by_payer(asked: Asked) -> list[Match]:
    """Rungs 5, 6 and 8: open items of whoever is known to have paid, one or several, that give the amount."""
    matches = []
    for customer in payers_named(asked)[:3]:
        matches += _of_payer(asked, customer)
    return matches


def payers_named(asked: Asked) -> list[int]:
    """The debtors known to have paid, by account or name, then those whose code the label quotes."""
    coded = [key for word in asked.told.order_words for key in asked.candidates.of_code(word)]
    found = dict.fromkeys([*asked.payers.known, *coded])
    return [customer for customer in found if asked.candidates.is_whole(customer)]


def _of_payer(asked: Asked, customer: int) -> list[Match]:
    named, claims = _named(asked, customer), asked.open_of(customer)
    month = month_named(
        asked.told.text.replace(asked.told.payer or "\n", " "), asked.credit.booked
    )  # MARS SARL is a name
    found = _sets(asked, claims, named)
    if not found.sets:
        return _nearly(asked, customer, claims)
    habits = [habit_of(each, claims, asked.credit.booked, month) for each in found.sets]
    order = sorted(range(len(habits)), key=lambda at: (_HABITS.index(habits[at]), len(found.sets[at])))
    of_month = [at for at in order if habits[at] == "month_named"]
    matches = []
    for rank, at in enumerate(order[: asked.rules.most]):
        taken, habit = found.sets[at], habits[at]
        is_only = (len(found.sets) == 1 and found.is_complete) or of_month == [at]
        chance = 0.0 if of_month == [at] else chance_sets(found.amounts, len(taken) - len(named))
        doubt = _doubt(asked, customer, taken, month) or ("" if is_only else "other_sets")
        doubt = doubt or ("chance" if chance > asked.rules.chance else "")
        because = reason(
            "bank.habit" if habit else "bank.payer_amount" if len(taken) == 1 else "bank.payer_sum",
            numbers=numbers_of(taken),
            payer=asked.relation(customer),
            others=len(found.sets) - 1,
            doubt=doubt,
            **({"habit": habit} if habit else {}),
            **({"quoted_unknown": [unresolved(asked, customer)]} if doubt == "unresolved_number" else {}),
            **({"quoted": [month.word]} if month and habit == "month_named" else {}),
            **({"chance_count": f"{chance:.3f}"} if doubt == "chance" else {}),
        )
        confidence = (0.95 if len(taken) == 1 else 0.93) if not doubt else (0.80 if is_only else 0.72) - 0.06 * rank
        matches.append(Match(customer, shares_of(taken), confidence, not doubt, because))
    return matches


def _named(asked: Asked, customer: int) -> list[OpenItem]:
    """The open items of a customer that the label surely names: a list that the bank cut, or "and others"."""
    found = [hit.items[0] for hit in asked.hits if len(hit.items) == 1]
    return [item for item in found if item.customer == customer and item.left_minor]


def _sets(asked: Asked, items: Sequence[OpenItem], named: Sequence[OpenItem]) -> _Found:
    """The sets of items that give the amount, with all those named where there are such.

    Of very many items the oldest are searched, besides all those of just the amount; what is due or of one month is
    then looked at as a whole, and nothing is complete.
    """
    rules, total = asked.rules, asked.credit.amount_minor
    kept = sum(map(signed, named))
    if named and 0 < kept < total:
        found = _search(rules, [item for item in items if item not in named], total - kept)
        if found.sets:
            return found._replace(sets=[[*named, *each] for each in found.sets])
    found = _search(rules, items, total)
    if found.is_complete or len(found.amounts) < rules.sum_items:
        return found
    wholes = [each for each in _wholes(items, asked.credit.booked) if sum(map(signed, each)) == total]
    unlike = {frozenset(item.id for item in each): each for each in [*found.sets, *wholes]}
    return found._replace(sets=list(unlike.values()))


def _search(rules: Rules, items: Sequence[OpenItem], total: int) -> _Found:
    """Search the items that may be in, in order of preference: just the amount, oldest first, credit notes last."""
    credit = sum(item.left_minor for item in items if item.kind == "credit_note")
    small = [item for item in items if item.kind == "credit_note" or item.left_minor <= total + credit]
    small.sort(key=lambda item: (signed(item) != total, item.kind == "credit_note"))
    searched = small[: rules.sum_items]
    sums = sets_giving([*map(signed, searched)], total, most=rules.most, steps=rules.sum_steps)
    sets = [[searched[at] for at in each] for each in sums.sets]
    return _Found(sets, sums.is_complete and searched == small, [*map(signed, searched)])


def _wholes(items: Sequence[OpenItem], booked: date) -> Iterator[list[OpenItem]]:
    """All that is due, and all of each month."""
    claims = [item for item in items if item.kind != "credit_note"]
    yield [item for item in claims if item.due and item.due <= booked]
    for month in sorted({(item.issued.year, item.issued.month) for item in claims}):
        yield [item for item in claims if (item.issued.year, item.issued.month) == month]


def _doubt(asked: Asked, customer: int, taken: Sequence[OpenItem], month: MonthNamed | None) -> str:
    """What speaks against items that only the payer and the amount point to; "" when nothing does."""
    ids = {item.id for item in taken}
    meant = [hit for hit in asked.hits if hit.strength > 1 or any(item.customer == customer for item in hit.items)]
    if any(not item.left_minor for hit in meant for item in hit.items[:1]):
        return "already_paid"
    if any(not ids & {item.id for item in hit.items} for hit in meant):
        return "two_numbers"
    if any(near_number(asked, item) for item in taken):
        return "near_number"
    if _unresolved(asked, customer, taken):
        return "unresolved_number"
    if month and not any((item.issued.year, item.issued.month) == month[1:] for item in taken):
        return "other_month"
    if customer in asked.payers.by_account:
        return "" if len(asked.payers.by_account) == 1 else "shared_account"
    debtor = asked.candidates.debtors[customer]
    alone = len([like for _key, like in asked.payers.by_name if like >= 100]) == 1
    return "" if alone and confirmed_name(asked.told.payer, debtor) else "name_only"


def _unresolved(asked: Asked, customer: int, taken: Sequence[OpenItem]) -> bool:
    """Whether the label quotes a number that none has, other than one of these cut by the end of the label."""
    text = unresolved(asked, customer)
    is_cut = text and asked.told.text.split("  ")[0].rstrip().endswith(text)
    return bool(text) and not (is_cut and any(text in item.number for item in taken))


def _nearly(asked: Asked, customer: int, items: Sequence[OpenItem]) -> list[Match]:
    """One item of the payer whose amount differs by a cause that the books know, or by a bank's fees."""
    found = []
    for item in items:
        explained = explain_difference(asked, [item]) if item.kind != "credit_note" else None
        if explained and (explained.cause in EXACT or explained.cause == "fees"):
            found.append((item, explained))
    return [
        explained.match(
            customer,
            "bank.payer_amount",
            numbers=[item.number],
            payer=asked.relation(customer),
            others=len(found) - 1,
            least=0.80 / len(found),
        )
        for item, explained in found[:3]
    ]
