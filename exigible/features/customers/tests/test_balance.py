"""The aged balance adds up to the accounts on every date, whatever happened since."""

import io
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from openpyxl import load_workbook

from exigible.books.ledger.models import Customer, Invoice, Payment
from exigible.books.ledger.operations import allocate, undo_allocation
from exigible.books.ledger.queries import AgedRow, invoice_balance, payment_remainder
from exigible.features.customers import operations
from exigible.features.customers.balance import balance_json, book_totals, control, rows_for, totals_of
from exigible.features.customers.balance_sheet import write_balance_xlsx
from exigible.testing import MONDAY, House, atelier_lumen

pytestmark = pytest.mark.django_db


def row_of(house: House, customer: Customer, as_of: date = MONDAY, currency: str = "EUR") -> AgedRow:
    return next(row for row in rows_for(house.creditor, as_of, currency) if row.customer_id == customer.pk)


@pytest.mark.parametrize(
    ("days", "bucket"), [(-5, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)]
)
def test_an_invoice_stands_in_the_bucket_of_its_days_past_due(days: int, bucket: int) -> None:
    house = atelier_lumen()
    martin = house.customer("Martin")
    house.invoice(martin, 12_345, MONDAY - timedelta(days=days))
    assert [place for place, minor in enumerate(row_of(house, martin).buckets) if minor] == [bucket]
    assert book_totals(house.creditor, MONDAY, "EUR").buckets[bucket] == 12_345


def test_an_invoice_without_a_due_date_is_not_due() -> None:
    house = atelier_lumen()
    martin = house.customer("Martin")
    house.invoice(martin, 500, None)
    assert row_of(house, martin).buckets[0] == 500


def test_what_was_paid_after_the_date_was_still_owed_on_it() -> None:
    house = atelier_lumen()
    martin = house.customer("Martin")
    invoice = house.invoice(martin, 10_000, MONDAY - timedelta(days=10))
    house.pay(martin, 10_000, (invoice, 10_000))
    assert row_of(house, martin, MONDAY - timedelta(days=1)).buckets[1] == 10_000
    assert rows_for(house.creditor, MONDAY, "EUR") == []


def test_credits_stand_apart_and_are_never_aged() -> None:
    house = atelier_lumen()
    martin = house.customer("Martin")
    house.invoice(martin, 10_000, MONDAY - timedelta(days=40))
    house.invoice(martin, 4_000, MONDAY - timedelta(days=40), kind="credit_note")
    house.pay(martin, 1_500)
    row = row_of(house, martin)
    assert (row.buckets, row.unallocated, row.total) == ((0, 0, 10_000, 0, 0), -5_500, 4_500)


def test_currencies_never_meet_in_a_sum() -> None:
    house = atelier_lumen()
    martin = house.customer("Martin")
    house.invoice(martin, 10_000, MONDAY - timedelta(days=3))
    house.invoice(martin, 7_777, MONDAY - timedelta(days=3), currency="USD")
    house.pay(martin, 777, currency="USD")
    found = balance_json(house.creditor, MONDAY, "EUR")
    assert found["total"]["total"] == "100.00"
    assert found["other_currencies"] == [{"currency": "USD", "total": "70.00"}]


def test_the_control_names_each_account() -> None:
    house = atelier_lumen()
    martin = house.customer("Martin")
    house.invoice(martin, 10_000, MONDAY - timedelta(days=3), account="411000")
    house.invoice(martin, 2_500, MONDAY - timedelta(days=200), account="416000")
    totals = totals_of(rows_for(house.creditor, MONDAY, "EUR"))
    assert control(house.creditor, MONDAY, "EUR", totals.total) == ([("411", 10_000), ("416", 2_500)], 12_500, 0)


def test_the_balance_of_another_creditor_is_not_in_it() -> None:
    lumen, nord = atelier_lumen(), atelier_lumen()
    nord.invoice(nord.customer("Carole"), 999, MONDAY - timedelta(days=3))
    assert rows_for(lumen.creditor, MONDAY, "EUR") == []


steps = some.lists(
    some.tuples(some.sampled_from(["bill", "bill", "bill", "credit", "pay", "pay", "settle", "use", "unpay"]), some.integers(0, 10**6), some.integers(0, 200)),
    min_size=3, max_size=25,
)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_buckets_and_credits_add_up_to_the_accounts_on_every_past_date(history: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        house = atelier_lumen()
        customers = [house.customer("Martin"), house.customer("Durand")]
        for act, number, days in history:
            play(house, customers[number % 2], act, number, days)
        for days in {0, 250} | {day + shift for _act, _number, day in history for shift in (-1, 0, 30)}:
            as_of = MONDAY - timedelta(days=days)
            totals = totals_of(rows_for(house.creditor, as_of, "EUR"))
            assert control(house.creditor, as_of, "EUR", totals.total).difference == 0
            assert book_totals(house.creditor, as_of, "EUR") == totals
            assert min(totals.buckets) >= 0
            assert totals.unallocated <= 0
        transaction.set_rollback(True)


def play(house: House, customer: Customer, act: str, number: int, days: int) -> None:
    """Do one thing to the ledger, on a day of the past where it has one; what cannot be done is left out."""
    day = MONDAY - timedelta(days=days)
    open_invoices = list(
        Invoice.objects.filter(customer=customer, settled_on__isnull=True).exclude(kind="credit_note").order_by("id")
    )
    when = {"today": MONDAY, "at": house.at}
    match act:
        case "bill" | "credit":
            kind = "invoice" if act == "bill" else "credit_note"
            house.invoice(customer, 1 + number, day, kind=kind, account="416" if number % 5 == 0 else "411")
        case "pay":
            target = open_invoices[number % len(open_invoices)] if open_invoices else None
            share = min(1 + number, invoice_balance(target)) if target else 0
            house.pay(customer, 1 + number, *([(target, share)] if target else []), on=day)
        case "settle" if open_invoices:
            target = open_invoices[number % len(open_invoices)]
            house.pay(customer, invoice_balance(target), (target, invoice_balance(target)), on=day)
        case "use" if open_invoices:
            use_a_credit(house, customer, open_invoices[0])
        case "unpay":
            payment = Payment.objects.filter(customer=customer).order_by("id").first()
            if payment is not None and number % 2:
                operations.take_payment_back(payment, **when)  # type: ignore[arg-type]
            elif payment is not None and (allocation := payment.allocations.first()):
                undo_allocation(allocation, **when)  # type: ignore[arg-type]


def use_a_credit(house: House, customer: Customer, invoice: Invoice) -> None:
    note = Invoice.objects.filter(customer=customer, kind="credit_note", settled_on__isnull=True).first()
    payment = Payment.objects.filter(customer=customer, exhausted_on__isnull=True).first()
    source = note or payment
    if source is not None:
        left = invoice_balance(note) if note else payment_remainder(payment)  # type: ignore[arg-type]
        allocate(source, invoice, min(left, invoice_balance(invoice)), today=MONDAY, at=house.at)


def test_a_name_that_looks_like_a_formula_stays_text_in_the_workbook() -> None:
    house = atelier_lumen()
    for name in ('=HYPERLINK("x")', "+33 SARL", "@cmd", "Caf\x07é"):
        house.invoice(house.customer(name, email=f"a{len(name)}@x.example"), 123_456, MONDAY - timedelta(days=3))
    target = io.BytesIO()
    assert write_balance_xlsx(target, house.creditor, MONDAY, "EUR") == 4
    sheet = load_workbook(target).active
    rows = [[cell for cell in row if cell.value is not None] for row in sheet.iter_rows(min_row=4, max_row=7)]
    assert {row[1].data_type for row in rows} == {"s"}
    assert {row[-1].value for row in rows} == {1234.56}
    assert {row[-1].number_format for row in rows} == {"#,##0.00"}


def test_a_currency_without_decimals_is_written_whole() -> None:
    house = atelier_lumen()
    house.invoice(house.customer("Kyoto"), 5_000, MONDAY - timedelta(days=3), currency="JPY")
    assert balance_json(house.creditor, MONDAY, "JPY")["rows"][0]["1-30"] == "5000"
