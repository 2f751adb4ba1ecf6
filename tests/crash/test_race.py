"""Two processes, each over its own connection, at the same work at the same instant."""

from datetime import timedelta
from typing import Any

import pytest

from exigible.features.outbox.tests.mail_server import PostOffice
from exigible.testing import MONDAY
from tests.crash.conftest import AT, Stage


def told_by(stage: Stage) -> tuple[Any, Any, Any]:
    told = stage.act("report")
    assert told["broken"] == []
    assert [error for _name, _state, error in told["cases"] if error] == []
    messages = [(name, step, state, total) for name, step, state, _id, total, _purpose in told["messages"]]
    return messages, told["events"], told["steps"]


def test_two_workers_deliver_the_same_messages_once(stage: Stage, office: PostOffice) -> None:
    creditor = stage.act("found", port=office.port, customers=12, day=MONDAY)["creditor"]
    stage.act("run", creditor_id=creditor, at=AT)
    keys = stage.act("write", creditor_id=creditor, at=AT)["ready"]
    assert len(keys) == 12
    stage.together(("deliver", {"keys": keys, "at": AT}), ("deliver", {"keys": keys, "at": AT}))
    messages, events, _steps = told_by(stage)
    assert {state for _name, _step, state, _total in messages} == {"sent"}
    assert sorted(mail.identifier for mail in office.received) == sorted({mail.identifier for mail in office.received})
    assert len(office.received) == 12
    assert sum(kind == "message.sent" for *_rest, kind in events) == 12


def test_trap_03_two_runs_at_once_do_what_one_does(stage: Stage, office: PostOffice) -> None:
    """Messages, events of cases and steps are those of one run; each run may tell its own share of the day."""
    creditor = stage.act("found", port=office.port, customers=120, day=MONDAY)["creditor"]
    run = ("run", {"creditor_id": creditor, "at": AT})
    shares = stage.together(run, run)
    messages, events, steps = told_by(stage)
    added = [action for share in shares for action in share["actions"]]
    assert len(added) == len(set(added)) == 120
    assert messages == [(f"Client {rank:03}", "friendly", "queued", 10_000 + rank) for rank in range(120)]
    assert steps == [[f"Client {rank:03}", "friendly"] for rank in range(120)]
    kinds = ["case.opened", "step.taken"]
    assert events == [
        [f"Client {rank:03}", "case", number, kind] for rank in range(120) for number, kind in enumerate(kinds, start=1)
    ]
    assert stage.act("run", creditor_id=creditor, at=AT)["actions"] == []


def test_two_writers_write_each_message_once(stage: Stage, office: PostOffice) -> None:
    creditor = stage.act("found", port=office.port, customers=40, day=MONDAY)["creditor"]
    stage.act("run", creditor_id=creditor, at=AT)
    write = ("write", {"creditor_id": creditor, "at": AT})
    stage.together(write, write)
    messages, _events, _steps = told_by(stage)
    assert [state for _name, _step, state, _total in messages] == ["ready"] * 40


@pytest.mark.parametrize("order", [1, -1])
def test_trap_04_money_that_arrives_while_messages_leave_is_never_asked_for_again(
    stage: Stage, office: PostOffice, order: int
) -> None:
    creditor = stage.act("found", port=office.port, customers=10, day=MONDAY)["creditor"]
    stage.act("run", creditor_id=creditor, at=AT)
    keys = stage.act("write", creditor_id=creditor, at=AT)["ready"]
    names = [f"Client {rank:03}" for rank in range(10)][::order]
    stage.together(("deliver", {"keys": keys, "at": AT}), ("pay", {"customer_names": names, "at": AT}))
    for days in range(1, 3):
        later = AT + timedelta(days=days)
        stage.act("run", creditor_id=creditor, at=later)
        stage.act("write", creditor_id=creditor, at=later)
        stage.act("sweep", at=later)
    told = stage.act("report")
    assert told["broken"] == []
    assert [state for _name, state, _error in told["cases"]] == ["closed"] * 10
    demands = [
        (name, state, identifier)
        for name, _step, state, identifier, _total, purpose in told["messages"]
        if purpose == "demand"
    ]
    assert len(demands) == 10
    assert {state for _name, state, _identifier in demands} <= {"sent", "delivered", "cancelled"}
    left = sorted(identifier for _name, state, identifier in demands if state != "cancelled")
    assert left == sorted(mail.identifier for mail in office.received)


def test_trap_04_money_that_arrives_during_the_smtp_session_ends_there(stage: Stage, office: PostOffice) -> None:
    """The demand was claimed before the money was known: it leaves once, the case closes, and nothing follows."""
    creditor = stage.act("found", port=office.port, customers=1, day=MONDAY)["creditor"]
    stage.act("run", creditor_id=creditor, at=AT)
    keys = stage.act("write", creditor_id=creditor, at=AT)["ready"]
    office.on_recipient = lambda: stage.act("pay", customer_names=["Client 000"], at=AT)
    assert stage.act("deliver", keys=keys, at=AT)["states"] == ["sent"]
    office.on_recipient = None
    for days in (1, 8, 20):
        stage.act("run", creditor_id=creditor, at=AT + timedelta(days=days))
    told = stage.act("report")
    assert [state for _name, state, _error in told["cases"]] == ["closed"]
    assert [purpose for *_rest, purpose in told["messages"]] == ["demand"]
    assert len(office.received) == 1
    assert told["broken"] == []


def test_two_runs_and_a_payment_at_once_leave_the_books_in_agreement(stage: Stage, office: PostOffice) -> None:
    creditor = stage.act("found", port=office.port, customers=40, day=MONDAY)["creditor"]
    run = ("run", {"creditor_id": creditor, "at": AT})
    stage.together(run, run, ("pay", {"customer_names": [f"Client {rank:03}" for rank in range(20)], "at": AT}))
    stage.act("run", creditor_id=creditor, at=AT)
    stage.act("write", creditor_id=creditor, at=AT)
    stage.act("sweep", at=AT)
    told = stage.act("report")
    assert told["broken"] == []
    assert sorted(state for _name, state, _error in told["cases"]) == ["closed"] * 20 + ["open"] * 20
    assert len(office.received) == 20
