"""A database of its own for processes of their own: a file, or a database on the server that DATABASE_URL names."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from exigible.testing import MONDAY, noon
from tests.databases import copy_of_template, on_server

ROOT = Path(__file__).resolve().parents[2]
AT = noon(MONDAY)
_numbers = count(1)


@dataclass
class Child:
    """A process that waits for the word to act."""

    pid: int
    word: int
    told: TextIO
    printed: str = ""

    def go(self) -> None:
        """Let it act."""
        os.write(self.word, b"\n")
        os.close(self.word)

    def end(self) -> str:
        """Wait until it is no more; returns what it printed, nothing when it was killed."""
        self.printed += self.told.read()
        return self.printed

    def kill(self) -> None:
        """End it at once, whatever it does; it may have ended by itself."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """A process that has read all modules, from which those of the tests are born (tests/crash/play.py)."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.ours, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.play"], cwd=ROOT, env=environment, stdin=theirs.fileno()
        )
        theirs.close()

    def bear(self, database: str, act: str, given: dict[str, Any]) -> Child:
        """Start a process for one act on a database, and wait until it is ready."""
        (their_in, word), (told, their_out) = os.pipe(), os.pipe()
        socket.send_fds(self.ours, [json.dumps([database, act, given], default=str).encode()], [their_in, their_out])
        pid = int(self.ours.recv(20))
        os.close(their_in)
        os.close(their_out)
        child = Child(pid, word, open(told, encoding="utf-8"))  # noqa: SIM115
        assert child.told.readline() == "ready\n"
        return child

    def close(self) -> None:
        """No more acts are asked."""
        self.ours.close()
        self.process.wait(timeout=60)


@dataclass
class Stage:
    """A database, and processes that act on it."""

    environment: dict[str, str]
    nursery: Nursery
    started: list[Child] = field(default_factory=list)

    def start(self, act: str, **given: Any) -> Child:
        """Start a process and wait until it is ready; it acts when told to go."""
        database = self.environment.get("DATABASE_URL", "")
        home = Path(self.environment["EXIGIBLE_HOME"])
        child = self.nursery.bear(urlsplit(database).path[1:] or str(home / "exigible.sqlite3"), act, given)
        self.started.append(child)
        return child

    def go(self, *children: Child) -> None:
        """Let processes act, all at once."""
        for child in children:
            child.go()

    def result(self, child: Child) -> Any:
        """Wait for a process and return what it printed."""
        printed = child.end()
        assert printed, "the process failed: see what it wrote above"
        return json.loads(printed)

    def act(self, act: str, **given: Any) -> Any:
        """Let one process do one act."""
        child = self.start(act, **given)
        self.go(child)
        return self.result(child)

    def together(self, *acts: tuple[str, dict[str, Any]]) -> list[Any]:
        """Let several processes act at once, each over its own connection."""
        children = [self.start(act, **given) for act, given in acts]
        self.go(*children)
        return [self.result(child) for child in children]

    @contextmanager
    def locked(self, message_id: int) -> Iterator[None]:
        """Hold a message so that nobody can write it down meanwhile."""
        if url := self.environment.get("DATABASE_URL"):
            with psycopg.connect(url) as connection:
                connection.execute("SELECT 1 FROM outbox_message WHERE id = %s FOR UPDATE", [message_id])
                yield
                connection.rollback()
            return
        connection = sqlite3.connect(
            Path(self.environment["EXIGIBLE_HOME"]) / "exigible.sqlite3", isolation_level=None, timeout=20
        )
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
        connection.close()


def _environment(home: Path, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "EXIGIBLE_HOME")}
    database = {"DATABASE_URL": url} if url else {}
    return {
        **kept,
        **database,
        "EXIGIBLE_HOME": str(home),
        "EXIGIBLE_SECRET_KEY": "only for tests",
        "PYTHONPATH": str(ROOT),
    }


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs all of this folder, so that the database which they copy is made once."""
    for item in items:
        if "tests/crash" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("crash"))


@pytest.fixture(scope="session")
def template(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """An empty database with all its tables, of which each test gets a copy."""
    home, name = tmp_path_factory.mktemp("template"), f"exigible_crash_{os.getpid()}"
    url = os.environ.get("DATABASE_URL", "")
    with django_db_blocker.unblock():
        copy_of_template(name if url else str(home / "exigible.sqlite3"))
    yield home, name
    if url:
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def nursery(template: tuple[Path, str]) -> Iterator[Nursery]:
    """One for all tests of a process."""
    home, original = template
    url = os.environ.get("DATABASE_URL", "")
    nursery = Nursery(_environment(home, url and _named(url, original)))
    yield nursery
    nursery.close()


@pytest.fixture
def stage(template: tuple[Path, str], nursery: Nursery, tmp_path: Path) -> Iterator[Stage]:
    """A fresh database and its processes; those still alive at the end are ended."""
    home, original = template
    url, name = os.environ.get("DATABASE_URL", ""), f"{original}_{next(_numbers)}"
    if url:
        on_server(f"CREATE DATABASE {name} TEMPLATE {original}")
    else:
        for file in home.glob("exigible.sqlite3*"):
            shutil.copy(file, tmp_path / file.name)
    stage = Stage(_environment(tmp_path, url and _named(url, name)), nursery)
    yield stage
    for child in stage.started:
        child.kill()
        child.told.close()
    if url:
        on_server(f"DROP DATABASE {name} WITH (FORCE)")
