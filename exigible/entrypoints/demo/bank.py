"""The bank statement of the last days, in CFONB 120: what the ledger has already, and what its accountant has not entered yet.

The money not entered yet is one movement for each case that whoever matches payments must meet; STORIES says which.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import normalize

from exigible.entrypoints.demo.days import working_day
from exigible.entrypoints.demo.figures import OpenInvoice, open_invoices
from exigible.entrypoints.demo.people import CREDITOR_IBAN
from exigible.entrypoints.demo.world import World

BANK = "512000"
SHOWN_DAYS = 4
LABEL = 31
TRANSFER, DEBIT, REJECT, CHEQUE, DIRECT_DEBIT_OUT = "05", "08", "10", "02", "09"
CREDIT_FIGURES, DEBIT_FIGURES = "{ABCDEFGHI", "}JKLMNOPQR"


@dataclass(frozen=True)
class BankLine:
    """A movement as the bank tells it: cents (money in is positive), who paid, what for, the interbank code."""

    day: date
    amount: int
    text: str
    payer: str = ""
    purpose: str = ""
    code: str = TRANSFER
    reject: str = ""


@dataclass(frozen=True)
class Till:
    """What the stories draw from: open invoices by customer, the oldest first, and the days of the statement."""

    world: World
    open: dict[str, list[OpenInvoice]]

    def day(self, back: int) -> date:
        """A working day, counted back from the last one."""
        return min(working_day(self.world.until - timedelta(days=back)), self.world.until)

    def latest(self, code: str, number: int = 1) -> list[OpenInvoice]:
        """The last invoices that a customer has not paid."""
        return self.open.get(code, [])[-number:]

    def name(self, code: str) -> str:
        """A customer's name as a bank prints it."""
        return printed(self.world.names[code])


def paid_exactly(till: Till) -> Iterator[BankLine]:
    """One number, and its amount; two numbers, and their sum."""
    for invoice in till.latest("BRAVIEUX"):
        yield BankLine(
            till.day(1), invoice.open_minor, "VIR SEPA RECU", till.name("BRAVIEUX"), f"FACT {invoice.number}"
        )
    two = till.latest("MENFERRA", 2)
    if two:
        purpose = "FACT " + " ".join(invoice.number for invoice in two)
        yield BankLine(till.day(1), sum(one.open_minor for one in two), "VIR SEPA RECU", till.name("MENFERRA"), purpose)


def paid_with_a_difference(till: Till) -> Iterator[BankLine]:
    """A foreign bank's charges, a discount that was not granted, a part payment, forty euros more."""
    given: tuple[tuple[str, str, Callable[[int], int]], ...] = (
        ("LUMIBRUX", "", lambda minor: minor - 1_500),
        ("HOTCIGAL", "ESCOMPTE 2 PC ", lambda minor: minor * 98 // 100),
        ("TRANSGAR", "ACOMPTE ", lambda minor: minor // 3),
        ("RESTABLE", "", lambda minor: minor + 4_000),
    )
    for code, word, amount in given:
        for invoice in till.latest(code):
            purpose = f"{word}{invoice.number}"
            yield BankLine(till.day(0), amount(invoice.open_minor), "VIR SEPA RECU", till.name(code), purpose)


def paid_unclearly(till: Till) -> Iterator[BankLine]:
    """Two figures of the number swapped; a payer who is not the customer; a public accountant; a name and an amount alone."""
    for invoice in till.latest("MAROQGRI"):
        wrong = invoice.number[:-3] + invoice.number[-2] + invoice.number[-3] + invoice.number[-1]
        yield BankLine(till.day(1), invoice.open_minor, "VIR SEPA RECU", till.name("MAROQGRI"), f"FACTURE {wrong}")
    for invoice in till.latest("SCENOGRA"):
        yield BankLine(
            till.day(2), invoice.open_minor, "VIR SEPA RECU", "OPALINE PARTICIPATIONS", f"REGLT {invoice.number}"
        )
    for invoice in till.latest("MAISTAUB"):
        yield BankLine(
            till.day(2), invoice.open_minor, "VIR SEPA RECU", "DRFIP AUVERGNE RHONE ALPES", "MANDAT 1482 BORD 77"
        )
    for invoice in till.latest("DECOLUCI"):
        yield BankLine(till.day(3), invoice.open_minor, "VIR INST RECU", till.name("DECOLUCI"), "SOLDE")


def paid_twice(till: Till) -> Iterator[BankLine]:
    """An invoice that was settled months ago, paid again."""
    open_numbers = {invoice.number for invoice in till.open.get("PHARMEYR", [])}
    before = till.world.until - timedelta(days=120)
    sales = [sale for sale in till.world.sales if sale.customer == "PHARMEYR" and sale.due < before and sale.net > 0]
    for sale in [sale for sale in sales if sale.number not in open_numbers][-1:]:
        yield BankLine(till.day(3), sale.total, "VIR SEPA RECU", till.name("PHARMEYR"), f"FACT {sale.number}")


def returned(till: Till) -> Iterator[BankLine]:
    """A direct debit that the debtor's bank gives back two days later."""
    for invoice in till.latest("GARAGEPO"):
        minor, name = invoice.open_minor, till.name("GARAGEPO")
        yield BankLine(till.day(3), minor, "PRLV SEPA", name, invoice.number, DEBIT)
        yield BankLine(till.day(0), -minor, "REJET PRLV SEPA", name, invoice.number, REJECT, "02")


def nobody_s(till: Till) -> Iterator[BankLine]:
    """Cheques paid in together, and an insurer's refund: no customer's invoice explains them."""
    yield BankLine(till.day(2), 157_340, "REMISE CHEQUES 0004127", code=CHEQUE)
    yield BankLine(till.day(1), 38_715, "VIR SEPA RECU", "MUTUELLE DES ATELIERS REUNIS", "SINISTRE 26 1187 VITRINE")


STORIES = (paid_exactly, paid_with_a_difference, paid_unclearly, paid_twice, returned, nobody_s)


def bank_lines(world: World) -> list[BankLine]:
    """All movements of the last days, in the order of their days: those of the ledger, then the stories'."""
    found: dict[str, list[OpenInvoice]] = {}
    for invoice in sorted(open_invoices(world), key=lambda one: (one.due, one.number)):
        found.setdefault(invoice.customer, []).append(invoice)
    till = Till(world, found)
    lines = [*_of_ledger(world), *(line for story in STORIES for line in story(till))]
    return sorted(lines, key=lambda line: line.day)


def _first_day(world: World) -> date:
    return world.until - timedelta(days=SHOWN_DAYS)


def _of_ledger(world: World) -> Iterator[BankLine]:
    """What the accountant entered of these days."""
    for entry in world.entries:
        for line in entry.lines:
            if line.account == BANK and entry.day >= _first_day(world) and entry.journal == "BQ":
                code = DIRECT_DEBIT_OUT if entry.text.startswith("PRLV") and line.signed < 0 else TRANSFER
                yield BankLine(entry.day, line.signed, printed(entry.text), code=code)


def balance_before(world: World) -> int:
    """The balance of the account in the ledger on the eve of the statement, in cents."""
    return sum(
        line.signed
        for entry in world.entries
        for line in entry.lines
        if line.account == BANK and entry.day < _first_day(world)
    )


def statement_text(world: World) -> str:
    """The statement of the last days."""
    return records(bank_lines(world), balance_before(world), _first_day(world) - timedelta(days=1), world.until)


def records(lines: list[BankLine], opening: int, eve: date, until: date) -> str:
    """A statement from the eve of its first day: records of 120 characters, each ended by CR LF; the opening balance in cents."""
    found = [_balance("01", eve, opening)]
    for number, line in enumerate(lines, 1):
        found += _movement(number, line)
    found.append(_balance("07", until, opening + sum(line.amount for line in lines)))
    assert {len(record) for record in found} == {120}
    return "".join(record + "\r\n" for record in found)


def printed(text: str) -> str:
    """A text as banks print it: capitals without accents."""
    plain = normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode()
    return " ".join(plain.upper().split())


def _amount(minor: int) -> str:
    figures = f"{abs(minor):014d}"
    return figures[:-1] + (DEBIT_FIGURES if minor < 0 else CREDIT_FIGURES)[int(figures[-1])]


def _head(record: str, inner: str = "") -> str:
    """The first 32 characters of a record: bank, branch, currency with its decimals, account."""
    return f"{record}{CREDITOR_IBAN[4:9]}{inner:<4}{CREDITOR_IBAN[9:14]}EUR2 {CREDITOR_IBAN[14:25]}"


def _balance(record: str, day: date, minor: int) -> str:
    return f"{_head(record)}  {day:%d%m%y}{'':50}{_amount(minor)}{'':16}"


def _movement(number: int, line: BankLine) -> Iterator[str]:
    head = f"{_head('04', 'B1')}{line.code}{line.day:%d%m%y}"
    label, rest = _in_two(line.text)
    yield f"{head}{line.reject:<2}{line.day:%d%m%y}{label:<31}  {number:07d}  {_amount(line.amount)}{'':16}"
    told = {"LIB": rest, "NPY" if line.amount > 0 else "NBE": line.payer, "LCC": line.purpose}
    for qualifier, text in told.items():
        if text:
            yield f"{_head('05', 'B1')}{line.code}{line.day:%d%m%y}{'':5}{qualifier}{text[:70]:<70}  "


def _in_two(text: str) -> tuple[str, str]:
    """A label as it fits the record, and its end, cut between words."""
    if len(text) <= LABEL:
        return text, ""
    place = text[: LABEL + 1].rfind(" ")
    return text[:place], text[place + 1 :]
