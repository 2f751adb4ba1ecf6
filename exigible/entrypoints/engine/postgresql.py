"""The engine over PostgreSQL: Procrastinate tasks, deferred in the transaction of the change that announces them."""

import logging
from collections.abc import Callable

from django.db import transaction
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued

from exigible import jobs
from exigible.common.clock import now
from exigible.common.engine import listen
from exigible.entrypoints.engine.tuning import settle_down

logger = logging.getLogger(__name__)
EACH_MINUTE = "* * * * *"
RETRIES = RetryStrategy(max_attempts=6, exponential_wait=4)  # 4 s, 16 s, 1 min, 4 min, 17 min; then the sweep's turn
SHUTDOWN_SECONDS = 20.0

# Writes through Django's own connection, also inside a worker, so that a job appears when its row does.
_connector = DjangoConnector()
_carrier = App(connector=_connector)


def hand(job: str, row_id: int) -> None:
    """Queue a job of a row, unless the same one is queued already; within the present transaction if there is one."""
    lock = f"{job}/{row_id}"
    try:
        with transaction.atomic():  # a lock that is taken undoes this much only
            _carrier.configure_task(job, queueing_lock=lock).defer(row_id=row_id)
    except AlreadyEnqueued:
        logger.debug("%s is queued already", lock)


def sweep(timestamp: int = 0) -> None:
    """Queue all that waits, whatever became of the jobs that were queued for it. `timestamp` is the timer's, not needed."""
    for job, row_id in jobs.waiting(now()):
        hand(job, row_id)


def register(app: App) -> None:
    """Make a task of each job and of the sweep, and hear announcements; Procrastinate calls this when it is ready."""
    for name, work in jobs.JOBS.items():
        app.task(name=name, retry=RETRIES)(_taking_row_id(work))
    app.periodic(cron=EACH_MINUTE)(app.task(name="sweep", queueing_lock="sweep")(sweep))
    listen(hand, at_once=True)


def _taking_row_id(work: Callable[[int], None]) -> Callable[[int], None]:
    """The job under the argument's name that all tasks share."""

    def task(row_id: int) -> None:
        work(row_id)

    return task


def work(concurrency: int = 1, *, wait: bool = True) -> None:
    """Do queued jobs until told to stop, or with `wait` false until none is left. Any number may run, on any machine."""
    from procrastinate.contrib.django import app

    settle_down(now().date())
    sweep()
    with app.replace_connector(_connector.get_worker_connector()) as worker:
        worker.run_worker(
            concurrency=concurrency,
            wait=wait,
            delete_jobs="successful",
            shutdown_graceful_timeout=SHUTDOWN_SECONDS,
            install_signal_handlers=wait,
        )
