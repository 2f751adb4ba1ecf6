"""The thread beside the web: does what is announced, sweeps for the rest, and survives a job that fails."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from exigible import jobs
from exigible.common.engine import announce
from exigible.entrypoints.engine.embedded import Engine
from tests.engines.world import mail_server, states, waiting_mails

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 30


def until(found: Callable[[], object]) -> bool:
    """Wait for something that another thread does; there is no hurry, only an end."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not found():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What the engine did, beside what `note` notes."""
    notes: list[tuple[str, int]] = []

    def note(row_id: int) -> None:
        notes.append(("note", row_id))
        if row_id == 13:
            raise ValueError("an unlucky row")

    monkeypatch.setitem(jobs.JOBS, "note", note)
    return notes


@pytest.fixture
def engine() -> Iterator[Engine]:
    running = Engine()
    running.start()
    yield running
    running.stop()


def test_what_is_announced_is_done_after_the_commit(engine: Engine, done: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        announce("note", 1)
        assert done == []
    assert until(lambda: ("note", 1) in done)


def test_what_is_rolled_back_is_never_done(engine: Engine, done: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        announce("note", 2)
        transaction.set_rollback(True)
    announce("note", 3)
    assert until(lambda: ("note", 3) in done)
    assert ("note", 2) not in done


def test_a_job_that_fails_stops_no_other_and_waits_before_it_is_tried_again(
    engine: Engine, done: list[tuple[str, int]]
) -> None:
    announce("note", 13)
    assert until(lambda: ("note", 13) in done)
    announce("note", 13)
    announce("note", 4)
    assert until(lambda: ("note", 4) in done)
    assert done.count(("note", 13)) == 1


def test_the_sweep_sends_what_nobody_announced_each_mail_once() -> None:
    with mail_server() as (kept, port):
        house = waiting_mails(port, 5)
        engine = Engine(sweep_seconds=0.2)
        engine.start()
        try:
            assert until(lambda: states(house) == {"sent"})
        finally:
            engine.stop()
        assert len(kept.ids) == len(set(kept.ids)) == 5


def test_after_it_stopped_the_engine_hears_nothing(done: list[tuple[str, int]]) -> None:
    engine = Engine()
    engine.start()
    engine.stop()
    announce("note", 5)
    assert not engine.is_alive()
    assert done == []
