"""The whole invented world: customers, sales and entries, put together from the modules beside it."""

from dataclasses import dataclass
from datetime import date

from exigible.entrypoints.demo.house import SUPPLIER_NAMES, opening_capital, purchases, vat_returns, wages
from exigible.entrypoints.demo.ledger import Entry, Sale, sale_entry
from exigible.entrypoints.demo.people import Customer, customers
from exigible.entrypoints.demo.stories import Book, story_sales, tell
from exigible.entrypoints.demo.trade import numbered, ordinary_sales, settle


@dataclass(frozen=True)
class World:
    """Everything that happened from `first` to `until`."""

    first: date
    until: date
    customers: dict[str, Customer]
    names: dict[str, str]
    sales: list[Sale]
    entries: list[Entry]


def build_world(until: date, seed: int) -> World:
    """Two fiscal years and the month before them, up to `until`, which must leave room for the stories of the year."""
    if (until.month, until.day) < (3, 1):
        raise SystemExit(f"--until {until}: choose a day from 1 March on, so that the second year holds its stories.")
    first = date(until.year - 2, 12, 1)
    people = {customer.code: customer for customer in customers()}
    names = {code: customer.name for code, customer in people.items()} | SUPPLIER_NAMES
    sales = numbered(
        [
            *story_sales(people, until),
            *(sale for customer in people.values() for sale in ordinary_sales(customer, seed, first, until)),
        ]
    )
    book = Book({sale.tag: sale for sale in sales if sale.tag}, names, until)
    tell(book)
    for customer in people.values():
        entries, matches = settle(
            customer, [sale for sale in sales if sale.customer == customer.code and not sale.tag], seed, until
        )
        book.entries += entries
        book.matches |= matches
    entries = [
        *(sale_entry(sale, names[sale.customer], book.matches.get(sale.number, "")) for sale in sales),
        *book.entries,
        *purchases(seed, first, until),
        *wages(seed, first, until),
    ]
    entries = [opening_capital(first), *entries, *vat_returns(entries, until)]
    return World(first, until, people, names, sales, entries)
