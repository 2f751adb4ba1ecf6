"""Runs every check, then says in its last lines what ran on which databases and browsers, and what did not: `make test`.

REQUIRE=postgresql,browser,samples turns what is missing into a failure instead of a note.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LOCAL_POSTGRESQL = "postgres://postgres@127.0.0.1:5432/postgres"
CORES = 2
WORKERS = "3"  # on two cores: a test that waits for a browser leaves its own free
# Nothing waits for the disk; no statement on a few rows is worth a compilation.
SERVER_OPTIONS = "-c synchronous_commit=off -c jit=off"
PYTHON = sys.executable
BIN = Path(sys.executable).parent
SKIPPED = re.compile(r"^SKIPPED \[(\d+)\] (\S+?)(?::\d+)?: (.*)$")
NEEDS = {"needs PostgreSQL": "PostgreSQL", "needs the embedded database": "SQLite"}
CLOSING = re.compile(r"^=*\s*((?:\d+ \w+,? ?)+ in [\d.]+s.*?)\s*=*$")
CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("formatting (ruff format)", [str(BIN / "ruff"), "format", "--check", "."]),
    ("style (ruff check)", [str(BIN / "ruff"), "check", "--quiet", "."]),
    ("types (mypy)", [str(BIN / "mypy")]),
    ("imports (lint-imports)", [str(BIN / "lint-imports")]),
    ("French words", [PYTHON, "-m", "exigible.common.catalogue", "check"]),
    ("migrations", [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"]),
    (
        "security (bandit)",
        [str(BIN / "bandit"), "-q", "-r", "-ll", "-c", "pyproject.toml", "exigible", "tools", "bench"],
    ),
)


class Tests(NamedTuple):
    """What one run of the tests came to: pytest's closing line, and why tests were skipped."""

    passed: bool
    closing: str
    skipped: Counter[str]


def main() -> int:
    """Run everything; 0 when all that was required ran and passed."""
    os.chdir(ROOT)
    began = time.monotonic()
    required = {name.strip() for name in os.environ.get("REQUIRE", "").split(",") if name.strip()}
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="exigible-checks-") as home:
        os.environ.update(
            EXIGIBLE_HOME=home, EXIGIBLE_SECRET_KEY="only for checks", DJANGO_SETTINGS_MODULE="exigible.settings"
        )
        keep_bytecode(home)
        server = postgresql()
        os.environ.pop("DATABASE_URL", None)
        with ThreadPoolExecutor(CORES) as pool:
            verdicts = list(pool.map(lambda named: check(*named), CHECKS))
        failed += [name for (name, _command), is_well in zip(CHECKS, verdicts, strict=True) if not is_well]
        runs = {"SQLite": run_tests("SQLite", {})}
        if server:
            given = {"DATABASE_URL": server, "PGOPTIONS": SERVER_OPTIONS, "EXIGIBLE_ONLY_DATABASE": "1"}
            runs["PostgreSQL"] = run_tests("PostgreSQL", given)
    failed += [f"tests on {name}" for name, tests in runs.items() if not tests.passed]
    missing = missing_things(runs)
    failed += [f"required but missing: {reason}" for name, reason in missing if name in required]
    report(runs, missing, failed, time.monotonic() - began)
    return 1 if failed else 0


def keep_bytecode(home: str) -> None:
    """Where Python may not write bytecode beside the sources, keep it apart: dozens of processes would compile all again."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = os.path.join(home, "bytecode")


def check(name: str, command: list[str]) -> bool:
    """Run one check, and show what it said only when it found something."""
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{name:<28} {verdict:<7} {time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode:
        print((done.stdout + done.stderr).rstrip(), flush=True)
    return done.returncode == 0


def run_tests(name: str, extra: dict[str, str]) -> Tests:
    """Run all tests on one database, showing what pytest says as it says it."""
    print(f"\ntests on {name}", flush=True)
    command = [PYTHON, "-m", "pytest", "-n", WORKERS, "--dist", "loadgroup", "-rsfE"]
    closing, skipped = "", Counter[str]()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **extra}
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if found := SKIPPED.match(line.rstrip()):
                skipped[found[3]] += int(found[1])
            else:
                print(line, end="", flush=True)
            if closed := CLOSING.match(line.strip()):
                closing = closed[1]
    return Tests(run.returncode == 0, closing or "pytest ended without a closing line", skipped)


def postgresql() -> str | None:
    """The address of a PostgreSQL server that answers: DATABASE_URL, else the local default."""
    import psycopg

    given = os.environ.get("DATABASE_URL", "")
    address = given if given.startswith("postgres") else LOCAL_POSTGRESQL
    try:
        with psycopg.connect(address, connect_timeout=3) as connection:
            os.environ["POSTGRESQL_VERSION"] = str(connection.info.parameter_status("server_version")).split(" ")[0]
    except psycopg.OperationalError:
        return None
    return address


def chromium() -> str | None:
    """The version of Chromium, or None when there is none."""
    names = (os.environ.get("CHROMIUM") or "chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        return None
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.split()
    return next((word for word in told if word[:1].isdigit()), "of unknown version")


def samples() -> Path | None:
    """The folder of sample files, or None when it is not there."""
    folder = Path(os.environ.get("EXIGIBLE_SAMPLES", "../shared/samples"))
    return folder if folder.is_dir() else None


def missing_things(runs: dict[str, Tests]) -> list[tuple[str, str]]:
    """What did not run for want of something, as (the name REQUIRE knows, the reason)."""
    missing = []
    if "PostgreSQL" not in runs:
        missing.append(("postgresql", "no PostgreSQL server answered (DATABASE_URL)"))
    if chromium() is None:
        missing.append(("browser", "Chromium is not installed (apt install chromium, or CHROMIUM=path)"))
    if samples() is None:
        missing.append(("samples", "the sample files are not there (EXIGIBLE_SAMPLES)"))
    return missing


def report(runs: dict[str, Tests], missing: list[tuple[str, str]], failed: list[str], seconds: float) -> None:
    """The closing lines: what ran, what was skipped and why, the verdict with pytest's own closing lines."""
    import sqlite3

    versions = {"SQLite": sqlite3.sqlite_version, "PostgreSQL": os.environ.get("POSTGRESQL_VERSION", "")}
    databases = ", ".join(f"{name} {versions[name]}" for name in runs)
    print(f"\nDatabases: {databases}. Browser: {'Chromium ' + found if (found := chromium()) else 'none'}.")
    for _name, reason in missing:
        print(f"Not run: {reason}.")
    for name, tests in runs.items():
        for reason, count in sorted(tests.skipped.items()):
            elsewhere = " (they run there)" if NEEDS.get(reason, name) in runs.keys() - {name} else ""
            print(f"Not run on {name}: {count} tests, {reason}{elsewhere}.")
    if "PostgreSQL" in runs:
        print(
            "Not run again on PostgreSQL: what no database can change (law, formats, texts, how pages look; conftest.py)."
        )
    closing = "; ".join(f"{name}: {tests.closing}" for name, tests in runs.items())
    verdict = f"FAILED ({', '.join(failed)})" if failed else "All checks passed"
    print(f"{verdict} in {seconds:.0f} s. {closing}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
