"""Which open items a bank movement pays: candidates with their reasons, and whether one may be applied without a person."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from exigible.core.because import Because

ItemKind = Literal["invoice", "credit_note", "deposit", "charge"]


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
    """A claim or a credit note that is not settled: what is left of it, always positive."""

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


class Debtor(NamedTuple):
    """Who may have paid: names, known payer accounts and names (confirmed by a person), and payments expected."""

    id: int
    name: str
    reference: str = ""
    siren: str = ""
    country: str = "FR"
    accounts: frozenset[str] = frozenset()
    payer_names: frozenset[str] = frozenset()
    expected: tuple[tuple[int, date], ...] = ()


class Share(NamedTuple):
    """The part of the money that is set against one item; a credit note that is netted has its own share."""

    item: int
    amount_minor: int


class Match(NamedTuple):
    """One explanation of a movement: shares, what is left over (+) or missing (-), its confidence and its reason.

    `certain` means that it may be applied without a person, if the creditor allows it.
    """

    customer: int
    shares: tuple[Share, ...]
    confidence: float
    certain: bool
    because: Because
    cause: str = ""
    difference_minor: int = 0


class Candidates(NamedTuple):
    """All that may explain one movement, gathered beforehand: debtors and their open items."""

    debtors: Mapping[int, Debtor]
    items: Sequence[OpenItem]
