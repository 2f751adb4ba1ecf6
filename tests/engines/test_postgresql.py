"""Procrastinate over PostgreSQL: in one transaction with its cause, once by row, by several workers, retried."""

import os
import subprocess
import sys

import pytest
from django.db import connection, transaction

from exigible import jobs
from exigible.common.engine import announce
from tests.engines.world import mail_server, states, waiting_mails

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
WORKER = "import django; django.setup(); from exigible.entrypoints.engine.postgresql import work; work(wait=False)"


@pytest.fixture(autouse=True)
def _empty_queue() -> None:
    """Begin with no job: the queue's tables are the library's, which tests do not empty."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def queued() -> list[tuple[str, str, int]]:
    """The jobs in the queue: name, state, attempts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id")
        return [tuple(row) for row in cursor.fetchall()]


def start_worker() -> "subprocess.Popen[bytes]":
    """A worker in a process of its own, on the test's database, until nothing is left to do."""
    settings = connection.settings_dict
    address = (
        f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    )
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "exigible.settings"}
    return subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stderr=subprocess.PIPE)


def test_a_job_appears_with_the_row_that_it_is_about() -> None:
    with transaction.atomic():
        announce("render", 1)
        assert queued() == [("render", "todo", 0)]
        transaction.set_rollback(True)
    assert queued() == []
    with transaction.atomic():
        announce("render", 1)
    assert queued() == [("render", "todo", 0)]


def test_a_row_is_queued_once_by_job_and_the_transaction_goes_on() -> None:
    with transaction.atomic():
        announce("render", 1)
        announce("render", 1)
        announce("render", 2)
        announce("deliver", 1)
    assert sorted(queued()) == [("deliver", "todo", 0), ("render", "todo", 0), ("render", "todo", 0)]


def test_each_job_has_its_task() -> None:
    from procrastinate.contrib.django import app

    assert {*jobs.JOBS, "sweep"} <= set(app.tasks)


def test_two_workers_in_two_processes_send_each_message_once() -> None:
    with mail_server() as (kept, port):
        house = waiting_mails(port, 12)
        finish(start_worker(), start_worker())
        assert states(house) == {"sent"}
        assert len(kept.ids) == len(set(kept.ids)) == 12


def finish(*workers: "subprocess.Popen[bytes]") -> None:
    """Wait until the workers have nothing left to do."""
    for worker in workers:
        _out, errors = worker.communicate(timeout=60)
        assert worker.returncode == 0, errors.decode()[-2000:]


def test_a_job_that_fails_is_queued_again_for_later() -> None:
    announce("render", 987_654)  # there is no such company
    finish(start_worker())
    assert ("render", "todo", 1) in queued()
    announce("render", 987_654)
    assert [job for job in queued() if job[0] == "render"] == [("render", "todo", 1)]
