"""Items found by an order, a number nearly right, what was expected, a likeness of names, or nothing but the payer."""

from collections.abc import Sequence

from exigible.core.matching.asked import Asked, numbers_of, signed
from exigible.core.matching.causes import explain_difference, shares_of
from exigible.core.matching.combined import payers_named
from exigible.core.matching.names import likeness
from exigible.core.matching.records import Match, OpenItem, reason
from exigible.core.matching.unheld import near_number

_MANY, _ALIKE = 60, 80.0


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
        fits = [item for customer in payers_named(asked) for item in _fits(asked, asked.open_of(customer))]
    matches = []
    for item in fits:
        near = near_number(asked, item)
        if near:
            confidence = 0.90 if asked.agrees(item.customer) else 0.60
            because = reason("bank.near_number", numbers=[item.number], quoted=[near], doubt="near_number")
            matches.append(Match(item.customer, shares_of([item]), confidence, False, because))
    return matches


def by_expected(asked: Asked) -> list[Match]:
    """Rung 7: a promise or an instalment of that amount, of whoever paid, near its day; it takes the oldest first."""
    matches = []
    for customer in payers_named(asked):
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
    payers = payers_named(asked)
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
    for customer in payers_named(asked)[:2]:
        claims = [item for item in asked.open_of(customer) if item.kind != "credit_note"]
        matches += _paid_before(asked, customer)
        if claims:
            taken = _oldest_for(claims, asked.credit.amount_minor)
            explained = explain_difference(asked, taken)
            matches.append(
                explained.match(customer, "bank.habit", habit="oldest_first", numbers=numbers_of(taken), least=0.40)
            )
        else:
            because = reason("bank.on_account", payer=asked.relation(customer), doubt="difference")
            matches.append(Match(customer, (), 0.30, False, because, "over", asked.credit.amount_minor))
    return matches


def _paid_before(asked: Asked, customer: int) -> list[Match]:
    """The payer settled items of just that amount lately, and has none open: one of them may be paid twice."""
    amount = asked.credit.amount_minor
    settled = asked.candidates.settled_of(customer, amount, asked.credit.currency)
    if not settled:
        return []
    because = reason(
        "bank.on_account",
        payer=asked.relation(customer),
        numbers=numbers_of(settled),
        settled_on=max((item.settled_on for item in settled if item.settled_on), default=None),
        others=len(settled) - 1,
        doubt="already_paid",
    )
    return [Match(customer, (), 0.55, False, because, "already_paid", amount)]


def _fits(asked: Asked, items: Sequence[OpenItem]) -> list[OpenItem]:
    return [item for item in items if signed(item) == asked.credit.amount_minor]


def _oldest_for(claims: Sequence[OpenItem], amount_minor: int) -> list[OpenItem]:
    """The oldest claims that the amount pays, the last of them perhaps in part."""
    taken, sum_minor = [], 0
    for item in claims:
        if sum_minor >= amount_minor:
            break
        taken.append(item)
        sum_minor += item.left_minor
    return taken
