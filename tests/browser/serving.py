"""A database apart from that of the other tests, and the site served from it with a thread a request, as in real life."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connections
from django.test.testcases import LiveServerThread

from exigible.settings import SQLITE_OPTIONS


@contextmanager
def database_apart(folder: Path) -> Iterator[None]:
    """Work on a new database: a file on SQLite, one more on PostgreSQL; gone afterwards.

    Each thread of the server has a connection of its own, and nothing written here meets the tests elsewhere.
    """
    former = connections["default"]
    settings, kept = former.settings_dict, dict(former.settings_dict)
    del connections["default"]
    settings.update(_file(folder) if former.vendor == "sqlite" else _on_server(former))
    try:
        for command in ("migrate", "createcachetable"):
            call_command(command, verbosity=0)
        yield
    finally:
        name = settings["NAME"]
        connections["default"].close()
        settings.update(kept)
        connections["default"] = former
        if former.vendor != "sqlite":
            with former._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _file(folder: Path) -> dict[str, Any]:
    return {"NAME": str(folder / "books.sqlite3"), "OPTIONS": SQLITE_OPTIONS}


def _on_server(former: Any) -> dict[str, Any]:
    name = f"{former.settings_dict['NAME']}_browser{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    with former._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    return {"NAME": name}


@contextmanager
def site() -> Iterator[str]:
    """Serve the site on a free port of this machine; gives its address."""
    server = LiveServerThread("localhost", lambda _media: WSGIHandler())
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        yield f"http://localhost:{server.port}"
    finally:
        server.terminate()
