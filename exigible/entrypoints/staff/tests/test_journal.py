"""The journal's screen: filters, pages, verification."""

import pytest
from django.db import transaction
from django.test import Client

from exigible.books.journal.kinds import KINDS
from exigible.books.journal.models import Event, EventPayload
from exigible.books.journal.operations import record
from exigible.entrypoints.staff.event_words import WORDS
from exigible.entrypoints.staff.journal_queries import PAGE, Wanted, page_of_journal
from exigible.testing import House, atelier_lumen, noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def lumen() -> House:
    return atelier_lumen()


def write(house: House, kind: str, days: int = 0, **payload: object) -> None:
    day = house.days_from_now(days)
    with transaction.atomic():
        record(kind, house.creditor, payload, on=day, at=noon(day))


def test_every_kind_of_event_has_its_words() -> None:
    assert set(WORDS) == set(KINDS)


def test_pages_follow_each_other_without_a_gap(lumen: House) -> None:
    for number in range(PAGE + 7):
        write(lumen, "note.added", text=str(number))
    first = page_of_journal(lumen.creditor, Wanted())
    second = page_of_journal(lumen.creditor, Wanted(after=first.further))
    seen = [told["event"].id for told in (*first.events, *second.events)]
    assert seen == list(Event.objects.of(lumen.creditor).order_by("-id").values_list("id", flat=True))
    assert len(first.events) == PAGE
    assert second.further is None


def test_days_bound_the_journal_on_both_sides(lumen: House) -> None:
    for days in (0, 1, 1, 2, 3):
        write(lumen, "note.added", days)
    wanted = Wanted(since=lumen.days_from_now(1), until=lumen.days_from_now(2))
    found = [told["event"].on for told in page_of_journal(lumen.creditor, wanted).events]
    assert found == [lumen.days_from_now(2), lumen.days_from_now(1), lumen.days_from_now(1)]


def test_a_kind_alone_is_shown_when_asked_for(client: Client, lumen: House) -> None:
    write(lumen, "note.added", text="kept in the payload")
    client.force_login(lumen.people["Bob"])
    page = client.get("/journal/?kind=note.added").content.decode()
    assert "kept in the payload" in page
    assert "creditor.created" not in page.partition("<tbody>")[2]
    assert page.count("<tr data-row>") == 1


def test_the_journal_verifies_itself_and_names_what_was_altered(client: Client, lumen: House) -> None:
    write(lumen, "note.added", text="true")
    client.force_login(lumen.people["Bob"])
    assert "Intact." in client.post("/journal/verify/").content.decode()
    last = EventPayload.objects.order_by("-event_id")[0]
    EventPayload.objects.filter(pk=last.pk).delete()  # the database refuses to change it
    EventPayload.objects.create(event_id=last.pk, body='{"text":"false"}')
    page = client.post("/journal/verify/").content.decode()
    assert "Le journal a été altéré" in page
    assert lumen.creditor.stream in page


@pytest.mark.parametrize(
    "query",
    ["after=x", "after=-1", "after=" + "9" * 30, "since=2026-13-01", "kind=nothing", "customer=0", "until=9999-12-31"],
)
def test_an_odd_address_shows_the_journal_all_the_same(client: Client, lumen: House, query: str) -> None:
    client.force_login(lumen.people["Bob"])
    assert client.get(f"/journal/?{query}").status_code == 200
