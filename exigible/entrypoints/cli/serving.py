"""serve: collects the static files, prints the sign-in links, and runs the web server until ^C."""

import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections

from exigible.books.creditors.models import Creditor, Member, Role
from exigible.books.creditors.sign_in_links import make_sign_in_link
from exigible.common.clock import now

PLAIN, WITH_ENGINE = "exigible.wsgi:application", "exigible.entrypoints.engine.web:application"
THREADS = 4
KILL_SECONDS = 2


def serve(host: str, port: int, creditor: Creditor | None = None) -> int:
    """Serve the staff site; over the embedded database the same process does the background work."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    collect_static()
    print_links(creditor)
    if settings.ON_POSTGRESQL:
        print("Background work runs in `exigible worker`, with the same DATABASE_URL.", flush=True)
    print("Press ^C to stop.", flush=True)
    connections.close_all()  # the server's process opens its own
    Server(
        PLAIN if settings.ON_POSTGRESQL else WITH_ENGINE,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_level=LogLevels.warning,
        workers_kill_timeout=KILL_SECONDS,
    ).serve()
    return 0


def print_links(creditor: Creditor | None = None) -> None:
    """Print a one-time link for an owner of each company, or of one; on a server only to a terminal, not into its log."""
    if settings.ON_POSTGRESQL and not sys.stdout.isatty():
        return
    owners = Member.objects.filter(role=Role.OWNER, user__is_active=True).select_related("user", "creditor")
    owners = owners.filter(creditor=creditor) if creditor else owners
    shown: set[int] = set()
    for owner in owners.order_by("creditor_id", "id"):
        if owner.creditor_id not in shown:
            shown.add(owner.creditor_id)
            print(f"{owner.creditor.name}: sign in at {make_sign_in_link(owner.user, now())}", flush=True)
    if not shown:
        print(
            f"Listening on {settings.BASE_URL}; there is no company yet: run exigible import FILE --creditor NAME.",
            flush=True,
        )


def collect_static() -> None:
    """Collect and compress the static files, unless none is newer than what was collected."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and newest_source() <= manifest.stat().st_mtime:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def newest_source() -> float:
    """When the youngest static file of any app was changed."""
    found = 0.0
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = max(found, Path(storage.path(name)).stat().st_mtime)
    return found
