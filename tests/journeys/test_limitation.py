"""A claim that is left to die: the account is paused for two years, and the days warn of its last day all the same."""

from datetime import date, timedelta

import pytest

from exigible.books.cases.limitation_events import record_limitation_event
from exigible.books.cases.models import LimitationAlert, Standing
from exigible.books.cases.operations import hold_case
from exigible.features.messages.compose import render_waiting
from exigible.features.worklist.queries import worklist
from exigible.invariants import broken
from exigible.testing import atelier_lumen

pytestmark = pytest.mark.django_db
DUE = date(2024, 12, 31)
THRESHOLDS = (date(2025, 12, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 11, 30), date(2027, 1, 1))


def test_a_pause_of_two_years_hides_no_last_day_and_an_acknowledgement_begins_again() -> None:
    house = atelier_lumen(date(2025, 1, 15))
    petit = house.customer("Petit", "consumer")
    invoice = house.invoice(petit, 120_000, DUE)
    hold_case(house.case(petit), "paused", None, today=house.today, at=house.at)
    told: dict[date, int] = {}
    day = house.today
    while day <= date(2027, 1, 10):
        house.run(day)
        render_waiting(house.creditor, house.at)
        for alert in LimitationAlert.objects.filter(invoice=invoice, raised_on=day):
            told[day] = alert.months
            (row,) = [row for row in worklist(house.creditor, day) if row.group == "limits"]
            assert row.customer_id == petit.pk
        day += timedelta(days=7)
    assert list(told.values()) == [12, 6, 3, 1, 0]
    for first, threshold in zip(told, THRESHOLDS, strict=True):
        assert threshold <= first < threshold + timedelta(days=7)
    assert [message.state for message in house.messages(petit) if message.state in ("sent", "ready")] == []
    assert list(broken(house.creditor, house.today)) == []

    day_of_letter = date(2026, 12, 1)
    record_limitation_event(invoice, "acknowledgement", day_of_letter, today=house.today, at=house.at)
    assert Standing.objects.get(invoice=invoice).last_day_to_sue == date(2028, 12, 1)
    assert not LimitationAlert.objects.filter(invoice=invoice, ended_on__isnull=True).exists()
    assert list(broken(house.creditor, house.today)) == []
