"""Until when one can sue on an invoice: kept with its standing, moved by what happens, told in time."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exigible.books.cases.limitation_alerts import end_alert, warn_of_limitation
from exigible.books.cases.limitation_events import (
    EventBeforeInvoice,
    EventInTheFuture,
    EventKnown,
    EventOutOfOrder,
    OnlyPublicBody,
    change_supply,
    record_limitation_event,
    take_limitation_event_back,
)
from exigible.books.cases.models import LimitationAlert, LimitationEvent, Standing
from exigible.books.cases.operations import hold_case, refresh_customers
from exigible.books.journal.models import Event, EventPayload
from exigible.books.ledger.models import Invoice
from exigible.testing import House, atelier_lumen, brasserie_nord

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return atelier_lumen()


def billed(house: House, due: date, kind: str = "business", **fields: object) -> Invoice:
    return house.invoice(house.customer("Durand", kind), 120_000, due, **fields)


def last_day(invoice: Invoice) -> date | None:
    return Standing.objects.get(invoice=invoice).last_day_to_sue


def happened(house: House, invoice: Invoice, kind: str, on: date, note: str = "") -> LimitationEvent:
    return record_limitation_event(invoice, kind, on, note=note, today=house.today, at=house.at)


def alerts(invoice: Invoice) -> list[tuple[int, date]]:
    rows = LimitationAlert.objects.filter(invoice=invoice).order_by("raised_on", "id")
    return list(rows.values_list("months", "raised_on"))


@pytest.mark.parametrize(
    ("kind", "due", "last"),
    [
        ("business", date(2024, 2, 29), date(2029, 2, 28)),
        ("consumer", date(2026, 3, 31), date(2028, 3, 31)),
        ("public_body", date(2026, 3, 31), date(2030, 12, 31)),
        ("unknown", date(2026, 3, 31), date(2028, 3, 31)),
    ],
)
def test_an_unpaid_invoice_carries_its_last_day_to_sue(house: House, kind: str, due: date, last: date) -> None:
    assert last_day(billed(house, due, kind)) == last


def test_a_due_date_that_nobody_agreed_on_does_not_lengthen_the_time_to_sue(house: House) -> None:
    presumed = billed(house, date(2026, 3, 31), issued_on=date(2026, 3, 1), due_origin=Invoice.DueOrigin.DEFAULT)
    assert last_day(presumed) == date(2031, 3, 1)
    undated = house.invoice(house.customer("Sans date"), 5_000, None, issued_on=date(2026, 3, 1), due_origin="none")
    assert last_day(undated) == date(2031, 3, 1)


def test_the_earlier_of_the_supply_and_the_agreed_date_holds(house: House) -> None:
    invoice = billed(house, date(2026, 3, 31), issued_on=date(2026, 3, 1))
    assert change_supply(invoice, "services", date(2026, 2, 20), today=house.today, at=house.at)
    assert last_day(invoice) == date(2031, 2, 20)
    assert not change_supply(invoice, "services", date(2026, 2, 20), today=house.today, at=house.at)


def test_a_carrier_has_one_year(house: House) -> None:
    invoice = billed(house, date(2026, 3, 31), issued_on=date(2026, 3, 1))
    change_supply(invoice, "transport", date(2026, 2, 28), today=house.today, at=house.at)
    assert last_day(invoice) == date(2027, 2, 28)


def test_an_acknowledgement_starts_the_time_again_and_a_formal_notice_does_not(house: House) -> None:
    invoice = billed(house, date(2022, 6, 30))
    assert last_day(invoice) == date(2027, 6, 30)
    happened(house, invoice, "formal_notice", date(2026, 2, 10))
    assert last_day(invoice) == date(2027, 6, 30)
    happened(house, invoice, "acknowledgement", date(2026, 4, 12))
    assert last_day(invoice) == date(2031, 4, 12)
    assert Standing.objects.get(invoice=invoice).limitation_rule == "business.acknowledgement"


def test_a_mediation_suspends_the_time_and_its_end_lets_it_run_again(house: House) -> None:
    invoice = billed(house, date(2021, 11, 25), issued_on=date(2021, 10, 25))
    happened(house, invoice, "mediation_start", date(2025, 1, 10))
    happened(house, invoice, "mediation_end", date(2025, 6, 10))
    assert last_day(invoice) == date(2026, 11, 25) + timedelta(days=151)


def test_a_payment_in_part_changes_nothing_until_a_person_says_it_acknowledges_the_debt(house: House) -> None:
    invoice = billed(house, date(2022, 6, 30))
    house.pay(invoice.customer, 20_000, (invoice, 20_000), on=date(2026, 5, 4))
    assert last_day(invoice) == date(2027, 6, 30)
    happened(house, invoice, "part_payment", date(2026, 5, 4))
    assert last_day(invoice) == date(2031, 5, 4)


def test_a_written_claim_counts_against_a_public_body_only(house: House) -> None:
    body = billed(house, date(2022, 6, 30), "public_body")
    assert last_day(body) == date(2026, 12, 31)
    happened(house, body, "written_claim", date(2026, 11, 2))
    assert last_day(body) == date(2030, 12, 31)
    with pytest.raises(OnlyPublicBody):
        happened(house, billed(house, date(2022, 6, 30)), "written_claim", date(2026, 11, 2))


def test_what_does_not_fit_is_refused_with_a_sentence_and_leaves_no_trace(house: House) -> None:
    invoice = billed(house, date(2026, 3, 31))
    for kind, on, refusal in (
        ("mediation_end", house.today, EventOutOfOrder),
        ("acknowledgement", house.days_from_now(1), EventInTheFuture),
        ("acknowledgement", invoice.issued_on - timedelta(days=1), EventBeforeInvoice),
    ):
        with pytest.raises(refusal):
            happened(house, invoice, kind, on)
    happened(house, invoice, "acknowledgement", house.today)
    with pytest.raises(EventKnown):
        happened(house, invoice, "acknowledgement", house.today)
    assert LimitationEvent.objects.filter(invoice=invoice).count() == 1
    assert Event.objects.filter(kind="limitation.recorded").count() == 1


def test_an_event_recorded_by_mistake_is_taken_back_and_the_journal_keeps_both(house: House) -> None:
    invoice = billed(house, date(2022, 6, 30))
    event = happened(house, invoice, "acknowledgement", date(2026, 4, 12), "e-mail of the manager")
    take_limitation_event_back(event, today=house.today, at=house.at)
    assert last_day(invoice) == date(2027, 6, 30)
    kinds = list(Event.objects.filter(kind__startswith="limitation.").order_by("id").values_list("kind", flat=True))
    assert kinds == ["limitation.recorded", "limitation.removed"]
    recorded = Event.objects.get(kind="limitation.recorded")
    assert "e-mail of the manager" in EventPayload.objects.get(event_id=recorded.pk).body


def test_the_beginning_of_a_mediation_cannot_be_taken_back_alone(house: House) -> None:
    invoice = billed(house, date(2026, 3, 31))
    start = happened(house, invoice, "mediation_start", date(2026, 5, 1))
    happened(house, invoice, "mediation_end", date(2026, 6, 1))
    with pytest.raises(EventOutOfOrder):
        take_limitation_event_back(start, today=house.today, at=house.at)
    assert LimitationEvent.objects.filter(invoice=invoice).count() == 2


def test_a_customer_whose_kind_becomes_known_gets_its_own_time(house: House) -> None:
    invoice = billed(house, date(2026, 3, 31), "unknown")
    invoice.customer.kind = "business"
    invoice.customer.save()
    refresh_customers(house.creditor, [invoice.customer_id], house.today, house.at)
    assert last_day(invoice) == date(2031, 3, 31)


def test_a_year_of_days_tells_twelve_six_three_and_one_months_before_and_the_day_after(house: House) -> None:
    house.today = date(2024, 2, 1)
    invoice = billed(house, date(2024, 1, 31), "consumer")
    told = {}
    while house.today <= date(2026, 2, 5):
        if warn_of_limitation(house.creditor, house.today, house.at):
            told[house.today] = LimitationAlert.objects.latest("id").months
        assert warn_of_limitation(house.creditor, house.today, house.at) == 0
        house.today += timedelta(days=1)
    assert last_day(invoice) == date(2026, 1, 31)
    assert told == {
        date(2025, 1, 31): 12, date(2025, 7, 31): 6, date(2025, 10, 31): 3, date(2025, 12, 31): 1, date(2026, 2, 1): 0,
    }  # fmt: skip
    assert LimitationAlert.objects.filter(invoice=invoice, ended_on__isnull=True).count() == 1


def test_days_that_were_missed_tell_the_last_threshold_only(house: House) -> None:
    invoice = billed(house, house.today + timedelta(days=40) - timedelta(days=731), "consumer")
    house.run()
    assert [months for months, _day in alerts(invoice)] == [3]


def test_a_pause_an_exclusion_and_a_dispute_silence_no_alert(house: House) -> None:
    due = date(2024, 12, 10)
    paused, excluded, disputed = (billed(house, due, "consumer") for _each in range(3))
    hold_case(house.case(paused.customer), "paused", None, today=house.today, at=house.at)
    excluded.customer.is_excluded = True
    excluded.customer.save()
    refresh_customers(house.creditor, [excluded.customer_id], house.today, house.at)
    hold_case(house.case(disputed.customer), "disputed", None, invoice=disputed, today=house.today, at=house.at)
    house.run()
    assert [[months for months, _day in alerts(one)] for one in (paused, excluded, disputed)] == [[1], [1], [1]]
    assert not house.messages()


def test_a_new_last_day_ends_the_alerts_of_the_old_one_and_has_its_own(house: House) -> None:
    invoice = billed(house, date(2024, 12, 10), "consumer")
    house.run()
    happened(house, invoice, "acknowledgement", house.today)
    assert not LimitationAlert.objects.filter(invoice=invoice, ended_on__isnull=True).exists()
    assert Standing.objects.get(invoice=invoice).next_warning_on == date(2027, 11, 23)


def test_a_settled_invoice_is_no_longer_told(house: House) -> None:
    invoice = billed(house, date(2024, 12, 20), "consumer")
    house.pay(invoice.customer, 120_000, (invoice, 120_000))
    assert warn_of_limitation(house.creditor, house.days_from_now(60), house.at) == 0
    assert alerts(invoice) == []


def test_a_transport_claim_is_not_told_before_its_year_has_begun(house: House) -> None:
    invoice = billed(house, house.days_from_now(-10))
    change_supply(invoice, "transport", None, today=house.today, at=house.at)
    assert warn_of_limitation(house.creditor, house.today, house.at) == 0


def test_what_was_done_about_an_alert_is_kept_once(house: House) -> None:
    invoice = billed(house, date(2024, 12, 10), "consumer")
    house.run()
    alert = LimitationAlert.objects.get(invoice=invoice)
    for _each in range(2):
        end_alert(alert, "writ at the bailiff's", today=house.today, at=house.at, actor="user:1")
    assert Event.objects.filter(kind="limitation.handled").count() == 1
    assert LimitationAlert.objects.get(pk=alert.pk).note == "writ at the bailiff's"


def test_a_day_without_alerts_costs_one_query_whatever_the_book(house: House) -> None:
    for _each in range(5):
        billed(house, house.days_from_now(-3))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert warn_of_limitation(house.creditor, house.today, house.at) == 0
    assert len(queries) == 1


def test_the_alerts_of_one_company_are_not_those_of_another(house: House) -> None:
    other = brasserie_nord()
    billed(other, date(2024, 12, 10), "consumer")
    assert warn_of_limitation(house.creditor, house.today, house.at) == 0
    assert warn_of_limitation(other.creditor, other.today, other.at) == 1
