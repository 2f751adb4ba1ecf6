"""The customer that a line of a table names, with its contact."""

import re

from exigible.formats.fec_accounts import folded
from exigible.formats.fec_header import plain_name
from exigible.formats.rows import CustomerRow
from exigible.formats.table_record import Record

KINDS = (
    ("consumer", ("particulier", "consommateur", "consumer", "individual", "b2c")),
    ("public_body", ("public", "administration", "collectivite", "b2g", "mairie", "etat")),
    ("business", ("pro", "entreprise", "societe", "business", "company", "b2b")),
)
BUYERS = (
    ("army_health", ("servicedesante", "armee", "army")),
    ("public_enterprise", ("entreprisepublique", "publicenterprise", "epic")),
    ("hospital", ("hopital", "hospital", "centrehospitalier", "etablissementpublicdesante", "sante", "chu")),
    ("local", ("collectivite", "local", "commune", "mairie", "departement", "region", "metropole", "intercommunalite")),
    ("state", ("etat", "state", "ministere", "prefecture")),
)


def customer_of(record: Record) -> CustomerRow | None:
    """The customer, None when the line names none. Known by its code, else by its SIREN, else by its name."""
    name, code, siren = record.text("customer"), record.text("customer_key"), siren_of(record.text("siren"))
    key = code or siren or name
    if not key:
        return None
    kind, buyer = _kind(record.text("customer_kind")), _buyer(record.text("buyer"))
    if buyer and kind == "unknown":
        kind = "public_body"  # only a public body is a public buyer
    contact = " ".join(filter(None, (record.text("contact_first_name"), record.text("contact_name"))))
    return CustomerRow(
        key,
        name or code,
        country=record.text("country"),
        siren=siren,
        vat=re.sub(r"[\s.]", "", record.text("vat")).upper(),
        kind=kind,
        email=record.text("email"),
        phone=record.text("phone"),
        contact_name=contact,
        contact_role=record.text("contact_role"),
        language=record.text("language").lower()[:2],
        address_lines=tuple(line for field in ("address", "address_2") if (line := record.text(field))),
        postcode=_postcode(record.text("postcode"), record.text("country")),
        city=record.text("city"),
        terms=record.text("terms"),
        reference=record.text("reference"),
        buyer=buyer,
    )


def siren_of(text: str) -> str:
    """The SIREN of a SIREN or a SIRET, blanks removed; empty for anything else. Its key is not checked here."""
    digits = re.sub(r"[\s.\u00a0\u202f]", "", text)
    return digits[:9] if re.fullmatch(r"\d{9}(\d{5})?", digits) else ""


def _postcode(text: str, country: str) -> str:
    """A French postcode has five digits: spreadsheets eat the zero of 01000."""
    french = country.upper() in ("", "FR", "FRA", "FRANCE")
    return text.zfill(5) if french and text.isdigit() and len(text) == 4 else text


def _kind(text: str) -> str:
    plain = folded(text)
    return next((kind for kind, words in KINDS if any(plain.startswith(word) for word in words)), "unknown")


def _buyer(text: str) -> str:
    """Which public buyer the cell names (code de la commande publique, art. R2192-10 and R2192-11); empty for none."""
    plain = plain_name(text)
    return next((buyer for buyer, words in BUYERS if any(word in plain for word in words)), "") if plain else ""
