"""The rest of a real ledger: suppliers, rent, wages, bank fees and the monthly VAT return."""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from exigible.entrypoints.demo.days import due_on, month_end, months, working_day
from exigible.entrypoints.demo.ledger import Entry, Line, statement, two_sided
from exigible.entrypoints.demo.trade import draw

# code | name | account of the expense | terms | smallest and largest monthly net amount in cents
SUPPLIERS = (
    ("BOISJURA", "Scierie des Trois Sapins", "601000", "45 FDM", 2_200_000, 4_400_000),
    ("VERRECLA", "Verres Clarinel", "601000", "45 FDM", 1_400_000, 2_900_000),
    ("ELECFILS", "Électrofils Distribution", "601000", "30", 900_000, 2_200_000),
    ("QUINCMOR", "Quincaillerie Mortaise", "601000", "30", 80_000, 260_000),
    ("BAILATEL", "SCI du Vieil Atelier", "613200", "0", 520_000, 520_000),
    ("COURANTV", "Courant Vert des Monts", "606100", "15", 70_000, 190_000),
    ("TRANSPRE", "Messageries Préaumont", "624100", "30", 90_000, 320_000),
)
SUPPLIER_NAMES = {row[0]: row[1] for row in SUPPLIERS}


def opening_capital(first: date) -> Entry:
    """The balance sheet on the day the history begins."""
    lines = (
        Line("215400", debit=18_500_000),
        Line("512000", debit=24_000_000),
        Line("281540", credit=7_400_000),
        Line("101000", credit=20_000_000),
        Line("106100", credit=2_000_000),
        Line("110000", credit=13_100_000),
    )
    return Entry("AN", first, "BILAN", "REPRISE DES SOLDES", lines)


def purchases(seed: int, first: date, until: date) -> list[Entry]:
    """One invoice a month from each supplier and its payment when due."""
    entries = []
    for supplier in SUPPLIERS:
        random = Random(f"{seed}:{supplier[0]}")  # noqa: S311
        for month in months(first, until):
            day = working_day(month + timedelta(days=draw(random, 0, 24)))
            net = draw(random, *supplier[4:])
            if day <= until:
                entries += purchase(supplier, day, net, until)
    return entries


def purchase(supplier: tuple[str, str, str, str, int, int], day: date, net: int, until: date) -> list[Entry]:
    """A supplier's invoice, and its payment if that has come."""
    code, name, account, terms = supplier[:4]
    vat = (net * 20 + 50) // 100
    piece = f"{code[:4]}{day:%y%m%d}"
    bill = Line("401000", credit=net + vat, party=code, match=piece)
    entries = [Entry("HA", day, piece, f"FACTURE {name}", (Line(account, net), Line("445660", vat), bill))]
    if (paid := working_day(due_on(day, terms))) <= until:
        settled = Line("401000", debit=net + vat, party=code, match=piece)
        entries.append(Entry("BQ", paid, statement(paid), f"VIR {name}", (settled, Line("512000", credit=net + vat))))
    return entries


def wages(seed: int, first: date, until: date) -> list[Entry]:
    """Wages at the end of each month, social charges on the 15th of the next, bank fees."""
    random = Random(f"{seed}:wages")  # noqa: S311
    entries = []
    for month in months(first, until):
        gross, fees = draw(random, 4_600_000, 5_000_000), draw(random, 3_800, 12_500)
        withheld, employer = gross * 22 // 100, gross * 42 // 100
        end = month_end(month)
        pay = (Line("641000", gross), Line("431000", credit=withheld), Line("421000", credit=gross - withheld))
        charges = (Line("645000", employer), Line("431000", credit=employer))
        paid = (Line("421000", gross - withheld), Line("512000", credit=gross - withheld))
        social = (Line("431000", withheld + employer), Line("512000", credit=withheld + employer))
        fee = (Line("627000", fees), Line("512000", credit=fees))
        relief = working_day(end + timedelta(days=15))
        entries += [
            Entry("OD", end, f"PAIE{month:%Y%m}", f"SALAIRES {month:%m/%Y}", pay),
            Entry("OD", end, f"PAIE{month:%Y%m}", f"CHARGES SOCIALES {month:%m/%Y}", charges),
            Entry("BQ", end, statement(month), f"VIR SALAIRES {month:%m/%Y}", paid),
            Entry("BQ", end, statement(month), "COMMISSIONS ET FRAIS", fee),
            Entry("BQ", relief, statement(relief), f"PRLV COTISATIONS {month:%m/%Y}", social),
        ]
    return [entry for entry in entries if entry.day <= until]


def vat_returns(entries: Iterable[Entry], until: date) -> list[Entry]:
    """The VAT return of each month that has ended, and its payment or refund on the 22nd of the next."""
    sums: dict[tuple[date, str], int] = {}
    for entry in entries:
        for line in entry.lines:
            if line.account in ("445660", "445710"):
                key = (entry.day.replace(day=1), line.account)
                sums[key] = sums.get(key, 0) + line.signed
    found = []
    for month in sorted({month for month, _ in sums}):
        end, paid = month_end(month), working_day(month_end(month) + timedelta(days=22))
        collected, deducted = sums.get((month, "445710"), 0), sums.get((month, "445660"), 0)
        owed = -collected - deducted
        closing = (two_sided("445710", -collected), two_sided("445660", -deducted), two_sided("445510", -owed))
        payment = (two_sided("445510", owed), two_sided("512000", -owed))
        if end <= until:
            found.append(Entry("OD", end, f"CA3{month:%Y%m}", f"DECLARATION TVA {month:%m/%Y}", closing))
        if paid <= until:
            found.append(Entry("BQ", paid, statement(paid), f"REGLEMENT TVA {month:%m/%Y}", payment))
    return found
