"""Matching by hand: what is open for the customers chosen, what a person typed on each line, and the portions that it makes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Sum
from django.http import QueryDict
from django.utils.translation import get_language

from exigible.books.ledger.accruals import accrued_on
from exigible.books.ledger.models import Customer, Invoice
from exigible.books.ledger.queries import settled_charges
from exigible.common.errors import Refused
from exigible.core.money import minor_digits
from exigible.features.bank.models import BankTransaction
from exigible.features.bank.operations import Portion
from exigible.formats.amounts import decimal_mark, minor

MOST_LINES = 120
MOST_CHARGED = 40
LARGEST_MINOR = 10**14
INVOICE, NOTE, CHARGES = "invoice", "note", "charges"


class PartNotAnAmount(Refused):
    """'%(typed)s' is not an amount; write it like 1 234,56."""


class NotesBeyondInvoices(Refused):
    """The credit notes ticked for %(name)s come to more than its invoices; tick an invoice that they reduce."""


class NothingChosen(Refused):
    """Nothing is ticked: tick what this movement pays, or choose whose credit it stays."""


class Line(NamedTuple):
    """One thing that a movement may pay (or, for a credit note, that helps to pay): what is open, what is typed; minor units."""

    kind: str
    invoice: Invoice
    open_minor: int
    typed: str = ""

    @property
    def key(self) -> str:
        """Return the name of its field."""
        return f"share_{self.kind}_{self.invoice.pk}"

    @property
    def sign(self) -> int:
        """Return -1 for what reduces the money needed."""
        return -1 if self.kind == NOTE else 1


class Account(NamedTuple):
    """A customer chosen, with its lines: invoices and credit notes, then interest and indemnity."""

    customer: Customer
    lines: list[Line]
    charges: list[Line]


def accounts_of(customers: Sequence[Customer], currency: str, data: Mapping[str, str], today: date) -> list[Account]:
    """Return what is open of customers in a currency, the oldest due first, with what was typed on each line."""
    found: dict[int, Account] = {customer.pk: Account(customer, [], []) for customer in customers}
    rows = Invoice.objects.filter(customer__in=found, currency=currency, settled_on__isnull=True)
    rows = rows.select_related("customer", "creditor").annotate(paid=Sum("allocations__amount_minor"))
    invoices = list(rows.order_by("due_on", "issued_on", "id")[:MOST_LINES])
    given = _given(invoices)
    for invoice in invoices:
        is_note = invoice.kind == Invoice.Kind.CREDIT_NOTE
        left = invoice.total_minor - (given.get(invoice.pk, 0) if is_note else invoice.paid or 0)
        line = Line(NOTE if is_note else INVOICE, invoice, left)
        found[invoice.customer_id].lines.append(_typed(line, data))
    for account in found.values():
        account.charges.extend(_typed(line, data) for line in _charges(account, today))
    return list(found.values())


def _typed(line: Line, data: Mapping[str, str]) -> Line:
    return line._replace(typed=data.get(line.key, "").strip())


def _given(invoices: Iterable[Invoice]) -> dict[int, int]:
    """What of each credit note is set against invoices already."""
    notes = [invoice.pk for invoice in invoices if invoice.kind == Invoice.Kind.CREDIT_NOTE]
    rows = Invoice.objects.filter(pk__in=notes).annotate(used=Sum("credits_given__amount_minor"))
    return {key: used or 0 for key, used in rows.values_list("pk", "used")}


def _charges(account: Account, today: date) -> Iterable[Line]:
    """Interest and indemnity accrued on the late invoices of an account, less what was waived or paid."""
    late = [line.invoice for line in account.lines if line.kind == INVOICE and line.invoice.due_on is not None]
    late = [invoice for invoice in late if invoice.due_on and invoice.due_on < today][:MOST_CHARGED]
    settled = settled_charges([account.customer.pk], today) if late else {}
    for invoice in late:
        accrued = accrued_on(invoice, today)
        due = accrued.interest_minor + accrued.indemnity_minor - sum(settled.get(invoice.pk, {}).values())
        if due > 0:
            yield Line(CHARGES, invoice, due)


def minor_typed(text: str, currency: str) -> int:
    """Return minor units of an amount as typed; nothing typed is nothing. PartNotAnAmount when it is none."""
    if not text:
        return 0
    usual = "," if (get_language() or "fr").startswith("fr") else "."
    try:
        found = minor(text, decimal_mark([text]) or usual, minor_digits(currency))
    except ValueError:
        raise PartNotAnAmount(typed=text[:40]) from None
    if not 0 <= found <= LARGEST_MINOR:
        raise PartNotAnAmount(typed=text[:40])
    return found


def portions_of(accounts: Sequence[Account], movement: BankTransaction) -> list[Portion]:
    """Return what was typed as portions of the movement; what is left of it stays a credit of the one customer chosen.

    A credit note pays for the first invoices ticked of its customer, money for the rest.
    """
    found: list[Portion] = []
    for account in accounts:
        found += _of_account(account, movement.currency)
    if not accounts:
        raise NothingChosen
    return found or [Portion(accounts[0].customer.pk, movement.amount_minor)]


def _of_account(account: Account, currency: str) -> list[Portion]:
    shares = [(line, minor_typed(line.typed, currency)) for line in (*account.lines, *account.charges)]
    notes = [[line.invoice.pk, share] for line, share in shares if line.kind == NOTE and share]
    found: list[Portion] = []
    for line, share in shares:
        if not share or line.kind == NOTE:
            continue
        money = share
        while line.kind == INVOICE and money and notes:
            part = min(money, notes[0][1])
            found.append(Portion(account.customer.pk, part, line.invoice.pk, credit_note=notes[0][0]))
            money, notes[0][1] = money - part, notes[0][1] - part
            if not notes[0][1]:
                notes.pop(0)
        if money:
            found.append(Portion(account.customer.pk, money, line.invoice.pk, is_charges=line.kind == CHARGES))
    if notes:
        raise NotesBeyondInvoices(name=account.customer.name)
    return found


def ticked_at_first(accounts: Sequence[Account], movement: BankTransaction, asked: int | None) -> list[Account]:
    """Return the lines with one ticked beforehand: the invoice that was searched, else the only one open for this very amount."""
    lines = [line for account in accounts for line in account.lines if line.kind == INVOICE]
    named = [line for line in lines if line.invoice.pk == asked]
    same = [line for line in lines if line.open_minor == movement.amount_minor]
    first = named[0] if named else same[0] if len(same) == 1 else None
    if first is None:
        return list(accounts)
    share = min(first.open_minor, movement.amount_minor)
    return [
        account._replace(lines=[line._replace(typed=str_of(share, movement.currency)) if line == first else line for line in account.lines])
        for account in accounts
    ]  # fmt: skip


def str_of(amount_minor: int, currency: str) -> str:
    """Return an amount as the reader of the page would type it."""
    from exigible.core.typography import figure

    return figure(amount_minor, currency, "en" if (get_language() or "fr").startswith("en") else "fr")


def customers_chosen(data: QueryDict, rows: Iterable[Customer]) -> list[Customer]:
    """Return the customers that the address names, in its order."""
    by_key = {customer.pk: customer for customer in rows}
    keys = [int(key) for key in data.getlist("customer") if key.isdecimal() and len(key) < 19]
    return [by_key[key] for key in dict.fromkeys(keys) if key in by_key]
