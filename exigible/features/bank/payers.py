"""Who pays for whom: accounts and names learned from what a person confirmed, never from what was applied by itself."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.models import Customer
from exigible.features.bank.models import BankTransaction, Payer


def learn_payers(
    movement: BankTransaction, customer_ids: Iterable[int], *, today: date, at: datetime, actor: str = SYSTEM
) -> None:
    """Remember that who sent a movement pays for these customers; nothing where the bank says neither account nor name."""
    account, name = movement.payer_account, movement.payer_name
    if not account and not name:
        return
    known = set(
        Payer.objects.of(movement.creditor)
        .filter(account=account, name=name, customer_id__in=list(customer_ids))
        .values_list("customer_id", flat=True)
    )
    for customer in Customer.objects.of(movement.creditor).filter(pk__in=set(customer_ids) - known).order_by("pk"):
        payer = Payer.objects.create(
            creditor=movement.creditor, customer=customer, account=account, name=name, learned_on=today, learned_from=movement,
        )  # fmt: skip
        payload = {"payer": payer.pk, "transaction": movement.pk}
        record("payer.learned", customer, payload, on=today, at=at, actor=actor)


@transaction.atomic
def forget_payer(payer: Payer, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Forget that an account or a name pays for a customer."""
    record("payer.forgotten", payer.customer, {"payer": payer.pk}, on=today, at=at, actor=actor)
    payer.delete()


def payers_of(creditor: Creditor, accounts: Iterable[str]) -> dict[str, set[int]]:
    """Return the customers for whom a person confirmed each of these accounts."""
    found: dict[str, set[int]] = {}
    rows = Payer.objects.of(creditor).filter(account__in=[each for each in accounts if each])
    for account, customer in rows.values_list("account", "customer_id"):
        found.setdefault(account, set()).add(customer)
    return found
