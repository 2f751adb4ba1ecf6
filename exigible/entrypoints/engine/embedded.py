"""The engine over SQLite: one thread beside the web, which does what is announced and sweeps each minute."""

import logging
import queue
import threading
import time

from django.db import close_old_connections, connections

from exigible import jobs
from exigible.common.clock import now
from exigible.common.engine import listen, stop_listening
from exigible.jobs import Waiting

logger = logging.getLogger(__name__)
SWEEP_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 3600.0


class Engine(threading.Thread):
    """Does one job at a time. It may be killed at any moment: what it was doing still waits in its row."""

    def __init__(self, sweep_seconds: float = SWEEP_SECONDS) -> None:
        super().__init__(name="exigible-work", daemon=True)
        self._handed: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._sweep_seconds = sweep_seconds
        self._waits: dict[Waiting, float] = {}
        self._not_before: dict[Waiting, float] = {}
        self._stopping = False

    def hand(self, job: str, row_id: int) -> None:
        """Take a row's job over from another thread."""
        self._handed.put(Waiting(job, row_id))

    def start(self) -> None:
        """Listen to announcements and begin with a sweep."""
        listen(self.hand)
        super().start()

    def stop(self) -> None:
        """End after the present job, and wait for that."""
        stop_listening(self.hand)
        self._stopping = True
        self._handed.put(None)
        self.join()

    def run(self) -> None:
        """Sweep, then do what is handed over until the next sweep is due."""
        while not self._stopping:
            sweep_at = time.monotonic() + self._sweep_seconds
            self._sweep()
            while not self._stopping and (left := sweep_at - time.monotonic()) > 0:
                self._do(self._handed_within(left))
            close_old_connections()
        connections.close_all()

    def _handed_within(self, seconds: float) -> list[Waiting]:
        """What was handed over, each once, waiting for the first of it."""
        try:
            found = [self._handed.get(timeout=seconds)]
            while not self._handed.empty():
                found.append(self._handed.get())
        except queue.Empty:
            return []
        return list(dict.fromkeys(each for each in found if each is not None))

    def _sweep(self) -> None:
        try:
            found = list(jobs.waiting(now()))
        except Exception:
            logger.exception("the sweep failed; the next one tries again")
            return
        self._do(found)

    def _do(self, found: list[Waiting]) -> None:
        for each in found:
            if self._stopping:
                return
            if time.monotonic() >= self._not_before.get(each, 0.0):
                self._perform(each)

    def _perform(self, each: Waiting) -> None:
        """Do one job; after a failure it waits a minute, then twice as long each time, up to an hour."""
        if jobs.perform(*each):
            self._waits.pop(each, None)
            self._not_before.pop(each, None)
            return
        wait = min(self._waits.get(each, self._sweep_seconds / 2) * 2, LONGEST_WAIT_SECONDS)
        self._waits[each] = wait
        self._not_before[each] = time.monotonic() + wait
