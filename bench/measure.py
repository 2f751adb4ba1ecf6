"""python -m bench.measure DATABASE SIZE REPEATS: one size on one database, as one JSON object."""

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

TODAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
SERVER = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
PAGE_VIEWS = 60
LETTERS = 100
WARM = 5
TEMPLATES = {"email": "friendly", "letter": "letter"}


def main() -> None:
    """Make a database, load the book, measure, drop the database."""
    database, size, repeats = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with tempfile.TemporaryDirectory(prefix="exigible-bench-") as folder:
        os.environ["EXIGIBLE_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "exigible.settings"
        os.environ["EXIGIBLE_SECRET_KEY"] = "bench"
        with server_database(database):
            print(json.dumps(_measure(database, size, repeats)))


@contextmanager
def server_database(database: str) -> Iterator[None]:
    """A database of our own on the server; for SQLite the folder is enough."""
    if database == "sqlite":
        os.environ.pop("DATABASE_URL", None)
        yield
        return
    import psycopg

    name = f"exigible_bench_{os.getpid()}"
    with psycopg.connect(SERVER.replace("postgres://", "postgresql://"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = SERVER.rsplit("/", 1)[0] + "/" + name
    try:
        yield
    finally:
        from django.db import connections

        connections.close_all()
        with psycopg.connect(SERVER.replace("postgres://", "postgresql://"), autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _measure(database: str, size: int, repeats: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from bench.load import load
    from exigible.entrypoints.engine.tuning import settle_down

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    started = time.perf_counter()
    creditor = load(size, TODAY)
    row: dict[str, Any] = {
        "database": database,
        "size": size,
        "due": size // 100,
        "load_s": time.perf_counter() - started,
    }
    settle_down(TODAY)
    row |= _day(creditor, repeats)
    row |= _texts(creditor)
    row["pages"] = _pages(creditor)
    return row


def backend_cpu() -> Callable[[], float]:
    """Return a reader of the CPU seconds of this process and, on PostgreSQL, of the backend that serves it."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return time.process_time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = cursor.fetchone()[0]
    ticks = os.sysconf("SC_CLK_TCK")

    def read() -> float:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        return time.process_time() + (int(fields[11]) + int(fields[12])) / ticks

    return read


def _day(creditor: Any, repeats: int) -> dict[str, Any]:
    """The day's run, undone and repeated, then committed; then a second run of the same day."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from exigible.books.cases.operations import CHUNK
    from exigible.daily import run_day

    cpu, times, walls = backend_cpu(), [], []

    class Undo(Exception):
        pass

    def once(commit: bool) -> int:
        before, started = cpu(), time.perf_counter()
        try:
            if commit:
                actions = run_day(creditor, TODAY, AT)
                times.append(cpu() - before)
                walls.append(time.perf_counter() - started)
                return len(actions)
            with transaction.atomic():
                actions = run_day(creditor, TODAY, AT)
                times.append(cpu() - before)
                walls.append(time.perf_counter() - started)
                raise Undo
        except Undo:
            return len(actions)

    for _repeat in range(repeats - 1):
        once(commit=False)
    try:
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            run_day(creditor, TODAY, AT)
            raise Undo
    except Undo:
        count = len(queries)
    actions = once(commit=True)
    again = []
    for _repeat in range(repeats):
        before = cpu()
        run_day(creditor, TODAY, AT)
        again.append(cpu() - before)
    return {
        "actions": actions, "run_cpu_ms": median(times) * 1000, "run_wall_ms": median(walls) * 1000, "again_cpu_ms": median(again) * 1000,
        "committed_cpu_ms": times[-1] * 1000, "queries": count, "queries_a_chunk": count / max(1, -(-actions // CHUNK)),
    }  # fmt: skip


def _texts(creditor: Any) -> dict[str, float]:
    """CPU of an e-mail and of a letter, from the stored facts to the frozen bytes in the database."""
    from exigible.features.messages.compose import render_waiting
    from exigible.features.outbox.models import Message

    cpu = backend_cpu()
    queued = list(Message.objects.filter(state="queued").order_by("id").values_list("pk", flat=True))
    found: dict[str, float] = {}
    for name, ids, channel in (("email_ms", queued, "email"), ("letter_ms", queued[:LETTERS], "letter")):
        rows = Message.objects.filter(pk__in=ids)
        rows.filter(pk__in=ids[:WARM]).update(state="queued", channel=channel, template=TEMPLATES[channel])
        Message.objects.filter(state="queued").exclude(pk__in=ids[:WARM]).update(state="to_do")
        render_waiting(creditor, AT)  # compiles the texts and the sheets, as the first message of a server's life does
        rows.update(state="queued", channel=channel, template=TEMPLATES[channel])
        before = cpu()
        count = render_waiting(creditor, AT + timedelta(minutes=1))
        found[name] = (cpu() - before) * 1000 / max(count, 1)
    failed = Message.objects.filter(state="failed").count()
    assert not failed, f"{failed} messages could not be written"
    return found


def _pages(creditor: Any) -> dict[str, dict[str, float]]:
    """Wall time of the worklist and of a customer's page, alone and while another thread runs the day."""
    from django.test import Client

    from exigible.books.creditors.models import User
    from exigible.books.ledger.models import Customer

    client = Client()
    client.force_login(User.objects.get(memberships__creditor=creditor))
    ids = list(
        Customer.objects.order_by("id").values_list("pk", flat=True)[:: max(1, Customer.objects.count() // PAGE_VIEWS)]
    )
    addresses = {"worklist": ["/"] * PAGE_VIEWS, "customer page": [f"/customers/{key}/" for key in ids[:PAGE_VIEWS]]}
    return {name: _views(client, creditor, paths) for name, paths in addresses.items()}


def _views(client: Any, creditor: Any, paths: list[str]) -> dict[str, float]:
    alone = sorted(_timed(client, path) for path in [*paths[:5], *paths])
    stop = threading.Event()
    busy = threading.Thread(target=_keep_running, args=(creditor, stop), daemon=True)
    busy.start()
    during = sorted(_timed(client, path) for path in paths)
    stop.set()
    busy.join()
    return {"median": median(alone), "p95": _p95(alone), "busy_p95": _p95(during)}


def _p95(times: list[float]) -> float:
    return times[min(len(times) - 1, int(len(times) * 0.95))]


def _timed(client: Any, path: str) -> float:
    started = time.perf_counter()
    answer = client.get(path)
    taken = (time.perf_counter() - started) * 1000
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return taken


def _keep_running(creditor: Any, stop: threading.Event) -> None:
    """Look at due cases again and again, each time undone, as a day run would in another worker."""
    from django.db import connection, transaction

    from exigible.books.cases.models import Case
    from exigible.features.dunning.operations import take_due_steps

    class Undo(Exception):
        pass

    while not stop.is_set():
        try:
            with transaction.atomic():
                Case.objects.filter(next_look_on__gt=TODAY, state="open").filter(pk__lt=5000).update(next_look_on=TODAY)
                take_due_steps(creditor, TODAY, AT)
                raise Undo
        except Undo:
            pass
    connection.close()


if __name__ == "__main__":
    main()
