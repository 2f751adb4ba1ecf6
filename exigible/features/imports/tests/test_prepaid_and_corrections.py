"""Electronic invoices beside a ledger: credit notes find their invoice, what was prepaid is counted once, in either order."""

import json
from datetime import date, timedelta

import pytest

from exigible.books.cases.models import Case, Hold
from exigible.books.ledger.models import Allocation, Correction, Customer, Invoice, Payment, SettlementTerms
from exigible.books.ledger.queries import aged_balance
from exigible.books.ledger.tests.fec import Ledger
from exigible.core.typography import day_in_words
from exigible.features.customers.operations import change_customer
from exigible.features.imports.models import Import
from exigible.features.imports.operations import import_now
from exigible.features.imports.undo import undo_import
from exigible.features.messages.wording import because_sentence
from exigible.formats.tests.einvoices import DURAND, LUMEN, cii
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
NOTE = {"number": "AV-1", "type": "381", "net": "100.00", "tax": "20.00", "total": "120.00", "payable": "120.00"}
PREPAID = {"prepaid": "500.00", "payable": "700.00"}
SOLD = date(2026, 9, 1)


@pytest.fixture
def house() -> House:
    """Atelier Lumen, with the SIREN of its invoices."""
    return atelier_lumen()


def given(house: House, *bodies: bytes) -> None:
    """Import files one after the other."""
    for place, body in enumerate(bodies):
        upload = import_now(house.creditor, f"{place}.txt", body, house.today, house.at)
        assert "rejected" in json.loads(upload.report_json), upload.error


def balance(house: House) -> int:
    """What is owed in euros, credits taken off."""
    return sum(row.total for row in aged_balance(house.creditor, house.today, "EUR"))


def ledger() -> Ledger:
    """A year in which customer C1 is Durand et Fils."""
    return Ledger(2026, names={"C1": "DURAND ET FILS"})


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_credit_note_is_set_against_the_invoice_it_corrects_whichever_comes_first(
    house: House, order: tuple[int, int]
) -> None:
    files = [cii(number="FA-2"), cii(**NOTE, corrects="FA-2")]
    given(house, cii(issued="2026-08-01", due="2026-08-31"), *(files[place] for place in order))
    allocation = Allocation.objects.of(house.creditor).select_related("invoice", "credit_note").get()
    assert (allocation.invoice.number, allocation.amount_minor, allocation.basis) == ("FA-2", 12000, "reference")
    assert allocation.credit_note is not None
    assert allocation.credit_note.number == "AV-1"
    given(house, files[order[0]] + b" ")
    assert Allocation.objects.of(house.creditor).count() == Correction.objects.of(house.creditor).count() == 1


def test_a_credit_note_in_another_currency_is_not_set_against_the_invoice(house: House) -> None:
    given(house, cii(number="FA-2"), cii(**NOTE, corrects="FA-2", currency="USD"))
    assert not Allocation.objects.of(house.creditor).exists()


def test_a_correction_is_undone_with_its_import(house: House) -> None:
    given(house, cii(number="FA-2"), cii(**NOTE, corrects="FA-2"))
    undo_import(Import.objects.of(house.creditor).order_by("-pk")[0], house.today, house.at)
    assert not Correction.objects.of(house.creditor).exists()
    assert balance(house) == 120000


@pytest.mark.parametrize("is_ledger_first", [False, True])
@pytest.mark.parametrize("paid", [50000, 30000])
def test_a_prepayment_is_counted_once_when_the_ledger_tells_it_too(
    house: House, is_ledger_first: bool, paid: int
) -> None:
    told = ledger().sale("C1", "FA-2026-017", 120000, SOLD).bank("C1", paid, date(2026, 8, 20)).bytes()
    files = [told, cii(**PREPAID)] if is_ledger_first else [cii(**PREPAID), told]
    given(house, *files)
    assert balance(house) == (120000 - paid if is_ledger_first or paid == 50000 else 70000)
    assert Invoice.objects.of(house.creditor).count() == 1


@pytest.mark.parametrize("is_ledger_first", [False, True])
def test_an_invoice_kept_less_its_prepayment_is_claimed_once(house: House, is_ledger_first: bool) -> None:
    files = [cii(**PREPAID), ledger().sale("C1", "FA-2026-017", 70000, SOLD).bytes()]
    given(house, *(reversed(files) if is_ledger_first else files))
    assert balance(house) == 70000
    assert Invoice.objects.of(house.creditor).count() == 1


def test_a_ledger_that_tells_no_prepayment_leaves_what_the_invoice_says(house: House) -> None:
    given(house, cii(**PREPAID), ledger().sale("C1", "FA-2026-017", 120000, SOLD).bytes())
    assert balance(house) == 70000
    assert Payment.objects.of(house.creditor).get().origin == "balance"


def test_what_is_to_be_debited_is_asked_for_only_once_a_bank_would_have_told_of_its_return(house: House) -> None:
    debtor = house.customer("Durand et Fils", siren=DURAND["siren"], kind="business")
    due = house.today - timedelta(days=4)
    given(house, cii(means="59", due=due.isoformat(), issued=(due - timedelta(days=30)).isoformat()))
    until = Hold.objects.of(house.creditor).get().until_on
    assert until is not None
    assert not house.run()
    waiting = because_sentence(json.loads(house.case(debtor).waiting), "fr").text
    assert "prélèvement à venir" in waiting
    assert day_in_words(until, "fr") in waiting
    assert [action.customer_id for action in house.run(until + timedelta(days=4))] == [debtor.pk]


def test_the_hold_of_a_direct_debit_goes_with_its_import(house: House) -> None:
    due = house.today + timedelta(days=10)
    given(house, cii(means="59", due=due.isoformat(), issued=house.today.isoformat()))
    hold = Hold.objects.of(house.creditor).get()
    assert (hold.reason, hold.source, hold.amount_minor) == ("not_yet", "terms:direct_debit", None)
    assert hold.until_on is not None
    assert hold.until_on > due
    undo_import(Import.objects.of(house.creditor).get(), house.today, house.at)
    assert not Hold.objects.of(house.creditor).exists()
    assert not SettlementTerms.objects.of(house.creditor).exists()


def test_a_factored_invoice_waits_and_one_to_a_public_body_says_which_code_is_missing(house: House) -> None:
    town = {"name": "Mairie de Vire", "siren": "000300004", "vat": "FR33000300004"}
    house.customer("Mairie de Vire", siren="000300004", kind="public_body", buyer="local")
    given(house, cii(payee="Factor du Nord", seller=LUMEN), cii(number="FA-2", buyer=town),
          cii(number="FA-3", buyer=town, buyer_reference="SERVICE-1"))  # fmt: skip
    held = dict(Hold.objects.of(house.creditor).values_list("invoice__number", "source"))
    assert held == {"FA-2026-017": "terms:factored", "FA-2": "terms:codes"}
    assert Case.objects.of(house.creditor).count() == 2
    body = Customer.objects.of(house.creditor).get(siren="000300004")
    change_customer(body, {"kind": "business", "buyer": ""}, today=house.today, at=house.at)
    assert not Hold.objects.filter(invoice__number="FA-2", released_on__isnull=True).exists()
    change_customer(body, {"kind": "public_body", "buyer": "state"}, today=house.today, at=house.at)
    held = Hold.objects.of(house.creditor).filter(released_on__isnull=True).values_list("invoice__number", "source")
    assert set(held) == {("FA-2026-017", "terms:factored"), ("FA-2", "terms:codes"), ("FA-3", "terms:commitment")}
