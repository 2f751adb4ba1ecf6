"""What becomes of movements: applied, shared, set aside, undone, given back; and who waits meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from exigible.books.cases.models import Case
from exigible.books.documents.operations import store_document
from exigible.books.ledger.models import Allocation, Customer, Invoice
from exigible.features.bank.models import BankTransaction
from exigible.features.bank.proposing import match_statement
from exigible.features.bank.receiving import Received, keep_statements
from exigible.formats.bank import Movement, Statement
from exigible.formats.rows import Reading
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
IBAN = "FR7699999000010000000012337"
State = BankTransaction.State


def receive(house: House, *movements: Movement, name: str = "releve.xml", **fields: Any) -> Received:
    """Take in a statement of these movements, and match it."""
    format = fields.pop("format", "camt053")
    statement = Statement(IBAN, "EUR", movements, **fields)
    document = store_document(house.creditor, repr((format, statement)).encode(), name, "application/xml", house.at)
    reading = Reading(format, statements=[statement])
    received = keep_statements(house.creditor, reading, document, name, None, today=house.today, at=house.at)
    for row in received.statements:
        match_statement(row.pk, house.at, house.today)
    return received


def credit(house: House, amount_minor: int, label: str, **fields: Any) -> Movement:
    """A transfer that came in yesterday."""
    on = fields.pop("on", house.today - timedelta(days=1))
    return Movement(1, on, amount_minor, "EUR", label, kind=fields.pop("kind", "transfer"), **fields)


def only(house: House) -> BankTransaction:
    """The one movement of the creditor."""
    return BankTransaction.objects.of(house.creditor).get()


@pytest.fixture
def house() -> House:
    """Atelier Lumen, which lets certain matches be applied."""
    lumen = atelier_lumen()
    lumen.creditor.applies_certain_matches = True
    lumen.creditor.save()
    return lumen


def late(
    house: House, total_minor: int = 120_000, number: str = "FA-2026-0042", name: str = "Menuiserie Durand"
) -> tuple[Customer, Invoice]:
    """A customer with an invoice that is ten days late."""
    customer = house.customer(name)
    return customer, house.invoice(customer, total_minor, house.days_from_now(-10), number)


def acts(house: House) -> dict[str, Any]:
    """When, for an act."""
    return {"today": house.today, "at": house.at, "actor": "user:1"}


def test_a_transfer_that_names_its_invoice_pays_it_and_closes_the_case(house: House) -> None:
    customer, invoice = late(house)
    receive(house, credit(house, 120_000, "VIR SEPA RECU /DE MENUISERIE DURAND /MOTIF FA-2026-0042"))
    invoice.refresh_from_db()
    assert invoice.settled_on == house.today - timedelta(days=1)
    assert only(house).state == State.APPLIED
    assert Allocation.objects.get(invoice=invoice).basis == "bank"
    assert house.case(customer).state == Case.State.CLOSED
