"""Writes a large FEC: python -m bench.fec FILE LINES [--customers 10000]

Each sale (customer, revenue, VAT) is followed by its payment (bank, customer), lettered with it; one in ten stays open.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

HEADER = (
    "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\t"
    "EcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise\r\n"
)
YEAR = 2026
OPEN_EVERY = 10


def days_of_year() -> list[str]:
    """Each day of the year as eight digits."""
    first = date(YEAR, 1, 1)
    return [f"{first + timedelta(days=days):%Y%m%d}" for days in range(365)]


def letters_of(rank: int) -> str:
    """The rank as a lettering code: AAA, AAB…"""
    return chr(65 + rank // 676 % 26) + chr(65 + rank // 26 % 26) + chr(65 + rank % 26)


def fec_lines(customers: int) -> Iterator[str]:
    """An endless ledger, one sale and mostly its payment at a time, amounts and days following from the rank.

    A customer's lettering codes are its own; they would repeat after 17,576 of its invoices.
    """
    days = days_of_year()
    sale = entry = 0
    while True:
        customer, turn = sale % customers, sale // customers
        net = 8_000 + sale * 7_919 % 500_000
        vat = (net * 20 + 50) // 100
        at = (sale * 31 + turn * 17) % 300
        issued, paid = days[at], days[at + 20 + sale % 45]
        is_paid = (sale + turn) % OPEN_EVERY != 0
        let = f"{letters_of(turn)}\t{paid}" if is_paid else "\t"
        party = f"C{customer:06d}\tClient {customer}"
        piece = f"FA{sale:08d}"
        net_text, vat_text = f"{net // 100},{net % 100:02d}", f"{vat // 100},{vat % 100:02d}"
        total = f"{(net + vat) // 100},{(net + vat) % 100:02d}"
        entry += 1
        head, tail = f"VE\tVENTES\t{entry}\t{issued}", f"{piece}\t{issued}\tFACTURE {piece}"
        yield f"{head}\t411000\tCLIENTS\t{party}\t{tail}\t{total}\t0,00\t{let}\t{issued}\t\t\r\n"
        yield f"{head}\t701000\tVENTES\t\t\t{tail}\t0,00\t{net_text}\t\t\t{issued}\t\t\r\n"
        yield f"{head}\t445710\tTVA COLLECTEE\t\t\t{tail}\t0,00\t{vat_text}\t\t\t{issued}\t\t\r\n"
        if is_paid:
            entry += 1
            head, tail = f"BQ\tBANQUE\t{entry}\t{paid}", f"RLV{paid[:6]}\t{paid}\tVIR {piece}"
            yield f"{head}\t512000\tBANQUE\t\t\t{tail}\t{total}\t0,00\t\t\t{paid}\t\t\r\n"
            yield f"{head}\t411000\tCLIENTS\t{party}\t{tail}\t0,00\t{total}\t{let}\t{paid}\t\t\r\n"
        sale += 1


def write_fec(path: Path, lines: int, customers: int = 10_000) -> int:
    """Write the first entries that make at least `lines` lines, streaming; return how many lines there are."""
    with path.open("w", encoding="utf-8", newline="", buffering=1 << 20) as file:
        file.write(HEADER)
        ledger = fec_lines(customers)
        file.writelines(islice(ledger, lines))
        written = lines
        # Complete the last sale: the next one begins with a line of account 411 in the sales journal.
        for line in ledger:
            if line.startswith("VE") and "\t411000\t" in line:
                return written
            file.write(line)
            written += 1
    return written


def main() -> None:
    """Read the command line and write the file."""
    parser = ArgumentParser(description="Writes a large synthetic FEC.")
    parser.add_argument("file", type=Path)
    parser.add_argument("lines", type=int)
    parser.add_argument("--customers", type=int, default=10_000)
    options = parser.parse_args()
    print(write_fec(options.file, options.lines, options.customers))


if __name__ == "__main__":
    main()
