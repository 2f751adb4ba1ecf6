"""What an electronic invoice says of a claim: the fields of the form, filled from the file."""

from typing import Any

from exigible.common.errors import Refused
from exigible.core.kinds import propose_kind
from exigible.core.law.book import law_book
from exigible.core.law.mentions import packaged_mentions
from exigible.core.money import decimal_string
from exigible.formats.einvoice import EInvoice, Party
from exigible.formats.einvoice_reading import read_einvoice

COUNTRY = "FR"
_MENTIONS = {"late_interest": "penalty_rate"}  # where the reader of files has another name than the law
LARGEST_BYTES = 5 * 1024 * 1024


class FileTooLarge(Refused):
    """The file is over 5 MB: drop a smaller one, or type the facts of the invoice."""


class NoInvoice(Refused):
    """No invoice could be read in this file: drop a Factur-X PDF, or a CII or UBL file, or type the facts."""


class NothingOwed(Refused):
    """The document %(number)s asks for no money (a credit note, or paid in advance): drop an invoice that is still owed."""


class OtherCurrency(Refused):
    """The invoice is in %(currency)s: the law sets its figures in %(own)s, and the analysis covers these only."""


def read_invoice(body: bytes, name: str) -> EInvoice:
    """The invoice in a file that was dropped; a Refused with its sentence when none is owed in it."""
    if len(body) > LARGEST_BYTES:
        raise FileTooLarge
    found = read_einvoice(body, name)
    if not isinstance(found, EInvoice):
        raise NoInvoice
    if found.kind == "credit_note" or found.payable <= 0:
        raise NothingOwed(number=found.number)
    own = law_book(COUNTRY).currency
    if found.currency != own:
        raise OtherCurrency(currency=found.currency, own=own)
    return found


def fields_of(found: EInvoice) -> dict[str, Any]:
    """The fields of the two forms that the file fills: those of the claim, and the names for the letter."""
    proposal = propose_kind(found.buyer.name, found.buyer.siren, found.buyer.vat)
    return {
        "debtor": proposal.kind or "unknown",
        "buyer": proposal.buyer,
        "amount": decimal_string(found.payable, found.currency),
        "due": found.due_date.isoformat() if found.due_date else "",
        "issued": found.issue_date.isoformat(),
        "number": found.number[:60],
        "postcode": found.buyer.postcode if _is_french(found.buyer) else "",
        "country": found.buyer.country or "FR",
        "has": ["invoice"],
        "creditor": found.seller.name,
        "creditor_address": _address(found.seller),
        "creditor_identity": f"SIREN {found.seller.siren}" if found.seller.siren else "",
        "place": found.seller.city,
        "debtor_name": found.buyer.name,
        "debtor_address": _address(found.buyer),
        "iban": found.iban,
    }


def missing_mentions(found: EInvoice, language: str) -> tuple[str, ...]:
    """What the law asks an invoice to say and the file's data do not, in words; the printed page may say it."""
    labels = {mention.name: mention.label for mention in packaged_mentions(COUNTRY).mentions}
    names = [_MENTIONS.get(name, name) for name in found.missing_mentions]
    return tuple(labels[name][language] for name in names if name in labels)


def _is_french(party: Party) -> bool:
    return party.country in ("", "FR") and len(party.postcode) == 5 and party.postcode.isdigit()


def _address(party: Party) -> str:
    town = f"{party.postcode} {party.city}".strip()
    return "\n".join(line for line in (*party.address_lines, town) if line)
