"""Interest and indemnity of one claim through their life: what the panel shows, and what a person does to them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from exigible.books.documents.models import Document, Evidence
from exigible.books.journal.operations import SYSTEM
from exigible.books.ledger.charge_rows import COST, INDEMNITY, INTEREST, ORDER, Sums, charges_of, sums_of
from exigible.books.ledger.charges import claim_charges, pay_charges, void_waiver, waive_charges
from exigible.books.ledger.costs import record_cost, remove_cost
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Charge, Invoice, Payment, RecoveryCost
from exigible.books.ledger.queries import payment_remainder
from exigible.common.errors import Refused
from exigible.features.claims.derivation import Derivation
from exigible.features.claims.operations import add_proof, follow


class NothingToClaim(Refused):
    """Nothing new has accrued on this invoice since the last claim; there is nothing to claim."""


class Line(NamedTuple):
    """One kind of charge: what accrued to the day, what was written down by state, what is not claimed yet; minor units."""

    name: str
    accrued_minor: int
    sums: Sums

    @property
    def unclaimed_minor(self) -> int:
        """What accrued and was neither claimed, waived nor paid."""
        return max(0, self.accrued_minor - self.sums.claimed - self.sums.waived - self.sums.paid)


class Panel(NamedTuple):
    """The charges of an invoice on a day: a line a kind, their total, and each charge written down."""

    lines: Sequence[Line]
    total: Line
    rows: Sequence[Charge]
    written_to: date | None

    @property
    def due_minor(self) -> int:
        """What may still be paid or waived."""
        return self.total.unclaimed_minor + self.total.sums.claimed


def charges_panel(invoice: Invoice, claim: Derivation) -> Panel | None:
    """Return what the page of an invoice shows of its charges; None where nothing accrued and nothing is written."""
    rows = charges_of(invoice)
    if not rows and not claim.interest_minor and not claim.indemnity_minor:
        return None
    lines = [
        Line(_name(INTEREST), claim.interest_minor, sums_of(rows, INTEREST)),
        Line(_name(INDEMNITY), claim.indemnity_minor, sums_of(rows, INDEMNITY)),
    ]
    if claim.costs_minor or sums_of(rows, COST).total:
        lines.append(Line(_name(COST), claim.costs_minor, sums_of(rows, COST)))
    total = Line(_("Total"), sum(line.accrued_minor for line in lines), sums_of(rows))
    return Panel(lines, total, rows, max((row.until_on for row in rows), default=None))


def _name(kind: str) -> str:
    return str(dict(Charge._meta.get_field("kind").flatchoices)[kind]).capitalize()


def day_asked(typed: str, today: date) -> date:
    """Return the day a derivation is asked for: a past day written like 2026-11-23, else today."""
    try:
        return min(date.fromisoformat(typed), today)
    except ValueError:
        return today


def money_left(invoice: Invoice) -> list[tuple[Payment, int]]:
    """Return the customer's payments of which something is left, with that in minor units, oldest first."""
    rows = Payment.objects.filter(
        customer_id=invoice.customer_id, currency=invoice.currency, exhausted_on__isnull=True
    ).order_by("received_on", "id")
    return [(payment, left) for payment in rows if (left := payment_remainder(payment))]


def waivable_kinds(invoice: Invoice, today: date) -> tuple[str, ...]:
    """Return the kinds of charges that may lawfully be waived: not the interest of a public body (CCP art. L2192-14)."""
    return tuple(kind for kind in ORDER if kind != INTEREST or not void_waiver(invoice, today))


@transaction.atomic
def claim_all(invoice: Invoice, *, today: date, at: datetime, actor: str = SYSTEM) -> int:
    """Claim what accrued to this day and was not claimed yet; the case follows. Returns it in minor units."""
    lock_customers([invoice.customer_id])
    claimed = claim_charges(invoice, today, today=today, at=at, actor=actor)
    if not claimed:
        raise NothingToClaim
    follow(invoice.customer, today, at, actor)
    return claimed


@transaction.atomic
def waive_all(
    invoice: Invoice, reason: str, kinds: Sequence[str], *, today: date, at: datetime, actor: str = SYSTEM
) -> int:
    """Waive what accrued to this day of some kinds; the case follows. Returns it in minor units."""
    lock_customers([invoice.customer_id])
    waived = waive_charges(invoice, reason, kinds, today=today, at=at, actor=actor)
    follow(invoice.customer, today, at, actor)
    return waived


@transaction.atomic
def add_cost(
    invoice: Invoice, amount_minor: int, incurred_on: date, label: str, proof: tuple[bytes, str], *,
    today: date, at: datetime, actor: str = SYSTEM,
) -> RecoveryCost:  # fmt: skip
    """Keep the proof of a recovery cost (its bytes and its name) and record the cost; the case follows."""
    lock_customers([invoice.customer_id])
    body, name = proof
    kept = add_proof(invoice, body, name, Evidence.Proves.OTHER, today=today, at=at, actor=actor)
    digest = kept.document.digest
    cost = record_cost(invoice, amount_minor, incurred_on, label, digest, today=today, at=at, actor=actor)
    follow(invoice.customer, today, at, actor)
    return cost


@transaction.atomic
def drop_cost(cost: RecoveryCost, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Take a recovery cost back; its proof stays with the invoice, and the case follows."""
    customer = cost.invoice.customer
    lock_customers([customer.pk])
    remove_cost(cost, today=today, at=at, actor=actor)
    follow(customer, today, at, actor)


def costs_of(invoice: Invoice) -> list[tuple[RecoveryCost, Document | None]]:
    """Return the recorded costs of an invoice with their proofs, the oldest first."""
    rows = list(RecoveryCost.objects.filter(invoice=invoice).order_by("incurred_on", "id"))
    digests = {row.document_digest for row in rows}
    kept = {
        found.digest: found for found in Document.objects.filter(creditor_id=invoice.creditor_id, digest__in=digests)
    }
    return [(row, kept.get(row.document_digest)) for row in rows]


@transaction.atomic
def pay_from(
    payment: Payment, invoice: Invoice, amount_minor: int, *, today: date, at: datetime, actor: str = SYSTEM
) -> int:
    """Set a part of a payment against the charges; the case follows. Returns it in minor units."""
    lock_customers([invoice.customer_id])
    paid = pay_charges(payment, invoice, amount_minor, today=today, at=at, actor=actor)
    follow(invoice.customer, today, at, actor)
    return paid
