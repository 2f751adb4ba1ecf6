"""What the commands that need the books share: opening the database, finding the creditor, today's date and instant."""

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from exigible.entrypoints.cli.parser import UsageError, day

if TYPE_CHECKING:
    from exigible.books.creditors.models import Creditor

MORNING = time(9, 15)
MIGRATING = 0x45584947  # the number of the advisory lock under which a PostgreSQL database is brought up to date


def add_books_options(parser: ArgumentParser, *, date_option: str = "--date", needs_creditor: bool = False) -> None:
    """Give a command --creditor, its date and --json."""
    parser.allow_abbrev = False
    parser.add_argument("--creditor", metavar="NAME", required=needs_creditor, help="the company whose books to use")
    parser.add_argument(date_option, dest="date", metavar="D", type=day, help="replaces today, as 2026-11-23")
    parser.add_argument("--json", action="store_true", help="machine-readable output")


def open_books() -> None:
    """Set Django up and bring the database up to date; a database that is out of reach gives one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exigible.settings")
    import django

    django.setup()
    from django.db import OperationalError
    from django.db.migrations.exceptions import InconsistentMigrationHistory
    from django.utils import translation

    translation.activate("en")  # the command line speaks one language
    try:
        _bring_up_to_date()
    except InconsistentMigrationHistory as fault:
        raise UsageError(
            "This database was made by another version of Exigible, from before its first release: start with an empty one (EXIGIBLE_HOME)."
        ) from fault
    except OperationalError as fault:
        raise UsageError(f"The database cannot be opened: {str(fault).strip().splitlines()[0]}.") from fault


def _bring_up_to_date() -> None:
    """Apply the migrations that are missing; of several processes over PostgreSQL, one does it and the others wait."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if (
        not executor.migration_plan(executor.loader.graph.leaf_nodes())
        and _cache_table() in connection.introspection.table_names()
    ):
        return
    _say("Preparing the database...")
    with connection.cursor() as cursor:
        if settings.ON_POSTGRESQL:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if settings.ON_POSTGRESQL:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def _cache_table() -> str:
    from django.conf import settings

    return str(settings.CACHES["default"]["LOCATION"])


def _say(sentence: str) -> None:
    if sys.stderr.isatty():
        print(sentence, file=sys.stderr, flush=True)


def creditors_of(arguments: Namespace) -> "list[Creditor]":
    """The creditor that --creditor names, or all of them. UsageError when there is none of that name, or none at all."""
    from exigible.books.creditors.models import Creditor

    if not arguments.creditor:
        found = list(Creditor.objects.order_by("id"))
        if not found:
            raise UsageError("There is no company yet: run exigible demo, or exigible import FILE --creditor NAME.")
        return found
    named = Creditor.objects.filter(name=arguments.creditor).first()
    if named is None:
        known = ", ".join(Creditor.objects.order_by("name").values_list("name", flat=True)[:5]) or "none yet"
        raise UsageError(f"There is no company called {arguments.creditor} (known: {known}).")
    return [named]


def moment_of(creditor: "Creditor", asked: date | None) -> tuple[date, datetime]:
    """The day and the instant of a command: now, or the morning of the date asked for, where the creditor is."""
    from exigible.common.clock import now, today

    present = today(creditor.time_zone)
    if asked is None or asked == present:
        return present, now()
    return asked, datetime.combine(asked, MORNING, ZoneInfo(creditor.time_zone)).astimezone(UTC)
