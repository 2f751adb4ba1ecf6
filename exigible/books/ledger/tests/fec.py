"""Writes small ledgers for tests, as an accounting program exports them."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.posting import post_rows
from exigible.books.ledger.posting_period import with_days
from exigible.books.ledger.posting_records import PostingReport
from exigible.formats import read
from exigible.formats.rows import Reading
from exigible.testing import noon

HEADER = (
    "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\t"
    "EcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise"
)
TODAY = date(2026, 11, 20)
Side = tuple[str, str, int]  # account, customer, signed cents


@dataclass
class Ledger:
    """A fiscal year, entry by entry; amounts in cents."""

    year: int
    lines: list[str] = field(default_factory=lambda: [HEADER])
    entries: int = 0
    names: dict[str, str] = field(default_factory=dict)

    def entry(
        self,
        journal: str,
        day: date,
        piece: tuple[str, date | None],
        label: str,
        sides: list[Side],
        *,
        letter: str = "",
    ) -> "Ledger":
        """Add an entry; `letter` is "AA 2026-03-01" and stands on its customer lines."""
        self.entries += 1
        code, _, lettered = letter.partition(" ")
        for account, customer, signed in sides:
            debit, credit = (signed, 0) if signed > 0 else (0, -signed)
            let = f"{code}\t{lettered.replace('-', '')}" if account.startswith("41") and code else "\t"
            cells = (
                journal[:2], journal, str(self.entries), f"{day:%Y%m%d}", account, account, customer,
                self.names.get(customer, customer and f"Client {customer}"), piece[0], f"{piece[1] or day:%Y%m%d}", label,
                f"{debit // 100},{debit % 100:02d}", f"{credit // 100},{credit % 100:02d}", let, f"{day:%Y%m%d}", "", "",
            )  # fmt: skip
            self.lines.append("\t".join(cells))
        return self

    def sale(self, customer: str, number: str, cents: int, day: date, letter: str = "") -> "Ledger":
        """An invoice, or a credit note when negative."""
        sides = [("411000", customer, cents), ("706000", "", -cents)]
        return self.entry("VENTES", day, (number, None), f"FACTURE {number}", sides, letter=letter)

    def bank(self, customer: str, cents: int, day: date, letter: str = "", label: str = "VIREMENT") -> "Ledger":
        """Money received, or given back when negative."""
        sides = [("512000", "", cents), ("411000", customer, -cents)]
        return self.entry("BANQUE", day, (f"RLV{day:%Y%m}", None), label, sides, letter=letter)

    def opening(self, customer: str, number: str, cents: int, piece_day: date, letter: str = "") -> "Ledger":
        """An item brought forward: a claim, or a credit when negative."""
        sides = [("411000", customer, cents), ("890000", "", -cents)]
        day = date(self.year, 1, 1)
        return self.entry("AN A NOUVEAUX", day, (number, piece_day), f"FACTURE {number}", sides, letter=letter)

    def bytes(self) -> bytes:
        """The file."""
        return ("\r\n".join(self.lines) + "\r\n").encode()


def post(creditor: Creditor, body: bytes, name: str = "fec.txt", reading: Reading | None = None) -> PostingReport:
    """Read and post a file, as today."""
    found = with_days(reading or read(body, name), body)
    assert found.refusal is None, found.refusal
    return post_rows(creditor, found, name=name, digest=hashlib.sha256(body).hexdigest(), today=TODAY, at=noon(TODAY))


def changed(report: PostingReport) -> int:
    """How many rows a posting made, changed or removed."""
    return sum(sum(counts.values()) for counts in (report.created, report.updated, report.removed))
