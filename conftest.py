"""What all tests share: the database (embedded unless DATABASE_URL names a server), cheap passwords, Chromium."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import connections

from tests import databases

_HOME = tempfile.TemporaryDirectory(prefix="exigible-test-")
os.environ["EXIGIBLE_HOME"] = _HOME.name
os.mkdir(os.path.join(_HOME.name, "static"))
os.environ.setdefault("EXIGIBLE_SECRET_KEY", "only for tests")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exigible.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in the test's thread
django.setup()
gc.collect()
gc.freeze()  # what is loaded stays: looking through it again and again for rings costs a tenth of the tests
gc.set_threshold(200_000, 20, 100)

IS_FIRST_PROCESS = databases.choose_place()

WITHOUT_DATABASE = (
    "exigible/core/", "exigible/formats/", "exigible/features/analysis/", "exigible/entrypoints/cli/tests/test_law",
    "exigible/entrypoints/cli/tests/test_analyse.py", "exigible/features/messages/tests/test_lint", "exigible/features/bank/tests/test_wording.py", "tests/architecture/test_tidy.py",
    "tests/browser/test_analysis.py", "tests/browser/test_look.py", "tests/simulation/test_guards_switched_off.py",
)  # fmt: skip
REACHES_DATABASE = {"db", "transactional_db", "live_server", "address", "template"}  # fixtures
LONGEST_FIRST = ("tests/browser/", "tests/simulation/", "tests/crash/")
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;"
ROOT = Path(__file__).parent
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium_path() -> str | None:
    """Where Chromium is: CHROMIUM, else the system's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave unread the folders that no database can change, when only the database is the matter."""
    if not os.environ.get("EXIGIBLE_ONLY_DATABASE") or not collection_path.is_dir():
        return None
    return True if f"{collection_path.relative_to(ROOT).as_posix()}/" in WITHOUT_DATABASE else None


def pytest_unconfigure() -> None:
    """Whoever began takes the template away."""
    if IS_FIRST_PROCESS:
        databases.leave_place()


def _reaches_database(item: pytest.Item) -> bool:
    """Whether the database has a say in a test; pytest-django lets no other reach it."""
    if item.nodeid.startswith(WITHOUT_DATABASE):
        return False
    asks = REACHES_DATABASE.intersection(getattr(item, "fixturenames", ()))
    return bool(asks or item.get_closest_marker("django_db") or item.get_closest_marker("postgresql"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what needs a browser or a server that is not there, with the reason; begin with what takes longest.

    With EXIGIBLE_ONLY_DATABASE, what no database can change is left to the run on the embedded one (tools/test.py): what asks
    for none, how pages look, and whether the simulation can fail at all.
    """
    if os.environ.get("EXIGIBLE_ONLY_DATABASE"):
        pure = [item for item in items if not _reaches_database(item)]
        config.hook.pytest_deselected(items=pure)
        items[:] = [item for item in items if _reaches_database(item)]
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST_FIRST))
    on_postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
    for item in items:
        if item.get_closest_marker("postgresql") and not on_postgresql:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL"))
        if item.get_closest_marker("embedded") and on_postgresql:
            item.add_marker(pytest.mark.skip(reason="needs the embedded database"))
        if item.get_closest_marker("browser") and chromium_path() is None:
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Work on a copy of the template, under a name that no other run of the tests has.

    The embedded one is a file, as in production: several threads may use it. Nothing waits for the disk.
    """
    settings: Any = connections["default"].settings_dict
    on_sqlite = connections["default"].vendor == "sqlite"
    if on_sqlite:
        settings["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS}
    name = os.path.join(_HOME.name, "test.sqlite3") if on_sqlite else f"exigible_test_{os.getpid()}"
    with django_db_blocker.unblock():
        databases.copy_of_template(name)
    settings["NAME"] = name
    yield
    if not on_sqlite:
        connections["default"].close()
        databases.on_server(f'DROP DATABASE "{name}" WITH (FORCE)')  # a server's thread may still be connected


@pytest.fixture(scope="session", autouse=True)
def _journal_can_be_emptied() -> Iterator[None]:
    """Transactional tests empty the database; on SQLite that deletes rows, which the journal's triggers forbid."""
    from django.db import connection

    if connection.vendor != "sqlite":
        yield  # PostgreSQL truncates, which fires no trigger of a row
        return
    from exigible.books.journal.append_only import creating, dropping

    operations = type(connection.ops)
    flush = operations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = flush(self, style, tables, **options)
        return [*dropping("sqlite"), *statements, *creating("sqlite")] if statements else statements

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", sql_flush)
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Hash passwords with a cheap algorithm: their strength is the library's matter."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium, driven by Playwright; one for all tests of a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page of its own context, 1440 px wide, in French."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
    yield context.new_page()
    context.close()
