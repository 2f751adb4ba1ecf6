"""How an invoice is to be settled, as a file says it; and what is owed to customers who are suppliers too."""

from datetime import date
from typing import NamedTuple

from exigible.formats.einvoice import EInvoice

FACTORED = frozenset({"393", "396", "501", "502"})
PROGRESS_CLAIMS = frozenset({"875", "876"})
ASSIGNMENT_CLAUSE = "ACC#"  # UNTDID 4451: the clause by which an invoice is assigned to a factor
# UNTDID 4461, the means of payment, as far as they change when an invoice may be asked for.
MEANS = {
    "10": "cash", "20": "cheque", "21": "bill", "22": "bill", "23": "cheque", "24": "bill", "25": "cheque", "26": "cheque",
    "30": "transfer", "31": "transfer", "42": "transfer", "48": "card", "49": "direct_debit", "54": "card", "55": "card",
    "58": "transfer", "59": "direct_debit", "60": "bill", "70": "bill", "97": "set_off",
}  # fmt: skip


class SettlementRow(NamedTuple):
    """What a file says of how an invoice is to be settled (`SettlementTerms` of the ledger); empty where it says nothing.

    `method` is transfer, direct_debit, bill (of exchange), card, cheque, cash, set_off or other. `is_structured`: the
    file has a place for the codes of a public buyer, so that one which is not given is lacking.
    """

    method: str = ""
    presented: date | None = None
    factor: str = ""
    assigned: date | None = None
    is_progress_claim: bool = False
    retention_minor: int | None = None
    retention_until: date | None = None
    service_code: str = ""
    not_before: date | None = None
    is_structured: bool = False


class SupplierRow(NamedTuple):
    """What is owed to a supplier on a day (`balance_minor` is positive: owed by the creditor)."""

    key: str
    name: str
    account: str
    balance_minor: int
    on: date
    currency: str = "EUR"


def settlement_of(invoice: EInvoice) -> SettlementRow:
    """How an invoice says that it is to be settled: by what means, and to whom if it is assigned."""
    another = invoice.payee if invoice.payee.casefold() != invoice.seller.name.casefold() else ""
    is_assigned = invoice.type_code in FACTORED or any(note.startswith(ASSIGNMENT_CLAUSE) for note in invoice.notes)
    return SettlementRow(
        MEANS.get(invoice.means, "other" if invoice.means else ""),
        factor=another,
        assigned=invoice.issue_date if is_assigned or another else None,
        is_progress_claim=invoice.type_code in PROGRESS_CLAIMS,
        service_code=invoice.buyer_reference[:100],
        is_structured=True,
    )
