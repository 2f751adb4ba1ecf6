"""The aged balance: who owes what since when, on any date, with the control of the accounts beside it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from unicodedata import combining, normalize

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Substr

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Allocation, Customer, Invoice, Payment
from exigible.books.ledger.queries import BUCKETS, AgedRow, aged_balance
from exigible.common.paging import Page, page_of
from exigible.core.money import decimal_string

WHOLE_UP_TO = 400
PAGE = 100
DOUBTFUL = "416"
RECEIVABLE = "411"


class Totals(NamedTuple):
    """The foot of the balance: minor units per bucket, credits apart (negative), and all of it."""

    buckets: tuple[int, ...]
    unallocated: int
    total: int


class Control(NamedTuple):
    """What the accounts say on the date, summed without looking at allocations; `difference` must be nothing."""

    accounts: list[tuple[str, int]]
    total: int
    difference: int


def totals_of(rows: Iterable[AgedRow]) -> Totals:
    """Add up rows of one currency."""
    sums, credits = [0] * len(BUCKETS), 0
    for row in rows:
        credits += row.unallocated
        for place, minor in enumerate(row.buckets):
            sums[place] += minor
    return Totals(tuple(sums), credits, sum(sums) + credits)


def is_large(creditor: Creditor) -> bool:
    """Say whether the book is shown a page of customers at a time."""
    return Customer.objects.of(creditor).order_by("pk")[WHOLE_UP_TO : WHOLE_UP_TO + 1].exists()


def customers_page(creditor: Creditor, after: str, before: str) -> Page:
    """Return a page of customers by name; those who owe nothing on the date fall out of it when it is shown."""
    return page_of(Customer.objects.of(creditor), ("name", "id"), after, before, PAGE)


def book_totals(creditor: Creditor, as_of: date, currency: str) -> Totals:
    """Return the foot of the balance of a whole book, summed by the database."""
    still = Q(settled_on__isnull=True) | Q(settled_on__gt=as_of)
    items = Invoice.objects.of(creditor).filter(still, issued_on__lte=as_of, currency=currency)
    invoices = items.exclude(kind=Invoice.Kind.CREDIT_NOTE)
    sums = [0] * len(BUCKETS)
    for place, minor in _by_bucket(invoices, "due_on", as_of, "total_minor"):
        sums[place] += minor
    paid = Allocation.objects.of(creditor).filter(allocated_on__lte=as_of, invoice__in=invoices)
    for place, minor in _by_bucket(paid, "invoice__due_on", as_of, "amount_minor"):
        sums[place] -= minor
    credits = _left(items.filter(kind=Invoice.Kind.CREDIT_NOTE), "total_minor", "credit_note", as_of)
    money = Payment.objects.of(creditor).filter(
        Q(exhausted_on__isnull=True) | Q(exhausted_on__gt=as_of), received_on__lte=as_of
    )
    credits += _left(money.filter(currency=currency), "amount_minor", "payment", as_of)
    return Totals(tuple(sums), -credits, sum(sums) - credits)


def _by_bucket(rows: QuerySet[Any], due: str, as_of: date, amount: str) -> Iterable[tuple[int, int]]:
    """Sum an amount by bucket: a bucket ends a number of days after the due date."""
    edges = ((1, 30), (2, 60), (3, 90))
    whens = [When(**{f"{due}__isnull": True}, then=Value(0)), When(**{f"{due}__gte": as_of}, then=Value(0))]
    whens += [When(**{f"{due}__gte": as_of - timedelta(days=days)}, then=Value(place)) for place, days in edges]
    placed = rows.annotate(place=Case(*whens, default=Value(4))).order_by().values("place")
    return [(row["place"], row["sum"]) for row in placed.annotate(sum=Sum(amount))]


def _left(sources: QuerySet[Any], amount: str, column: str, as_of: date) -> int:
    """What is left of credit notes or payments on a date."""
    used = Allocation.objects.filter(**{column: OuterRef("pk")}, allocated_on__lte=as_of).order_by().values(column)
    spent = Coalesce(
        Subquery(used.annotate(sum=Sum("amount_minor")).values("sum")), Value(0), output_field=BigIntegerField()
    )
    return sources.annotate(left=F(amount) - spent).aggregate(sum=Sum("left"))["sum"] or 0


def control(creditor: Creditor, as_of: date, currency: str, total: int) -> Control:
    """Return the balance of each receivable account on a date, from what was billed and received alone."""
    sums: dict[str, int] = {}
    billed = Invoice.objects.of(creditor).filter(issued_on__lte=as_of, currency=currency)
    received = Payment.objects.of(creditor).filter(received_on__lte=as_of, currency=currency)
    for rows, amount in ((billed, "total_minor"), (received, "amount_minor")):
        of_invoices = rows is billed
        grouped = (
            rows.annotate(prefix=Substr("account", 1, 3))
            .order_by()
            .values_list("prefix", *(["kind"] if of_invoices else []))
        )
        for prefix, *kind, minor in grouped.annotate(sum=Sum(amount)):
            is_debit = of_invoices and kind != [Invoice.Kind.CREDIT_NOTE]
            account = DOUBTFUL if prefix == DOUBTFUL else RECEIVABLE
            sums[account] = sums.get(account, 0) + (minor if is_debit else -minor)
    found = sum(sums.values())
    return Control(sorted(sums.items()), found, total - found)


def currencies_in(creditor: Creditor) -> list[str]:
    """Return the currencies in which something is open, the creditor's own first; one step of the index for each."""
    found, last = [], ""
    open_items = Invoice.objects.of(creditor).filter(settled_on__isnull=True).order_by("currency")
    while (code := open_items.filter(currency__gt=last).values_list("currency", flat=True).first()) is not None:
        found.append(code)
        last = code
    return [creditor.currency, *(code for code in found if code != creditor.currency)]


def other_totals(creditor: Creditor, as_of: date, currency: str) -> list[tuple[str, int]]:
    """Return what is owed in all in each other currency on a date, where something is."""
    codes = set(Invoice.objects.of(creditor).order_by().values_list("currency", flat=True).distinct())
    codes |= set(Payment.objects.of(creditor).order_by().values_list("currency", flat=True).distinct())
    totals = [(code, book_totals(creditor, as_of, code)) for code in sorted(codes - {currency})]
    return [(code, found.total) for code, found in totals if found.total or any(found.buckets)]


def balance_json(creditor: Creditor, as_of: date, currency: str) -> dict[str, Any]:
    """Return the aged balance as the command line and the API give it: amounts as exact decimal strings."""
    rows = rows_for(creditor, as_of, currency)
    return {
        "as_of": as_of.isoformat(),
        "currency": currency,
        "other_currencies": [
            {"currency": code, "total": decimal_string(minor, code)}
            for code, minor in other_totals(creditor, as_of, currency)
        ],
        "buckets": list(BUCKETS),
        "rows": [{"customer": row.name, "reference": row.reference} | _amounts(row, currency) for row in rows],
        "total": _amounts(totals_of(rows), currency),
    }


def _amounts(row: AgedRow | Totals, currency: str) -> dict[str, str]:
    found = {name: decimal_string(minor, currency) for name, minor in zip(BUCKETS, row.buckets, strict=True)}
    return found | {
        "unallocated": decimal_string(row.unallocated, currency),
        "total": decimal_string(row.total, currency),
    }


def shares_of(totals: Totals) -> list[int]:
    """Return each bucket's share of what is owed, in whole per cent, for the bar."""
    owed = sum(totals.buckets)
    return [round(100 * minor / owed) if owed > 0 else 0 for minor in totals.buckets]


def rows_for(
    creditor: Creditor, as_of: date, currency: str, customers: Sequence[Customer] | None = None
) -> list[AgedRow]:
    """Return the rows of some customers, or of all, in the order of a French dictionary."""
    rows = aged_balance(
        creditor, as_of, currency, None if customers is None else [customer.pk for customer in customers]
    )
    return sorted(rows, key=lambda row: (folded(row.name), row.customer_id))


def folded(name: str) -> str:
    """Return a name without accents and capitals, to sort by."""
    return "".join(mark for mark in normalize("NFKD", name.casefold()) if not combining(mark))
