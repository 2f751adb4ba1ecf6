"""The control: what the raw file says each customer owes, beside what the books say after it was posted (decision 18)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Allocation, Customer, Invoice, Payment
from exigible.books.ledger.posting_customers import reference_of
from exigible.books.ledger.posting_items import items_by_id
from exigible.books.ledger.posting_merged import control_under_kept, kept_references
from exigible.books.ledger.posting_records import ItemId, Past, lookups, mapped_fields, past_of, period_of
from exigible.formats.control import BookItem, Control, compare, file_balance
from exigible.formats.rows import Reading

CURRENCY = "EUR"  # a FEC is kept in euros (article A47 A-1 of the Livre des procédures fiscales)
CONTROLLED = ("411", "416")


@dataclass(slots=True)
class Difference:
    """A customer whose balance is not the same in both, with the entries behind it; amounts in minor units."""

    reference: str
    name: str
    file_minor: int
    book_minor: int
    missing: list[dict[str, Any]] = field(default_factory=list)
    extra: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class ControlReport:
    """Both balances of accounts 411 and 416, each account, and the customers that differ.

    `elsewhere_minor` is what payments by hand and other files settle of these items: the file does not know it yet.
    Of a table in several currencies, `others` are the same of each currency but the first. Of electronic
    invoices, which do not say what was paid, the figures are totals.
    """

    currency: str
    file_minor: int
    book_minor: int
    elsewhere_minor: int = 0
    accounts: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    others: list["ControlReport"] = field(default_factory=list)
    is_totals: bool = False

    @property
    def difference_minor(self) -> int:
        """What the file says more than the books."""
        return self.file_minor - self.book_minor

    @property
    def agrees(self) -> bool:
        """True when every customer's balance is the same, in each currency."""
        return not self.differences and not self.difference_minor and all(other.agrees for other in self.others)

    def to_json(self) -> dict[str, Any]:
        """The control as plain values; amounts in minor units."""
        return {
            "currency": self.currency,
            "file": self.file_minor,
            "book": self.book_minor,
            "difference": self.difference_minor,
            "elsewhere": self.elsewhere_minor,
            "accounts": {account: list(pair) for account, pair in self.accounts.items()},
            "differences": [
                {
                    "reference": each.reference, "name": each.name, "file": each.file_minor, "book": each.book_minor,
                    "missing": each.missing, "extra": each.extra,
                }
                for each in self.differences
            ],
            "unreadable": self.unreadable, "others": [other.to_json() for other in self.others],
            "is_totals": self.is_totals,
        }  # fmt: skip


def control_posting(
    creditor: Creditor, reading: Reading, body: bytes, left_out: Collection[int | None] = ()
) -> ControlReport:
    """Compare a file just posted with the books; `left_out` are the lines that were not posted.

    Of a FEC, the raw lines are summed by code that is not the reader's.
    """
    if reading.format != "fec":
        return _control_table(creditor, reading)
    said = control_under_kept(kept_references(creditor), file_balance(body))
    past = past_of(creditor)
    period = period_of(reading)
    has_openings = any(row.is_opening for rows in (reading.invoices, reading.payments) for row in rows)
    within = _postings(past, period, has_openings)
    adopted = _adopted(past, period)
    balances, by_account, elsewhere = _book_balances(within, adopted)
    names = dict(Customer.objects.of(creditor).values_list("reference", "name"))
    ids = dict(Customer.objects.of(creditor).values_list("id", "reference"))
    booked = {ids[pk]: amount for pk, amount in balances.items()}
    stated = {reference_of(key): amount for key, amount in said.customers.items()}
    report = ControlReport(
        CURRENCY, said.receivable_balance, sum(booked.values()), elsewhere, unreadable=said.unreadable
    )
    report.accounts = {
        account: (amount, by_account.get(account, 0) if account in CONTROLLED else None)
        for account, amount in said.accounts.items()
        if amount or account in CONTROLLED
    }
    differing = [key for key in sorted(stated.keys() | booked) if stated.get(key, 0) != booked.get(key, 0)]
    report.differences = [
        Difference(key, names.get(key, key), stated.get(key, 0), booked.get(key, 0)) for key in differing
    ]
    _explain(creditor, (reading, left_out), said, report.differences, within)
    return report


def _postings(past: Past, period: tuple[date, date] | None, has_openings: bool) -> list[int]:
    """The postings whose items a ledger's balances hold: with opening entries all until its end, else its own year's."""
    if period is None:
        return []
    first, last = period
    return [
        pk
        for pk, (begins, ends) in past.periods.items()
        if (begins <= last if has_openings else begins <= last and ends >= first)
    ]


def _adopted(past: Past, period: tuple[date, date] | None) -> set[ItemId]:
    """Items that a table brought first and that a ledger holds too."""
    if period is None:
        return set()
    ids = {item_id for some in past.aliases.values() for item_id in some}
    tables = {pk for pk, kind in past.formats.items() if kind == "table"}
    if not tables:
        return set()
    return {key for key, item in items_by_id(ids).items() if item.posting_id in tables and item.day <= period[1]}


def _book_balances(postings: list[int], adopted: set[ItemId]) -> tuple[dict[int, int], dict[str, int], int]:
    """Open items less unallocated credits of these postings, by customer and by account; and what settles them from
    elsewhere, which the file does not know."""
    balances: dict[int, int] = defaultdict(int)
    accounts: dict[str, int] = defaultdict(int)
    own = [pk for is_payment, pk in adopted if not is_payment]
    ours = Q(posting_id__in=postings) | Q(pk__in=own)
    claims = Invoice.objects.filter(ours, currency=CURRENCY).exclude(kind=Invoice.Kind.CREDIT_NOTE)
    notes = Invoice.objects.filter(ours, currency=CURRENCY, kind=Invoice.Kind.CREDIT_NOTE)
    payments = Payment.objects.filter(posting_id__in=postings, currency=CURRENCY)
    for rows, column, sign in ((claims, "total_minor", 1), (notes, "total_minor", -1), (payments, "amount_minor", -1)):
        for customer, account, amount in (
            rows.order_by().values_list("customer_id", "account").annotate(total=Sum(column))
        ):
            balances[customer] += sign * amount
            accounts[account[:3] if account[:3] in CONTROLLED else CONTROLLED[0]] += sign * amount
    on_ours = Q(invoice__posting_id__in=postings) | Q(invoice_id__in=own)
    by_ours = Q(payment__posting_id__in=postings) | Q(credit_note__posting_id__in=postings) | Q(credit_note_id__in=own)
    within = Allocation.objects.filter(on_ours, by_ours).order_by()
    for column, sign in (("invoice__customer_id", -1), ("payment__customer_id", 1), ("credit_note__customer_id", 1)):
        for customer, amount in within.values_list(column).annotate(total=Sum("amount_minor")):
            if customer is not None:
                balances[customer] += sign * amount
    elsewhere = Allocation.objects.filter(on_ours).exclude(by_ours).aggregate(total=Sum("amount_minor"))["total"]
    return dict(balances), dict(accounts), elsewhere or 0


def _explain(
    creditor: Creditor, posted: tuple[Reading, Collection[int | None]], said: Control, differences: list[Difference],
    postings: list[int],
) -> None:  # fmt: skip
    """Name the lines that the books lack, and the items that the file lacks, of the customers that differ."""
    reading, left_out = posted
    wanted = {each.reference for each in differences}
    if not wanted:
        return
    rows = [
        BookItem(row.customer_key, row.signed_minor, row.line)
        for some in (reading.invoices, reading.payments)
        for row in some
        if reference_of(row.customer_key) in wanted and row.line not in left_out
    ]
    lines = {key: some for key, some in said.lines.items() if reference_of(key) in wanted}
    read = compare(said._replace(customers={key: said.customers[key] for key in lines}, lines=lines), rows)
    missing = {reference_of(each.customer_key): each.missing for each in read}
    for each in differences:
        each.missing = [
            {"line": line.line, "piece": line.piece, "label": line.label, "amount": line.amount_minor}
            for line in missing.get(each.reference, ())
        ]
        if not each.missing:
            each.extra = _not_in_file(creditor, reading, each.reference, postings)


def _not_in_file(creditor: Creditor, reading: Reading, reference: str, postings: list[int]) -> list[dict[str, Any]]:
    """The open items of a customer that files brought and that this one does not hold."""
    keys = {row.source_key for rows in (reading.invoices, reading.payments) for row in rows}
    aliases = past_of(creditor).aliases
    held = {item_id for key in keys for item_id in aliases.get(key, ())}
    within = Q(customer__creditor=creditor, customer__reference=reference, posting_id__in=postings)
    found: list[dict[str, Any]] = []
    for invoice in Invoice.objects.filter(within, settled_on__isnull=True).order_by("id"):
        if invoice.source_key not in keys and (False, invoice.pk) not in held:
            amount = -invoice.total_minor if invoice.kind == Invoice.Kind.CREDIT_NOTE else invoice.total_minor
            found.append({"number": invoice.number, "day": invoice.issued_on.isoformat(), "amount": amount})
    for payment in Payment.objects.filter(within, exhausted_on__isnull=True).order_by("id"):
        if payment.source_key not in keys and (True, payment.pk) not in held:
            day = payment.received_on.isoformat()
            found.append({"number": payment.label or payment.reference, "day": day, "amount": -payment.amount_minor})
    return found


def _control_table(creditor: Creditor, reading: Reading) -> ControlReport:
    """Of a table: what its lines leave open (or their totals, when it does not say what was paid) beside what the books
    say of the same invoices, currency by currency; the one of most of it first."""
    says_paid = bool({"open", "paid", "settled"} & mapped_fields(reading))
    paid: dict[str, int] = defaultdict(int)
    for each in reading.allocations:
        paid[each.source_key_invoice] += each.amount_minor
    stated: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in reading.invoices:
        amount = row.signed_minor - (paid[row.source_key] if says_paid else 0)
        stated[row.currency][reference_of(row.customer_key)] += amount
    weights = {code: sum(map(abs, some.values())) for code, some in stated.items()}
    order = sorted(weights, key=lambda code: (-weights[code], code)) or [creditor.currency]
    first, *others = (
        _control_currency(creditor, code, stated.get(code, {}), _booked_of_table(creditor, reading, code, says_paid))
        for code in order
    )
    for report in (first, *others):
        report.is_totals = bool(reading.einvoices)
    first.others = others
    return first


def _control_currency(
    creditor: Creditor, currency: str, of_file: dict[str, int], booked: dict[str, int]
) -> ControlReport:
    """The balances of one currency, and the customers whose two balances differ."""
    names = dict(Customer.objects.of(creditor).filter(reference__in=list(booked)).values_list("reference", "name"))
    report = ControlReport(currency, sum(of_file.values()), sum(booked.values()))
    report.differences = [
        Difference(key, names.get(key, key), of_file.get(key, 0), booked.get(key, 0))
        for key in sorted(of_file.keys() | booked)
        if of_file.get(key, 0) != booked.get(key, 0)
    ]
    return report


def _booked_of_table(creditor: Creditor, reading: Reading, currency: str, says_paid: bool) -> dict[str, int]:
    """What the books hold of the invoices of a table, by customer."""
    keys = [row.source_key for row in reading.invoices if row.currency == currency]
    aliases = past_of(creditor).aliases
    ids = {pk for key in keys for is_payment, pk in aliases.get(key, ()) if not is_payment}
    booked: dict[str, int] = defaultdict(int)
    for some in lookups(keys):
        ids.update(Invoice.objects.of(creditor).filter(source_key__in=some).values_list("id", flat=True))
    for some in lookups(ids):
        rows = Invoice.objects.filter(pk__in=some).annotate(used=Sum("allocations__amount_minor"))
        for reference, kind, total, used in rows.values_list("customer__reference", "kind", "total_minor", "used"):
            left = total - (used or 0) if says_paid else total
            booked[reference] += -total if kind == Invoice.Kind.CREDIT_NOTE else left
    return dict(booked)
