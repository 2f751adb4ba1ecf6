"""What is known of one claim before it is analysed: plain values, from a form, a file or the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from exigible.core.law.book import LawBook
from exigible.core.law.interest import Payments
from exigible.core.law.procedures import PIECES
from exigible.core.law.statement import Claim
from exigible.features.analysis.words import Words

__all__ = ["PIECES", "ClaimFacts", "FactsError", "claim_of", "due_of"]


class FactsError(ValueError):
    """The facts cannot be a claim; the key names the sentence under `fault`, the text is that sentence in English."""

    def __init__(self, key: str) -> None:
        super().__init__(Words("en")(f"fault.{key}"))
        self.key = key

    def said(self, language: str) -> str:
        """The sentence in a language."""
        return Words(language)(f"fault.{self.key}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimFacts:
    """One invoice and its debtor. Amounts in minor units of the law's currency, rates in percent a year."""

    debtor: str
    amount_minor: int
    due: date | None = None
    issued: date | None = None
    completed: date | None = None
    activity: str = "services"
    payments: Payments = ()
    has: frozenset[str] = frozenset({"invoice"})
    contract_rate: Decimal | None = None
    creditor_kind: str = "business"
    notice_received: date | None = None
    acknowledged: date | None = None
    disputed: bool = False
    insolvent: date | None = None
    both_traders: bool | None = None
    postcode: str = ""
    country: str = "FR"
    buyer: str | None = None
    number: str = ""
    assumed: Mapping[str, Decimal | None] = field(default_factory=dict)

    @property
    def pieces(self) -> frozenset[str]:
        """The documents that exist: a formal notice whose day of receipt is known is one, this report's reckoning another."""
        made = {"account_statement", "formal_notice"} if self.notice_received else {"account_statement"}
        return self.has | made

    @property
    def paid_minor(self) -> int:
        """What was received so far."""
        return sum(amount for _day, amount in self.payments)


def due_of(book: LawBook, facts: ClaimFacts) -> tuple[date, bool]:
    """The due date and whether it is presumed: without an agreement, a business owes 30 days after receipt (L441-10 I)."""
    if facts.due:
        return facts.due, False
    start = facts.completed or facts.issued
    if facts.debtor == "business" and start:
        return start + timedelta(days=book.number("terms.default_from_receipt", start)), True
    raise FactsError("due_missing")


def claim_of(facts: ClaimFacts, due: date, until: date) -> Claim:
    """The claim as the law's statement takes it, on a day."""
    return Claim(
        debtor=facts.debtor,
        amount_minor=facts.amount_minor,
        until=until,
        due=due,
        payments=facts.payments,
        contract_rate=facts.contract_rate,
        creditor_kind=facts.creditor_kind,
        notice_received=facts.notice_received,
        insolvent=facts.insolvent,
        completed=facts.completed,
    )
