"""The ordinary trade: what each customer is invoiced, and when it pays, drawn from one seeded generator a customer."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from random import Random

from exigible.entrypoints.demo.days import due_on, month_end, months, working_day
from exigible.entrypoints.demo.ledger import Entry, Sale, received
from exigible.entrypoints.demo.people import Customer

# Net amounts in cents: smallest and largest of an ordinary invoice of each size.
SIZES = {"S": (7_300, 90_000), "M": (25_000, 380_000), "L": (120_000, 1_200_000), "X": (400_000, 3_600_000)}

# For each conduct: (weight, earliest, latest) days after the due date on which the money is sent.
CONDUCTS: dict[str, tuple[tuple[int, int, int], ...]] = {
    "early": ((1, -9, -2),),
    "good": ((8, -6, -1), (2, 1, 7)),
    "ordinary": ((50, -4, 0), (28, 2, 12), (15, 13, 30), (4, 35, 85), (3, 200, 700)),
    "chronic": ((12, 8, 28), (10, 28, 65), (4, 65, 140), (1, 400, 700)),
    "new": ((5, -4, 0), (3, 5, 20)),
    "public": ((9, -5, 0), (7, 4, 20), (4, 20, 70)),
    "consumer": ((5, -10, 0), (3, 3, 30), (2, 60, 250)),
    "stopped": ((4, 0, 15), (3, 15, 40)),
    "doubtful": ((1, 5, 25),),
    "no_terms": ((1, 0, 10),),
}
RUN_DAYS = {
    "PROMCANU": 25,
    "BATIRHOD": 10,
    "IMMOTERR": 28,
    "HOTCIGAL": 15,
    "MAISTAUB": 20,
    "EVENAURO": 5,
    "SCENOGRA": 10,
}
SILENT_FOR = 120  # days since a customer that stopped paying paid for the last time
STILL_SUPPLIED_FOR = 70  # days during which it went on being supplied
NEW_FOR = 95
ROUND_SUMS_FOR = 270


def draw(random: Random, low: int, high: int) -> int:
    """A whole number from low to high; built on random() alone, whose sequence no Python release changes."""
    return low + int(random.random() * (high - low + 1))


def ordinary_sales(customer: Customer, seed: int, first: date, until: date) -> list[Sale]:
    """The customer's invoices from `first` to `until`, at its pace, on working days."""
    random = Random(f"{seed}:sales:{customer.code}")  # noqa: S311
    start, end = supplied_between(customer, first, until)
    sales = []
    for month in months(first, until):
        for _ in range(int(customer.pace / 10 + random.random())):
            issued = working_day(month + timedelta(days=draw(random, 0, month_end(month).day - 1)))
            net = amount_of(random, customer.size)
            if start <= issued <= end:
                sales.append(Sale(customer.code, issued, due_on(issued, customer.terms), net, vat_rate(customer)))
    return sales


def supplied_between(customer: Customer, first: date, until: date) -> tuple[date, date]:
    """The first and last day on which the customer is supplied."""
    if customer.conduct == "new":
        return until - timedelta(days=NEW_FOR), until
    if customer.conduct == "stopped":
        return first, until - timedelta(days=SILENT_FOR - STILL_SUPPLIED_FOR)
    if customer.conduct == "round_sums":
        return until - timedelta(days=ROUND_SUMS_FOR), until
    if customer.conduct in ("doubtful", "no_terms"):
        return first, until - timedelta(days=480)
    return first, until


def amount_of(random: Random, size: str) -> int:
    """A net amount in cents, more often small than large."""
    low, high = SIZES[size]
    share = random.random()
    return low + int((high - low) * share * share) // 5 * 5


def vat_rate(customer: Customer) -> int:
    """No VAT abroad, the rate of renovation work for consumers, the ordinary rate otherwise."""
    return 0 if customer.country != "FR" else 10 if customer.kind == "C" else 20


def numbered(sales: Iterable[Sale]) -> list[Sale]:
    """All sales in order of issue, each with its number in the series of its kind and year."""
    counts: dict[str, int] = {}
    found = []
    for sale in sorted(sales, key=lambda sale: (sale.issued, sale.customer, sale.tag, sale.net)):
        series = f"{'AV' if sale.net < 0 else 'FA'}{sale.issued.year}"
        counts[series] = counts.get(series, 0) + 1
        found.append(Sale(**{**sale.__dict__, "number": f"{series}-{counts[series]:04d}"}))
    return found


def payment_days(customer: Customer, sales: list[Sale], seed: int, until: date) -> dict[str, date]:
    """The day on which each ordinary sale is paid, by its number; those not paid by `until` are absent."""
    random = Random(f"{seed}:payments:{customer.code}")  # noqa: S311
    bands = [band for band in CONDUCTS[customer.conduct] for _ in range(band[0])]
    last = until - timedelta(days=SILENT_FOR) if customer.conduct == "stopped" else until
    days = {}
    for sale in sales:
        _, low, high = bands[int(random.random() * len(bands))]
        day = max(sale.due + timedelta(days=draw(random, low, high)), sale.issued + timedelta(days=1))
        day = on_payment_run(customer.code, day)
        if day <= last:
            days[sale.number] = day
    return days


def on_payment_run(code: str, day: date) -> date:
    """The day on which the customer's bank really pays: its payment run if it has one, else a working day."""
    run = RUN_DAYS.get(code)
    if run is None:
        return working_day(day)
    month = day if day.day <= run else month_end(day) + timedelta(days=1)
    return working_day(month.replace(day=run))


def settle(customer: Customer, sales: list[Sale], seed: int, until: date) -> tuple[list[Entry], dict[str, str]]:
    """The customer's payments, one a day for all it pays that day, and the group in which each sale is lettered."""
    if customer.conduct == "round_sums":
        return round_sums(customer, sales, until), {}
    days = payment_days(customer, sales, seed, until)
    paid = sorted((sale for sale in sales if sale.number in days), key=lambda sale: (days[sale.number], sale.number))
    entries, matches = [], {}
    for day, together in groupby(paid, key=lambda sale: days[sale.number]):
        group = list(together)
        match = f"{customer.code}:{day}"
        numbers = " ".join(sale.number for sale in group)
        text = f"{'CB' if customer.terms == '0' else 'VIR SEPA'} {customer.name} {numbers}"
        entries.append(received(day, text, customer.code, sum(sale.total for sale in group), match=match))
        matches.update({sale.number: match for sale in group})
    return entries, matches


def round_sums(customer: Customer, sales: list[Sale], until: date) -> list[Entry]:
    """Round sums without a reference, never lettered: only the accountant's rule, oldest first, can spread them."""
    entries, paid = [], 0
    for month in months(min(sale.issued for sale in sales), until):
        day = working_day(month.replace(day=12))
        owed = sum(sale.total for sale in sales if sale.due <= day) - paid
        if owed >= 50_000 and day <= until:
            amount = min(owed // 50_000, 4) * 50_000
            paid += amount
            entries.append(received(day, f"VIR SEPA {customer.name}", customer.code, amount))
    return entries
