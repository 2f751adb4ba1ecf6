"""A customer of each kind that registers and notices make, for pages to have something to show."""

from datetime import date, timedelta

from exigible.features.customers.merging import merge_customers
from exigible.features.customers.registers import keep_companies
from exigible.features.insolvency.operations import apply_notices
from exigible.formats.company import CompanyRow, NoticeRow
from exigible.testing import House


def registered(house: House) -> None:
    """An insolvent customer, a closed company whose facts differ, two likenesses to confirm, two accounts made one."""
    told = {"today": house.today, "at": house.at}
    judged = house.today - timedelta(days=11)
    insolvent = house.customer("Menuiserie Roux", siren="000200006")
    house.invoice(insolvent, 240_000, house.today - timedelta(days=60))
    closed = house.customer("Garage Lenoir", siren="000300004")
    house.invoice(closed, 90_000, house.today - timedelta(days=30))
    house.customer("SARL Fournil", postcode="69003")
    namesake = house.customer("Petit Bois", postcode="69007")
    house.invoice(namesake, 45_000, house.today - timedelta(days=20))
    companies = [
        CompanyRow(
            "000300004", "GARAGE LENOIR", "00030000400011", "5499", "8 RUE NEUVE", "69001", "LYON", "FR", "45.20A",
            is_active=False, closed_on=date(2026, 6, 30), directors=(("Marc LENOIR", "Gérant"),),
        ),
        CompanyRow("000400002", "FOURNIL", legal_form="5710", postcode="69003", city="LYON"),
    ]  # fmt: skip
    keep_companies(house.creditor, companies, source="file", **told)
    opening = NoticeRow(
        "A202602201234", "000200006", "Menuiserie Roux", "opening", "liquidation", "Jugement d’ouverture de liquidation judiciaire",
        house.today, judged, "Tribunal de commerce de Lyon", "Selarl Morin 4 quai Rambaud 69002 Lyon", department="69",
        text="Jugement prononçant la liquidation judiciaire, désignant liquidateur Selarl Morin 4 quai Rambaud 69002 Lyon.",
    )  # fmt: skip
    by_name = opening._replace(
        number="A2026022099", siren="", name="PETIT BOIS", postcode="69007", procedure="reorganisation"
    )
    apply_notices(house.creditor, [opening, by_name], **told)
    kept, twice = house.customer("Hôtel du Parc", siren="000500009"), house.customer("Hotel du Parc", siren="000500009")
    house.invoice(twice, 30_000, house.today - timedelta(days=15))
    merge_customers(kept, twice, **told)
    for city in ("Lyon", "Vienne"):
        site = house.customer(f"Cycles Aubin {city}", siren="000600007", city=city)
        house.invoice(site, 60_000, house.today - timedelta(days=12))
