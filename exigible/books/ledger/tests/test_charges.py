"""Each move of a charge: what it writes, what it refuses, what it tells the journal; and how charges follow the books."""

import json
from datetime import date, timedelta
from random import Random

import pytest

from exigible.books.journal.models import Event, EventPayload
from exigible.books.ledger.accruals import accrued_on
from exigible.books.ledger.charge_rows import WrittenFurther, charges_of, sums_of
from exigible.books.ledger.charges import (
    NoReasonGiven,
    NothingToWaive,
    PaidInAnotherCurrency,
    TooMuchForCharges,
    WaiverIsVoid,
    accrue_charges,
    claim_charges,
    pay_charges,
    waive_charges,
)
from exigible.books.ledger.costs import CostsStayWithCreditor, record_cost, remove_cost
from exigible.books.ledger.models import Charge, Customer, Invoice, RecoveryCost
from exigible.books.ledger.operations import remove_payment
from exigible.books.ledger.queries import aged_balance, payment_remainder, unallocated_credits
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return atelier_lumen()


def late(house: House, kind: str = "business", days: int = 60, total_minor: int = 1_000_000) -> Invoice:
    return house.invoice(house.customer("Durand", kind), total_minor, house.days_from_now(-days))


def fresh(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("customer", "creditor").get(pk=invoice.pk)


def claim(house: House, invoice: Invoice) -> int:
    return claim_charges(fresh(invoice), house.today, today=house.today, at=house.at)


def owed(invoice: Invoice, until: date) -> int:
    found = accrued_on(fresh(invoice), until)
    return found.interest_minor + found.indemnity_minor


def told(kind: str) -> dict[str, object]:
    event = Event.objects.filter(kind=kind).latest("id")
    payload: dict[str, object] = json.loads(EventPayload.objects.get(event_id=event.pk).body)
    return payload


def agrees(invoice: Invoice, until: date) -> None:
    assert sums_of(charges_of(invoice)).total == owed(invoice, until)


def test_what_is_written_down_is_what_accrued_each_day(house: House) -> None:
    invoice, written = late(house), 0
    for days in (0, 1, 0, 40, 90):
        house.today += timedelta(days=days)
        written += accrue_charges(invoice, house.today, today=house.today, at=house.at)
        assert written == owed(invoice, house.today)
        agrees(invoice, house.today)
    assert Charge.objects.filter(invoice=invoice, kind="late_interest").count() == 1
    assert Charge.objects.get(invoice=invoice, kind="indemnity").amount_minor == 4_000
    assert Event.objects.filter(kind="charge.accrued").count() == 4


def test_a_claim_says_what_it_claims_by_kind_and_to_which_day(house: House) -> None:
    invoice = late(house)
    claimed = claim(house, invoice)
    payload = told("charge.claimed")
    assert claimed == payload["amount"] == owed(invoice, house.today)
    assert payload["indemnity"] == 4_000
    assert payload["until"] == house.today.isoformat()
    assert {row.claimed_on for row in charges_of(invoice)} == {house.today}


def test_an_earlier_day_than_the_last_one_written_is_refused(house: House) -> None:
    invoice = late(house)
    claim(house, invoice)
    with pytest.raises(WrittenFurther):
        accrue_charges(invoice, house.days_from_now(-1), today=house.today, at=house.at)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("unknown", {}), ("consumer", {}), ("business", {"currency": "USD"}), ("business", {"kind": "credit_note"})],
)
def test_nothing_is_written_where_the_law_gives_nothing(house: House, kind: str, fields: dict[str, str]) -> None:
    invoice = house.invoice(house.customer("Durand", kind), 100_000, house.days_from_now(-30), **fields)  # type: ignore[arg-type]
    assert claim(house, invoice) == 0
    assert not Charge.objects.exists()
    assert not Event.objects.filter(kind__startswith="charge.").exists()


def test_a_waiver_needs_a_reason_and_keeps_it_with_who_granted_it(house: House) -> None:
    invoice = late(house)
    claim(house, invoice)
    with pytest.raises(NoReasonGiven):
        waive_charges(invoice, "  ", today=house.today, at=house.at)
    waived = waive_charges(invoice, "Good customer", today=house.today, at=house.at, actor="user:7")
    assert waived == owed(invoice, house.today)
    assert sums_of(charges_of(invoice)) == (0, 0, waived, 0)
    assert told("charge.waived")["reason"] == "Good customer"
    assert Event.objects.get(kind="charge.waived").actor == "user:7"
    with pytest.raises(NothingToWaive):
        waive_charges(invoice, "Again", today=house.today, at=house.at)


def test_interest_of_the_days_after_a_waiver_accrues_again(house: House) -> None:
    invoice = late(house)
    waived = waive_charges(invoice, "Good customer", today=house.today, at=house.at)
    house.today += timedelta(days=30)
    assert claim(house, invoice) == owed(invoice, house.today) - waived
    assert Charge.objects.filter(invoice=invoice, kind="indemnity").count() == 1


def test_the_interest_of_a_public_body_is_never_waived_its_indemnity_may_be(house: House) -> None:
    invoice = late(house, "public_body")
    with pytest.raises(WaiverIsVoid, match="L2192-14"):
        waive_charges(invoice, "Good customer", today=house.today, at=house.at)
    assert not Charge.objects.filter(state="waived").exists()
    assert waive_charges(invoice, "Paid soon", ("indemnity",), today=house.today, at=house.at) == 4_000


def test_money_pays_claimed_charges_first_and_interest_before_the_indemnity(house: House) -> None:
    invoice = late(house)
    claim(house, invoice)
    interest = sums_of(charges_of(invoice), "late_interest").claimed
    house.today += timedelta(days=10)
    payment = house.pay(invoice.customer, interest + 1_000)
    pay_charges(payment, invoice, interest + 1_000, today=house.today, at=house.at)
    assert sums_of(charges_of(invoice), "late_interest").paid == interest
    assert sums_of(charges_of(invoice), "indemnity") == (0, 3_000, 0, 1_000)
    assert sums_of(charges_of(invoice), "late_interest").accrued > 0
    agrees(invoice, house.today)


def test_what_pays_a_charge_is_no_credit_any_more_but_stays_in_the_accounts(house: House) -> None:
    invoice = late(house)
    claim(house, invoice)
    payment = house.pay(invoice.customer, 10_000)
    before = aged_balance(house.creditor, house.today, "EUR")
    pay_charges(payment, invoice, 6_000, today=house.today, at=house.at)
    assert payment_remainder(payment) == 4_000
    assert unallocated_credits([invoice.customer_id]) == {invoice.customer_id: {"EUR": 4_000}}
    assert aged_balance(house.creditor, house.today, "EUR") == before


def test_no_payment_pays_more_than_itself_nor_more_than_is_due_nor_in_another_currency(house: House) -> None:
    invoice = late(house)
    claim(house, invoice)
    small, large = house.pay(invoice.customer, 500), house.pay(invoice.customer, 900_000)
    for payment, amount in ((small, 501), (large, 900_000), (large, 0)):
        with pytest.raises(TooMuchForCharges):
            pay_charges(payment, invoice, amount, today=house.today, at=house.at)
    dollars = house.pay(invoice.customer, 500, currency="USD")
    with pytest.raises(PaidInAnotherCurrency):
        pay_charges(dollars, invoice, 500, today=house.today, at=house.at)


def test_a_payment_taken_back_makes_the_charges_it_paid_due_again(house: House) -> None:
    invoice = late(house)
    claim(house, invoice)
    due = sums_of(charges_of(invoice)).due
    payment = house.pay(invoice.customer, 3_000)
    pay_charges(payment, invoice, 3_000, today=house.today, at=house.at)
    remove_payment(payment, today=house.today, at=house.at)
    assert sums_of(charges_of(invoice)).claimed == due
    assert told("charge.unpaid")["amount"] == 3_000
    agrees(invoice, house.today)


def test_charges_are_waived_by_the_setting_when_the_principal_is_settled(house: House) -> None:
    invoice = late(house)
    claim(house, invoice)
    house.today += timedelta(days=5)
    house.pay(invoice.customer, 1_000_000, (invoice, 1_000_000))
    sums = sums_of(charges_of(invoice))
    assert sums == (0, 0, owed(invoice, house.today), 0)
    assert told("charge.waived")["reason"] == ""
    assert house.case(invoice.customer).state == "closed"


def test_such_a_waiver_falls_when_the_principal_is_unpaid_again(house: House) -> None:
    invoice = late(house)
    claimed = claim(house, invoice)
    payment = house.pay(invoice.customer, 1_000_000, (invoice, 1_000_000))
    assert sums_of(charges_of(invoice)).waived == claimed
    remove_payment(payment, today=house.today, at=house.at)
    house.refresh(invoice.customer)
    assert sums_of(charges_of(invoice)).claimed == claimed
    assert told("charge.restored")["amount"] == claimed
    agrees(invoice, house.today)


def test_without_that_setting_claimed_charges_stay_due_and_keep_the_case_open(house: House) -> None:
    type(house.creditor).objects.filter(pk=house.creditor.pk).update(waives_charges_when_paid=False)
    house.creditor.refresh_from_db()
    invoice = late(house)
    claim(house, invoice)
    house.pay(invoice.customer, 1_000_000, (invoice, 1_000_000))
    assert house.case(invoice.customer).state == "open"
    due = sums_of(charges_of(invoice)).due
    payment = house.pay(invoice.customer, due)
    pay_charges(payment, invoice, due, today=house.today, at=house.at)
    house.refresh(invoice.customer)
    assert house.case(invoice.customer).state == "closed"


def test_the_charges_of_a_public_body_stay_due_whatever_the_setting(house: House) -> None:
    invoice = late(house, "public_body")
    claim(house, invoice)
    house.pay(invoice.customer, 1_000_000, (invoice, 1_000_000))
    assert sums_of(charges_of(invoice)).waived == 0
    assert house.case(invoice.customer).state == "open"


def test_a_payment_learnt_later_lowers_what_was_claimed_too_high(house: House) -> None:
    invoice = late(house)
    claimed = claim(house, invoice)
    house.pay(invoice.customer, 600_000, (invoice, 600_000), on=house.days_from_now(-50))
    agrees(invoice, house.today)
    assert told("charge.corrected")["amount"] == owed(invoice, house.today) - claimed < 0


def test_a_customer_found_to_be_a_consumer_owes_neither(house: House) -> None:
    invoice = late(house)
    claim(house, invoice)
    Customer.objects.filter(pk=invoice.customer_id).update(kind="consumer")
    house.refresh(invoice.customer)
    assert charges_of(invoice) == []


def test_what_was_paid_stays_paid_when_less_is_owed(house: House) -> None:
    invoice = late(house)
    claim(house, invoice)
    payment = house.pay(invoice.customer, 2_500)
    pay_charges(payment, invoice, 2_500, today=house.today, at=house.at)
    Customer.objects.filter(pk=invoice.customer_id).update(kind="consumer")
    house.refresh(invoice.customer)
    assert sums_of(charges_of(invoice)) == (0, 0, 0, 2_500)
    Customer.objects.filter(pk=invoice.customer_id).update(kind="business")
    house.refresh(invoice.customer)
    agrees(invoice, house.today)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_states_add_up_to_what_accrued(house: House, seed: int) -> None:
    random, invoice, principal = Random(seed), late(house), 1_000_000
    for _act in range(25):
        house.today += timedelta(days=random.choice([0, 1, 7, 30]))
        act = random.choice(["claim", "waive", "pay", "part", "accrue", "unpay"])
        if act == "claim":
            claim(house, invoice)
        elif act == "accrue":
            accrue_charges(fresh(invoice), house.today, today=house.today, at=house.at)
        elif act == "waive" and sums_of(charges_of(invoice)).due:
            kinds = random.choice([("late_interest",), ("late_interest", "indemnity", "cost")])
            if sums_of(charges_of(invoice), "late_interest").due:
                waive_charges(fresh(invoice), "Agreed", kinds, today=house.today, at=house.at)
        elif act == "pay" and (due := sums_of(charges_of(invoice)).due):
            payment = house.pay(invoice.customer, due)
            pay_charges(payment, fresh(invoice), random.randint(1, due), today=house.today, at=house.at)
        elif act == "part" and principal > 1:
            part = random.randint(1, principal - 1)
            principal -= part
            house.pay(invoice.customer, part, (fresh(invoice), part), on=house.days_from_now(-random.randint(0, 3)))
        elif act == "unpay" and (row := Charge.objects.filter(invoice=invoice, state="paid").first()):
            assert row.payment is not None
            remove_payment(row.payment, today=house.today, at=house.at)
        rows = charges_of(invoice)
        if interest := [row for row in rows if row.kind == "late_interest"]:
            paid = sums_of(interest).paid
            expected = accrued_on(fresh(invoice), interest[-1].until_on).interest_minor
            assert sums_of(interest).total == max(expected, paid)
        assert sums_of(rows, "indemnity").total in (0, 4_000)


def spend(house: House, invoice: Invoice, amount_minor: int) -> RecoveryCost:
    return record_cost(
        fresh(invoice), amount_minor, house.today, "Fee of a formal notice", "0" * 64, today=house.today, at=house.at
    )


def test_only_what_exceeds_the_fixed_indemnity_becomes_a_charge(house: House) -> None:
    invoice = late(house)
    spend(house, invoice, 3_000)
    assert sums_of(charges_of(invoice), "cost").total == 0
    second = spend(house, invoice, 22_000)
    assert sums_of(charges_of(invoice), "cost").accrued == 21_000  # 250.00 proved, 40.00 of them in the indemnity
    claim(house, invoice)
    assert sums_of(charges_of(invoice), "cost").claimed == 21_000
    remove_cost(second, today=house.today, at=house.at)
    assert sums_of(charges_of(invoice), "cost").total == 0
    assert told("cost.removed")["claimable"] == -21_000


def test_a_consumer_owes_no_recovery_cost_and_the_article_says_so(house: House) -> None:
    with pytest.raises(CostsStayWithCreditor, match="L111-8"):
        spend(house, late(house, "consumer"), 25_000)


def test_costs_follow_the_kind_of_the_debtor(house: House) -> None:
    invoice = late(house)
    spend(house, invoice, 25_000)
    Customer.objects.filter(pk=invoice.customer_id).update(kind="consumer")
    house.refresh(invoice.customer)
    assert sums_of(charges_of(invoice), "cost").total == 0
    Customer.objects.filter(pk=invoice.customer_id).update(kind="business")
    house.refresh(invoice.customer)
    assert sums_of(charges_of(invoice), "cost").accrued == 21_000
