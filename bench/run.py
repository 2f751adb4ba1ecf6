"""python -m bench.run: the law commands; matching; the day, texts, letters and pages on books of 10,000 to 1,000,000 open invoices.

CPU counts the database's too: SQLite works in this process, PostgreSQL's backend is read from the system's process table.
Each figure is a median; `--sizes`, `--databases` and `--repeats` choose less.
"""

import argparse
import json
import subprocess
import sys
from math import log
from typing import Any

from bench import law

SIZES = (10_000, 100_000, 1_000_000)
DATABASES = ("sqlite", "postgresql")
BARS = {"sqlite": (60, 2.0), "postgresql": (90, 3.0)}
ACCRUAL_BARS = {"sqlite": 5, "postgresql": 2}


def main() -> int:
    """Measure every size on every database, each in a process of its own, and print the figures against their bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--databases", nargs="*", default=DATABASES, choices=DATABASES)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found: list[dict[str, Any]] = []
    if not arguments.json:
        _print_law(arguments.repeats)
        subprocess.run([sys.executable, "-m", "bench.matching"], check=False)
    for database in arguments.databases:
        for size in arguments.sizes:
            call = [sys.executable, "-m", "bench.measure", database, str(size), str(arguments.repeats)]
            done = subprocess.run(call, capture_output=True, text=True, check=False)  # noqa: S603
            if done.returncode:
                print(f"{database} {size}: not measured: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
                continue
            row = json.loads(done.stdout)
            found.append(row)
            row |= _accrual(database, size, arguments.repeats)
            if not arguments.json:
                _print(row)
    if arguments.json:
        print(json.dumps(found, indent=1))
    else:
        _print_slopes(found)
    return 0


def _print_law(repeats: int) -> None:
    print(f"the law commands, each from a cold start (bar {law.BAR_MS} ms of CPU)")
    for name in law.COMMANDS:
        print(f"  {name:16} CPU {law.cold_cpu_ms(name, repeats):8.1f} ms")


def _accrual(database: str, size: int, repeats: int) -> dict[str, Any]:
    """Interest and indemnities to date on a book of late invoices of that size, in a process of its own."""
    call = [sys.executable, "-m", "bench.accrual", database, str(size), str(repeats)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        print(f"{database} {size}: interest not measured: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _print(row: dict[str, Any]) -> None:
    per_thousand, wall = BARS[row["database"]]
    bar = 50 + per_thousand * row["due"] / 1000
    print(
        f"{row['database']}, {row['size']:,} open invoices, {row['due']:,} due ({row['actions']:,} actions), loaded in {row['load_s']:.0f} s"
    )
    print(
        f"  day run          CPU {row['run_cpu_ms']:8.1f} ms (bar {bar:.0f})   wall {row['run_wall_ms']:8.1f} ms (bar {wall * 1000:.0f} at 1,000,000)"
    )
    print(
        f"  second run       CPU {row['again_cpu_ms']:8.2f} ms (bar 10)   queries of the run {row['queries']}, a chunk {row['queries_a_chunk']:.1f}"
    )
    print(
        f"  an e-mail        CPU {row['email_ms']:8.2f} ms (bar 1.5)   a letter CPU {row['letter_ms']:.2f} ms (bar 10)"
    )
    if "accrual_wall_ms" in row:
        bar = ACCRUAL_BARS[row["database"]]
        print(
            f"  interest to date wall {row['accrual_wall_ms']:8.1f} ms (bar {bar * 1000} at 1,000,000)   {row['late']:,} late invoices, {row['compared']:,} compared to the cent"
        )
    for name, times in row["pages"].items():
        print(
            f"  {name:16} p95 {times['p95']:8.1f} ms (bar 50)   median {times['median']:.1f}   during a day run p95 {times['busy_p95']:.1f} (bar 100)"
        )


def _print_slopes(found: list[dict[str, Any]]) -> None:
    for database in DATABASES:
        rows = [row for row in found if row["database"] == database]
        if len(rows) > 1:
            first, last = rows[0], rows[-1]
            slope = log(last["run_cpu_ms"] / first["run_cpu_ms"]) / log(last["size"] / first["size"])
            print(
                f"{database}: CPU of the run grows as N^{slope:.2f} from {first['size']:,} to {last['size']:,} (bar N^1.05)"
            )


if __name__ == "__main__":
    raise SystemExit(main())
