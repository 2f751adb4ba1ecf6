"""Invented electronic invoices, in each syntax, for tests."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

LUMEN = {"name": "Atelier Lumen", "siren": "000100008", "vat": "FR24000100008"}
DURAND = {"name": "Durand et Fils", "siren": "000200006", "vat": "FR51000200006"}
CII_SPACES = (
    'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
)
UBL_SPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


def facts(**changes: Any) -> dict[str, Any]:
    """An invoice of Atelier Lumen to Durand et Fils, 1,200.00 EUR with tax, with some facts changed; "" leaves one out."""
    usual = {
        "number": "FA-2026-017", "type": "380", "issued": "2026-09-01", "due": "2026-10-01", "currency": "EUR", "net": "1000.00",
        "tax": "200.00", "total": "1200.00", "prepaid": "0.00", "payable": "1200.00", "seller": LUMEN, "buyer": DURAND,
        "note": "", "corrects": "", "means": "", "payee": "", "buyer_reference": "",
    }  # fmt: skip
    return usual | changes


def cii(**changes: Any) -> bytes:
    """A CII invoice."""
    told = facts(**changes)
    due = (
        told["due"]
        and f"<ram:SpecifiedTradePaymentTerms>{_day('DueDateDateTime', told['due'])}</ram:SpecifiedTradePaymentTerms>"
    )
    note = told["note"] and f"<ram:IncludedNote><ram:Content>{told['note']}</ram:Content></ram:IncludedNote>"
    sums = "".join(
        f"<ram:{name}>{told[key]}</ram:{name}>" if told[key] else ""
        for name, key in (
            ("TaxBasisTotalAmount", "net"), ("GrandTotalAmount", "total"), ("TotalPrepaidAmount", "prepaid"),
            ("DuePayableAmount", "payable"),
        )
    )  # fmt: skip
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rsm:CrossIndustryInvoice {CII_SPACES}><rsm:ExchangedDocumentContext>'
        "<ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID>"
        "</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>"
        f"<rsm:ExchangedDocument><ram:ID>{told['number']}</ram:ID><ram:TypeCode>{told['type']}</ram:TypeCode>"
        f"{_day('IssueDateTime', told['issued'])}{note}</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>"
        f"<ram:ApplicableHeaderTradeAgreement><ram:BuyerReference>{told['buyer_reference']}</ram:BuyerReference>{_cii_party('SellerTradeParty', told['seller'])}"
        f"{_cii_party('BuyerTradeParty', told['buyer'])}</ram:ApplicableHeaderTradeAgreement>"
        f"<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{told['currency']}</ram:InvoiceCurrencyCode>{due}"
        f"<ram:PayeeTradeParty><ram:Name>{told['payee']}</ram:Name></ram:PayeeTradeParty>"
        f"<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>{told['means']}</ram:TypeCode></ram:SpecifiedTradeSettlementPaymentMeans>"
        f"<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>{told['corrects']}</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>"
        f"<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{sums}"
        f'<ram:TaxTotalAmount currencyID="{told["currency"]}">{told["tax"]}</ram:TaxTotalAmount>'
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
        "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()


def _day(element: str, day: str) -> str:
    plain = day.replace("-", "")
    return f'<ram:{element}><udt:DateTimeString format="102">{plain}</udt:DateTimeString></ram:{element}>'


def _cii_party(element: str, party: dict[str, str]) -> str:
    legal = f'<ram:ID schemeID="0002">{party["siren"]}</ram:ID>' if party.get("siren") else ""
    tax = f'<ram:ID schemeID="VA">{party["vat"]}</ram:ID>' if party.get("vat") else ""
    return (
        f"<ram:{element}><ram:Name>{party['name']}</ram:Name>"
        f"<ram:SpecifiedLegalOrganization>{legal}</ram:SpecifiedLegalOrganization>"
        "<ram:PostalTradeAddress><ram:PostcodeCode>69009</ram:PostcodeCode><ram:LineOne>4 quai de l'Industrie</ram:LineOne>"
        f"<ram:CityName>Lyon</ram:CityName><ram:CountryID>{party.get('country', 'FR')}</ram:CountryID></ram:PostalTradeAddress>"
        f"<ram:SpecifiedTaxRegistration>{tax}</ram:SpecifiedTaxRegistration></ram:{element}>"
    )


def ubl(**changes: Any) -> bytes:
    """The same invoice in UBL; type 381 makes a credit note of it."""
    told = facts(**changes)
    root, code = ("CreditNote", "CreditNoteTypeCode") if told["type"] == "381" else ("Invoice", "InvoiceTypeCode")
    due = told["due"] and f"<cbc:DueDate>{told['due']}</cbc:DueDate>"
    sums = "".join(
        f'<cbc:{name} currencyID="{told["currency"]}">{told[key]}</cbc:{name}>' if told[key] else ""
        for name, key in (
            ("TaxExclusiveAmount", "net"), ("TaxInclusiveAmount", "total"), ("PrepaidAmount", "prepaid"),
            ("PayableAmount", "payable"),
        )
    )  # fmt: skip
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" {UBL_SPACES}>'
        f"<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>{told['number']}</cbc:ID>"
        f"<cbc:IssueDate>{told['issued']}</cbc:IssueDate>{due}<cbc:{code}>{told['type']}</cbc:{code}>"
        f"<cbc:Note>{told['note']}</cbc:Note><cbc:DocumentCurrencyCode>{told['currency']}</cbc:DocumentCurrencyCode>"
        f"{_ubl_party('AccountingSupplierParty', told['seller'])}{_ubl_party('AccountingCustomerParty', told['buyer'])}"
        f'<cac:TaxTotal><cbc:TaxAmount currencyID="{told["currency"]}">{told["tax"]}</cbc:TaxAmount></cac:TaxTotal>'
        f"<cac:LegalMonetaryTotal>{sums}</cac:LegalMonetaryTotal></{root}>"
    ).encode()


def _ubl_party(element: str, party: dict[str, str]) -> str:
    return (
        f"<cac:{element}><cac:Party><cac:PostalAddress><cbc:StreetName>4 quai de l'Industrie</cbc:StreetName>"
        "<cbc:CityName>Lyon</cbc:CityName><cbc:PostalZone>69009</cbc:PostalZone><cac:Country><cbc:IdentificationCode>"
        f"{party.get('country', 'FR')}</cbc:IdentificationCode></cac:Country></cac:PostalAddress><cac:PartyTaxScheme>"
        f"<cbc:CompanyID>{party.get('vat', '')}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
        f"<cac:PartyLegalEntity><cbc:RegistrationName>{party['name']}</cbc:RegistrationName>"
        f'<cbc:CompanyID schemeID="0002">{party.get("siren", "")}</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:{element}>'
    )


def facturx(xml: bytes | None = None, name: str = "factur-x.xml") -> bytes:
    """A PDF of one empty page with an invoice attached to it."""
    import pikepdf

    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        document.attachments[name] = pikepdf.AttachedFileSpec(document, cii() if xml is None else xml, filename=name)  # type: ignore[call-arg]
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in files:
            packed.writestr(name, body)
    return out.getvalue()
