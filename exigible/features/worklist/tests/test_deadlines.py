"""The last days to sue on the worklist: first on the screen, whatever waits, until a person says what was done."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exigible.books.cases.limitation_events import record_limitation_event
from exigible.books.cases.models import LimitationAlert
from exigible.books.cases.operations import hold_case
from exigible.books.creditors.models import Role
from exigible.books.journal.models import Event
from exigible.books.ledger.models import Invoice
from exigible.features.insolvency.tests.world import registered
from exigible.features.worklist.deadlines import limit_rows
from exigible.features.worklist.delays import delay_rows
from exigible.features.worklist.queries import action_json, worklist
from exigible.features.worklist.screen import screen
from exigible.testing import MONDAY, House, atelier_lumen, brasserie_nord, noon

pytestmark = pytest.mark.django_db
NEAR, FAR = date(2024, 12, 10), date(2025, 11, 10)


@pytest.fixture
def house() -> Iterator[House]:
    with time_machine.travel(noon(MONDAY)):
        yield atelier_lumen()


def late(house: House, due: date = NEAR, kind: str = "consumer", total_minor: int = 120_000) -> Invoice:
    return house.invoice(house.customer("Durand", kind), total_minor, due)


def client_of(house: House, name: str = "Bob") -> Client:
    client = Client()
    client.force_login(house.people[name], "allauth.account.auth_backends.AuthenticationBackend")
    return client


def rules(house: House) -> list[str]:
    return [row.because["rule"] for row in limit_rows(house.creditor, house.today)]


def test_each_alert_says_what_to_do_by_how_near_the_day_is_and_against_whom(house: House) -> None:
    late(house, date(2024, 11, 1))
    late(house)
    late(house, date(2022, 6, 30), "public_body")
    late(house, FAR)
    house.run()
    assert rules(house) == ["limitation.passed", "limitation.near", "limitation.public", "limitation.far"]


def test_it_comes_first_on_the_screen_and_counts_among_what_is_to_do(house: House) -> None:
    invoice = late(house)
    house.run()
    shown = screen(house.creditor, house.today)
    assert shown.groups[0].code == "limits"
    page = client_of(house).get(reverse("worklist:today")).content.decode()
    assert "Derniers jours pour agir" in page
    assert "10 décembre 2026" in page
    assert worklist(house.creditor, house.today)[0].invoices == (invoice.number,)


def test_what_is_left_of_the_invoices_of_an_account_is_one_row(house: House) -> None:
    first = late(house)
    house.invoice(first.customer, 30_000, date(2024, 12, 20))
    house.pay(first.customer, 20_000, (first, 20_000))
    house.run()
    (row,) = limit_rows(house.creditor, house.today)
    assert (row.amount_minor, len(row.invoices)) == (130_000, 2)
    assert action_json(row, "fr")["facts"]["date"] == "2026-12-10"


def test_a_paused_excluded_or_disputed_account_is_on_it_all_the_same(house: House) -> None:
    paused, disputed, excluded = late(house), late(house), late(house)
    hold_case(house.case(paused.customer), "paused", None, today=house.today, at=house.at)
    hold_case(house.case(disputed.customer), "disputed", None, invoice=disputed, today=house.today, at=house.at)
    excluded.customer.is_excluded = True
    excluded.customer.save()
    house.run()
    assert len(limit_rows(house.creditor, house.today)) == 3


def test_it_leaves_the_list_when_it_is_paid_or_when_the_day_moves(house: House) -> None:
    paid, moved = late(house), late(house)
    house.run()
    house.pay(paid.customer, 120_000, (paid, 120_000))
    record_limitation_event(moved, "acknowledgement", house.today, today=house.today, at=house.at)
    assert limit_rows(house.creditor, house.today) == []


def test_what_was_done_is_noted_and_the_next_threshold_tells_again(house: House) -> None:
    invoice = late(house, date(2025, 2, 1))
    house.run()
    address = reverse("worklist:limits", args=[invoice.customer_id])
    assert invoice.number in client_of(house).get(address).content.decode()
    assert client_of(house).post(address, {"note": ""}).status_code == 422
    assert client_of(house).post(address, {"note": "assignation chez le commissaire"}).status_code == 302
    assert limit_rows(house.creditor, house.today) == []
    assert Event.objects.filter(kind="limitation.handled").count() == 1
    house.run(date(2027, 1, 4))
    assert [row.customer_id for row in limit_rows(house.creditor, house.today)] == [invoice.customer_id]


def test_an_account_without_alerts_says_so(house: House) -> None:
    invoice = late(house, house.days_from_now(-10))
    text = client_of(house).get(reverse("worklist:limits", args=[invoice.customer_id])).content.decode()
    assert "Rien n’approche" in text


def test_a_reader_and_another_company_note_nothing(house: House) -> None:
    invoice = late(house)
    house.run()
    house.person("Renaud", Role.READER)
    address = reverse("worklist:limits", args=[invoice.customer_id])
    assert client_of(house, "Renaud").post(address, {"note": "x"}).status_code == 403
    stranger = brasserie_nord()
    stranger.person("Denis", Role.OWNER)
    assert client_of(stranger, "Denis").post(address, {"note": "x"}).status_code == 404
    assert limit_rows(stranger.creditor, house.today) == []
    assert LimitationAlert.objects.filter(ended_on__isnull=True).count() == 1


def test_one_query_gives_all_the_rows(house: House) -> None:
    for _each in range(4):
        late(house)
    house.run()
    with CaptureQueriesContext(connection) as queries:
        assert len(limit_rows(house.creditor, house.today)) == 4
    assert len(queries) == 1


def test_a_claim_to_declare_and_a_closed_company_that_owes_stand_below_the_last_days_to_sue(house: House):
    late(house)
    registered(house)
    house.run()
    shown = [group.code for group in screen(house.creditor, house.today).groups]
    assert shown[:2] == ["limits", "delays"]
    told = [(row.because["rule"], row.customer) for row in delay_rows(house.creditor, house.today)]
    assert told == [
        ("insolvency.claim", "Menuiserie Roux"), ("insolvency.namesake", "Petit Bois"), ("company.closed", "Garage Lenoir"),
    ]  # fmt: skip
    much_later = delay_rows(house.creditor, house.days_from_now(100))
    assert much_later[0].because["rule"] == "insolvency.claim.late"
