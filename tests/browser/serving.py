"""A database apart from that of the other tests, and the site served from it with a thread a request, as in real life."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test.testcases import LiveServerThread

from exigible.settings import SQLITE_OPTIONS
from tests.databases import connected_to, copy_of_template, on_server


@contextmanager
def database_apart(folder: Path) -> Iterator[None]:
    """Work on a new database: a file on SQLite, one more on PostgreSQL; gone afterwards.

    Each thread of the server has a connection of its own, and nothing written here meets the tests elsewhere.
    """
    if connections["default"].vendor == "sqlite":
        name = str(folder / "books.sqlite3")
        copy_of_template(name)
        with connected_to(name, OPTIONS=SQLITE_OPTIONS):
            yield
        return
    name = f"exigible_browser_{os.getpid()}"
    copy_of_template(name)
    with connected_to(name):
        yield
    on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


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
