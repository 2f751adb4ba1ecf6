"""Traps 7, 8, 9, 11 and 15: what is stated, of which invoice, when a case closes, at which rate, in which bucket."""

import re
from datetime import date, timedelta
from itertools import permutations
from random import Random

import pytest
from django.db import connection

from exigible.books.cases.models import Case
from exigible.books.cases.operations import refresh_customers
from exigible.books.ledger.models import Allocation, Customer, Invoice, Payment
from exigible.books.ledger.operations import allocate, mark_settled, record_payment, remove_payment, undo_allocation
from exigible.books.ledger.queries import BUCKETS, aged_balance, bucket_of, invoice_balance, payment_remainder
from exigible.core.law.book import law_book
from exigible.core.law.interest import accrued, derivation
from exigible.features.outbox.tests.mail_server import PostOffice, mail_through
from exigible.testing import MONDAY, House, atelier_lumen
from tests.acts import demands, work_day

pytestmark = pytest.mark.django_db


def amounts_in(text: str) -> list[int]:
    """Every amount in euros of a French text, in cents."""
    found = re.findall(r"(\d[\d\s\u202f\u00a0]*),(\d\d)\s*€", text)
    return [int(re.sub(r"\D", "", whole) + cents) for whole, cents in found]


def residuals(customer: Customer) -> dict[str, int]:
    """What is left of each late invoice, by number, straight from the tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.number, i.total_minor - COALESCE((SELECT SUM(a.amount_minor) FROM ledger_allocation a WHERE a.invoice_id = i.id), 0) "
            "FROM ledger_invoice i WHERE i.customer_id = %s AND i.kind <> 'credit_note' AND i.due_on < %s",
            [customer.pk, MONDAY],
        )
        return {number: int(left) for number, left in cursor.fetchall() if left}


def at_random(random: Random, house: House, customer: Customer, invoices: list[Invoice]) -> None:
    """Payments, credit notes, undone allocations, in any order."""
    for _act in range(random.randint(0, 6)):
        invoice = random.choice(invoices)
        left = invoice_balance(invoice)
        act = random.choice(["pay", "pay", "credit", "undo", "remove"])
        if act == "pay" and left:
            share = random.choice([left, random.randint(1, left), max(1, left - 1)])
            record_payment(
                customer,
                share + random.choice([0, 0, 700]),
                house.today,
                [(invoice, share)],
                today=house.today,
                at=house.at,
            )
        elif act == "credit" and left:
            note = house.invoice(
                customer,
                random.randint(1, left + 500),
                MONDAY,
                kind="credit_note",
                issued_on=MONDAY - timedelta(days=3),
            )
            allocate(note, invoice, min(left, note.total_minor), today=house.today, at=house.at)
        elif act == "undo" and (allocation := Allocation.objects.filter(invoice__customer=customer).first()):
            undo_allocation(allocation, today=house.today, at=house.at)
        elif act == "remove" and (payment := Payment.objects.filter(customer=customer).first()):
            remove_payment(payment, today=house.today, at=house.at)
    refresh_customers(house.creditor, [customer.pk], house.today, house.at)


@pytest.mark.parametrize("seed", range(12))
def test_trap_07_what_is_printed_is_what_is_left_at_that_instant(office: PostOffice, seed: int) -> None:
    random, house = Random(seed), atelier_lumen()
    mail_through(house.creditor, office)
    customers = [house.customer(f"Client {number}") for number in range(4)]
    for rank, customer in enumerate(customers):
        invoices = [
            house.invoice(
                customer,
                random.randint(2_000, 900_000),
                MONDAY - timedelta(days=random.randint(3, 300)),
                number=f"TRAP-{rank}{number}",
            )
            for number in range(random.randint(1, 4))
        ]
        at_random(random, house, customer, invoices)
    work_day(house)
    stated = 0
    for customer in customers:
        for message in demands(house, customer):
            (received,) = [mail for mail in office.received if mail.mail["Message-ID"] == message.message_id]
            left = residuals(customer)
            assert {line["number"]: line["open"] for line in message.facts["invoices"]} == left
            assert sum(left.values()) == message.facts["total"]
            printed = amounts_in(received.text)
            assert all(amount in printed for amount in left.values()), (left, received.text)
            assert message.facts["balance"] in printed
            assert message.facts["balance"] == sum(left.values()) - message.facts["credits"]
            stated += 1
    assert stated


def test_trap_08_each_of_many_invoices_keeps_its_own_amount_currency_and_day(office: PostOffice) -> None:
    house = atelier_lumen()
    mail_through(house.creditor, office)
    durand = house.customer("Durand")
    for number, (amount, late) in enumerate([(111_11, 4), (222_22, 9), (333_33, 30), (444_44, 61)], start=1):
        house.invoice(durand, amount, MONDAY - timedelta(days=late), number=f"TRAP-{number}")
    house.invoice(durand, 999_99, MONDAY - timedelta(days=5), number="TRAP-9", currency="USD")
    work_day(house)
    (received,) = office.received
    (message,) = demands(house)
    stated = {line["number"]: (line["open"], line["days_late"]) for line in message.facts["invoices"]}
    assert stated == {"TRAP-1": (111_11, 4), "TRAP-2": (222_22, 9), "TRAP-3": (333_33, 30), "TRAP-4": (444_44, 61)}
    printed = amounts_in(received.text)
    assert all(amount in printed for amount in (111_11, 222_22, 333_33, 444_44, 1_111_10))
    assert 999_99 not in printed
    assert "TRAP-9" not in received.text
    dues = [(MONDAY - timedelta(days=late)).strftime("%d/%m/%Y") for late in (4, 9, 30, 61)]
    assert all(due in received.text for due in dues)


ACTS = ("pay first", "pay second", "credit third")


@pytest.mark.parametrize("order", list(permutations(ACTS)))
@pytest.mark.parametrize("undone", range(3))
def test_trap_09_a_case_is_closed_only_when_nothing_is_left_in_any_order(order: tuple[str, ...], undone: int) -> None:
    house = atelier_lumen()
    durand = house.customer("Durand")
    first, second, third = (
        house.invoice(durand, 10_000 * rank, MONDAY - timedelta(days=5 * rank)) for rank in (1, 2, 3)
    )
    done: dict[str, Payment | Allocation] = {}
    for place, act in enumerate(order, start=1):
        if act == "credit third":
            note = house.invoice(durand, 30_000, MONDAY, kind="credit_note", issued_on=MONDAY)
            done[act] = allocate(note, third, 30_000, today=house.today, at=house.at)
            refresh_customers(house.creditor, [durand.pk], house.today, house.at)
        else:
            invoice = first if act == "pay first" else second
            done[act] = house.pay(durand, invoice.total_minor, (invoice, invoice.total_minor))
        house.run()
        assert house.case(durand).state == ("closed" if place == 3 else "open")
    taken_back = done[order[undone]]
    if isinstance(taken_back, Payment):
        remove_payment(taken_back, today=house.today, at=house.at)
    else:
        undo_allocation(taken_back, today=house.today, at=house.at)
    refresh_customers(house.creditor, [durand.pk], house.today, house.at)
    assert house.case(durand).state == "open"
    assert Case.objects.filter(customer=durand).exclude(state="closed").count() == 1


def test_trap_11_each_half_year_bears_its_own_rate() -> None:
    book = law_book("FR")
    paid = [(date(2025, 7, 10), 400_00)]
    parts = derivation(book, "business", 1_000_00, date(2025, 6, 20), date(2026, 1, 31), payments=paid)
    assert [(part.first, part.last, part.base_minor) for part in parts] == [
        (date(2025, 6, 21), date(2025, 6, 30), 1_000_00),
        (date(2025, 7, 1), date(2025, 7, 10), 1_000_00),
        (date(2025, 7, 11), date(2025, 12, 31), 600_00),
        (date(2026, 1, 1), date(2026, 1, 31), 600_00),
    ]
    assert len({part.rate for part in parts}) >= 2
    exact = sum(part.base_minor * part.rate * part.days for part in parts) / 36_500
    found = accrued(book, "business", 1_000_00, date(2025, 6, 20), date(2026, 1, 31), payments=paid)
    assert abs(found.interest_minor - exact) <= 1


def test_trap_11_the_day_after_the_due_day_is_one_day_also_in_a_leap_year() -> None:
    book = law_book("FR")
    assert accrued(book, "business", 1_000_00, date(2024, 2, 28), date(2024, 2, 29)).late_days == 1
    assert accrued(book, "business", 1_000_00, date(2024, 2, 28), date(2024, 3, 1)).late_days == 2
    assert accrued(book, "business", 1_000_00, date(2024, 2, 28), date(2024, 2, 28)) == (0, 0, 0)
    assert accrued(book, "business", 1_000_00, date(2024, 2, 28), date(2024, 2, 29)).indemnity_minor == 40_00


@pytest.mark.parametrize(
    ("late", "bucket"), [(-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4_000, 4)]
)
def test_trap_15_the_edges_of_the_buckets(late: int, bucket: int) -> None:
    assert bucket_of(MONDAY - timedelta(days=late), MONDAY) == bucket
    assert BUCKETS[bucket_of(None, MONDAY)] == "not_due"


def balance_at(customer: Customer, day: date) -> int:
    """The balance of one account on a day: issued less credited less received, whatever was set against what."""
    issued = list(Invoice.objects.filter(customer=customer, issued_on__lte=day))
    billed = sum(-invoice.total_minor if invoice.kind == "credit_note" else invoice.total_minor for invoice in issued)
    return billed - sum(
        payment.amount_minor for payment in Payment.objects.filter(customer=customer, received_on__lte=day)
    )


@pytest.mark.parametrize("seed", range(4))
def test_trap_15_the_buckets_add_up_to_the_account_on_every_past_day(seed: int) -> None:
    random, house = Random(seed), atelier_lumen()
    customers = [house.customer(f"Client {number}") for number in range(3)]
    start = MONDAY - timedelta(days=200)
    for customer in customers:
        for _invoice in range(5):
            issued = start + timedelta(days=random.randint(0, 150))
            invoice = house.invoice(
                customer, random.randint(1, 99_999), issued + timedelta(days=random.randint(0, 60)), issued_on=issued
            )
            for _payment in range(random.randint(0, 3)):
                left = invoice_balance(invoice)
                on = issued + timedelta(days=random.randint(0, 40))
                share = random.randint(0, left)
                shares = [(invoice, share)] if share else []
                record_payment(
                    customer, max(share, 1) + random.randint(0, 50), min(on, MONDAY), shares, today=MONDAY, at=house.at
                )
        note = house.invoice(
            customer, random.randint(1, 9_999), None, kind="credit_note", issued_on=start + timedelta(days=160)
        )
        mark_settled([note.pk])
    for later in range(0, 201, 4):
        day = start + timedelta(days=later)
        table = {row.customer_id: row for row in aged_balance(house.creditor, day, "EUR")}
        for customer in customers:
            row = table.get(customer.pk)
            assert (sum(row.buckets) + row.unallocated if row else 0) == balance_at(customer, day), (seed, day)
            assert row is None or all(bucket >= 0 for bucket in row.buckets)
    for payment in Payment.objects.of(house.creditor):
        assert 0 <= payment_remainder(payment) <= payment.amount_minor
