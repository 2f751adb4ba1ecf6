"""The interest that the database computes in sets is, on each invoice, the one that is computed exactly."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from bench.accrual import compare, load_late
from exigible.books.ledger.accruals import accrued_by_invoice, accrued_to
from exigible.books.ledger.models import Allocation, Invoice
from exigible.books.policies.law import law_book_of
from exigible.core.law.interest import Accrued, accrued

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
COLUMNS = ("id", "customer__kind", "total_minor", "due_on", "contract_rate", "notice_received_on")


def test_a_hundred_thousand_invoices_equal_the_exact_calculation_to_the_cent() -> None:
    creditor = load_late(100_000, TODAY)
    book = law_book_of(creditor)
    payments: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for key, day, amount in Allocation.objects.values_list("invoice_id", "allocated_on", "amount_minor"):
        payments[key].append((day, amount))
    exact: dict[int, Accrued] = {}
    for key, kind, total, due, rate, notice in Invoice.objects.values_list(*COLUMNS):
        clause = None if rate is None else Decimal(str(rate))
        exact[key] = accrued(
            book, kind, total, due, TODAY, payments=payments.get(key, ()), contract_rate=clause, notice_received=notice
        )
    found = {key: (interest, indemnity) for key, interest, indemnity in accrued_by_invoice(creditor, TODAY)}
    wrong = {key for key, told in exact.items() if found.get(key, (0, 0)) != told[:2]}
    assert len(exact) == 100_000
    assert len(payments) > 15_000
    assert wrong == set()
    assert accrued_to(creditor, TODAY) == (
        len(found),
        *(sum(pair[place] for pair in found.values()) for place in (0, 1)),
    )
    assert compare(creditor, TODAY, 500) >= 500
