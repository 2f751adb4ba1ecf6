"""Reads UBL 2 invoices and credit notes: Peppol, XRechnung, and the French extended profile."""

from collections.abc import Iterator
from datetime import date

from exigible.formats.einvoice import (
    EInvoice,
    Party,
    Unreadable,
    amounts_of,
    day_of,
    number_of,
    optional_day,
    plain,
    plain_vat,
    signed_kind,
    siren_of,
)
from exigible.formats.einvoice_mentions import completed
from exigible.formats.xml_tree import Node, attribute, child, children, local, text

SUMS = {"net": "TaxExclusiveAmount", "total": "TaxInclusiveAmount", "prepaid": "PrepaidAmount",
        "payable": "PayableAmount"}  # fmt: skip
ORDINARY_CREDIT_NOTE = "381"


def read_ubl(root: Node) -> EInvoice:
    """The invoice or the credit note of a UBL document. Unreadable when a number, a day or a total that matters is missing."""
    currency = text(root, "DocumentCurrencyCode").upper()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise Unreadable("einvoice.currency", value=currency[:10])
    totals = child(root, "LegalMonetaryTotal")
    texts = {name: text(totals, element) for name, element in SUMS.items()}
    amounts = amounts_of(texts | {"tax": _tax(root, currency)}, currency)
    type_code = text(root, "InvoiceTypeCode|CreditNoteTypeCode")
    is_credit_note = local(root) == "CreditNote"
    kind, sign = signed_kind(ORDINARY_CREDIT_NOTE if is_credit_note else type_code, amounts.total)
    return completed(
        EInvoice(
            "ubl", text(root, "CustomizationID"), number_of(text(root, "ID")), kind,
            type_code or (ORDINARY_CREDIT_NOTE if is_credit_note else ""), day_of(text(root, "IssueDate")), _due(root), currency,
            None if amounts.net is None else sign * amounts.net, None if amounts.tax is None else sign * amounts.tax,
            sign * amounts.total, sign * amounts.prepaid, sign * amounts.payable,
            _party(child(root, "AccountingSupplierParty", "Party")), _party(child(root, "AccountingCustomerParty", "Party")),
            order_reference=plain(text(root, "OrderReference", "ID")),
            buyer_reference=plain(text(root, "BuyerReference")), means=text(root, "PaymentMeans", "PaymentMeansCode"),
            payee=plain(text(root, "PayeeParty", "PartyName", "Name")),
            corrects=tuple(plain(text(each)) for each in children(root, "BillingReference", "InvoiceDocumentReference", "ID")),
            iban="".join(text(root, "PaymentMeans", "PayeeFinancialAccount", "ID").split()).upper()[:34],
            notes=tuple(_notes(root)),
        ), sign,
    )  # fmt: skip


def _due(root: Node) -> date | None:
    """The day by which all is to be paid; a credit note has it under the means of payment."""
    stated = optional_day(text(root, "DueDate"))
    if stated is not None:
        return stated
    texts = [text(each) for each in children(root, "PaymentMeans|PaymentTerms", "PaymentDueDate")]
    return max((found for each in texts if (found := optional_day(each))), default=None)


def _tax(root: Node, currency: str) -> str:
    """The tax in the currency of the invoice: it may stand a second time in the seller's own."""
    found = list(children(root, "TaxTotal", "TaxAmount"))
    same = [each for each in found if attribute(each, "currencyID") in ("", currency)]
    return text(same[0]) if same else ""


def _party(node: Node | None) -> Party:
    vat = _vat(node)
    address = child(node, "PostalAddress")
    country = text(address, "Country", "IdentificationCode").upper()[:2]
    identifiers = [
        (attribute(each, "schemeID"), text(each))
        for path in (("PartyLegalEntity", "CompanyID"), ("PartyIdentification", "ID"), ("EndpointID",))
        for each in children(node, *path)
    ]
    lines = [text(address, name) for name in ("StreetName", "AdditionalStreetName")]
    lines.append(text(address, "AddressLine", "Line"))
    names = ("PartyLegalEntity", "RegistrationName"), ("PartyName", "Name")
    contact = child(node, "Contact")
    return Party(
        plain(next((name for path in names if (name := text(node, *path))), "")),
        siren_of(identifiers, vat, country), vat, country,
        tuple(line for each in lines if (line := plain(each))),
        plain(text(address, "PostalZone")), plain(text(address, "CityName")),
        email=plain(text(contact, "ElectronicMail")), phone=plain(text(contact, "Telephone")),
        contact_name=plain(text(contact, "Name")), identifier=plain(text(node, "PartyIdentification", "ID")),
    )  # fmt: skip


def _vat(node: Node | None) -> str:
    """The VAT number, told from other tax numbers by its scheme."""
    for scheme in children(node, "PartyTaxScheme"):
        if text(scheme, "TaxScheme", "ID").upper() in ("VAT", "VA", ""):
            return plain_vat(text(scheme, "CompanyID"))
    return ""


def _notes(root: Node) -> Iterator[str]:
    """What is written in words; the French profile puts its subject code first: #PMD#late-payment interest…"""
    for note in children(root, "Note"):
        yield plain(text(note)).removeprefix("#")
    for terms in children(root, "PaymentTerms", "Note"):
        yield f"TERMS#{plain(text(terms))}"
