"""In a list of customers, the column « Type » says what each customer is in law."""

import pytest

from exigible.formats import read

LIST = "Code client;Raison sociale;Type;E-mail\r\nA1;Dupont;{kind};a@b.example\r\nA2;Durand;;c@d.example\r\n"


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Professionnel", "business"), ("Particulier", "consumer"), ("Administration", "public_body"), ("?", "unknown")],
)
def test_the_type_in_a_list_of_customers_is_the_customers(word: str, kind: str) -> None:
    reading = read(LIST.format(kind=word).encode(), "customers.csv")
    assert [customer.kind for customer in reading.customers] == [kind, "unknown"]


def test_the_type_in_a_list_of_invoices_is_the_invoices() -> None:
    table = "Client;N° facture;Type;Date facture;Montant TTC\r\nDupont;AV-1;Avoir;01/10/2026;120,00\r\n"
    reading = read(table.encode(), "invoices.csv")
    assert [invoice.kind for invoice in reading.invoices] == ["credit_note"]
    assert [customer.kind for customer in reading.customers] == ["unknown"]


@pytest.mark.parametrize(
    ("word", "kind", "buyer"),
    [
        ("Collectivité", "public_body", "local"), ("État", "public_body", "state"), ("Hôpital", "public_body", "hospital"),
        ("Service de santé des armées", "public_body", "army_health"), ("Entreprise publique", "public_body", "public_enterprise"),
        ("", "unknown", ""), ("non", "unknown", ""),
    ],
)  # fmt: skip
def test_the_public_buyer_of_a_list_of_customers_is_read(word: str, kind: str, buyer: str) -> None:
    table = f"Code client;Raison sociale;Type;Acheteur public;E-mail\r\nA1;Vire;;{word};a@b.example\r\n"
    (customer,) = read(table.encode(), "customers.csv").customers
    assert (customer.kind, customer.buyer) == (kind, buyer)
