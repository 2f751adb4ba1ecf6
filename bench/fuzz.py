"""python -m bench.fuzz [SECONDS]: damaged bank files, invoices, ledgers and tables for the readers, guided by coverage.

Needs atheris, which is no dependency. Stops at the first exception or at an input that takes longer than LONGEST, and leaves
that input in the current folder. Samples from outside are taken along where EXIGIBLE_SAMPLES names them.
"""

import importlib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

LONGEST = 1.0
LARGEST_SEED = 40_000
SECONDS = 300


def main(seconds: int) -> int:
    """Run for so long; the fuzzer prints how many inputs it tried. 2 when atheris is missing."""
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        print(
            "Atheris is not installed: make an environment of its own, install atheris and this project there, and run again."
        )
        return 2
    with atheris.instrument_imports(include=["exigible.formats"]):
        doors = _doors()
    with tempfile.TemporaryDirectory(prefix="exigible-fuzz-") as folder:
        _seed(Path(folder), len(doors))
        options = [
            f"-max_total_time={seconds}",
            f"-max_len={LARGEST_SEED}",
            "-timeout=10",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], *options, folder], lambda data: _try(doors, data))
        atheris.Fuzz()
    return 0


def _doors() -> list[Callable[[bytes], object]]:
    """The readers, each by a byte of its own at the beginning of an input; the last one recognises by itself."""
    from exigible.formats import read, read_einvoice
    from exigible.formats.bank_reading import READERS
    from exigible.formats.fec import read_fec
    from exigible.formats.table import read_table

    banks = [lambda data, reader=reader: reader(data, "file") for reader in READERS.values()]
    return [*banks, read_einvoice, read_fec, read_table, read]


def _try(doors: list[Callable[[bytes], object]], data: bytes) -> None:
    if len(data) < 2:
        return
    start = time.process_time()
    doors[data[0] % len(doors)](data[1:])
    taken = time.process_time() - start
    assert taken < LONGEST, f"{taken:.1f} s for {len(data)} bytes"


def _seed(folder: Path, doors: int) -> None:
    """Every sample under each door: what one reader's file does to another is worth a look too."""
    from exigible.formats.tests.ledgers import OWN_SAMPLES, SAMPLES

    for number, path in enumerate(each for root in (OWN_SAMPLES, SAMPLES) for each in sorted(root.rglob("*.*"))):
        if path.is_file() and path.stat().st_size < LARGEST_SEED:
            for door in range(doors):
                (folder / f"{number}-{door}").write_bytes(bytes([door]) + path.read_bytes())


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
