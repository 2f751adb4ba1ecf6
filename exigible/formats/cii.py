"""Reads Cross Industry Invoices (UN/CEFACT): Factur-X, ZUGFeRD 2, XRechnung, and ZUGFeRD 1 with its older names."""

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

# Newer and older (ZUGFeRD 1) names of the same element.
CONTEXT = "ExchangedDocumentContext|SpecifiedExchangedDocumentContext"
HEADER = "ExchangedDocument|HeaderExchangedDocument"
TRANSACTION = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
AGREEMENT = "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
SETTLEMENT = "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
TOTALS = "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
SUMS = {"net": "TaxBasisTotalAmount", "total": "GrandTotalAmount", "prepaid": "TotalPrepaidAmount",
        "payable": "DuePayableAmount"}  # fmt: skip
MEANS = "SpecifiedTradeSettlementPaymentMeans"
REFERENCE = "IssuerAssignedID|ID"


def read_cii(root: Node, syntax: str = "cii") -> EInvoice:
    """The invoice of a CII document. Unreadable when a number, a day or a total that matters is missing."""
    header, transaction = child(root, HEADER), child(root, TRANSACTION)
    settlement, agreement = child(transaction, SETTLEMENT), child(transaction, AGREEMENT)
    if header is None or settlement is None:
        raise Unreadable("einvoice.broken")
    currency = text(settlement, "InvoiceCurrencyCode").upper() or _currency_of_totals(settlement)
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise Unreadable("einvoice.currency", value=currency[:10])
    totals = child(settlement, TOTALS)
    texts = {name: text(totals, element) for name, element in SUMS.items()}
    amounts = amounts_of(texts | {"tax": _tax(totals, currency)}, currency)
    type_code = text(header, "TypeCode")
    kind, sign = signed_kind(type_code, amounts.total)
    return completed(
        EInvoice(
            syntax, text(child(root, CONTEXT), "GuidelineSpecifiedDocumentContextParameter", "ID"),
            number_of(text(header, "ID")), kind, type_code,
            day_of(_day_text(child(header, "IssueDateTime"))), _due(settlement), currency,
            None if amounts.net is None else sign * amounts.net, None if amounts.tax is None else sign * amounts.tax,
            sign * amounts.total, sign * amounts.prepaid, sign * amounts.payable,
            _party(child(agreement, "SellerTradeParty")), _party(child(agreement, "BuyerTradeParty")),
            order_reference=plain(text(agreement, "BuyerOrderReferencedDocument", REFERENCE)),
            buyer_reference=plain(text(agreement, "BuyerReference")), means=text(settlement, MEANS, "TypeCode"),
            payee=plain(text(settlement, "PayeeTradeParty", "Name")),
            corrects=tuple(plain(text(each, REFERENCE)) for each in children(settlement, "InvoiceReferencedDocument")),
            iban=_iban(settlement), notes=tuple(_notes(header, settlement)),
        ), sign,
    )  # fmt: skip


def _day_text(node: Node | None) -> str:
    """A date stands in a child that names its format (102: YYYYMMDD), or is written plainly."""
    return text(node, "DateTimeString|DateTime|Date") or text(node)


def _due(settlement: Node) -> date | None:
    """The day by which all is to be paid: the last one where the invoice falls due in parts."""
    texts = (_day_text(each) for each in children(settlement, "SpecifiedTradePaymentTerms", "DueDateDateTime"))
    return max((found for each in texts if (found := optional_day(each))), default=None)


def _tax(totals: Node | None, currency: str) -> str:
    """The tax in the currency of the invoice: it may stand a second time in the seller's own."""
    found = list(children(totals, "TaxTotalAmount"))
    same = [each for each in found if attribute(each, "currencyID") in ("", currency)]
    return text(same[0]) if same else ""


def _currency_of_totals(settlement: Node) -> str:
    return next((code for each in children(settlement, TOTALS, "GrandTotalAmount|DuePayableAmount")
                 if (code := attribute(each, "currencyID"))), "")  # fmt: skip


def _party(node: Node | None) -> Party:
    taxes = {attribute(each, "schemeID"): text(each) for each in children(node, "SpecifiedTaxRegistration", "ID")}
    vat = plain_vat(taxes.get("VA", ""))
    address = child(node, "PostalTradeAddress")
    country = text(address, "CountryID").upper()[:2]
    legal = child(node, "SpecifiedLegalOrganization", "ID")
    identifiers = [(attribute(each, "schemeID"), text(each)) for each in (legal,) if each is not None]
    identifiers += [(attribute(each, "schemeID"), text(each)) for each in children(node, "GlobalID|ID")]
    contact = child(node, "DefinedTradeContact")
    return Party(
        plain(text(node, "Name") or text(node, "SpecifiedLegalOrganization", "TradingBusinessName")),
        siren_of(identifiers, vat, country), vat, country,
        tuple(line for name in ("LineOne", "LineTwo", "LineThree") if (line := plain(text(address, name)))),
        plain(text(address, "PostcodeCode")), plain(text(address, "CityName")),
        email=plain(text(contact, "EmailURIUniversalCommunication", "URIID|CompleteNumber")),
        phone=plain(text(contact, "TelephoneUniversalCommunication", "CompleteNumber")),
        contact_name=plain(text(contact, "PersonName")), identifier=plain(text(node, "ID")),
    )  # fmt: skip


def _iban(settlement: Node) -> str:
    found = text(settlement, MEANS, "PayeePartyCreditorFinancialAccount", "IBANID")
    return "".join(found.split()).upper()[:34]


def _notes(header: Node, settlement: Node) -> Iterator[str]:
    """What is written in words, each preceded by its subject code: PMD#late-payment interest…"""
    for note in children(header, "IncludedNote"):
        yield f"{text(note, 'SubjectCode')}#{plain(text(note, 'Content'))}"
    for terms in children(settlement, "SpecifiedTradePaymentTerms"):
        yield f"TERMS#{plain(text(terms, 'Description'))}"
        for each in terms:
            if local(each) == "ApplicableTradePaymentDiscountTerms":
                yield "AAB#discount"
