"""Interest in sets: random books and rare facts give what the exact statement of each claim gives."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection

from exigible.books.ledger.accruals import MOST_CLAUSES, accrued_by_invoice, accrued_on, accrued_to
from exigible.books.ledger.models import Allocation, Invoice, Payment
from exigible.books.policies.law import law_book_of
from exigible.core.law.statement import Claim, state_claim
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
KINDS = ("business", "business", "public_body", "consumer", "unknown")
CLAUSES = (None, None, Decimal("2.5"), Decimal("9.125"), Decimal(20))


@pytest.fixture
def house() -> House:
    return atelier_lumen()


def add(house: House, rank: int, kind: str = "business", **fields: object) -> Invoice:
    values: dict[str, object] = {
        "number": f"R-{rank}", "issued_on": date(2012, 1, 1), "due_on": house.days_from_now(-100), "total_minor": 1_000_000,
        "currency": "EUR", "source_key": f"random:{rank}", **fields,
    }  # fmt: skip
    customers = house.creditor.__dict__.setdefault("_customers_by_kind", {})
    if kind not in customers:
        customers[kind] = house.customer(kind.title(), kind)
    invoice: Invoice = Invoice.objects.create(creditor=house.creditor, customer=customers[kind], **values)
    return invoice


def pay(invoice: Invoice, amount_minor: int, on: date) -> None:
    facts = {"creditor": invoice.creditor, "amount_minor": amount_minor}
    count = Payment.objects.count()
    payment = Payment.objects.create(
        customer=invoice.customer, received_on=on, exhausted_on=on, source_key=f"paid:{count}", **facts
    )
    Allocation.objects.create(payment=payment, invoice=invoice, allocated_on=on, basis="lettering", **facts)


def agree(house: House) -> dict[int, tuple[int, int]]:
    """What the sets give is, of each late invoice, the exact statement with the principal paid first; returns it."""
    book = law_book_of(house.creditor)
    rows = accrued_by_invoice(house.creditor, house.today)
    found = {key: (interest, indemnity) for key, interest, indemnity in rows}
    assert len(found) == len(rows)
    late = Invoice.objects.filter(settled_on__isnull=True, due_on__lt=house.today, currency="EUR").exclude(
        kind="credit_note"
    )
    for invoice in late.select_related("customer", "creditor"):
        payments = list(Allocation.objects.filter(invoice=invoice).values_list("allocated_on", "amount_minor"))
        claim = Claim(
            debtor=invoice.customer.kind, amount_minor=invoice.total_minor, due=invoice.due_on, until=house.today, payments=payments,
            contract_rate=invoice.contract_rate, notice_received=invoice.notice_received_on,
        )  # fmt: skip
        told = state_claim(book, claim, "principal_first")
        exact = (told.accrued_interest_minor, told.accrued_indemnity_minor)
        assert found.get(invoice.pk, (0, 0)) == exact == accrued_on(invoice, house.today)[:2], invoice.number
    total = accrued_to(house.creditor, house.today)
    assert total == (len(found), sum(one for one, _two in found.values()), sum(two for _one, two in found.values()))
    return found


def test_thousands_of_random_invoices_agree_with_the_statement_of_each(house: House) -> None:
    random = Random(2026)
    for rank in range(1_500):
        due = house.days_from_now(-random.randint(1, 4_000))
        notice = due + timedelta(days=random.randint(-40, 900)) if random.random() < 0.5 else None
        total = random.randint(1, 10 ** random.randint(1, 9))
        invoice = add(
            house, rank, random.choice(KINDS), due_on=due, total_minor=total, notice_received_on=notice,
            contract_rate=random.choice(CLAUSES),
        )  # fmt: skip
        left = total
        for _part in range(random.choice([0, 0, 1, 3])):
            if (part := random.randint(0, left - 1)) > 0:
                pay(invoice, part, due + timedelta(days=random.randint(-60, 4_100)))
                left -= part
    assert len(agree(house)) > 1_000


def test_an_amount_too_large_for_the_databases_integers_is_computed_apart(house: House) -> None:
    large, small = add(house, 1, total_minor=9 * 10**17), add(house, 2)
    pay(large, 10**17, house.days_from_now(-30))
    found = agree(house)
    assert found[large.pk][0] > 10**16
    assert found[small.pk][0] > 0


def test_more_different_clauses_than_the_table_takes_are_all_computed(house: House) -> None:
    for rank in range(MOST_CLAUSES + 7):
        add(house, rank, contract_rate=Decimal(9) + Decimal(rank) / 8)
    assert len({interest for interest, _indemnity in agree(house).values()}) == MOST_CLAUSES + 7


def test_the_edges_of_the_calendar(house: House) -> None:
    days = [
        date(1995, 5, 5),
        date(2012, 12, 30),
        date(2012, 12, 31),
        date(2013, 1, 1),
        date(2013, 3, 14),
        date(2013, 3, 15),
    ]
    days += [date(2013, 3, 16), date(2024, 2, 29), date(2026, 6, 30), date(2026, 7, 1), house.days_from_now(-1)]
    for rank, (day, kind) in enumerate((day, kind) for day in days for kind in ("business", "public_body", "consumer")):
        invoice = add(house, rank, kind, due_on=day, notice_received_on=day)
        pay(invoice, 1_000, day + timedelta(days=1))
    agree(house)


def test_what_bears_nothing_is_left_out(house: House) -> None:
    add(house, 1, currency="USD")
    add(house, 2, kind="unknown")
    add(house, 3, due_on=house.today)
    add(house, 4, due_on=None)
    add(house, 5, settled_on=house.today)
    credit = Invoice.Kind.CREDIT_NOTE
    Invoice.objects.filter(pk=add(house, 6).pk).update(kind=credit)
    assert accrued_to(house.creditor, house.today) == (0, 0, 0)


def test_another_creditors_invoices_are_not_counted(house: House) -> None:
    add(house, 1)
    other = atelier_lumen()
    add(other, 2)
    assert accrued_to(house.creditor, house.today).invoices == 1


def test_asking_twice_leaves_nothing_behind(house: House) -> None:
    add(house, 1)
    assert accrued_to(house.creditor, house.today) == accrued_to(house.creditor, house.today)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE accrual_law (key bigint)")
        cursor.execute("DROP TABLE accrual_law")
