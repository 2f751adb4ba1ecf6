"""Posting a file: rows known once, newer exports, years in any order, and what people recorded."""

from datetime import date

import pytest

from exigible.books.creditors.models import Creditor
from exigible.books.journal.models import Event
from exigible.books.journal.operations import record
from exigible.books.ledger.models import Allocation, Contact, Customer, Invoice, Payment
from exigible.books.ledger.operations import allocate, record_payment, undo_allocation
from exigible.books.ledger.queries import aged_balance, invoice_balance
from exigible.books.ledger.tests.fec import TODAY, Ledger, changed, post
from exigible.testing import brasserie_nord, noon

pytestmark = pytest.mark.django_db
JAN, FEB, MAR, JUN = date(2026, 1, 12), date(2026, 2, 12), date(2026, 3, 12), date(2026, 6, 12)
LAST_MAY, LAST_DECEMBER = date(2025, 5, 12), date(2025, 12, 12)


@pytest.fixture
def creditor() -> Creditor:
    return brasserie_nord(TODAY).creditor


def balance(creditor: Creditor, day: date = TODAY) -> int:
    return sum(row.total for row in aged_balance(creditor, day, "EUR"))


def one(creditor: Creditor, number: str) -> Invoice:
    found: Invoice = Invoice.objects.of(creditor).get(number=number)
    return found


def test_a_ledger_becomes_customers_invoices_payments_and_allocations(creditor: Creditor) -> None:
    ledger = Ledger(2026).sale("C1", "F1", 12000, JAN, "AA 2026-02-12").bank("C1", 12000, FEB, "AA 2026-02-12")
    report = post(creditor, ledger.sale("C2", "F2", 5000, FEB).bytes())
    assert report.created == {"customers": 2, "invoices": 2, "payments": 1, "allocations": 1}
    assert one(creditor, "F1").settled_on == FEB
    assert one(creditor, "F2").settled_on is None
    assert Payment.objects.of(creditor).get().exhausted_on == FEB
    assert balance(creditor) == 5000
    assert Event.objects.of(creditor).filter(kind="ledger.posted").count() == 1


def test_the_same_file_again_changes_nothing(creditor: Creditor) -> None:
    body = Ledger(2026).sale("C1", "F1", 12000, JAN).bank("C1", 7000, FEB).sale("C1", "A1", -2000, MAR).bytes()
    post(creditor, body)
    report = post(creditor, body)
    assert changed(report) == 0
    assert report.unchanged == 4


def test_a_newer_export_brings_new_lettering(creditor: Creditor) -> None:
    post(creditor, Ledger(2026).sale("C1", "F1", 12000, JAN).bytes())
    newer = Ledger(2026).sale("C1", "F1", 12000, JAN, "AA 2026-03-12").bank("C1", 12000, MAR, "AA 2026-03-12")
    report = post(creditor, newer.bytes())
    assert report.created == {"customers": 0, "invoices": 0, "payments": 1, "allocations": 1}
    assert one(creditor, "F1").settled_on == MAR


def test_lettering_taken_back_in_a_newer_export_is_taken_back_in_the_books(creditor: Creditor) -> None:
    lettered = Ledger(2026).sale("C1", "F1", 12000, JAN, "AA 2026-03-12").sale("C1", "F2", 12000, FEB)
    post(creditor, lettered.bank("C1", 12000, MAR, "AA 2026-03-12").bytes())
    newer = Ledger(2026).sale("C1", "F1", 12000, JAN).sale("C1", "F2", 12000, FEB, "AB 2026-03-12")
    report = post(creditor, newer.bank("C1", 12000, MAR, "AB 2026-03-12").bytes())
    assert (report.removed["allocations"], report.created["allocations"]) == (1, 1)
    assert one(creditor, "F1").settled_on is None
    assert one(creditor, "F2").settled_on == MAR


def test_letters_replace_what_was_presumed(creditor: Creditor) -> None:
    ledger = Ledger(2026).sale("C1", "F1", 9000, JAN).sale("C1", "F2", 12000, FEB).bank("C1", 8000, MAR)
    post(creditor, ledger.bytes())
    assert Allocation.objects.get().basis == "oldest_first"
    newer = Ledger(2026).sale("C1", "F1", 9000, JAN).sale("C1", "F2", 12000, FEB, "aa 2026-03-12")
    post(creditor, newer.bank("C1", 8000, MAR, "aa 2026-03-12").bytes())
    assert Allocation.objects.get().invoice.number == "F2"


def test_the_same_key_with_another_amount_is_left_out_with_a_sentence(creditor: Creditor) -> None:
    table = "Client;Facture;Date;Echeance;Montant TTC\nC1;F1;12/01/2026;12/02/2026;{}\n"
    post(creditor, table.format("120,00").encode(), "a.csv")
    report = post(creditor, table.format("130,00").encode(), "b.csv")
    assert [error.code for error in report.rejected] == ["posting.other_amount"]
    assert "120.00 EUR" in report.rejected[0].reason
    assert one(creditor, "F1").total_minor == 12000


def test_a_due_date_given_later_completes_an_invoice(creditor: Creditor) -> None:
    post(creditor, Ledger(2026).sale("C1", "F1", 12000, JAN).bytes())
    assert (one(creditor, "F1").due_on, one(creditor, "F1").due_origin) == (date(2026, 2, 11), "creditor_terms")
    table = (
        b"Code client;Client;Facture;Date facture;Echeance;Montant TTC\nC1;Client C1;F1;12/01/2026;31/03/2026;120,00\n"
    )
    report = post(creditor, table, "dues.csv")
    assert report.created["invoices"] == 0
    assert (one(creditor, "F1").due_on, one(creditor, "F1").due_origin) == (date(2026, 3, 31), "stated")
    assert balance(creditor) == 12000
    assert changed(post(creditor, table, "dues.csv")) == 0


def test_terms_given_later_move_presumed_due_dates(creditor: Creditor) -> None:
    post(creditor, Ledger(2026).sale("C1", "F1", 12000, JAN).bytes())
    post(
        creditor,
        b"Code client;Nom;Conditions de reglement;E-mail\nC1;Client C1;45 FDM;c1@client.example\n",
        "customers.csv",
    )
    assert (one(creditor, "F1").due_on, one(creditor, "F1").due_origin) == (date(2026, 2, 28), "customer_terms")


def test_a_file_completes_a_customer_but_leaves_what_a_person_changed(creditor: Creditor) -> None:
    headers = "Code client;Nom;Type client;E-mail;Ville\n"
    post(creditor, f"{headers}C1;Villa Rose;;un@client.example;Lyon\n".encode(), "a.csv")
    customer = Customer.objects.get(creditor=creditor, reference="C1")
    Customer.objects.filter(pk=customer.pk).update(kind="business")
    told = {"changed": {"kind": ["unknown", "business"]}}
    from django.db import transaction

    with transaction.atomic():
        record("customer.changed", customer, told, on=TODAY, at=noon(TODAY))
        record("contact.changed", customer, {"contact": 1}, on=TODAY, at=noon(TODAY))
    Contact.objects.filter(customer=customer).update(email="par-telephone@client.example")
    post(creditor, f"{headers}C1;Villa Rose;Particulier;deux@client.example;Vienne\n".encode(), "b.csv")
    customer.refresh_from_db()
    assert (customer.kind, customer.city) == ("business", "Vienne")
    assert Contact.objects.get(customer=customer).email == "par-telephone@client.example"


def test_kinds_are_proposed_and_never_decided(creditor: Creditor) -> None:
    ledger = Ledger(2026, names={"C1": "Mairie de Vire", "C2": "Tilleul SARL", "C3": "Mme Aline Petit"})
    for key in ("C1", "C2", "C3"):
        ledger.sale(key, f"F{key}", 12000, JAN)
    post(creditor, ledger.bytes())
    rows = Customer.objects.of(creditor).order_by("reference").values_list("kind", "kind_proposed", "buyer")
    assert list(rows) == [("unknown", "public_body", "local"), ("unknown", "business", ""), ("unknown", "consumer", "")]


def test_a_payment_by_hand_yields_to_the_same_payment_in_the_file(creditor: Creditor) -> None:
    post(creditor, Ledger(2026).sale("C1", "F1", 12000, JAN).sale("C1", "F2", 12000, FEB).bytes())
    customer, invoice = Customer.objects.get(creditor=creditor), one(creditor, "F1")
    by_hand = record_payment(customer, 12000, MAR, [(invoice, 12000)], today=TODAY, at=noon(TODAY))
    newer = Ledger(2026).sale("C1", "F1", 12000, JAN).sale("C1", "F2", 12000, FEB, "AA 2026-03-15")
    report = post(creditor, newer.bank("C1", 12000, date(2026, 3, 15), "AA 2026-03-15").bytes())
    assert [told["amount"] for told in report.recognised] == ["120.00"]
    assert Payment.objects.get(creditor=creditor).pk == by_hand.pk
    assert Allocation.objects.get().invoice.number == "F2"
    assert (one(creditor, "F1").settled_on, balance(creditor)) == (None, 12000)


def test_a_payment_by_hand_keeps_its_invoice_when_the_file_letters_nothing(creditor: Creditor) -> None:
    post(creditor, Ledger(2026).sale("C1", "F1", 12000, JAN).sale("C1", "F2", 12000, FEB).bytes())
    customer = Customer.objects.get(creditor=creditor)
    record_payment(customer, 12000, MAR, [(one(creditor, "F2"), 12000)], today=TODAY, at=noon(TODAY))
    newer = Ledger(2026).sale("C1", "F1", 12000, JAN).sale("C1", "F2", 12000, FEB).bank("C1", 12000, MAR)
    report = post(creditor, newer.bytes())
    assert len(report.recognised) == 1
    assert Allocation.objects.get().invoice.number == "F2"


def test_a_payment_six_days_away_is_another_payment(creditor: Creditor) -> None:
    post(creditor, Ledger(2026).sale("C1", "F1", 30000, JAN).bytes())
    customer = Customer.objects.get(creditor=creditor)
    record_payment(customer, 12000, MAR, [(one(creditor, "F1"), 12000)], today=TODAY, at=noon(TODAY))
    newer = Ledger(2026).sale("C1", "F1", 30000, JAN).bank("C1", 12000, date(2026, 3, 18))
    assert post(creditor, newer.bytes()).recognised == []
    assert invoice_balance(one(creditor, "F1")) == 6000


def test_what_a_person_took_apart_is_not_presumed_again(creditor: Creditor) -> None:
    body = Ledger(2026).sale("C1", "F1", 9000, JAN).bank("C1", 8000, MAR).bytes()
    post(creditor, body)
    undo_allocation(Allocation.objects.get(), today=TODAY, at=noon(TODAY))
    assert changed(post(creditor, body)) == 0
    assert not Allocation.objects.exists()


def test_what_a_person_allocated_yields_to_letters_only(creditor: Creditor) -> None:
    ledger = Ledger(2026).sale("C1", "F1", 9000, JAN).sale("C1", "F2", 12000, FEB).bank("C1", 8000, MAR)
    post(creditor, ledger.bytes())
    undo_allocation(Allocation.objects.get(), today=TODAY, at=noon(TODAY))
    allocate(Payment.objects.get(), one(creditor, "F2"), 8000, today=TODAY, at=noon(TODAY))
    assert changed(post(creditor, ledger.bytes())) == 0
    newer = Ledger(2026).sale("C1", "F1", 9000, JAN, "aa 2026-03-12").sale("C1", "F2", 12000, FEB)
    post(creditor, newer.bank("C1", 8000, MAR, "aa 2026-03-12").bytes())
    assert [(each.invoice.number, each.basis) for each in Allocation.objects.all()] == [("F1", "lettering")]


def test_an_opening_item_of_an_unknown_year_waits_for_a_person(creditor: Creditor) -> None:
    report = post(creditor, Ledger(2026).opening("C1", "F9", 12000, LAST_MAY).sale("C1", "F1", 5000, JAN).bytes())
    assert report.openings_new == 1
    found = one(creditor, "F9")
    assert (found.origin, found.is_confirmed, found.issued_on) == ("opening", False, LAST_MAY)
    assert one(creditor, "F1").is_confirmed


def years() -> tuple[bytes, bytes]:
    """Two years: one invoice carried and paid later, one paid in part, one credit left over."""
    first = Ledger(2025).sale("C1", "F1", 12000, LAST_MAY).sale("C1", "F2", 9000, LAST_MAY, "aa 2025-06-01")
    first.bank("C1", 4000, date(2025, 6, 1), "aa 2025-06-01").bank("C2", 700, LAST_DECEMBER)
    first.sale("C3", "F3", 3000, LAST_MAY, "AA 2025-06-02").bank("C3", 3000, date(2025, 6, 2), "AA 2025-06-02")
    second = (
        Ledger(2026)
        .opening("C1", "F1", 12000, LAST_MAY, "AA 2026-02-12")
        .opening("C1", "F2", 9000, LAST_MAY, "AB 2026-03-12")
    )
    second.opening("C1", "RLV202506", -4000, date(2025, 6, 1), "AB 2026-03-12").opening(
        "C2", "RLV202512", -700, LAST_DECEMBER
    )
    second.bank("C1", 12000, FEB, "AA 2026-02-12").bank("C1", 5000, MAR, "AB 2026-03-12").sale("C2", "F4", 1000, JUN)
    return first.bytes(), second.bytes()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_years_make_no_duplicate_in_either_order(creditor: Creditor, order: tuple[int, int]) -> None:
    files = years()
    for index in order:
        post(creditor, files[index])
    assert sorted(Invoice.objects.of(creditor).values_list("number", flat=True)) == ["F1", "F2", "F3", "F4"]
    assert Payment.objects.of(creditor).count() == 5
    assert one(creditor, "F1").settled_on == FEB
    assert one(creditor, "F2").settled_on == MAR
    assert {invoice.origin for invoice in Invoice.objects.of(creditor)} == {"sale"}
    assert balance(creditor) == 300
    for index in (0, 1, 1, 0):
        assert changed(post(creditor, files[index])) == 0


def test_a_balance_brought_forward_in_one_line_is_the_items_it_sums_up(creditor: Creditor) -> None:
    post(creditor, Ledger(2025).sale("C1", "F1", 12000, LAST_MAY).sale("C1", "F2", 9000, LAST_DECEMBER).bytes())
    second = Ledger(2026).opening("C1", "SOLDE", 21000, date(2026, 1, 1), "aa 2026-02-12")
    report = post(creditor, second.bank("C1", 15000, FEB, "aa 2026-02-12").bytes())
    assert (report.openings_known, report.openings_new) == (1, 0)
    assert [invoice_balance(one(creditor, number)) for number in ("F1", "F2")] == [0, 6000]


def test_a_presumption_that_the_next_year_contradicts_is_corrected(creditor: Creditor) -> None:
    first = Ledger(2025).sale("C1", "F1", 12000, LAST_MAY).sale("C1", "F2", 12000, LAST_DECEMBER)
    post(creditor, first.bank("C1", 12000, date(2025, 12, 20), label="VIR").bank("C1", 1, date(2025, 12, 21)).bytes())
    assert one(creditor, "F1").settled_on is not None
    second = Ledger(2026).opening("C1", "F1", 12000, LAST_MAY).opening("C1", "RLV202512", -1, date(2025, 12, 21))
    post(creditor, second.sale("C1", "F3", 500, JAN).bytes())
    assert one(creditor, "F2").settled_on is not None
    assert balance(creditor) == 12499
    assert sum(invoice_balance(one(creditor, number)) for number in ("F1", "F3")) == 12499


def test_a_table_of_what_is_paid_does_not_count_the_ledgers_payments_again(creditor: Creditor) -> None:
    post(
        creditor,
        Ledger(2026).sale("C1", "F1", 12000, JAN, "aa 2026-02-12").bank("C1", 4000, FEB, "aa 2026-02-12").bytes(),
    )
    table = "Code client;Client;Facture;Date facture;Montant TTC;Deja regle\nC1;Client C1;F1;12/01/2026;120,00;{}\n"
    post(creditor, table.format("40,00").encode(), "a.csv")
    assert invoice_balance(one(creditor, "F1")) == 8000
    post(creditor, table.format("70,00").encode(), "b.csv")
    assert invoice_balance(one(creditor, "F1")) == 5000
    post(creditor, table.format("50,00").encode(), "c.csv")
    assert invoice_balance(one(creditor, "F1")) == 7000
    post(creditor, table.format("0,00").encode(), "d.csv")
    assert invoice_balance(one(creditor, "F1")) == 8000


def test_customers_of_one_creditor_are_not_those_of_another(creditor: Creditor) -> None:
    other = brasserie_nord(TODAY).creditor
    body = Ledger(2026).sale("C1", "F1", 12000, JAN).bytes()
    post(creditor, body)
    assert post(other, body).created["invoices"] == 1
    assert Customer.objects.of(other).get().reference == "C1"
