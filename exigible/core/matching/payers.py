"""Who paid: the debtors that the account, the name or a code of the movement points to, and how they stand to an item's."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from exigible.core.matching.candidates import Candidates, same_name
from exigible.core.matching.clues import Clues
from exigible.core.matching.names import likeness, name_words
from exigible.core.matching.records import Debtor, OpenItem

Relation = Literal["account", "name", "code", "other", "unknown", "unsaid"]
AGREES = frozenset(("account", "name", "code"))
LIKE, SAME = 88.0, 95.0


class Payers(NamedTuple):
    """Debtors by what points to them: a confirmed account; a name, with how alike it is (100: the same or confirmed)."""

    by_account: tuple[int, ...] = ()
    by_name: tuple[tuple[int, float], ...] = ()

    @property
    def known(self) -> tuple[int, ...]:
        """The debtors that the account names, else those whose name is surely meant, the most alike first."""
        return self.by_account or tuple(customer for customer, like in self.by_name if like >= SAME)


def payers_of(told: Clues, candidates: Candidates) -> Payers:
    """The debtors that may have paid, of all the candidates: those of the account, else of just that name, else alike."""
    accounts = tuple(candidates.of_account(told.account))
    if accounts:
        return Payers(accounts)
    same = candidates.of_name(told.payer)
    if same:
        return Payers((), tuple((customer, 100.0) for customer in same))
    named = [(key, _alike(told.payer, candidates.debtors[key])) for key in candidates.of_name_key(told.name_key)]
    return Payers((), tuple(sorted((pair for pair in named if pair[1] >= LIKE), key=lambda pair: (-pair[1], pair[0]))))


def relation(customer: int, told: Clues, candidates: Candidates, payers: Payers) -> Relation:
    """How whoever paid stands to a customer.

    "account", "name" and "code" agree with it; "other": another debtor paid; "unknown": a name that is no debtor's;
    "unsaid": the movement does not tell who paid.
    """
    if customer in payers.by_account:
        return "account"
    if any(customer == key for key, _like in payers.by_name):
        return "name"
    debtor = candidates.debtors[customer]
    if _alike(told.payer, debtor) >= LIKE or _is_in(debtor.name, told.text):
        return "name"
    if any(customer in candidates.of_code(word) for word in told.order_words):
        return "code"
    if payers.known:
        return "other"
    return "unknown" if told.payer else "unsaid"


def rivals(
    customers: Iterable[int], amount_minor: int, currency: str, *, payers: Payers, candidates: Candidates
) -> int:
    """How many items of just that amount the debtors known to have paid have open, other than these customers."""
    others = set(payers.known) - set(customers)
    return sum(
        item.left_minor == amount_minor and item.kind != "credit_note"
        for key in others
        for item in candidates.open_of(key, currency)
    )


def customers_of(items: Iterable[OpenItem]) -> tuple[int, ...]:
    """The customers of these items, the one with most left first."""
    sums: dict[int, int] = {}
    for item in items:
        sums[item.customer] = sums.get(item.customer, 0) + item.left_minor
    return tuple(sorted(sums, key=lambda customer: (-sums[customer], customer)))


def _alike(payer: str, debtor: Debtor) -> float:
    if not payer:
        return 0.0
    if debtor.payer_names and confirmed_name(payer, debtor):
        return 100.0
    return likeness(payer, debtor.name)


def confirmed_name(payer: str, debtor: Debtor) -> bool:
    """Whether this name is one of those that a person confirmed for the debtor."""
    return any(same_name(payer, name) for name in debtor.payer_names)


def _is_in(name: str, text: str) -> bool:
    """Whether the label holds all the words of a name, one of them long enough to mean something."""
    words = name_words(name)
    return bool(words) and max(map(len, words)) >= 5 and set(words) <= set(name_words(text))
