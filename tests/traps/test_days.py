"""Traps 1, 2 and 12: days missed, old debts, the wrong day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from exigible import jobs
from exigible.books.cases.models import TakenStep
from exigible.books.ledger.models import Invoice
from exigible.features.dunning.models import Run
from exigible.features.outbox.tests.mail_server import PostOffice, mail_through
from exigible.testing import MONDAY, atelier_lumen, noon
from tests.acts import demands, people_work, work_day

pytestmark = pytest.mark.django_db
ORDER = ["preventive", "friendly", "firm", "call", "letter", "formal_notice", "handover"]


@pytest.mark.parametrize("missed", [1, 5, 40])
def test_trap_01_after_missed_days_each_debtor_gets_one_demand_and_each_invoice_its_own_lowest_step(
    office: PostOffice, missed: int
) -> None:
    house = atelier_lumen()
    mail_through(house.creditor, office)
    durand, martin, petit = house.customer("Durand"), house.customer("Martin"), house.customer("Petit", kind="consumer")
    reminded = house.invoice(durand, 10_000, MONDAY - timedelta(days=3))
    work_day(house)
    assert [message.step for message in demands(house)] == ["friendly"]
    fresh = [
        house.invoice(durand, 20_000, MONDAY + timedelta(days=missed - 5)),
        house.invoice(martin, 30_000, MONDAY - timedelta(days=2)),
    ]
    quiet = house.invoice(petit, 40_000, MONDAY + timedelta(days=90))

    back = MONDAY + timedelta(days=1 + missed)
    while back.weekday() > 4:
        back += timedelta(days=1)
    work_day(house, back)

    steps = {(step.invoice_id, step.step) for step in TakenStep.objects.all()}
    lowest = {(fresh[1].pk, "friendly"), (fresh[0].pk, "friendly")}
    assert {(key, step) for key, step in steps if key != reminded.pk} == (
        lowest if missed > 1 else {(fresh[1].pk, "friendly")}
    )
    own = sorted(step for key, step in steps if key == reminded.pk)[::-1]
    assert own == (["friendly", "firm"] if missed > 3 else ["friendly"])
    assert quiet.pk not in {key for key, _step in steps}
    for customer in (durand, martin):
        assert len([message for message in demands(house, customer) if message.on == back]) == (
            1 if customer == martin or missed > 3 else 0
        )

    for later in range(1, 40):
        work_day(house, back + timedelta(days=later))
        people_work(house)
    for invoice in (reminded, *fresh):
        taken = list(TakenStep.objects.filter(invoice=invoice).order_by("taken_on").values_list("step", "taken_on"))
        names = [name for name, _on in taken]
        assert names == [name for name in ORDER if name in names]
        firm = dict(taken)
        assert (firm["firm"] - firm["friendly"]).days >= 5
        assert (firm["letter"] - firm["call"]).days >= 5


def test_trap_02_debts_four_hundred_days_old_climb_one_step_at_a_time(office: PostOffice) -> None:
    house = atelier_lumen()
    mail_through(house.creditor, office)
    kinds = [
        ("Durand", "business", "chronic"),
        ("Martin", "business", "good"),
        ("Petit", "consumer", "ordinary"),
        ("Vire", "public_body", "new"),
    ]
    customers = [house.customer(name, kind=kind, segment=segment) for name, kind, segment in kinds]
    for rank, customer in enumerate(customers):
        for number in range(2):
            house.invoice(customer, 10_000 * (rank + 1) + number, MONDAY - timedelta(days=400 + number))
    for later in range(60):
        work_day(house, MONDAY + timedelta(days=later))
        people_work(house)
    for customer in customers:
        sent = demands(house, customer)
        assert sent[0].step == "friendly"
        written = [message.on for message in sent if message.channel != "phone"]
        assert len(written) >= 2
        assert all((later - on).days >= 5 for on, later in zip(written, written[1:], strict=False))
        assert len({message.on for message in sent}) == len(sent)
        taken = TakenStep.objects.filter(invoice__customer=customer).order_by("taken_on", "id")
        for invoice in customer.invoices.all():
            names = [step.step for step in taken if step.invoice_id == invoice.pk]
            assert len(set(names)) == len(names)
            assert names[0] == "friendly"
            assert "formal_notice" not in names or names.index("formal_notice") > names.index("letter")
        assert "formal_notice" in {step.step for step in taken}


@pytest.mark.parametrize(
    ("due", "today", "step"),
    [
        (date(2026, 11, 27), date(2026, 11, 23), "preventive"),  # four days before
        (date(2026, 11, 30), date(2026, 11, 23), None),  # a week before
        (date(2026, 11, 23), date(2026, 11, 23), None),  # due today is not late
        (date(2026, 11, 22), date(2026, 11, 23), None),
        (date(2026, 11, 20), date(2026, 11, 23), "friendly"),
        (date(2026, 9, 24), date(2026, 11, 23), "friendly"),  # sixty days late, never sixty days early
        (date(2027, 1, 22), date(2026, 11, 23), None),  # sixty days early
        (date(2024, 2, 29), date(2024, 3, 4), "friendly"),
        (None, date(2026, 11, 23), None),
        (date(2026, 3, 27), date(2026, 3, 30), "friendly"),  # over the night on which the clock goes forward
        (date(2026, 10, 23), date(2026, 10, 26), "friendly"),  # and back
        (date(2026, 10, 24), date(2026, 10, 26), None),
    ],
)
def test_trap_12_the_day_of_a_step_is_counted_from_the_due_date(
    due: date | None, today: date, step: str | None
) -> None:
    house = atelier_lumen(today)
    house.invoice(house.customer("Durand"), 10_000, due)
    assert [action.step for action in house.run()] == ([step] if step else [])


@pytest.mark.parametrize(
    ("edited", "steps"), [(MONDAY + timedelta(days=20), []), (MONDAY - timedelta(days=4), ["friendly"]), (None, [])]
)
def test_trap_12_a_due_date_edited_after_the_decision_cancels_what_waits(
    office: PostOffice, edited: date | None, steps: list[str]
) -> None:
    house = atelier_lumen()
    mail_through(house.creditor, office)
    invoice = house.invoice(house.customer("Durand"), 10_000, MONDAY - timedelta(days=3))
    house.run()
    (before,) = demands(house)
    Invoice.objects.filter(pk=invoice.pk).update(due_on=edited)
    work_day(house)
    before.refresh_from_db()
    assert before.state == "cancelled"
    work_day(house)
    assert [message.step for message in demands(house)] == steps
    assert len(office.received) == len(steps)


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "Europe/Paris", None),  # half past midnight: the day has not begun
        (datetime(2026, 11, 23, 5, 30, tzinfo=UTC), "Europe/Paris", date(2026, 11, 23)),
        (datetime(2026, 11, 23, 3, 30, tzinfo=UTC), "America/Martinique", date(2026, 11, 22)),
        (datetime(2026, 11, 22, 20, 30, tzinfo=UTC), "Pacific/Noumea", date(2026, 11, 23)),
        (
            datetime(2026, 3, 29, 4, 30, tzinfo=UTC),
            "Europe/Paris",
            date(2026, 3, 29),
        ),  # six o'clock has just become half past six
        (datetime(2026, 10, 25, 4, 30, tzinfo=UTC), "Europe/Paris", None),
    ],
)
def test_trap_12_today_is_the_creditors_own_day(instant: datetime, zone: str, day: date | None) -> None:
    house = atelier_lumen(date(2026, 3, 2))
    house.creditor.time_zone = zone
    house.creditor.save()
    with time_machine.travel(instant, tick=False):
        jobs.sweep()
    assert list(Run.objects.of(house.creditor).values_list("day", flat=True)) == ([day] if day else [])


def test_trap_12_an_e_mail_leaves_at_the_hours_of_the_day_on_both_sides_of_a_clock_change(office: PostOffice) -> None:
    for day in (date(2026, 3, 30), date(2026, 10, 26)):
        house = atelier_lumen(day)
        mail_through(house.creditor, office)
        house.invoice(house.customer("Durand"), 10_000, day - timedelta(days=3))
        night = noon(day).replace(hour=2)
        house.run()
        with time_machine.travel(night, tick=False):
            jobs.sweep(night)
            jobs.sweep(night)
        (message,) = demands(house)
        assert message.not_before is not None
        local = message.not_before.astimezone(ZoneInfo("Europe/Paris"))
        assert (local.date(), local.hour) == (day, 9)
