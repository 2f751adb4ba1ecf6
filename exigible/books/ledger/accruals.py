"""What lateness has cost on the books to a day: of one invoice, exactly; of a whole book, in sets, by the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from types import ModuleType
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Q

from exigible.books.creditors.models import Creditor
from exigible.books.ledger import accruals_postgresql, accruals_sql
from exigible.books.ledger.accruals_sql import Law, drop_law, make_law, regimes
from exigible.books.ledger.models import Allocation, Customer, CustomerKind, Invoice
from exigible.books.policies.law import law_book_of
from exigible.core.law.interest import Accrued, accrued
from exigible.core.law.ladders import regime_of
from exigible.core.law.rates import takes_contract_rate
from exigible.core.law.weights import day_weights, first_weighed

MOST_CLAUSES = 20
_LARGEST = 2**63 - 1


class Accrual(NamedTuple):
    """Late invoices that are open, and the interest and indemnities accrued on them, in minor units of the law's currency."""

    invoices: int
    interest_minor: int
    indemnity_minor: int


def accrued_on(invoice: Invoice, until: date) -> Accrued:
    """Return the interest and the indemnity of one invoice at the end of a day; nothing in a currency that is not the law's."""
    book = law_book_of(invoice.creditor)
    if invoice.kind == Invoice.Kind.CREDIT_NOTE or invoice.due_on is None or invoice.currency != book.currency:
        return Accrued(0, 0, 0)
    until = interest_until(invoice, until)
    payments = list(Allocation.objects.filter(invoice=invoice).values_list("allocated_on", "amount_minor"))
    rate = None if invoice.contract_rate is None else Decimal(str(invoice.contract_rate))
    return accrued(
        book, invoice.customer.kind, invoice.total_minor, invoice.due_on, until, payments=payments, contract_rate=rate,
        notice_received=invoice.notice_received_on,
    )  # fmt: skip


def interest_until(invoice: Invoice, until: date) -> date:
    """Return the last day that bears interest: the eve of the judgment that opened insolvency proceedings (C. com. art. L622-28).

    What was billed after it is paid when due, and bears interest as any debt (L622-17).
    """
    since = invoice.customer.insolvent_since
    return until if since is None or invoice.issued_on >= since else min(until, since - timedelta(days=1))


def accrued_to(creditor: Creditor, today: date) -> Accrual:
    """Return what has accrued to a day on all that is open now, each invoice rounded by itself, as `accrued_on` does."""
    with _law(creditor, today) as law:
        ((count, interest, indemnity),) = _fetch(_dialect().sums(law))
    apart = [accrued_on(invoice, today) for invoice in _apart(creditor, today, law)]
    return Accrual(
        count + len(apart),
        int(interest or 0) + sum(found.interest_minor for found in apart),
        int(indemnity or 0) + sum(found.indemnity_minor for found in apart),
    )


def accrued_by_invoice(creditor: Creditor, today: date) -> list[tuple[int, int, int]]:
    """Return the same invoice by invoice: (id, interest, indemnity) in minor units; those that owe neither may be left out."""
    with _law(creditor, today) as law:
        rows = [(key, int(interest), int(indemnity)) for key, interest, indemnity in _fetch(_dialect().statement(law))]
    for invoice in _apart(creditor, today, law):
        found = accrued_on(invoice, today)
        rows.append((invoice.pk, found.interest_minor, found.indemnity_minor))
    return rows


def _apart(creditor: Creditor, today: date, law: Law) -> list[Invoice]:
    """The few invoices that are computed one by one: too large for the database's integers, of a rare clause, or of the
    insolvent."""
    rows = Invoice.objects.of(creditor).filter(settled_on__isnull=True).select_related("customer", "creditor")
    insolvent = Customer.objects.of(creditor).filter(insolvent_since__isnull=False).values_list("id", flat=True)
    stopped = Q(customer_id__among=list(insolvent), issued_on__lt=F("customer__insolvent_since"))
    found = list(rows.filter(Q(total_minor__gt=law.largest_minor) & ~stopped)) + list(rows.filter(stopped))
    if len(law.clauses) > MOST_CLAUSES:
        known = [Decimal(clause) / 1000 for clause in law.clauses if clause is not None]
        rare = rows.filter(
            ~stopped, contract_rate__isnull=False, total_minor__lte=law.largest_minor, customer__kind__in=law.by_clause
        )
        found += rare.exclude(contract_rate__in=known)
    return [
        invoice
        for invoice in found
        if invoice.currency == law.currency and invoice.due_on and invoice.due_on < today and invoice.customer.kind in law.kinds
        and invoice.kind != Invoice.Kind.CREDIT_NOTE
    ]  # fmt: skip


def _clauses(creditor: Creditor) -> list[int | None]:
    """The rates that contracts set, in thousandths of a percent; None for the invoices without a clause."""
    open_rows = Invoice.objects.of(creditor).filter(settled_on__isnull=True, contract_rate__isnull=False)
    rates = open_rows.order_by().values_list("contract_rate", flat=True).distinct()
    return [None, *sorted({int(rate * 1000) for rate in rates if rate is not None})[:MOST_CLAUSES]]


@contextmanager
def _law(creditor: Creditor, today: date) -> Iterator[Law]:
    """The law as a table beside the books, for as long as a statement reads it.

    On SQLite no transaction is opened: it would take the lock of the one writer for seconds, for a mere reading.
    """
    book = law_book_of(creditor)
    bearing = {kind: regime for kind in CustomerKind.values if (regime := regime_of(book, kind, None))}
    kinds, clauses = list(bearing), _clauses(creditor)
    first = min(first_weighed(book, kind) for kind in kinds)
    by_clause = [kind for kind in kinds if takes_contract_rate(book, kind, first)]
    tables = [
        day_weights(book, kind, None if clause is None else Decimal(clause) / 1000, first, today)
        for kind, clause in regimes(kinds, by_clause, clauses)
    ]
    denominators, roundings = {one.denominator for one in bearing.values()}, {one.rounding for one in bearing.values()}
    assert len(denominators) == len(roundings) == 1, "one law divides and rounds in one way"
    (denominator,), (rounding,) = denominators, roundings
    heaviest = max([1, *(row.factor * max(row.span, row.other) for table in tables for row in table)])
    law = Law(
        creditor.pk, book.currency, tuple(kinds), tuple(kind for kind in kinds if bearing[kind].starts_on_notice),
        tuple(by_clause), tuple(clauses), first, today, denominator, rounding, (_LARGEST - denominator) // (2 * heaviest), tables,
    )  # fmt: skip
    if connection.vendor != "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            # Compiling a statement that reads a whole book costs more than it saves.
            cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
            yield law
        return
    make_law(law)
    try:
        yield law
    finally:
        drop_law()


def _dialect() -> ModuleType:
    return accruals_sql if connection.vendor == "sqlite" else accruals_postgresql


def _fetch(query: str) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[int, ...]] = cursor.fetchall()
    return found
