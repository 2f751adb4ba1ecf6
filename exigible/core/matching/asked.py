"""One movement and all that is known about it, as the rungs of the ladder pass it on."""

from collections.abc import Sequence
from typing import NamedTuple

from exigible.core.matching.candidates import Candidates
from exigible.core.matching.clues import Clues
from exigible.core.matching.numbers import Quoted
from exigible.core.matching.payers import AGREES, Payers, Relation, relation
from exigible.core.matching.records import Credit, OpenItem, Rules


class Hit(NamedTuple):
    """Digits of the label and the items, all as likely, that carry them."""

    quoted: Quoted
    items: tuple[OpenItem, ...]
    strength: int


class Asked(NamedTuple):
    """A movement, what it says, the candidates, who may have paid, the numbers found in it."""

    credit: Credit
    told: Clues
    candidates: Candidates
    payers: Payers
    rules: Rules
    hits: tuple[Hit, ...] = ()

    def relation(self, customer: int) -> Relation:
        """How whoever paid stands to a customer."""
        return relation(customer, self.told, self.candidates, self.payers)

    def agrees(self, customer: int) -> bool:
        """Whether account, name or code say that this customer paid."""
        return self.relation(customer) in AGREES

    def open_of(self, customer: int) -> list[OpenItem]:
        """What a customer has open in the movement's currency, oldest first."""
        return self.candidates.open_of(customer, self.credit.currency)


def signed(item: OpenItem) -> int:
    """What is left of an item, negative for a credit note."""
    return -item.left_minor if item.kind == "credit_note" else item.left_minor


def numbers_of(items: Sequence[OpenItem]) -> list[str]:
    """The numbers of items, at most thirty."""
    return [item.number for item in items[:30]]
