"""A notice of insolvency stops the reminders the same day, plans the declaration of claim, and does so once."""

from datetime import date, timedelta

import pytest

from exigible.books.cases.models import Case, Deadline, Hold, LimitationEvent
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.accruals import accrued_by_invoice, accrued_on
from exigible.books.ledger.models import Customer
from exigible.features.insolvency.models import InsolvencyNotice
from exigible.features.insolvency.operations import (
    NoticeInTheFuture,
    apply_notices,
    claim_rule,
    decide_notice,
    declare_claim,
    notice_by_hand,
    take_back,
)
from exigible.features.insolvency.queries import waiting_deadlines, without_deadline
from exigible.formats.company import NoticeRow
from exigible.testing import MONDAY, House, atelier_lumen

OPENING = NoticeRow(
    "A202602201234", "000200006", "Durand", "opening", "reorganisation", "Jugement d’ouverture de redressement judiciaire",
    MONDAY, date(2026, 11, 12), "Tribunal de commerce de Lyon", "Me Morin", department="69",
)  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return atelier_lumen(MONDAY)


def late_customer(house: House, **fields: object):
    customer = house.customer("Durand", siren="000200006", **fields)
    invoice = house.invoice(customer, 120_000, date(2026, 9, 30), "F-1")
    return customer, invoice


def apply(house: House, *rows: NoticeRow):
    return apply_notices(house.creditor, rows, today=house.today, at=house.at)


def test_a_notice_that_names_the_siren_stops_what_was_about_to_leave_and_plans_the_declaration(house: House):
    customer, _invoice = late_customer(house)
    house.run()
    assert [message.state for message in house.messages(customer)] != []
    assert apply(house, OPENING).applied == 1
    assert {message.state for message in house.messages(customer)} == {"cancelled"}
    hold = Hold.objects.get(case__customer=customer)
    assert (hold.reason, hold.until_on, hold.released_on) == ("insolvency", None, None)
    planned = Deadline.objects.get()
    assert (planned.rule, planned.last_day, planned.done_on) == ("insolvency_claim", date(2027, 1, 25), None)
    assert "R622-24" in planned.article
    assert not house.run(MONDAY + timedelta(days=15))
    assert not house.broken()


def test_the_same_notice_twice_changes_nothing_and_what_is_about_nobody_here_neither(house: House):
    late_customer(house)
    apply(house, OPENING)
    told = apply(
        house, OPENING, OPENING._replace(number="A2", siren="000300004"), OPENING._replace(number="C3", kind="other")
    )
    assert (told.applied, told.unchanged, told.others) == (0, 1, 2)
    assert (Hold.objects.count(), Deadline.objects.count(), InsolvencyNotice.objects.count()) == (1, 1, 1)


def test_interest_stops_on_the_eve_of_the_judgment_and_what_falls_due_after_it_owes_no_indemnity(house: House):
    customer, invoice = late_customer(house)
    coming = house.invoice(customer, 50_000, date(2026, 11, 18), "F-2", issued_on=date(2026, 10, 19))
    apply(house, OPENING)
    invoice.refresh_from_db()
    coming.refresh_from_db()
    until = date(2026, 12, 31)
    assert accrued_on(invoice, until) == accrued_on(invoice, date(2026, 11, 11))
    assert accrued_on(invoice, until).late_days == 42
    assert accrued_on(coming, until).indemnity_minor == accrued_on(coming, until).interest_minor == 0
    found = {key: (interest, indemnity) for key, interest, indemnity in accrued_by_invoice(house.creditor, until)}
    assert found[invoice.pk] == accrued_on(invoice, until)[:2]
    assert found.get(coming.pk, (0, 0)) == (0, 0)


@pytest.mark.parametrize(
    ("country", "postcode", "court", "rule"),
    [
        ("FR", "69009", "69", "insolvency_claim"),
        ("BE", "1000", "69", "insolvency_claim_abroad"),
        ("FR", "97400", "69", "insolvency_claim_abroad"),
        ("FR", "97400", "974", "insolvency_claim"),
        ("FR", "69009", "974", "insolvency_claim_abroad"),
        ("FR", "", "974", "insolvency_claim"),
    ],
)
def test_who_lives_off_the_courts_territory_has_two_months_more(country, postcode, court, rule):
    notice = InsolvencyNotice(department=court, customer=Customer(postcode="69003"))
    assert claim_rule(Creditor(country=country, postcode=postcode), notice) == rule


def test_a_namesake_is_only_proposed_until_a_person_says_who_it_is(house: House):
    customer = house.customer("SARL Durand", postcode="69003")
    house.invoice(customer, 120_000, date(2026, 9, 30))
    told = apply(house, OPENING._replace(siren="", name="DURAND", postcode="69003"))
    assert (told.proposed, Hold.objects.count()) == (1, 0)
    decide_notice(InsolvencyNotice.objects.get(), True, today=house.today, at=house.at)
    assert Hold.objects.count() == 1


def test_a_rectified_notice_replaces_the_first_and_keeps_its_delay(house: House):
    customer, _invoice = late_customer(house)
    apply(house, OPENING)
    house.today += timedelta(days=7)
    corrected = OPENING._replace(
        number="A9", judged_on=date(2026, 11, 10), published_on=house.today, correction="rectified", corrects=OPENING.number
    )  # fmt: skip
    assert apply(house, corrected).applied == 1
    customer.refresh_from_db()
    assert customer.insolvent_since == date(2026, 11, 10)
    assert (Deadline.objects.get().last_day, Hold.objects.count()) == (date(2027, 1, 25), 1)


def test_a_cancelled_notice_or_one_taken_back_gives_the_customer_back_to_the_reminders(house: House):
    customer, _invoice = late_customer(house)
    apply(house, OPENING)
    apply(house, OPENING._replace(number="A9", kind="other", correction="cancelled", corrects=OPENING.number))
    customer.refresh_from_db()
    assert (customer.insolvent_since, Deadline.objects.count()) == (None, 0)
    assert not Hold.objects.filter(released_on__isnull=True).exists()
    apply(house, OPENING._replace(number="A10"))
    take_back(InsolvencyNotice.objects.get(number="A10"), today=house.today, at=house.at)
    assert not Hold.objects.filter(released_on__isnull=True).exists()
    assert house.run(), "the reminders go on"


def test_a_declared_claim_meets_the_delay_and_interrupts_the_time_to_sue(house: House):
    customer, invoice = late_customer(house)
    apply(house, OPENING)
    declare_claim(Deadline.objects.get(), house.today, "registered letter 1A 234", None, today=house.today, at=house.at)
    assert Deadline.objects.get().done_on == house.today
    assert LimitationEvent.objects.get().invoice == invoice
    assert not house.broken()


def test_what_is_billed_after_the_notice_is_held_by_the_next_run_of_the_day(house: House):
    customer = house.customer("Durand", siren="000200006")
    apply(house, OPENING)
    assert not Case.objects.exists()
    house.invoice(customer, 120_000, date(2026, 9, 30))
    assert not house.run()
    assert Hold.objects.get().reason == "insolvency"
    assert Deadline.objects.count() == 1


def test_a_conversion_goes_on_and_a_closure_ends_the_delay(house: House):
    customer, _invoice = late_customer(house)
    apply(house, OPENING)
    apply(house, OPENING._replace(number="A3", kind="conversion", procedure="liquidation"))
    apply(house, OPENING._replace(number="A4", kind="closure", nature="clôture pour insuffisance d’actif"))
    customer.refresh_from_db()
    assert customer.insolvent_since == date(2026, 11, 12)
    assert Deadline.objects.get().done_on == house.today
    assert Hold.objects.filter(released_on__isnull=True).count() == 1, "individual suits stay barred (L643-11)"


def test_a_notice_entered_by_hand_cannot_be_of_tomorrow(house: House):
    customer, _invoice = late_customer(house)
    with pytest.raises(NoticeInTheFuture):
        notice_by_hand(customer, OPENING._replace(published_on=MONDAY + timedelta(days=1)), today=MONDAY, at=house.at)
    assert notice_by_hand(customer, OPENING._replace(number=""), today=MONDAY, at=house.at) == "applied"


def test_what_is_not_counted_is_told_and_what_is_not_to_declare_is_not(house: House):
    customer = house.customer("Durand", siren="000200006")
    house.invoice(customer, 120_000, date(2026, 12, 15), issued_on=date(2026, 11, 20))
    apply(house, OPENING)
    assert Deadline.objects.exists()
    assert waiting_deadlines(house.creditor, 10) == [], "billed after the judgment: paid when due"
    other = house.customer("Morin", siren="000300004")
    house.invoice(other, 60_000, date(2026, 9, 30))
    apply(house, OPENING._replace(number="A7", siren="000300004", kind="conversion", procedure="liquidation"))
    assert [one.pk for one in without_deadline(house.creditor, 10)] == [other.pk]
