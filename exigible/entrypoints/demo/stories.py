"""The hand-placed cases: one short story for each peculiarity that the demonstration must show.

SALES places each story's invoices: tag, customer, net amount in cents, days before the last day on which it is issued.
The functions below say what became of them; a match that begins with "part:" may stay unbalanced, and is then
lettered in lower case, as accounting programs do with a part payment.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from exigible.entrypoints.demo.days import due_on, working_day
from exigible.entrypoints.demo.ledger import Entry, Line, Sale, received, statement, two_sided
from exigible.entrypoints.demo.people import Customer
from exigible.entrypoints.demo.trade import vat_rate

SALES = (
    ("part_lettered", "DECOLUCI", 420_000, 75),
    ("part_quoted", "THECAPUC", 268_000, 68),
    ("credit_base", "CAMPLACS", 200_000, 90),
    ("credit_larger", "CAMPLACS", -400_000, 15),
    ("refunded", "HOTCIGAL", -120_000, 200),
    ("credited", "STUDIOCR", 350_000, 160),
    ("credit_applied", "STUDIOCR", -50_000, 140),
    ("paid_twice", "LIBPAPIE", 45_000, 90),
    ("not_lettered", "LUMIBRUX", 230_000, 58),
    ("not_quoted", "OPTIBELV", 41_250, 52),
    ("bounced", "GARAGEPO", 62_000, 80),
    ("reopened", "RESTABLE", 148_000, 70),
    ("doubtful_1", "VERRSOUF", 780_000, 560),
    ("doubtful_2", "VERRSOUF", 465_000, 540),
    ("advance_used", "CHARPBER", 1_450_000, 130),
    ("old_large", "PROMCANU", 3_220_000, 620),
    ("limitation_near", "PELISSOU", 95_000, 686),
    ("opening", "MUSFILAT", 118_000, 709),
    ("due_today", "BRAVIEUX", 186_000, 30),
    ("due_tomorrow", "STUDIOCR", 92_000, 29),
    ("due_in_five", "DECOLUCI", 154_000, 25),
    ("foreign_paid", "THAMESLA", 594_000, 210),
    ("largest", "DIRPATRI", 5_000_000, 300),
    ("rounding", "MAROQGRI", 83_335, 110),
    ("effect", "VIGNOBEL", 240_000, 45),
)
FOREIGN = {"foreign_paid": ("GBP", 500_000)}


@dataclass
class Book:
    """What the stories have written so far, and the sales and names they write about."""

    sales: dict[str, Sale]
    names: dict[str, str]
    until: date
    entries: list[Entry] = field(default_factory=list)
    matches: dict[str, str] = field(default_factory=dict)

    def ago(self, days: int) -> date:
        """The working day that lies this many days before the last one, or follows it at once."""
        return min(working_day(self.until - timedelta(days=days)), self.until)

    def letter(self, match: str, *tags: str) -> None:
        """Letter the sales of these tags together."""
        self.matches.update({self.sales[tag].number: match for tag in tags})

    def bank(
        self, customer: str, days: int, amount: int, *, match: str = "", text: str = "", account: str = "411000"
    ) -> None:
        """Money received (or, negative, given back) some days ago; without text, a transfer that refers to nothing."""
        day = self.ago(days)
        words = f"{text or 'VIR SEPA'} {self.names[customer]}"
        self.entries.append(received(day, words, customer, amount, match=match, account=account))

    def pay(self, tag: str, days: int, amount: int | None = None, *, match: str = "") -> None:
        """A transfer that quotes the sale of this tag, for all of it unless an amount is given."""
        sale = self.sales[tag]
        self.bank(
            sale.customer, days, sale.total if amount is None else amount, match=match, text=f"VIR SEPA {sale.number}"
        )

    def other(self, day: date, piece: str, text: str, *lines: Line) -> None:
        """An entry of the journal of other operations."""
        self.entries.append(Entry("OD", day, piece, text, lines))


def story_sales(customers: dict[str, Customer], until: date) -> list[Sale]:
    """The stories' invoices and credit notes, not yet numbered."""
    found = [story_sale(customers[code], tag, net, until - timedelta(days=days)) for tag, code, net, days in SALES]
    return [*found, story_sale(customers["AGENCEPI"], "two_years", 960_000, date(until.year - 1, 11, 5))]


def story_sale(customer: Customer, tag: str, net: int, issued: date) -> Sale:
    """One sale of a story, in its foreign currency where it has one."""
    currency, foreign_minor = FOREIGN.get(tag, ("", 0))
    due = due_on(issued, customer.terms)
    return Sale(customer.code, issued, due, net, vat_rate(customer), tag, currency, foreign_minor)


def tell(book: Book) -> None:
    """Write every story into the book."""
    for story in STORIES:
        story(book)


def part_payments(book: Book) -> None:
    """A part payment lettered in lower case, one that only quotes its invoice, one completed the next year."""
    book.letter("part:1", "part_lettered")
    book.pay("part_lettered", 30, 300_000, match="part:1")
    book.pay("part_quoted", 20, 150_000)
    book.letter("part:2", "two_years")
    half = book.sales["two_years"].total // 2
    name = book.names["AGENCEPI"]
    for day in (date(book.until.year - 1, 12, 21), date(book.until.year, 2, 12)):
        text = f"VIR SEPA {book.sales['two_years'].number} {name}"
        book.entries.append(received(day, text, "AGENCEPI", half, match="part:2"))


def credit_notes(book: Book) -> None:
    """A credit note larger than all its customer owes, one paid back, one set against its invoice."""
    book.letter("credit:refunded", "refunded")
    refunded = book.sales["refunded"]
    book.bank("HOTCIGAL", 180, refunded.total, match="credit:refunded", text=f"REMBOURSEMENT {refunded.number}")
    book.letter("credit:applied", "credited", "credit_applied")
    rest = book.sales["credited"].total + book.sales["credit_applied"].total
    book.pay("credited", 120, rest, match="credit:applied")


def unmatched_money(book: Book) -> None:
    """Money that fits no invoice, money from a customer who owes nothing, an invoice paid twice, two payments that the
    accountant has not lettered yet: one quotes its invoice, the other only has its amount."""
    book.bank("SPAROSEE", 9, 123_456)
    book.bank("MIRANDOL", 4, 35_000)
    book.pay("not_lettered", 11)
    book.bank("OPTIBELV", 10, book.sales["not_quoted"].total)
    book.letter("twice", "paid_twice")
    book.pay("paid_twice", 62, match="twice")
    book.pay("paid_twice", 55)


def bounces(book: Book) -> None:
    """A direct debit lettered with its rejection, and one whose invoice stayed lettered though the money went back."""
    sale, amount = book.sales["bounced"], book.sales["bounced"].total
    book.bank("GARAGEPO", 48, amount, match="bounce", text=f"PRLV {sale.number}")
    book.bank("GARAGEPO", 43, -amount, match="bounce", text=f"REJET PRLV {sale.number}")
    sale, amount = book.sales["reopened"], book.sales["reopened"].total
    book.letter("reopened", "reopened")
    book.bank("RESTABLE", 38, amount, match="reopened", text=f"PRLV {sale.number}")
    book.bank("RESTABLE", 30, -amount, text=f"REJET PRLV {sale.number}")


def doubtful(book: Book) -> None:
    """Two invoices moved to account 416 and half written down."""
    day = book.ago(330)
    for tag in ("doubtful_1", "doubtful_2"):
        sale = book.sales[tag]
        book.letter(tag, tag)
        debit = Line("416000", debit=sale.total, party=sale.customer, piece_day=sale.issued)
        credit = Line("411000", credit=sale.total, party=sale.customer, match=tag)
        book.other(day, sale.number, f"CREANCE DOUTEUSE {sale.number} {book.names[sale.customer]}", debit, credit)
        half = sale.net // 2
        book.other(day, sale.number, f"DEPRECIATION {sale.number}", Line("681740", half), Line("491000", credit=half))


def advances(book: Book) -> None:
    """An advance not yet used, and one set against the invoice it was asked for."""
    book.bank("COWORKRU", 8, 300_000, text="ACOMPTE DEVIS", account="419100")
    sale = book.sales["advance_used"]
    book.bank(sale.customer, 165, 500_000, match="advance", text="ACOMPTE DEVIS", account="419100")
    book.letter("advance:invoice", "advance_used")
    used = Line("419100", debit=500_000, party=sale.customer, match="advance")
    credit = Line("411000", credit=500_000, party=sale.customer, match="advance:invoice")
    book.other(sale.issued, sale.number, f"REPRISE ACOMPTE {sale.number} {book.names[sale.customer]}", used, credit)
    book.pay("advance_used", 75, sale.total - 500_000, match="advance:invoice")


def odd_amounts(book: Book) -> None:
    """An invoice in pounds paid at another rate, one paid five cents short, and the largest one."""
    for tag, days, missing, loss in (("foreign_paid", 175, 6_900, "666000"), ("rounding", 78, 5, "658000")):
        sale, day = book.sales[tag], book.ago(days)
        book.letter(tag, tag)
        credit = two_sided(
            "411000",
            -sale.total,
            party=sale.customer,
            match=tag,
            currency=sale.currency,
            foreign_minor=-sale.foreign_minor,
        )
        lines = (Line("512000", debit=sale.total - missing), Line(loss, debit=missing), credit)
        text = f"VIR SEPA {sale.number} {book.names[sale.customer]}"
        book.entries.append(Entry("BQ", day, statement(day), text, lines))
    book.letter("largest", "largest")
    book.pay("largest", 262, match="largest")


def other_accounts(book: Book) -> None:
    """A bill of exchange not yet at its date (413), and work done but invoiced after the year's end (418)."""
    sale = book.sales["effect"]
    book.letter("effect", "effect")
    effect = Line("413000", debit=sale.total, party=sale.customer, piece_day=sale.issued)
    credit = Line("411000", credit=sale.total, party=sale.customer, match="effect")
    book.other(book.ago(20), sale.number, f"LCR A ECHEANCE {sale.number} {book.names[sale.customer]}", effect, credit)
    text = f"FACTURE A ETABLIR {book.names['AGENCEPI']}"
    for day, sign in ((date(book.until.year - 1, 12, 31), 1), (date(book.until.year, 1, 2), -1)):
        book.other(
            day,
            f"FAE{book.until.year - 1}",
            text,
            two_sided("418100", sign * 540_000, party="AGENCEPI", match="accrual"),
            two_sided("704000", sign * -450_000),
            two_sided("445870", sign * -90_000),
        )


STORIES: tuple[Callable[[Book], None], ...] = (
    part_payments,
    credit_notes,
    unmatched_money,
    bounces,
    doubtful,
    advances,
    odd_amounts,
    other_accounts,
)
