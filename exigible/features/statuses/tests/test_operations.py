"""What platforms say of an invoice is kept once, proves, holds, and pays at most once."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from exigible.books.cases.models import Hold
from exigible.books.cases.operations import refresh_customers
from exigible.books.documents.models import Evidence
from exigible.books.journal.models import Event
from exigible.books.ledger.models import Invoice, Payment
from exigible.books.ledger.operations import remove_payment
from exigible.books.ledger.posting import post_rows
from exigible.books.ledger.queries import invoice_balance
from exigible.features.statuses.models import InvoiceStatus
from exigible.features.statuses.operations import RawMessage, StatusReport, follow_statuses, keep_statuses
from exigible.formats.rows import AllocationRow, CustomerRow, InvoiceRow, PaymentRow, Reading, StatusRow
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
RAW = {0: RawMessage("statuts.csv", b"raw", "text/csv")}


@pytest.fixture
def house() -> House:
    return atelier_lumen()


@pytest.fixture
def invoice(house: House) -> Invoice:
    """An invoice of 1,200.00, twelve days late."""
    return house.invoice(house.customer("Durand", siren="732829320"), 120_000, house.days_from_now(-12), "F-1")


def told(house: House, code: int, days: int = 0, number: str = "F-1", **more: Any) -> StatusRow:
    """A status of some days ago, at nine."""
    on = house.days_from_now(days)
    return StatusRow(1, number, code, datetime(on.year, on.month, on.day, 9), platform="Plateforme Une", **more)


def follow(house: House, invoice: Invoice) -> None:
    """What an import does after it posted."""
    refresh_customers(house.creditor, [invoice.customer_id], house.today, house.at)
    follow_statuses(house.creditor, [invoice.customer_id], today=house.today, at=house.at)


def keep(house: House, *rows: StatusRow) -> StatusReport:
    return keep_statuses(house.creditor, rows, RAW, "table", today=house.today, at=house.at)


def holds(invoice: Invoice) -> list[tuple[str, str]]:
    """The holds in force: which, and why."""
    rows = Hold.objects.filter(invoice=invoice, released_on=None).order_by("id")
    return [(hold.reason, hold.source.split(":")[1]) for hold in rows]


def test_the_same_status_by_another_door_changes_nothing(house: House, invoice: Invoice) -> None:
    first = keep(house, told(house, 207), told(house, 207))
    events = Event.objects.of(house.creditor).count()
    zone = ZoneInfo(house.creditor.time_zone)
    again = told(house, 207)
    report = keep(house, again._replace(at=again.at.replace(tzinfo=zone), line=9))
    assert (first.created, first.unchanged, report.created, report.unchanged) == (1, 1, 0, 1)
    assert InvoiceStatus.objects.of(house.creditor).count() == 1
    assert holds(invoice) == [("disputed", "disputed")]
    assert Event.objects.of(house.creditor).count() == events


def test_a_refused_invoice_is_no_longer_chased_until_it_is_approved(house: House, invoice: Invoice) -> None:
    other = house.invoice(invoice.customer, 50_000, house.days_from_now(-12), "F-2")
    keep(house, told(house, 210, -2))
    assert holds(invoice) == [("refused", "refused")]
    house.run()
    asked = [line["number"] for message in house.messages() for line in message.facts["invoices"]]
    assert asked == [other.number]
    keep(house, told(house, 205, -1))
    assert holds(invoice) == []


def test_what_a_person_released_is_not_held_again_by_the_same_status(house: House, invoice: Invoice) -> None:
    keep(house, told(house, 208))
    Hold.objects.filter(invoice=invoice).update(released_on=house.today)
    follow_statuses(house.creditor, [invoice.customer_id], today=house.today, at=house.at)
    assert holds(invoice) == []


def test_deposit_and_receipt_are_proved_by_the_raw_message(house: House, invoice: Invoice) -> None:
    keep(house, told(house, 200, -20), told(house, 203, -19))
    proofs = Evidence.objects.filter(invoice=invoice).values_list("proves", "document__name")
    assert set(proofs) == {("deposit", "statuts.csv"), ("receipt", "statuts.csv")}


def test_a_status_waits_for_its_invoice(house: House) -> None:
    assert keep(house, told(house, 213, number="L-1")).without_invoice == 1
    invoice = house.invoice(house.customer("Lefort"), 12_000, house.days_from_now(-3), "L-1")
    follow_statuses(house.creditor, [], today=house.today, at=house.at)
    assert holds(invoice) == [("not_yet", "rejected")]


def test_an_invoice_of_a_number_used_twice_is_known_by_its_buyer(house: House, invoice: Invoice) -> None:
    other = house.invoice(house.customer("Petit"), 10_000, house.days_from_now(-3), "F-1")
    keep(house, told(house, 207))
    assert holds(invoice) == holds(other) == []
    keep(house, told(house, 208, siren="73282932000074"))
    assert holds(invoice) == [("refused", "suspended")]


def test_a_status_of_another_seller_or_of_tomorrow_is_left_out(house: House, invoice: Invoice) -> None:
    type(house.creditor).objects.filter(pk=house.creditor.pk).update(siren="552100554")
    house.creditor.siren = "552100554"
    report = keep(house, told(house, 210, seller="732829320"), told(house, 210, 3))
    assert [error.code for error in report.rejected] == ["status.seller", "status.future"]
    assert holds(invoice) == []


def test_money_said_to_be_received_pays_once_and_stays_taken_back(house: House, invoice: Invoice) -> None:
    keep(house, told(house, 212, -1))
    assert invoice_balance(invoice) == 0
    keep(house, told(house, 212))
    (payment,) = Payment.objects.of(house.creditor)
    assert payment.amount_minor == 120_000
    remove_payment(payment, today=house.today, at=house.at)
    follow(house, invoice)
    assert invoice_balance(invoice) == 120_000


def test_amounts_received_add_up_and_one_given_back_reopens_the_invoice(house: House, invoice: Invoice) -> None:
    keep(house, told(house, 212, -3, amount_minor=50_000, currency="EUR"))
    keep(house, told(house, 212, -2, amount_minor=30_000, currency="EUR"))
    assert invoice_balance(invoice) == 40_000
    keep(house, told(house, 212, -1, amount_minor=-30_000, currency="EUR"))
    assert invoice_balance(invoice) == 70_000
    assert sum(payment.amount_minor for payment in Payment.objects.of(house.creditor)) == 50_000


def test_money_that_is_known_already_is_not_counted_a_second_time(house: House, invoice: Invoice) -> None:
    house.pay(invoice.customer, 50_000, (invoice, 50_000))
    keep(house, told(house, 212, amount_minor=50_000, currency="EUR"))
    assert invoice_balance(invoice) == 70_000


def test_money_that_went_back_opens_the_invoice_again_whatever_a_status_said(house: House, invoice: Invoice) -> None:
    payment = house.pay(invoice.customer, 120_000, (invoice, 120_000))
    keep(house, told(house, 212))
    remove_payment(payment, today=house.today, at=house.at)
    follow(house, invoice)
    assert invoice_balance(invoice) == 120_000


@pytest.mark.parametrize("days", [1, 30])
def test_the_payment_of_the_ledger_takes_the_place_of_the_one_told(house: House, days: int) -> None:
    customer = CustomerRow("C1", "Durand")
    bill = InvoiceRow("k1", "C1", "L-1", "invoice", house.days_from_now(-60), house.days_from_now(-40), "EUR", 120_000)
    when: dict[str, Any] = {"today": house.today, "at": house.at}
    post_rows(house.creditor, Reading("fec", customers=[customer], invoices=[bill]), name="a", digest="a", **when)
    invoice = Invoice.objects.get(number="L-1")
    follow(house, invoice)
    keep(house, told(house, 212, -days, number="L-1"))
    money = PaymentRow(
        "k2", "C1", house.today - timedelta(days=1), "EUR", 120_000, allocation_ref="A", lettered=house.today
    )
    reading = Reading("fec", customers=[customer], invoices=[bill._replace(allocation_ref="A")], payments=[money])
    reading.allocations = [lettering(house)]
    post_rows(house.creditor, reading, name="b", digest="b", **when)
    follow(house, invoice)
    (payment,) = Payment.objects.of(house.creditor)
    assert (payment.amount_minor, payment.source_key) == (120_000, "k2")
    assert invoice_balance(invoice) == 0


def lettering(house: House) -> AllocationRow:
    """The accountant's lettering of the only payment with the only invoice."""
    return AllocationRow("k2", "payment", "k1", 120_000, house.today, "lettering")


def test_a_wait_names_the_reason(house: House, invoice: Invoice) -> None:
    keep(house, told(house, 225))
    house.run()
    waiting = house.case(invoice.customer).waiting
    assert '"factored"' in waiting
