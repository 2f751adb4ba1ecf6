"""Undoing a posting puts the books back exactly, or says what rests on it."""

from datetime import date
from typing import Any

import pytest

from exigible.books.creditors.models import Creditor
from exigible.books.journal.models import Event
from exigible.books.ledger.models import Allocation, Charge, Contact, Customer, Invoice, Payment, Posting
from exigible.books.ledger.operations import allocate, record_payment
from exigible.books.ledger.posting_undo import (
    AllocationRestsOnIt,
    AlreadyUndone,
    ChargeRestsOnIt,
    PaymentRestsOnIt,
    PostingRestsOnIt,
    undo_posting,
)
from exigible.books.ledger.tests.fec import TODAY, Ledger, changed, post
from exigible.books.ledger.tests.test_posting import years
from exigible.testing import brasserie_nord, noon

pytestmark = pytest.mark.django_db
JAN, FEB, MAR = date(2026, 1, 12), date(2026, 2, 12), date(2026, 3, 12)


@pytest.fixture
def creditor() -> Creditor:
    return brasserie_nord(TODAY).creditor


def books(creditor: Creditor) -> list[list[tuple[Any, ...]]]:
    """Every row of the ledger, allocations without their own numbers."""
    found = [
        list(model.objects.of(creditor).order_by("id").values_list()) for model in (Customer, Contact, Invoice, Payment)
    ]
    columns = [column.attname for column in Allocation._meta.concrete_fields if column.attname != "id"]
    return [*found, sorted(Allocation.objects.of(creditor).values_list(*columns), key=str)]


def undo(posting_id: int) -> None:
    undo_posting(Posting.objects.get(pk=posting_id), TODAY, at=noon(TODAY))


def test_undoing_the_first_import_leaves_nothing(creditor: Creditor) -> None:
    report = post(creditor, years()[0])
    undo(report.posting_id)
    assert not any(books(creditor))
    assert Event.objects.of(creditor).filter(kind="ledger.undone").count() == 1
    with pytest.raises(AlreadyUndone):
        undo(report.posting_id)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_undoing_a_year_puts_the_other_back_as_it_was(creditor: Creditor, order: tuple[int, int]) -> None:
    files = years()
    post(creditor, files[order[0]])
    before = books(creditor)
    report = post(creditor, files[order[1]])
    assert books(creditor) != before
    undo(report.posting_id)
    assert books(creditor) == before
    assert changed(post(creditor, files[order[0]])) == 0


def test_undoing_a_newer_export_gives_a_recognised_payment_back(creditor: Creditor) -> None:
    post(creditor, Ledger(2026).sale("C1", "F1", 12000, JAN).sale("C1", "F2", 12000, FEB).bytes())
    customer, invoice = Customer.objects.get(creditor=creditor), Invoice.objects.get(creditor=creditor, number="F1")
    record_payment(customer, 12000, MAR, [(invoice, 12000)], today=TODAY, at=noon(TODAY))
    before = books(creditor)
    newer = Ledger(2026).sale("C1", "F1", 12000, JAN).sale("C1", "F2", 12000, FEB, "AA 2026-03-12")
    report = post(creditor, newer.bank("C1", 12000, MAR, "AA 2026-03-12").bytes())
    undo(report.posting_id)
    assert books(creditor) == before


def test_undoing_a_table_of_customers_gives_names_terms_and_due_dates_back(creditor: Creditor) -> None:
    post(creditor, Ledger(2026).sale("C1", "F1", 12000, JAN).bytes())
    before = books(creditor)
    table = "Code client;Nom;Conditions de reglement;E-mail;Type client\nC1;Autre nom;45 FDM;c1@client.example;Professionnel\n"
    report = post(creditor, table.encode(), "customers.csv")
    assert Invoice.objects.get(creditor=creditor).due_on == date(2026, 2, 28)
    undo(report.posting_id)
    assert books(creditor) == before


def test_undoing_a_table_of_payments_gives_the_amount_paid_before_back(creditor: Creditor) -> None:
    table = "Code client;Client;Facture;Date facture;Montant TTC;Deja regle\nC1;Client C1;F1;12/01/2026;120,00;{}\n"
    post(creditor, table.format("40,00").encode(), "a.csv")
    before = books(creditor)
    for amount in ("70,00", "0,00"):
        report = post(creditor, table.format(amount).encode(), "b.csv")
        undo(report.posting_id)
        assert books(creditor) == before


def test_a_later_import_for_the_same_customers_must_go_first(creditor: Creditor) -> None:
    first = post(creditor, Ledger(2026).sale("C1", "F1", 12000, JAN).bytes(), "first.txt")
    other = post(creditor, Ledger(2026).sale("C9", "F9", 12000, JAN).bytes(), "other.txt")
    later = post(creditor, Ledger(2026).sale("C1", "F1", 12000, JAN).sale("C1", "F2", 1, FEB).bytes(), "later.txt")
    with pytest.raises(PostingRestsOnIt) as refused:
        undo(first.posting_id)
    assert "later.txt" in str(refused.value)
    undo(other.posting_id)
    undo(later.posting_id)
    undo(first.posting_id)
    assert not any(books(creditor))


def test_money_allocations_and_charges_of_people_keep_an_import(creditor: Creditor) -> None:
    ledger = Ledger(2026).sale("C1", "F1", 12000, JAN).sale("C2", "F2", 12000, JAN).bank("C2", 500, FEB)
    report = post(creditor, ledger.sale("C3", "F3", 12000, JAN).bytes())
    invoice = Invoice.objects.get(creditor=creditor, number="F1")
    payment = record_payment(invoice.customer, 5000, FEB, [(invoice, 5000)], today=TODAY, at=noon(TODAY))
    with pytest.raises(PaymentRestsOnIt, match="50,00.€"):
        undo(report.posting_id)
    payment.delete()
    second = Invoice.objects.get(creditor=creditor, number="F2")
    Allocation.objects.all().delete()
    by_hand = allocate(Payment.objects.get(creditor=creditor), second, 500, today=TODAY, at=noon(TODAY))
    with pytest.raises(AllocationRestsOnIt, match="F2"):
        undo(report.posting_id)
    by_hand.delete()
    Charge.objects.create(
        creditor=creditor, invoice=invoice, kind="indemnity", state="claimed", currency="EUR", amount_minor=4000,
        until_on=TODAY, article="D441-5",
    )  # fmt: skip
    with pytest.raises(ChargeRestsOnIt, match="F1"):
        undo(report.posting_id)
    assert Posting.objects.get(pk=report.posting_id).undone_at is None
