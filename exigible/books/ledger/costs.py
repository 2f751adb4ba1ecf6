"""Recovery costs of an invoice: proved by a document, claimed only beyond the fixed indemnity, taken back while unpaid."""

from datetime import date, datetime

from django.db import transaction

from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.charge_rows import bring_costs
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Invoice, RecoveryCost
from exigible.books.policies.law import law_book_of
from exigible.common.errors import Refused
from exigible.core.law.interest import recovers_costs

TOLD = ("amount_minor", "incurred_on", "label", "document_digest")


class CostsStayWithCreditor(Refused):
    """This debtor owes no recovery costs at this stage (%(article)s): they stay with you."""


class CostNotPositive(Refused):
    """A cost must be more than zero; write what was paid."""


class CostInFuture(Refused):
    """A cost cannot be dated after today; give the day on which it was paid."""


class CostInAnotherCurrency(Refused):
    """Recovery costs are claimed in %(law)s; this invoice is in %(billed)s."""


class NoDueDate(Refused):
    """This invoice has no due date: nothing is late, so that no recovery cost can be claimed. Give its due date first."""


@transaction.atomic
def record_cost(
    invoice: Invoice, amount_minor: int, incurred_on: date, label: str, document_digest: str, *,
    today: date, at: datetime, actor: str = SYSTEM,
) -> RecoveryCost:  # fmt: skip
    """Record what collecting an invoice cost, in minor units; what exceeds the fixed indemnity becomes due.

    The proof is a document that is kept already (C. com. art. L441-10 II: further compensation on proof). Refused for a
    debtor whose costs stay with the creditor until there is an enforceable title (CPCE art. L111-8).
    """
    lock_customers([invoice.customer_id])
    _check(invoice, amount_minor, incurred_on, today)
    cost = RecoveryCost.objects.create(
        creditor=invoice.creditor, invoice=invoice, incurred_on=incurred_on, amount_minor=amount_minor,
        label=label.strip()[:120], document_digest=document_digest,
    )  # fmt: skip
    _tell("cost.recorded", cost, bring_costs(invoice, today), today=today, at=at, actor=actor)
    return cost


@transaction.atomic
def remove_cost(cost: RecoveryCost, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Take a recorded cost back: what was written of it and is not paid falls; the journal keeps both."""
    invoice = cost.invoice
    lock_customers([invoice.customer_id])
    told = RecoveryCost(pk=cost.pk, invoice=invoice, **{name: getattr(cost, name) for name in TOLD})
    cost.delete()
    _tell("cost.removed", told, bring_costs(invoice, today), today=today, at=at, actor=actor)


def _check(invoice: Invoice, amount_minor: int, incurred_on: date, today: date) -> None:
    book, debtor = law_book_of(invoice.creditor), invoice.customer.kind
    if invoice.due_on is None:
        raise NoDueDate
    if not recovers_costs(book, debtor, invoice.due_on):
        key = f"interest.{debtor}.costs_on_proof"
        raise CostsStayWithCreditor(article=book.article(key, invoice.due_on) if book.has(key) else "—")
    if invoice.currency != book.currency:
        raise CostInAnotherCurrency(law=book.currency, billed=invoice.currency)
    if amount_minor <= 0:
        raise CostNotPositive
    if incurred_on > today:
        raise CostInFuture


def _tell(kind: str, cost: RecoveryCost, moved: int, *, today: date, at: datetime, actor: str) -> None:
    invoice = cost.invoice
    payload = {
        "invoice": invoice.pk, "cost": cost.pk, "amount": cost.amount_minor, "currency": invoice.currency, "claimable": moved,
        "incurred_on": cost.incurred_on, "document": cost.document_digest,
    }  # fmt: skip
    record(kind, invoice.customer, payload, on=today, at=at, actor=actor)
