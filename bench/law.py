"""python -m bench.law: the CPU of the law commands from a cold start, each in a process of its own, as one JSON object."""

import json
import resource
import subprocess
import sys
from statistics import median

BAR_MS = 100
COMMANDS = {
    "interest": "--debtor business --amount 10000.00 --due 2026-05-31 --until 2026-08-15",
    "rates": "--series ecb_mro",
    "limitation": "--debtor business --due 2020-06-30 --event 2023-04-12=acknowledgement",
    "deadline": "--rule payment_order_service --from 2026-08-31",
    "terms": "--issued 2026-05-04 --agreed net --due 2026-07-31",
    "procedures": "--debtor business --amount 6000.00 --due 2026-05-31 --postcode 75011",
}


def main() -> None:
    """Measure each command some times, after one call that is not counted, and print the medians in milliseconds."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    print(json.dumps({name: cold_cpu_ms(name, repeats) for name in COMMANDS}))


def cold_cpu_ms(name: str, repeats: int) -> float:
    """The median CPU of one command's process, in milliseconds; the bytecode is compiled, the files are in memory."""
    call = [sys.executable, "-m", "exigible", "law", name, *COMMANDS[name].split(), "--json"]
    return median([_cpu_ms(call) for _ in range(repeats + 1)][1:])


def _cpu_ms(call: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(call, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


if __name__ == "__main__":
    main()
