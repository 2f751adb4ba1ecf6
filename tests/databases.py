"""An empty database with all its tables, made once a run and copied by whoever needs one: to migrate takes seconds.

The process that starts the tests names the place; its workers, who inherit its environment, share what the first of them makes.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.core.management import call_command
from django.db import connections

PLACE = "EXIGIBLE_TEST_TEMPLATE"
FILE = "template.sqlite3"


def choose_place() -> bool:
    """Name the folder of this run; false when the process that started this one has done so."""
    if PLACE in os.environ:
        return False
    os.environ[PLACE] = tempfile.mkdtemp(prefix="exigible-template-")
    return True


def leave_place() -> None:
    """Take away what was made: the database on the server, whose name the folder holds, and the folder."""
    place = Path(os.environ.pop(PLACE))
    made = place / "made"
    if made.exists() and (name := made.read_text()):
        on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(place, ignore_errors=True)


def on_server(statement: str) -> None:
    """Do what concerns a whole database of the server that DATABASE_URL names."""
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def template() -> str:
    """The name of the template on the server, or the path of its file; made if it is not there yet."""
    place = Path(os.environ[PLACE])
    on_sqlite = connections["default"].vendor == "sqlite"
    name = str(place / FILE) if on_sqlite else place.name.replace("-", "_")
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "made").exists():
            if not on_sqlite:
                on_server(f'CREATE DATABASE "{name}"')
            with connected_to(name):
                for command in ("migrate", "createcachetable"):
                    call_command(command, verbosity=0)
            (place / "made").write_text("" if on_sqlite else name)
    return name


def copy_of_template(name: str) -> None:
    """Make a database of this name, or this path, as the template is."""
    original = template()
    if connections["default"].vendor == "sqlite":
        shutil.copy(original, name)
    else:
        on_server(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')


@contextmanager
def connected_to(name: str, **changed: Any) -> Iterator[None]:
    """Work on another database for the length of a block, over connections of its own."""
    former = connections["default"]
    settings, kept = former.settings_dict, dict(former.settings_dict)
    del connections["default"]
    settings.update(changed, NAME=name)
    try:
        yield
    finally:
        connections["default"].close()
        settings.update(kept)
        connections["default"] = former
