"""What every reader returns: customers, invoices, payments, allocations, and what could not be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from exigible.formats.bank import Statement
from exigible.formats.company import CompanyRow, NoticeRow
from exigible.formats.einvoice import EInvoice
from exigible.formats.settlement import SettlementRow, SupplierRow

InvoiceKind = Literal["invoice", "credit_note", "deposit"]
InvoiceOrigin = Literal["sale", "opening", "refund", "other"]
PaymentOrigin = Literal["bank", "opening", "adjustment", "balance"]
Basis = Literal["lettering", "reference", "exact_amount", "oldest_first"]


class CustomerRow(NamedTuple):
    """Who owes. `key` is the auxiliary number (or the account, or the code of a table), unique in a reading.

    `buyer` says which public buyer a public body is: state, local, hospital, army_health or public_enterprise.
    """

    key: str
    name: str
    account: str = ""
    country: str = ""
    siren: str = ""
    vat: str = ""
    kind: str = "unknown"
    email: str = ""
    phone: str = ""
    contact_name: str = ""
    contact_role: str = ""
    language: str = ""
    address_lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    terms: str = ""
    reference: str = ""
    buyer: str = ""


class InvoiceRow(NamedTuple):
    """A claim, or a credit note (then `total_minor` is positive too and lowers what is owed).

    `origin` says where a claim comes from: only a `sale` may be dunned without a person's word; an `opening`
    item waits for its number and due date, a `refund` (or a bounced payment) and `other` for an explanation.
    """

    source_key: str
    customer_key: str
    number: str
    kind: InvoiceKind
    issued: date
    due: date | None
    currency: str
    total_minor: int
    net_minor: int | None = None
    label: str = ""
    is_opening: bool = False
    origin: InvoiceOrigin = "sale"
    account: str = ""
    line: int = 0
    allocation_ref: str | None = None
    lettered: date | None = None
    order_reference: str = ""

    @property
    def signed_minor(self) -> int:
        """What this row adds to the customer's balance."""
        return -self.total_minor if self.kind == "credit_note" else self.total_minor


class PaymentRow(NamedTuple):
    """Money received (`bank`), or another credit that settles claims: opening credit, discount, transfer, write-off."""

    source_key: str
    customer_key: str
    received: date
    currency: str
    amount_minor: int
    label: str = ""
    reference: str = ""
    is_opening: bool = False
    origin: PaymentOrigin = "bank"
    account: str = ""
    line: int = 0
    allocation_ref: str | None = None
    lettered: date | None = None

    @property
    def signed_minor(self) -> int:
        """What this row adds to the customer's balance: always less than nothing."""
        return -self.amount_minor


class AllocationRow(NamedTuple):
    """The part of one credit that is set against one claim."""

    source_key_credit: str
    credit_kind: Literal["payment", "credit_note"]
    source_key_invoice: str
    amount_minor: int
    allocated: date
    basis: Basis

    @property
    def presumed(self) -> bool:
        """True when nothing in the file says so: the oldest claim was taken to be paid first."""
        return self.basis == "oldest_first"


class StatusRow(NamedTuple):
    """One status of an electronic invoice. `at` without a time zone is local to the creditor; amounts are minor units.

    `place` is the file of the archive (from 1) or 0; `siren` is the buyer's, `seller` ours, empty where not stated.
    """

    line: int
    number: str
    code: int
    at: datetime
    siren: str = ""
    seller: str = ""
    reason: str = ""
    reason_code: str = ""
    platform: str = ""
    amount_minor: int | None = None
    currency: str = ""
    issued: date | None = None
    place: int = 0


class RowError(NamedTuple):
    """One sentence about one place of the file; `code` and `params` are stable, so that it can be translated."""

    line: int | None
    field: str
    reason: str
    code: str
    params: Mapping[str, object] = {}


@dataclass(slots=True)
class Reading:
    """A file as read. A `refusal`: nothing was read; an error: a line left out; a warning: nothing left out.

    Of electronic invoices, by source key: each as it was read, and which file of the archive it stood in (from 1).
    `settlements` are by the source key of their invoice; `suppliers` are those that a ledger shows beside its customers.
    """

    format: str
    encoding: str = ""
    separator: str = ""
    customers: list[CustomerRow] = field(default_factory=list)
    invoices: list[InvoiceRow] = field(default_factory=list)
    payments: list[PaymentRow] = field(default_factory=list)
    allocations: list[AllocationRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)
    einvoices: dict[str, EInvoice] = field(default_factory=dict)
    originals: dict[str, int] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    settlements: dict[str, SettlementRow] = field(default_factory=dict)
    suppliers: list[SupplierRow] = field(default_factory=list)
    statuses: list[StatusRow] = field(default_factory=list)
    companies: list[CompanyRow] = field(default_factory=list)
    notices: list[NoticeRow] = field(default_factory=list)
    refusal: RowError | None = None

    @property
    def items(self) -> list[InvoiceRow | PaymentRow]:
        """Every claim, credit note and payment: what adds up to each customer's balance."""
        return [*self.invoices, *self.payments]
