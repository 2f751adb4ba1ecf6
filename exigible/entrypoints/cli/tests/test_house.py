"""exigible demo and serve: a company filled from files, served by one process that stops at once."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.embedded
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with a home of its own, over the embedded database."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "EXIGIBLE_URL")}
    return {**environment, "EXIGIBLE_HOME": str(tmp_path_factory.mktemp("house")), "PYTHONUNBUFFERED": "1"}


def exigible(environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    command = [sys.executable, "-m", "exigible", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def filled(home: dict[str, str]) -> dict[str, str]:
    """The demonstration, filled once for this module."""
    done = exigible(home, "demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    assert "Atelier Lumen" in done.stdout
    assert "Promotion Les Canuts Bleus" in done.stdout
    return home


@pytest.fixture
def served(filled: dict[str, str]) -> Iterator[tuple[Any, str]]:
    """`exigible serve` on a port of its own, and the sign-in link that it printed."""
    port = free_port()
    command = [sys.executable, "-m", "exigible", "serve", "--port", str(port)]
    server = subprocess.Popen(
        command, env=filled, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        assert server.stdout is not None
        link = next(
            (found[0] for line in server.stdout if (found := re.search(r"http://localhost:\d+/sign-in/\S+", line))), ""
        )
        assert link
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not answers(port):
            assert time.monotonic() < give_up
            time.sleep(0.05)
        yield server, link
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def answers(port: int) -> bool:
    """Whether something listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_demonstration_agrees_with_its_invariants(filled: dict[str, str]) -> None:
    done = exigible(filled, "check")
    assert (done.returncode, done.stdout.strip()) == (0, "Every invariant holds.")


def test_the_demonstration_filled_again_is_the_same(filled: dict[str, str]) -> None:
    before = exigible(filled, "balance", "--creditor", "Atelier Lumen", "--json").stdout
    again = exigible(filled, "demo", "--no-serve")
    assert again.returncode == 0
    assert "invoices" not in again.stdout.split("Atelier Lumen")[0]
    assert exigible(filled, "balance", "--creditor", "Atelier Lumen", "--json").stdout == before
    assert len(json.loads(before)["rows"]) > 30


def test_ones_own_ledger_is_named_after_its_siren(home: dict[str, str], tmp_path: Path) -> None:
    ledger = tmp_path / "000100008FEC20251231.txt"
    files = Path(__file__).resolve().parents[2] / "demo" / "files"
    ledger.write_bytes((files / "000100008FEC20251231.txt").read_bytes())
    done = exigible(home, "demo", "--no-serve", "--ledger", str(ledger))
    assert done.returncode == 0, done.stderr
    assert "SIREN 000 100 008" in done.stdout


def test_a_file_of_no_known_kind_is_refused_in_one_sentence_and_leaves_no_company(
    home: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir,\n")
    done = exigible(home, "demo", "--no-serve", "--ledger", str(file))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "letter.txt" in done.stderr
    assert exigible(home, "balance", "--creditor", "letter").returncode == 2


def test_the_link_signs_in_and_shows_the_worklist(served: tuple[Any, str]) -> None:
    _server, link = served
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = browser.open(link, timeout=PATIENCE_SECONDS).read().decode()
    assert "Atelier Lumen" in page
    home_page = browser.open(re.sub(r"/sign-in/.*", "/", link), timeout=PATIENCE_SECONDS).read().decode()
    assert "Promotion Les Canuts Bleus" in home_page
    style = re.search(r'href="(/static/[^"]+\.css)"', home_page)
    assert style
    assert browser.open(re.sub(r"/sign-in/.*", style[1], link), timeout=PATIENCE_SECONDS).status == 200


def test_one_interrupt_stops_web_and_worker(served: tuple[Any, str]) -> None:
    server, _link = served
    os.killpg(server.pid, signal.SIGINT)
    assert server.wait(timeout=PATIENCE_SECONDS) == 0


def test_a_busy_port_is_one_sentence(home: dict[str, str]) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        done = exigible(home, "serve", "--port", str(port))
    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"Port {port} is taken by another program: stop it, or choose another, as in make run PORT={port + 1}."
    )


def test_a_worker_says_that_it_needs_postgresql(home: dict[str, str]) -> None:
    done = exigible(home, "worker")
    assert done.returncode == 2
    assert "DATABASE_URL" in done.stderr


def test_a_database_out_of_reach_is_one_sentence(home: dict[str, str]) -> None:
    done = exigible({**home, "DATABASE_URL": f"postgres://nobody@127.0.0.1:{free_port()}/nothing"}, "check")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot be opened" in done.stderr
