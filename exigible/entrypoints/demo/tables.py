"""The two tables a FEC cannot carry: customers with their contacts, and invoices in other currencies."""

from collections.abc import Iterable
from datetime import date, timedelta

from exigible.entrypoints.demo.days import due_on
from exigible.entrypoints.demo.fec_writer import decimal_comma
from exigible.entrypoints.demo.people import BUYER_WORDS, KIND_WORDS, Customer

COUNTRY_WORDS = {"FR": "France", "BE": "Belgique", "DE": "Allemagne", "CH": "Suisse", "GB": "Royaume-Uni"}
CUSTOMER_HEADERS = (
    "Code client;Raison sociale;Type;Acheteur public;SIREN;N° TVA;Interlocuteur;Fonction;E-mail;Téléphone;Langue;"
    "Adresse;Code postal;Ville;Pays;Conditions de règlement"
)
INVOICE_HEADERS = (
    "Code client;Raison sociale;N° facture;Nature;Date facture;Date échéance;Devise;Montant HT;TVA;Montant TTC;"
    "Déjà réglé;Objet"
)

# customer | number | nature | days before the last day | has a due date | currency | net | VAT | already paid | subject
FOREIGN = (
    ("HELVECHA", "EX-0101", "Facture", 118, True, "CHF", 1_248_000, 0, 0, "Lustres du grand salon"),
    ("HELVECHA", "EX-0102", "Facture", 74, True, "CHF", 386_050, 0, 200_000, "Appliques, deuxième tranche"),
    ("HELVECHA", "EX-0103", "Avoir", 40, True, "CHF", -42_000, 0, 0, "Globe livré fêlé"),
    ("HELVECHA", "EX-0107", "Facture", 12, True, "CHF", 254_300, 0, 0, "Bibliothèque éclairée"),
    ("THAMESLA", "EX-0104", "Facture", 52, True, "GBP", 715_000, 0, 0, "Reception desk lighting"),
    ("THAMESLA", "EX-0108", "Facture", 9, True, "GBP", 198_500, 0, 0, "Reading lamps"),
    ("HOLZLICH", "EX-0105", "Facture", 33, True, "USD", 460_000, 0, 0, "Messestand, commande du salon"),
    ("MIRANDOL", "EX-0106", "Facture", 47, False, "EUR", 164_000, 32_800, 0, "Lanternes de la terrasse"),
    ("VOLETBLE", "EX-0109", "Facture", 20, False, "EUR", 98_000, 19_600, 0, "Enseigne lumineuse"),
    ("COWORKRU", "EX-0110", "Acompte", 6, True, "EUR", 250_000, 50_000, 0, "Acompte de 30 %, tables éclairées"),
)


def customers_text(customers: Iterable[Customer]) -> str:
    """The customers as a spreadsheet in France writes them: semicolons, French headers."""
    return as_lines([CUSTOMER_HEADERS, *(customer_row(customer) for customer in customers)])


def customer_row(customer: Customer) -> str:
    """One customer with its contact."""
    return ";".join(
        (
            customer.code,
            customer.name,
            KIND_WORDS[customer.kind],
            BUYER_WORDS.get(customer.kind, ""),
            customer.siren,
            customer.vat,
            customer.contact,
            customer.role,
            customer.email,
            customer.phone,
            customer.language,
            customer.street,
            customer.postcode,
            customer.city,
            COUNTRY_WORDS[customer.country],
            customer.terms,
        )
    )


def invoices_text(customers: dict[str, Customer], until: date) -> str:
    """The invoices of FOREIGN, dated from the last day; the credit note is negative, as people write it."""
    return as_lines([INVOICE_HEADERS, *(invoice_row(customers[row[0]], row, until) for row in FOREIGN)])


def invoice_row(customer: Customer, row: tuple[str, str, str, int, bool, str, int, int, int, str], until: date) -> str:
    """One invoice, with French dates and amounts."""
    code, number, nature, days, has_due_date, currency, net, vat, paid, subject = row
    issued = until - timedelta(days=days)
    due = f"{due_on(issued, customer.terms):%d/%m/%Y}" if has_due_date else ""
    amounts = (decimal_comma(net), decimal_comma(vat), decimal_comma(net + vat), decimal_comma(paid))
    return ";".join((code, customer.name, number, nature, f"{issued:%d/%m/%Y}", due, currency, *amounts, subject))


def as_lines(rows: Iterable[str]) -> str:
    """The rows as a text with the line ends of a spreadsheet."""
    return "".join(f"{row}\r\n" for row in rows)
