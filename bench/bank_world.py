"""The invented world of bench.matching written to an empty database, as imports and a person would have left it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, transaction

from bench.load import BATCH, CUSTOMER, INVOICE
from bench.matching_labels import movements
from bench.matching_world import Told, World, make_world
from exigible.books.creditors.models import Creditor
from exigible.books.creditors.operations import set_up_creditor
from exigible.books.documents.operations import store_document
from exigible.books.journal.models import GENESIS
from exigible.books.ledger.models import Charge, Customer, Invoice
from exigible.common.bulk import insert_rows
from exigible.features.bank.models import BankStatement, BankTransaction, Payer
from exigible.features.bank.receiving import COLUMNS

Row = TypeVar("Row")
SEED = 9_500
CHARGE = (
    "creditor_id", "invoice_id", "kind", "state", "currency", "amount_minor", "until_on", "article", "claimed_on", "reason",
)  # fmt: skip


def load(size: int, count: int, at: datetime) -> tuple[Creditor, list[Told]]:
    """Fill the database with a creditor of that many open items and a statement of movements; the keys are the world's."""
    world = make_world(SEED, size // 5)
    told = movements(world, count, SEED + 1)
    creditor = set_up_creditor("Bench", "owner@bench.example", today=at.date(), at=at)
    _books(creditor, world)
    _statement(creditor, told, at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return creditor, told


def _write(model: Any, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    for some in _some(iter(rows)):
        with transaction.atomic():
            insert_rows(model, columns, some)


def _some(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, BATCH)):
        yield some


def _books(creditor: Creditor, world: World) -> None:
    key = creditor.pk
    _write(Customer, CUSTOMER, (
        (each.id, key, each.reference, each.name, "business", "", "", "ordinary", False, "fr", each.country, each.siren, "", "", "",
         "", "", False, False, 0, GENESIS) for each in world.debtors.values()
    ))  # fmt: skip
    _write(Payer, ("creditor_id", "customer_id", "account", "name", "learned_on"), (
        (key, each.id, min(each.accounts), min(each.payer_names), world.items[0].issued)
        for each in world.debtors.values() if each.accounts
    ))  # fmt: skip
    _write(Invoice, INVOICE, (
        (each.id, key, each.customer, each.kind, each.number, each.issued, each.due, "stated", "EUR", each.total_minor, "", "",
         each.order_reference, "sale", True, f"bench:{each.id}") for each in world.items
    ))  # fmt: skip
    _write(Charge, CHARGE, (
        (key, each.id, kind, "claimed", "EUR", minor, each.issued, "", each.issued, "")
        for each in world.items
        for kind, minor in (("late_interest", each.interest_minor), ("indemnity", each.indemnity_minor)) if minor
    ))  # fmt: skip


def _statement(creditor: Creditor, told: Sequence[Told], at: datetime) -> None:
    document = store_document(creditor, b"bench", "bench", "text/plain", at)
    statement = BankStatement.objects.create(
        creditor=creditor,
        document=document,
        name="bench",
        format="camt053",
        currency="EUR",
        source_key="bench",
        received_at=at,
    )
    columns = ("id", *COLUMNS)
    _write(BankTransaction, columns, (
        (each.credit.id, creditor.pk, statement.pk, line, "", each.credit.booked, None, each.credit.amount_minor, each.credit.currency,
         each.credit.label, json.dumps(each.credit.references), each.credit.structured, each.credit.payer_name,
         each.credit.payer_account, "", "", "", "transfer", "", f"bench:{line}", "to_match", False, "", None, "", "")
        for line, each in enumerate(told, 1)
    ))  # fmt: skip
