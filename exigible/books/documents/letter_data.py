"""The shapes of the data that each template takes.

Amounts are whole minor units of `currency`; dates are ISO text; rates are per cent as decimal text ("12.15");
the interest of a segment is an unrounded amount in major units as decimal text ("12.345678").
Texts are plain: they are printed as they stand, on as many lines as they need. Absent optional fields print nothing.
"""

from typing import Literal, NotRequired, TypedDict

Language = Literal["fr", "en"]
Labelled = tuple[str, str] | list[str]
LabelledAmount = tuple[str, int] | list[str | int]


class CreditorData(TypedDict):
    """Who writes; `legal` is the identity at the foot: legal form, capital, SIREN, RCS town, VAT number."""

    name: str
    address: list[str]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]
    legal: str
    logo: NotRequired[str | None]  # PNG or self-contained SVG, in base64


class InvoiceLine(TypedDict):
    """One invoice. Interest and indemnity have a column when any invoice has them: leave them out for a consumer."""

    number: str
    issued: str | None
    due: str | None
    days_late: int
    total_minor: int
    paid_minor: int
    open_minor: int
    interest_minor: NotRequired[int | None]
    indemnity_minor: NotRequired[int | None]


class PaymentData(TypedDict):
    """How to pay. `qr` draws the transfer code, for EUR only, with `amount_minor` or else the last of the totals."""

    iban: str
    bic: NotRequired[str | None]
    holder: str
    reference: str
    qr: NotRequired[bool]
    amount_minor: NotRequired[int | None]


class SignatureData(TypedDict):
    """The named person who signs; `image` is a PNG or self-contained SVG in base64."""

    name: str
    role: NotRequired[str | None]
    phone: NotRequired[str | None]
    image: NotRequired[str | None]


Segment = TypedDict(
    "Segment",
    {"from": str, "to": str, "days": int, "base_minor": int, "rate": str, "article": str, "interest": str},
)


class AnnexEntry(TypedDict):
    """The interest of one invoice: its segments, and their sum rounded once."""

    number: str
    segments: list[Segment]
    interest_minor: int


class PaperData(TypedDict):
    """What every paper has. `date` is the day it bears; `recipient` best has six lines of 38 characters at most."""

    creditor: CreditorData
    recipient: list[str]
    place: NotRequired[str]
    date: str
    references: NotRequired[list[Labelled]]
    currency: str
    payment: NotRequired[PaymentData | None]
    signature: NotRequired[SignatureData | None]
    divisor: NotRequired[int]  # days of the year in the interest formula, 365 if absent


class LetterData(PaperData):
    """`letter`: the totals stand in the table's foot, the last in bold; `after` are the paragraphs after the table."""

    subject: str
    paragraphs: list[str]
    invoices: list[InvoiceLine]
    totals: NotRequired[list[LabelledAmount]]
    after: NotRequired[list[str]]
    enclosures: NotRequired[list[str]]
    annex: NotRequired[list[AnnexEntry]]


class CreditLine(TypedDict):
    """A credit note or credit: its amount and what of it is still free, both positive."""

    date: str
    number: str
    label: NotRequired[str]
    total_minor: int
    open_minor: int


class ReceivedPayment(TypedDict):
    """A payment received, and the part of it set against no invoice."""

    date: str
    label: NotRequired[str]
    amount_minor: int
    unallocated_minor: NotRequired[int]


class StatementData(PaperData):
    """`statement`: the account as at `as_of`; `ageing` are amounts by age, `balance_minor` what is owed in all."""

    subject: NotRequired[str]
    as_of: str
    paragraphs: NotRequired[list[str]]
    invoices: list[InvoiceLine]
    totals: NotRequired[list[LabelledAmount]]
    credits: NotRequired[list[CreditLine]]
    payments: NotRequired[list[ReceivedPayment]]
    ageing: NotRequired[list[LabelledAmount]]
    balance_minor: int
    after: NotRequired[list[str]]


class ClaimedInvoice(TypedDict):
    """The invoice whose claim is derived."""

    number: str
    issued: str | None
    due: str | None
    total_minor: int


class ImputedPayment(TypedDict):
    """A payment and how it was spread over interest, indemnity and principal."""

    date: str
    label: NotRequired[str]
    amount_minor: int
    to_interest_minor: NotRequired[int]
    to_indemnity_minor: NotRequired[int]
    to_principal_minor: NotRequired[int]


class DerivationData(PaperData):
    """`derivation`: one invoice's claim; `interest` is the unrounded sum, `interest_minor` the same rounded once."""

    subject: NotRequired[str]
    paragraphs: NotRequired[list[str]]
    invoice: ClaimedInvoice
    payments: NotRequired[list[ImputedPayment]]
    segments: NotRequired[list[Segment]]
    interest: NotRequired[str]
    interest_minor: NotRequired[int]
    totals: list[LabelledAmount]
    notes: NotRequired[list[str]]
