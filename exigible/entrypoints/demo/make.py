"""Makes the demonstration's files: python -m exigible.entrypoints.demo.make OUT_DIR [--until 2026-11-20] [--seed 7]

The world they describe is invented. Atelier Lumen, a workshop of lighting and joinery in Lyon, keeps its accounts by
calendar year. From December two years ago to the last day it sells to sixty customers: firms that pay early, well,
ordinarily or late, two that stopped paying, three new ones, consumers, communes, a state body and a hospital, four
customers abroad, three whose kind nobody noted. Their history is drawn at random but always the same for one seed;
stories.py adds, by hand, each case that a reader of ledgers must get right. The ledger also holds suppliers, wages,
bank fees and VAT returns. Every entry balances, no name, number or address belongs to anyone.

Files: a FEC for each of the two fiscal years, the second provisional (the first in cp1252, the second in UTF-8, as a
change of accounting program brings about), customers.csv (UTF-8 with a byte order mark) and foreign-invoices.csv
(cp1252), which holds what a FEC cannot: open invoices in other currencies, invoices without a due date, a deposit.
reminders.csv declares what was sent by hand before, the bank's statement (CFONB 120) tells what came in on the last days. These ten invoices of the export agent are not in the ledger. Invoices of the ledger have no due date in it either: it
follows from the customer's terms.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from exigible.entrypoints.demo.bank import statement_text
from exigible.entrypoints.demo.fec_writer import fec_text
from exigible.entrypoints.demo.fiscal import fiscal_years
from exigible.entrypoints.demo.people import CREDITOR_SIREN
from exigible.entrypoints.demo.reminders import reminders_text
from exigible.entrypoints.demo.tables import customers_text, invoices_text
from exigible.entrypoints.demo.world import World, build_world

UNTIL = date(2026, 11, 20)
SEED = 7


def demo_files(world: World) -> dict[str, bytes]:
    """The content of each file by its name."""
    last = world.until.year
    years = fiscal_years(world.entries, (last - 1, last))
    return {
        f"{CREDITOR_SIREN}FEC{last - 1}1231.txt": fec_text(years[last - 1], world.names, world.until).encode("cp1252"),
        f"{CREDITOR_SIREN}FEC{world.until:%Y%m%d}.txt": fec_text(years[last], world.names, world.until).encode(),
        "customers.csv": customers_text(world.customers.values()).encode("utf-8-sig"),
        "foreign-invoices.csv": invoices_text(world.customers, world.until).encode("cp1252"),
        "reminders.csv": reminders_text(world).encode("utf-8-sig"),
        f"releve-{world.until:%Y%m%d}.txt": statement_text(world).encode("ascii"),
    }


def make(folder: Path, until: date = UNTIL, seed: int = SEED) -> list[Path]:
    """Write the files into the folder, which is made if need be; give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in demo_files(build_world(until, seed)).items():
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    return paths


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and write the files."""
    parser = ArgumentParser(description="Makes the files of the demonstration.")
    parser.add_argument("folder", type=Path, metavar="OUT_DIR")
    parser.add_argument("--until", type=date.fromisoformat, default=UNTIL, help="the last day of the history")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    for path in make(options.folder, options.until, options.seed):
        print(path)


if __name__ == "__main__":
    main()
