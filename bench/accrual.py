"""python -m bench.accrual DATABASE SIZE REPEATS: what lateness has cost on a book of late invoices, as one JSON object.

The invoices are late by a day to four years, one in five is paid in part, one in ten has a clause on interest; debtors are of
every kind. Some thousands of rows are compared with the exact calculation, one by one.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from statistics import median
from typing import Any

from bench.measure import TODAY, server_database

BATCH = 25_000
COMPARED = 5_000
EACH = 5
KINDS = ("business",) * 16 + ("public_body", "public_body", "consumer", "unknown")
CLAUSES = ("3.000", "8.000", "15.000")
CUSTOMER = (
    "id", "creditor_id", "reference", "name", "kind", "kind_proposed", "buyer", "segment", "segment_is_manual", "language", "country",
    "siren", "vat_number", "address", "postcode", "city", "terms", "is_doubtful", "is_excluded", "chain_number", "chain_hash",
)  # fmt: skip
INVOICE = (
    "id", "creditor_id", "customer_id", "kind", "number", "issued_on", "due_on", "due_origin", "currency", "total_minor", "label",
    "account", "order_reference", "origin", "is_confirmed", "contract_rate", "notice_received_on", "source_key",
)  # fmt: skip
PAYMENT = (
    "id", "creditor_id", "customer_id", "received_on", "currency", "amount_minor", "label", "reference", "account", "origin",
    "exhausted_on", "source_key",
)  # fmt: skip
ALLOCATION = ("creditor_id", "payment_id", "invoice_id", "amount_minor", "allocated_on", "basis")


def main() -> None:
    """Make a database, load the book, measure, drop the database."""
    database, size, repeats = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with tempfile.TemporaryDirectory(prefix="exigible-bench-") as folder:
        os.environ["EXIGIBLE_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "exigible.settings"
        os.environ["EXIGIBLE_SECRET_KEY"] = "bench"
        with server_database(database):
            print(json.dumps({"database": database, "size": size} | _measure(size, repeats)))


def _measure(size: int, repeats: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from exigible.books.ledger.accruals import accrued_to

    call_command("migrate", verbosity=0)
    creditor = load_late(size, TODAY)
    walls = []
    for _repeat in range(repeats):
        started = time.perf_counter()
        found = accrued_to(creditor, TODAY)
        walls.append(time.perf_counter() - started)
    return {
        "accrual_wall_ms": median(walls) * 1000, "late": found.invoices, "interest_minor": found.interest_minor,
        "indemnity_minor": found.indemnity_minor, "compared": compare(creditor, TODAY),
    }  # fmt: skip


def compare(creditor: Any, today: date, most: int = COMPARED) -> int:
    """Compare rows with the exact calculation; returns how many, all equal."""
    from exigible.books.ledger.accruals import accrued_by_invoice, accrued_on
    from exigible.books.ledger.models import Invoice

    found = {key: (interest, indemnity) for key, interest, indemnity in accrued_by_invoice(creditor, today)}
    step = max(1, len(found) // most)
    ids = sorted(found)[::step]
    for start in range(0, len(ids), 500):
        rows = Invoice.objects.filter(pk__in=ids[start : start + 500]).select_related("customer", "creditor")
        for invoice in rows:
            exact = accrued_on(invoice, today)
            assert found[invoice.pk] == (exact.interest_minor, exact.indemnity_minor), invoice.pk
    return len(ids)


def load_late(size: int, today: date, seed: int = 5) -> Any:
    """Fill the database with a creditor of that many late invoices, and return it."""
    from datetime import UTC, datetime

    from django.db import connection, transaction

    from exigible.books.creditors.operations import set_up_creditor

    at = datetime(today.year, today.month, today.day, 8, tzinfo=UTC)
    creditor = set_up_creditor("Lateness", "owner@late.example", today=today, at=at)
    random = Random(seed)  # noqa: S311
    for start in range(0, size, BATCH):
        with transaction.atomic():
            _insert(creditor.pk, min(BATCH, size - start), today, random)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return creditor


def _insert(creditor_id: int, count: int, today: date, random: Random) -> None:
    from exigible.books.ledger.models import Allocation, Customer, Invoice, Payment
    from exigible.common.bulk import insert_rows, reserve_ids

    people = reserve_ids(Customer, -(-count // EACH))
    kinds = [random.choice(KINDS) for _key in people]
    insert_rows(Customer, CUSTOMER, list(_customers(creditor_id, people, kinds)))
    invoices, payments, allocations = [], [], []
    payment_ids = iter(reserve_ids(Payment, count))
    for rank, key in enumerate(reserve_ids(Invoice, count)):
        customer_id, kind = people[rank // EACH], kinds[rank // EACH]
        due, total = today - timedelta(days=random.randint(1, 1_500)), random.randint(1_000, 5_000_000)
        clause = random.choice(CLAUSES) if random.random() < 0.1 else None
        notice = due + timedelta(days=random.randint(10, 90)) if kind == "consumer" and rank % 2 else None
        invoices.append((
            key, creditor_id, customer_id, "invoice", f"L{key}", due - timedelta(days=30), due, "stated", "EUR", total, "", "411",
            "", "sale", True, clause, notice, f"late:{key}",
        ))  # fmt: skip
        for _part in range(random.randint(1, 3) if random.random() < 0.2 else 0):
            payment_id, amount = next(payment_ids), random.randint(1, max(1, total // 4))
            day = min(today, due + timedelta(days=random.randint(-20, 900)))
            payments.append((
                payment_id, creditor_id, customer_id, day, "EUR", amount, "", "", "411", "payment", day, f"paid:{payment_id}",
            ))  # fmt: skip
            allocations.append((creditor_id, payment_id, key, amount, day, "lettering"))
    insert_rows(Invoice, INVOICE, invoices)
    insert_rows(Payment, PAYMENT, payments)
    insert_rows(Allocation, ALLOCATION, allocations)


def _customers(creditor_id: int, ids: range, kinds: list[str]) -> Iterator[tuple[object, ...]]:
    from exigible.books.journal.models import GENESIS

    for key, kind in zip(ids, kinds, strict=True):
        yield (
            key, creditor_id, f"C{key}", f"Client {key}", kind, "", "", "ordinary", False, "fr", "FR", "", "", "1 rue du Banc", "69001",
            "Lyon", "", False, False, 0, GENESIS,
        )  # fmt: skip


if __name__ == "__main__":
    main()
