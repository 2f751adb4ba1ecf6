"""An electronic invoice as read, whatever its syntax: what Factur-X, CII and UBL have in common."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from exigible.core.money import minor_digits
from exigible.formats.days import day

Kind = Literal["invoice", "credit_note", "deposit"]
SYNTAXES = ("facturx", "cii", "ubl")
# UNTDID 1001, the type of a document: credit notes (factored, self-billed, of prepayments) and prepayment invoices.
CREDIT_NOTES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"})
DEPOSITS = frozenset({"386", "500"})
# ISO 6523 schemes of the French register: SIREN, and SIRET whose first nine digits are the SIREN.
SIREN_SCHEMES = ("0002", "0009")
AMOUNT = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d*)?|\.\d+)")
LONGEST = 300


class Party(NamedTuple):
    """A seller or a buyer as printed; empty strings for what the file does not say."""

    name: str = ""
    siren: str = ""
    vat: str = ""
    country: str = ""
    address_lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    email: str = ""
    phone: str = ""
    contact_name: str = ""
    identifier: str = ""

    @property
    def identity(self) -> str:
        """What tells this party from others: its SIREN, else its VAT number, else its name without case and blanks."""
        return self.siren or self.vat or " ".join(self.name.casefold().split())


class Amounts(NamedTuple):
    """The totals in minor units of the currency; None for what the file does not say. `payable` is what is asked for."""

    net: int | None
    tax: int | None
    total: int
    prepaid: int
    payable: int


@dataclass(frozen=True, slots=True)
class EInvoice:
    """One invoice; the amounts of a credit note are positive, and a negative correction is a credit note.

    `payable` may be less than `total` (prepaid), more (third parties' amounts) or below nothing (overpaid).
    `missing_mentions` names what the French law asks for and the structured data do not say; empty for foreign sellers.
    `doubts` are codes of sentences about what was read but looks odd. `buyer_reference` is BT-10 (the service code of a
    French public buyer), `means` the code of the means of payment (BT-81), `payee` who is to be paid instead of the seller.
    """

    syntax: str
    profile: str
    number: str
    kind: Kind
    type_code: str
    issue_date: date
    due_date: date | None
    currency: str
    net: int | None
    tax: int | None
    total: int
    prepaid: int
    payable: int
    seller: Party
    buyer: Party
    order_reference: str = ""
    buyer_reference: str = ""
    means: str = ""
    payee: str = ""
    corrects: tuple[str, ...] = ()
    iban: str = ""
    notes: tuple[str, ...] = field(default=(), repr=False)
    missing_mentions: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class Unreadable(ValueError):
    """A file that is no readable invoice: the code of the sentence, and what goes into it."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def minor_of(text: str, currency: str) -> int:
    """The amount in minor units; what is finer than the currency is rounded half up. Unreadable when it is no amount."""
    plain = text.strip()
    if not AMOUNT.fullmatch(plain):
        raise Unreadable("einvoice.amount", value=plain[:40])
    return int(Decimal(plain).scaleb(minor_digits(currency)).quantize(Decimal(1), ROUND_HALF_UP))


def day_of(text: str) -> date:
    """A day written YYYYMMDD or YYYY-MM-DD, whatever follows it. Unreadable when it is none."""
    try:
        return day(text.strip()[:10] if "-" in text else text.strip()[:8], "YMD")
    except ValueError:
        raise Unreadable("einvoice.date", value=text.strip()[:40]) from None


def number_of(text: str) -> str:
    """The number of an invoice on one line. Unreadable when it has none: nothing could be known again by it."""
    found = plain(text)
    if not found:
        raise Unreadable("einvoice.number")
    return found


def optional_day(text: str) -> date | None:
    """The day, or None for an empty text."""
    return day_of(text) if text.strip() else None


def signed_kind(type_code: str, total: int) -> tuple[Kind, int]:
    """The kind of a document and the sign that makes its total positive: less than nothing is a credit note."""
    sign = -1 if total < 0 else 1
    if sign < 0 or type_code in CREDIT_NOTES:
        return "credit_note", sign
    return ("deposit" if type_code in DEPOSITS else "invoice"), sign


def amounts_of(texts: dict[str, str], currency: str) -> Amounts:
    """The totals as the file has them, from their texts under net, tax, total, prepaid and payable.

    What is to be paid is taken as stated, else counted: total less what was paid before; and the other way round.
    """
    read = {name: minor_of(text, currency) for name, text in texts.items() if text.strip()}
    if "total" not in read and "payable" not in read:
        raise Unreadable("einvoice.total")
    total = read.get("total", read.get("payable", 0) + read.get("prepaid", 0))
    payable = read.get("payable", total - read.get("prepaid", 0))
    tax = read.get("tax", total - read["net"] if "net" in read else None)
    return Amounts(read.get("net"), tax, total, read.get("prepaid", max(total - payable, 0)), payable)


def siren_of(identifiers: Iterable[tuple[str, str]], vat: str, country: str) -> str:
    """The SIREN among identifiers (scheme, value), else the one that a French VAT number ends with; empty if none.

    A French party's nine or fourteen digits are taken without a scheme only when they hold a right check digit.
    """
    from stdnum.fr import siren as siren_number  # late: only electronic invoices need it

    listed = [(scheme, re.sub(r"[\s.]", "", value)) for scheme, value in identifiers]
    for scheme, value in listed:
        if scheme in SIREN_SCHEMES and re.fullmatch(r"\d{9}(\d{5})?", value):
            return value[:9]
    french = [value for scheme, value in listed if not scheme and (country == "FR" or vat.startswith("FR"))]
    from_vat = [vat[4:]] if re.fullmatch(r"FR[0-9A-Z]{2}\d{9}", vat) else []
    for value in [*french, *from_vat]:
        if re.fullmatch(r"\d{9}(\d{5})?", value) and siren_number.is_valid(value[:9]):
            return value[:9]
    return ""


def plain(text: str) -> str:
    """One line, without control characters and of a length that a book can keep."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST]


def plain_vat(text: str) -> str:
    """A VAT number without blanks and marks, in capitals."""
    return re.sub(r"[\s.\-/]", "", text).upper()[:20]
