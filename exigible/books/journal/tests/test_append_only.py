"""The journal is written, and never rewritten."""

import hashlib
from datetime import timedelta, timezone

import pytest
from django.db import IntegrityError, connection, transaction

from exigible.books.journal.models import Event, EventPayload
from exigible.books.journal.operations import record
from exigible.books.journal.verify import altered_payloads, broken_links
from exigible.testing import atelier_lumen

pytestmark = pytest.mark.django_db


def refused(statement: str) -> bool:
    """Whether the database itself refuses a statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as fault:
        return "append-only" in str(fault)
    return False


def test_the_database_refuses_to_change_an_event() -> None:
    atelier_lumen()
    assert refused("UPDATE journal_event SET actor = 'nobody'")
    assert not Event.objects.filter(actor="nobody").exists()


def test_the_database_refuses_to_delete_an_event() -> None:
    atelier_lumen()
    before = Event.objects.count()
    assert refused("DELETE FROM journal_event")
    assert Event.objects.count() == before > 0


def test_a_payload_may_be_erased_but_not_changed() -> None:
    house = atelier_lumen()
    assert refused("UPDATE journal_eventpayload SET body = '{}'")
    EventPayload.objects.all().delete()
    assert not list(broken_links(house.creditor.pk))
    assert not list(altered_payloads(house.creditor.pk))


def test_another_payload_in_place_of_an_erased_one_is_found() -> None:
    house = atelier_lumen()
    last = Event.objects.of(house.creditor).latest("id")
    EventPayload.objects.filter(pk=last.pk).delete()
    EventPayload.objects.create(event_id=last.pk, body='{"name":"another"}')
    assert [
        sentence
        for sentence in altered_payloads(house.creditor.pk)
        if f"event {last.number} of {last.stream}" in sentence
    ]


def test_an_event_recorded_in_another_time_zone_keeps_its_hash() -> None:
    house = atelier_lumen()
    local = house.at.astimezone(timezone(timedelta(hours=9)))
    with transaction.atomic():
        record("note.added", house.creditor, {"text": "from far away"}, on=house.today, at=local)
    assert not list(broken_links(house.creditor.pk))


def test_each_event_hashes_the_digest_of_its_payload() -> None:
    house = atelier_lumen()
    event = Event.objects.of(house.creditor).latest("id")
    body = EventPayload.objects.get(pk=event.pk).body
    assert event.payload_digest == hashlib.sha256(body.encode()).hexdigest()
