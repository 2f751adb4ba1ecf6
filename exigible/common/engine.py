"""Tells the engine, by the job's name, that a row waits; the engine may lose it or bring it twice."""

from collections.abc import Callable

from django.db import transaction

Listener = Callable[[str, int], None]

_after_commit: list[Listener] = []
_at_once: list[Listener] = []


def listen(listener: Listener, *, at_once: bool = False) -> None:
    """Register the engine that carries announcements, when a server or a worker starts.

    It hears after the transaction's commit; one that writes into the same database asks to hear at once, within it.
    """
    (_at_once if at_once else _after_commit).append(listener)


def stop_listening(listener: Listener) -> None:
    """Forget an engine that has stopped."""
    for listeners in (_after_commit, _at_once):
        if listener in listeners:
            listeners.remove(listener)


def announce(job: str, row_id: int) -> None:
    """Say that a row waits for a job; nothing is lost without an engine, since the sweep finds the row."""
    for listener in _at_once:
        listener(job, row_id)
    for listener in _after_commit:
        transaction.on_commit(lambda listener=listener: listener(job, row_id))  # type: ignore[misc]
