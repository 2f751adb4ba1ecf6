"""A worker is killed with SIGKILL before and after the server's 250: nothing is lost, nothing leaves twice."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from exigible.features.outbox.tests.mail_server import PostOffice, Received
from exigible.testing import MONDAY
from tests.crash.conftest import AT, Stage

LEASE_PASSED = AT + timedelta(minutes=11)
POINTS = ["before the data", "before 250", "after 250"]


def ready_message(stage: Stage, office: PostOffice) -> tuple[int, int]:
    """One creditor with one message that is ready; returns both ids."""
    creditor = stage.act("found", port=office.port, customers=1, day=MONDAY)["creditor"]
    stage.act("run", creditor_id=creditor, at=AT)
    (key,) = stage.act("write", creditor_id=creditor, at=AT)["ready"]
    return creditor, key


def killed_at(point: str, stage: Stage, office: PostOffice, key: int) -> None:
    """Start a worker on the message and kill it at the point."""
    worker = stage.start("deliver", keys=[key], at=AT)
    gone = threading.Event()

    def kill() -> None:
        worker.kill()
        worker.end()

    if point == "before the data":
        office.on_recipient = kill
        stage.go(worker)
    elif point == "before 250":
        office.on_data = lambda received: kill()
        stage.go(worker)
    else:
        _kill_after_answer(stage, office, key, gone=gone, worker=worker, kill=kill)
    assert worker.end() == "", "it was killed before its end"
    office.on_recipient = office.on_data = office.on_closed = None


def _kill_after_answer(
    stage: Stage, office: PostOffice, key: int, *, gone: threading.Event, worker: Any, kill: Any
) -> None:
    """The worker has read the 250 (it hung up) and cannot write it down, since the message is held."""
    taken, held = threading.Event(), threading.Event()

    def hold(received: Received) -> None:
        taken.set()
        assert held.wait(60)

    office.on_data, office.on_closed = hold, gone.set
    stage.go(worker)
    assert taken.wait(60)
    with stage.locked(key):
        held.set()
        assert gone.wait(60)
        kill()


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("was_sent", [True, False])
def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    stage: Stage, office: PostOffice, point: str, was_sent: bool
) -> None:
    creditor, key = ready_message(stage, office)
    killed_at(point, stage, office, key)
    arrived = 0 if point == "before the data" else 1
    assert len(office.received) == arrived

    assert stage.act("sweep", at=AT + timedelta(minutes=5))["lost"] == 0, "the lease still runs"
    assert stage.act("sweep", at=LEASE_PASSED)["lost"] == 1
    stage.act("run", creditor_id=creditor, at=AT + timedelta(days=1))
    stage.act("sweep", at=AT + timedelta(days=1))
    told = stage.act("report")
    assert [state for _name, _step, state, *_rest in told["messages"]] == ["uncertain"]
    assert len(office.received) == arrived, "nothing leaves again by itself"

    stage.act("resolve", key=key, was_sent=was_sent, at=AT + timedelta(days=1))
    stage.act("sweep", at=AT + timedelta(days=1))
    told = stage.act("report")
    assert [state for _name, _step, state, *_rest in told["messages"]] == ["sent"]
    assert len(office.received) == arrived + (not was_sent)
    assert len({mail.identifier for mail in office.received}) <= 1
    assert sum(kind == "message.sent" for *_rest, kind in told["events"]) == 1
    assert told["broken"] == []


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.03, 0.06])
def test_a_day_killed_at_any_instant_is_run_again_as_if_nothing_had_been(
    stage: Stage, office: PostOffice, delay: float
) -> None:
    creditor = stage.act("found", port=office.port, customers=30, day=MONDAY)["creditor"]
    worker = stage.start("run", creditor_id=creditor, at=AT)
    stage.go(worker)
    time.sleep(delay)
    worker.kill()
    worker.end()
    stage.act("run", creditor_id=creditor, at=AT)
    stage.act("write", creditor_id=creditor, at=AT)
    stage.act("sweep", at=AT)
    told = stage.act("report")
    assert [(name, step, state) for name, step, state, *_rest in told["messages"]] == [
        (f"Client {rank:03}", "friendly", "sent") for rank in range(30)
    ]
    assert len(told["steps"]) == 30
    assert len(office.received) == 30
    assert told["broken"] == []
    assert sum(kind == "step.taken" for *_rest, kind in told["events"]) == 30
