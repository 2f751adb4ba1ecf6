"""What matching takes and gives: money in, open items, who may have paid, and explanations with their reasons."""

from datetime import date
from typing import Literal, NamedTuple

from exigible.core.because import Because

ItemKind = Literal["invoice", "credit_note", "deposit", "charge"]
Cause = Literal[
    "", "fees", "discount", "charges", "retention", "credit_note", "rounding", "short", "part", "over", "already_paid"
]


class Credit(NamedTuple):
    """Money that came in, as the bank tells it; `amount_minor` is positive."""

    id: int
    amount_minor: int
    currency: str
    booked: date
    label: str = ""
    references: tuple[str, ...] = ()
    structured: str = ""
    payer_name: str = ""
    payer_account: str = ""


class OpenItem(NamedTuple):
    """A claim or a credit note that is not settled: what is left of it, always positive.

    `retention_minor` is the part of `left_minor` that is not due yet by contract; `discount_minor` what the creditor
    granted if paid until `discount_until`; `interest_minor` and `indemnity_minor` what was claimed on it and is unpaid.
    An item settled lately may be given too, with `settled_on` and nothing left: it explains an invoice paid twice.
    """

    id: int
    customer: int
    kind: ItemKind
    number: str
    issued: date
    due: date | None
    currency: str
    left_minor: int
    total_minor: int
    order_reference: str = ""
    structured: str = ""
    retention_minor: int = 0
    discount_minor: int = 0
    discount_until: date | None = None
    interest_minor: int = 0
    indemnity_minor: int = 0
    settled_on: date | None = None


class Debtor(NamedTuple):
    """Who may have paid: names, known payer accounts and names (confirmed by a person), and payments expected.

    `expected` are the promises and instalments still to come: amount in minor units of the credit's currency, and day.
    """

    id: int
    name: str
    reference: str = ""
    siren: str = ""
    country: str = "FR"
    accounts: frozenset[str] = frozenset()
    payer_names: frozenset[str] = frozenset()
    expected: tuple[tuple[int, date], ...] = ()


class Share(NamedTuple):
    """What one item takes of the money: positive on a claim, negative on a credit note that is netted with it."""

    item: int
    amount_minor: int


class Match(NamedTuple):
    """One explanation of a movement: which items it pays, what is left over (+) or missing (-), and why.

    Always: sum of the shares + max(difference, 0) = the movement's amount. A share never exceeds what is left of its
    item; what an item lacks to be settled is its `left_minor` less its share, and the sum of these over the items named
    is -difference when it is negative. A credit note's share is negative: 1 200 paid for an invoice of 1 500 less a
    credit note of 300 are the shares +1 500 and -300. With a difference above zero and the cause `charges`, the rest
    pays the interest and the indemnity that the facts give; with `over` or `already_paid` it is a credit on account.

    `customer` is the one whose items take most of the money; the shares may be of several customers.
    `certain` means that it may be applied without a person, if the creditor allows it. When it is not,
    `because.facts["doubt"]` says why in one word (see `DOUBTS`) and `facts["others"]` how many other explanations
    fit; a doubt of the movement as a whole stands on its first match.
    """

    customer: int
    shares: tuple[Share, ...]
    confidence: float
    certain: bool
    because: Because
    cause: Cause = ""
    difference_minor: int = 0

    @property
    def doubt(self) -> str:
        """Why no one may apply this without looking: a word of DOUBTS, or nothing when it is certain."""
        return str(self.because.facts.get("doubt", ""))


class Rules(NamedTuple):
    """What decides between certain and proposed. Amounts in minor units of the credit, days as numbers.

    `applied_causes` are those of rung 4 that leave nothing for a person to decide: nothing is written off, and the books
    (or, for a part payment, the payer's own word) tell the difference to the cent; empty, each is but proposed.
    `margin` is how much less confident the next explanation must be; `chance` the greatest number of sets of open items
    that may be expected to give the amount by accident when no reference names them.
    """

    fees_minor: int = 2_500
    rounding_minor: int = 5
    margin: float = 0.10
    chance: float = 0.02
    expected_days: int = 7
    sum_items: int = 40
    sum_steps: int = 40_000
    most: int = 5
    applied_causes: frozenset[Cause] = frozenset(("credit_note", "retention", "charges", "part"))


RULES = (
    "bank.reference",  # a structured reference whose check digits hold: reference
    "bank.number",  # one number, its amount: numbers, quoted
    "bank.numbers",  # several numbers, their sum: numbers, quoted
    "bank.number_cause",  # numbers named, and a known cause for the difference: numbers, quoted, difference_minor
    "bank.payer_amount",  # a known payer, the only item of that amount: numbers, payer ("account", "name")
    "bank.payer_sum",  # a known payer, several of its items: numbers, payer
    "bank.expected",  # a promise or an instalment of that amount about that day: expected_on, expected_minor
    "bank.habit",  # all that is due by a day, or a month's invoices: habit ("all_due", "oldest_first", "month"), until
    "bank.name",  # a name like the customer's and the amount: numbers, name_percent
    "bank.near_number",  # a number with one digit wrong or two swapped, and its amount: numbers, quoted
    "bank.order",  # the customer's order or its own code, and the amount: numbers, quoted
    "bank.paid_already",  # the number of an item that is settled: numbers, quoted, settled_on
    "bank.on_account",  # a known payer, nothing open that fits; perhaps what it settled lately: payer, numbers, settled_on
)
DOUBTS = (
    "other_sets",  # other sets of open items give the amount: others
    "chance",  # nothing names the items, and so many are open that a set may fit by accident: chance_count
    "two_numbers",  # several numbers named, each or several of which would explain the amount: others
    "same_number",  # several open items carry the number that is quoted: others
    "weak_number",  # the digits found may be something else than a number of invoice
    "other_payer",  # whoever paid is known, and has something open of that amount: others
    "unknown_payer",  # nothing says that whoever paid stands for this customer
    "unresolved_number",  # the label quotes a number that no open item has: quoted_unknown
    "other_month",  # the label names a month of which none of the items is
    "difference",  # the amount is not that of the items: a person decides on what lacks or is left
    "shared_account",  # the account pays for several customers
    "near_number",  # the number quoted is not quite the item's
    "already_paid",  # the item is settled already
    "name_only",  # a name alone points to the customer
    "habit_only",  # nothing but the payer's habit points to these items
)


def reason(rule: str, **facts: object) -> Because:
    """A reason of this page; asserts that the rule and the doubt are in the lists above. A doubt of "" is left out."""
    assert rule in RULES, rule
    if not facts.get("doubt", "none"):
        del facts["doubt"]
    assert facts.get("doubt", DOUBTS[0]) in DOUBTS, facts
    return Because.of(rule, **facts)
