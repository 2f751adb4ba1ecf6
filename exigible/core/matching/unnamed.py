"""Items that nothing names: found by who paid, by amounts that fit, by what was expected, or by a number nearly right."""

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from exigible.core.matching.asked import Asked, numbers_of, signed
from exigible.core.matching.causes import EXACT, explain_difference, shares_of
from exigible.core.matching.habits import MonthNamed, habit_of, month_named
from exigible.core.matching.named import is_year, unresolved
from exigible.core.matching.names import likeness
from exigible.core.matching.numbers import number_forms
from exigible.core.matching.payers import confirmed_name
from exigible.core.matching.records import Match, OpenItem, reason
from exigible.core.matching.sums import chance_sets, sets_giving

_NEAR_DIGITS, _MANY, _ALIKE = 4, 60, 80.0


def by_payer(asked: Asked) -> list[Match]:
    """Rungs 5, 6 and 8: open items of whoever is known to have paid, one or several, that give the amount."""
    matches = []
    for customer in _payers(asked)[:3]:
        matches += _of_payer(asked, customer)
    return matches


def by_order(asked: Asked) -> list[Match]:
    """Items whose order is quoted and whose amount is the movement's; a customer's code is one of the signs of a payer."""
    items = {item.id: (word, item) for word in asked.told.order_words for item in asked.candidates.of_order(word)}
    fits = [(word, item) for word, item in items.values() if item.left_minor == asked.credit.amount_minor]
    fits = [(word, item) for word, item in fits if item.currency == asked.credit.currency and signed(item) > 0]
    doubt = "weak_number" if len(fits) == 1 else "same_number"
    return [
        Match(
            item.customer,
            shares_of([item]),
            0.88 if len(fits) == 1 else 0.70,
            False,
            reason("bank.order", numbers=[item.number], quoted=[word], others=len(fits) - 1, doubt=doubt),
        )
        for word, item in fits[:3]
    ]


def by_near_number(asked: Asked) -> list[Match]:
    """Items of the movement's amount whose number is quoted with one digit wrong, lacking, too many or swapped."""
    fits = asked.candidates.of_amount(asked.credit.amount_minor, asked.credit.currency)
    if len(fits) > _MANY:
        fits = [item for customer in _payers(asked) for item in _fits(asked, asked.open_of(customer))]
    matches = []
    for item in fits:
        near = _near(asked, item)
        if near:
            confidence = 0.90 if asked.agrees(item.customer) else 0.60
            because = reason("bank.near_number", numbers=[item.number], quoted=[near], doubt="near_number")
            matches.append(Match(item.customer, shares_of([item]), confidence, False, because))
    return matches


def by_expected(asked: Asked) -> list[Match]:
    """Rung 7: a promise or an instalment of that amount, of whoever paid, near its day; it takes the oldest first."""
    matches = []
    for customer in _payers(asked):
        for amount, day in asked.candidates.debtors[customer].expected:
            near = abs((asked.credit.booked - day).days) <= asked.rules.expected_days
            claims = [item for item in asked.open_of(customer) if item.kind != "credit_note"]
            if amount != asked.credit.amount_minor or not near or not claims:
                continue
            taken = _oldest_for(claims, amount)
            explained = explain_difference(asked, taken)
            because = reason(
                "bank.expected",
                expected_on=day,
                expected_minor=amount,
                numbers=numbers_of(taken),
                doubt="habit_only",
            )
            cause = explained.cause if explained.cause != "short" else "part"
            matches.append(Match(customer, explained.shares, 0.91, False, because, cause, explained.difference_minor))
    return matches


def by_name(asked: Asked) -> list[Match]:
    """Rung 9: debtors with a name like the payer's, and an open item of the amount."""
    fits = asked.candidates.of_amount(asked.credit.amount_minor, asked.credit.currency)
    if not asked.told.payer or not asked.payers.by_name and len(fits) > _MANY:
        return []
    like = dict(asked.payers.by_name)
    if not like:
        alike = {
            item.customer: likeness(asked.told.payer, asked.candidates.debtors[item.customer].name) for item in fits
        }
        like = {customer: percent for customer, percent in alike.items() if percent >= _ALIKE}
    payers = _payers(asked)
    likely = (item for customer in like if customer not in payers for item in asked.open_of(customer))
    found = [item for item in likely if signed(item) == asked.credit.amount_minor]
    return [
        Match(
            item.customer,
            shares_of([item]),
            0.75 * like[item.customer] / 100 / len(found),
            False,
            reason(
                "bank.name",
                numbers=[item.number],
                name_percent=round(like[item.customer]),
                others=len(found) - 1,
                doubt="name_only",
            ),
        )
        for item in found[:3]
    ]


def on_account(asked: Asked) -> list[Match]:
    """What is left to say when the payer is known and nothing fits: its oldest items, or money on account."""
    matches = []
    for customer in _payers(asked)[:2]:
        claims = [item for item in asked.open_of(customer) if item.kind != "credit_note"]
        if claims:
            taken = _oldest_for(claims, asked.credit.amount_minor)
            explained = explain_difference(asked, taken)
            matches.append(
                explained.match(customer, "bank.habit", habit="oldest_first", numbers=numbers_of(taken), least=0.40)
            )
        else:
            because = reason("bank.on_account", doubt="difference")
            matches.append(Match(customer, (), 0.30, False, because, "over", asked.credit.amount_minor))
    return matches


def _of_payer(asked: Asked, customer: int) -> list[Match]:
    named = _named(asked, customer)
    items = _by_preference([*named, *(item for item in asked.open_of(customer) if item not in named)])
    items = items[: asked.rules.sum_items]
    sets, is_complete, amounts = _sets(asked, items, named)
    if not sets:
        return _nearly(asked, customer, items)
    month = month_named(asked.told.text, asked.credit.booked)
    habits = [habit_of(each, items, asked.credit.booked, month) for each in sets]
    order = sorted(range(len(sets)), key=lambda at: (_HABITS.index(habits[at]), len(sets[at])))
    of_month = [at for at in order if habits[at] == "month_named"]
    matches = []
    for rank, at in enumerate(order):
        taken, habit = sets[at], habits[at]
        is_only = (len(sets) == 1 and is_complete) or of_month == [at]
        chance = 0.0 if of_month == [at] else chance_sets(amounts, len(taken) - len(named))
        doubt = _doubt(asked, customer, taken, month) or ("" if is_only else "other_sets")
        doubt = doubt or ("chance" if chance > asked.rules.chance else "")
        because = reason(
            "bank.habit" if habit else "bank.payer_amount" if len(taken) == 1 else "bank.payer_sum",
            numbers=numbers_of(taken),
            payer=asked.relation(customer),
            others=len(sets) - 1,
            doubt=doubt,
            **({"habit": habit} if habit else {}),
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


def _sets(
    asked: Asked, items: Sequence[OpenItem], named: Sequence[OpenItem]
) -> tuple[list[list[OpenItem]], bool, list[int]]:
    """The sets of items that give the amount, with all those named where there are such; the amounts searched."""
    rules, total = asked.rules, asked.credit.amount_minor
    kept = sum(map(signed, named))
    if named and 0 < kept < total:
        rest = [item for item in items if item not in named]
        amounts = [signed(item) for item in rest]
        sums = sets_giving(amounts, total - kept, most=rules.most, steps=rules.sum_steps)
        if sums.sets:
            return [[*named, *(rest[at] for at in each)] for each in sums.sets], sums.is_complete, amounts
    amounts = [signed(item) for item in items]
    sums = sets_giving(amounts, total, most=rules.most, steps=rules.sum_steps)
    return [[items[at] for at in each] for each in sums.sets], sums.is_complete, amounts


_HABITS = ("month_named", "all_due", "month", "oldest_first", "")


def _doubt(asked: Asked, customer: int, taken: Sequence[OpenItem], month: MonthNamed | None) -> str:
    """What speaks against items that only the payer and the amount point to; "" when nothing does."""
    ids = {item.id for item in taken}
    meant = [hit for hit in asked.hits if hit.strength > 1 or any(item.customer == customer for item in hit.items)]
    if any(not item.left_minor for hit in meant for item in hit.items[:1]):
        return "already_paid"
    if any(not ids & {item.id for item in hit.items} for hit in meant):
        return "two_numbers"
    if _unresolved(asked, customer, taken) or any(_near(asked, item) for item in taken):
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


def _payers(asked: Asked) -> list[int]:
    """The debtors known to have paid, by account or name, then those whose code the label quotes."""
    coded = [key for word in asked.told.order_words for key in asked.candidates.of_code(word)]
    found = dict.fromkeys([*asked.payers.known, *coded])
    return [customer for customer in found if asked.candidates.is_whole(customer)]


def _fits(asked: Asked, items: Sequence[OpenItem]) -> list[OpenItem]:
    return [item for item in items if signed(item) == asked.credit.amount_minor]


def _by_preference(items: Sequence[OpenItem]) -> list[OpenItem]:
    """Oldest first, credit notes last."""
    return sorted(items, key=lambda item: item.kind == "credit_note")


def _oldest_for(claims: Sequence[OpenItem], amount_minor: int) -> list[OpenItem]:
    """The oldest claims that the amount pays, the last of them perhaps in part."""
    taken, sum_minor = [], 0
    for item in claims:
        if sum_minor >= amount_minor:
            break
        taken.append(item)
        sum_minor += item.left_minor
    return taken


def _near(asked: Asked, item: OpenItem) -> str:
    """The number quoted that is one slip away from an item's and is no candidate's; "" when there is none."""
    hit = {place for each in asked.hits for place in range(each.quoted.place, each.quoted.last + 1)}
    whole, tail, _letters = number_forms(item.number)
    forms = [form for form in (*sorted(whole), tail) if len(form) >= _NEAR_DIGITS]
    for each in asked.told.quoted:
        if each.place in hit or each.digits in whole or each.digits == tail or is_year(asked, each):
            continue
        if any(abs(len(each.digits) - len(form)) < 2 and OSA.distance(each.digits, form) == 1 for form in forms):
            return each.text
    return ""
