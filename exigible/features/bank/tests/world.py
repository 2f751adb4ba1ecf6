"""A bank statement for a house of the tests: money that names its invoice, money that may be two things, money of nobody, a return."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from exigible.books.documents.operations import store_document
from exigible.books.ledger.models import Invoice
from exigible.features.bank.models import BankTransaction
from exigible.features.bank.proposing import match_statement
from exigible.features.bank.receiving import Received, keep_statements
from exigible.formats.bank import Movement, Statement
from exigible.formats.rows import Reading
from exigible.testing import House

IBAN = "FR7699999000010000000012337"


def receive(house: House, movements: Sequence[Movement], name: str = "releve.xml", **fields: Any) -> Received:
    """Take in a statement of these movements, and match it."""
    statement = Statement(IBAN, "EUR", tuple(movements), **fields)
    document = store_document(house.creditor, repr(statement).encode(), name, "application/xml", house.at)
    reading = Reading("camt053", statements=[statement])
    received = keep_statements(house.creditor, reading, document, name, None, today=house.today, at=house.at)
    for row in received.statements:
        match_statement(row.pk, house.at, house.today)
    return received


def money(house: House, amount_minor: int, label: str, *, line: int = 1, **fields: Any) -> Movement:
    """A movement of yesterday."""
    fields.setdefault("kind", "transfer" if amount_minor > 0 else "return")
    return Movement(line, house.today - timedelta(days=1), amount_minor, "EUR", label, **fields)


def bank_of(house: House) -> dict[str, BankTransaction]:
    """Give a house its bank: what its movements are called here, and the movements. One of them is applied, with its payer learned.

    `named` pays an invoice by its number, `either` may pay one of two, `nobody` nothing explains, `back` was returned.
    """
    from exigible.features.bank import operations

    first, second = (house.customer(name) for name in ("Serrurerie Lebon", "Traiteur Vasco"))
    paid, named = (
        house.invoice(first, minor, house.days_from_now(-9), number)
        for minor, number in ((75_000, "LB-701"), (120_000, "LB-702"))
    )
    for number in ("VA-11", "VA-12"):
        house.invoice(second, 45_000, house.days_from_now(-4), number)
    movements = {
        "applied": money(house, paid.total_minor, "VIR SEPA LB-701", payer_name="HOLDING LEBON", payer_account="FR7630006000011234567890189"),
        "named": money(house, named.total_minor, "VIR SEPA RECU /DE SERRURERIE LEBON /MOTIF LB-702", line=2, payer_name="SERRURERIE LEBON"),
        "either": money(house, 45_000, "VIR INST TRAITEUR VASCO", line=3, payer_name="TRAITEUR VASCO"),
        "nobody": money(house, 33_333, "REMISE CHEQUES 0012", line=4),
        "back": money(house, -75_000, "REJET VIR", line=5, reason="AC04"),
    }  # fmt: skip
    receive(house, list(movements.values()), opening_minor=0, closing_minor=198_333, closing_on=house.today)
    rows = {row.line: row for row in BankTransaction.objects.of(house.creditor)}
    found = {name: rows[movement.line] for name, movement in movements.items()}
    proposal = found["applied"].proposals.order_by("rank").first()
    assert proposal is not None, "the number is named"
    operations.accept_proposal(found["applied"], proposal, today=house.today, at=house.at, actor="user:1")
    return {name: BankTransaction.objects.get(pk=row.pk) for name, row in found.items()}


def balance(number: str, house: House) -> int:
    """What is left of an invoice of a house, by its number."""
    from exigible.books.ledger.queries import invoice_balance

    return invoice_balance(Invoice.objects.of(house.creditor).get(number=number))
