"""Reads answers and extracts of the French company register: JSON of the public search, files of its stock."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from stdnum import luhn

from exigible.formats.company import CompanyRow, YearRow
from exigible.formats.encoding import Encoding, detect
from exigible.formats.register_forms import public_buyer
from exigible.formats.rows import Reading, RowError
from exigible.formats.sentences import refused, row_error

MOST_DIRECTORS = 12
SOLE_TRADER = "1000"
HIDDEN = "[ND]"  # what the register writes in place of what a person keeps to itself
Fields = Mapping[str, Any]


def read_register(data: bytes) -> Reading:
    """The companies of a register's file; a line without a valid SIREN is left out and named."""
    encoding = detect(data)
    if not isinstance(encoding, Encoding):
        return refused("register", encoding)
    text = data.decode(encoding.name, "replace")
    reading = Reading("register", encoding.name)
    found = _of_json(text) if text.lstrip()[:1] in ("{", "[") else _of_csv(text, reading)
    if found is None:
        return refused("register", row_error("register.broken"), encoding.name)
    known = False
    merged: dict[str, CompanyRow] = {}
    for line, fields in found:
        known = True
        row = _company(fields, line)
        if not re.fullmatch(r"\d{9}", row.siren):
            reading.errors.append(_unnumbered(line, row))
            continue
        if not luhn.is_valid(row.siren):
            reading.warnings.append(row_error("register.key", line, "siren", value=row.siren))
        merged[row.siren] = _together(merged.get(row.siren), row)
    reading.companies = list(merged.values())
    if not known:
        reading.warnings.append(row_error("register.nobody"))
    return reading


def _unnumbered(line: int, row: CompanyRow) -> RowError:
    return row_error("register.siren", line, "siren", value=row.siren or "–")


def _together(before: CompanyRow | None, row: CompanyRow) -> CompanyRow:
    """Two entries of one company (its seat and another site, its years) as one: what stood first stays."""
    if before is None:
        return row
    filled = {name: value for name, value in row._asdict().items() if not getattr(before, name) and value}
    years = {year.closed_on: year for year in (*before.years, *row.years)}
    return before._replace(**filled)._replace(years=tuple(years[day] for day in sorted(years, reverse=True)))


def _of_json(text: str) -> Iterator[tuple[int, Fields]] | None:
    """The entries of an answer, whatever it is wrapped in; None for what is no JSON of a register."""
    try:
        value = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    for name in ("result", "results", "records", "tuples", "data", "unites_legales", "unite_legale", "etablissements"):
        if isinstance(value, dict) and "siren" not in value and name in value:
            value = value[name]
    entries = value if isinstance(value, list) else [value]
    return ((place, _unwrapped(entry)) for place, entry in enumerate(entries, start=1) if isinstance(entry, dict))


def _unwrapped(entry: Fields) -> Fields:
    for name in ("fields", "entreprise", "uniteLegale", "unite_legale"):
        if "siren" not in entry and isinstance(entry.get(name), dict):
            return {**entry, **entry[name]}
    if isinstance(entry.get("uniteLegale"), dict):
        return {**entry["uniteLegale"], **entry}
    return entry


def _of_csv(text: str, reading: Reading) -> Iterator[tuple[int, Fields]]:
    first = text.partition("\n")[0]
    reading.separator = max(",;\t|", key=first.count)
    csv.field_size_limit(len(text) + 1)
    rows = csv.DictReader(io.StringIO(text, newline=None), delimiter=reading.separator)
    return ((line, {k: v for k, v in row.items() if k}) for line, row in enumerate(rows, start=2))


def _company(fields: Fields, line: int) -> CompanyRow:
    """One entry, under whichever of the register's names its columns stand."""
    seat = fields.get("siege") if isinstance(fields.get("siege"), dict) else fields
    assert isinstance(seat, Mapping)
    siren = re.sub(r"\s", "", _text(fields, "siren"))
    form = _text(fields, "nature_juridique", "categorieJuridiqueUniteLegale", "categorie_juridique")
    state = _active(fields)
    is_seat = seat is not fields or _text(fields, "etablissementSiege", "siege").lower() in ("", "true")
    return CompanyRow(
        siren=siren,
        name=_name(fields),
        siret=_siret(fields, seat, siren) if is_seat else "",
        legal_form=form if re.fullmatch(r"\d{4}", form) else "",
        address=_street(seat) if is_seat else "",
        postcode=_text(seat, "code_postal", "codePostalEtablissement") if is_seat else "",
        city=_city(seat) if is_seat else "",
        country="FR" if is_seat and not _text(seat, "code_pays_etranger", "codePaysEtrangerEtablissement") else "",
        activity=_text(fields, "activite_principale", "activitePrincipaleUniteLegale", "activitePrincipaleEtablissement", "ape", "code_naf"),
        vat=_first(fields.get("tva")),
        is_active=state,
        created_on=_day(_text(fields, "date_creation", "dateCreationUniteLegale", "dateCreationEtablissement")),
        closed_on=_day(_text(fields, "date_fermeture", "date_cessation")) if state is False else None,
        known_on=_day(_text(fields, "date_mise_a_jour_insee", "date_mise_a_jour", "dateDernierTraitementUniteLegale")),
        is_public_body=form.startswith("7") or form.startswith("4"),
        buyer=public_buyer(form),
        is_sole_trader=form == SOLE_TRADER,
        directors=tuple(_directors(fields.get("dirigeants"))),
        years=tuple(_years(fields)),
        line=line,
    )  # fmt: skip


def _text(fields: Fields, *names: str) -> str:
    """The first of these names that says something."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str | int) and str(value).strip() not in ("", HIDDEN):
            return str(value).strip()
    return ""


def _first(value: object) -> str:
    found = value[0] if isinstance(value, list) and value else value
    return found.strip() if isinstance(found, str) else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _active(fields: Fields) -> bool | None:
    """Whether the company exists; an establishment that closed does not say that its company did."""
    if isinstance(fields.get("est_actif"), bool) and "nic" not in fields:
        return bool(fields["est_actif"])
    return {"A": True, "C": False}.get(_text(fields, "etat_administratif", "etatAdministratifUniteLegale"))


def _name(fields: Fields) -> str:
    name = _text(
        fields, "nom_raison_sociale", "denominationUniteLegale", "raison_sociale", "denominationUsuelle1UniteLegale", "nom_complet",
    )  # fmt: skip
    if name:
        return name
    family = _text(fields, "nomUsageUniteLegale", "nomUniteLegale", "nom_unite_legale")
    given = _text(fields, "prenomUsuelUniteLegale", "prenom1UniteLegale", "prenom1_unite_legale")
    return f"{given} {family}".strip() if family else _text(fields, "denominationUsuelleEtablissement")


def _siret(fields: Fields, seat: Fields, siren: str) -> str:
    nic = _text(fields, "nic", "nicSiegeUniteLegale")
    number = _text(seat, "siret") or (f"{siren}{nic}" if re.fullmatch(r"\d{5}", nic) else "")
    return number if re.fullmatch(r"\d{14}", number) else ""


def _street(seat: Fields) -> str:
    parts = (
        _text(seat, "numero_voie", "numeroVoieEtablissement"),
        _text(seat, "indice_repetition", "indiceRepetitionEtablissement"),
        _text(seat, "type_voie", "typeVoieEtablissement"),
        _text(seat, "libelle_voie", "libelleVoieEtablissement", "voie"),
    )
    lines = (
        _text(seat, "complement_adresse", "complementAdresseEtablissement"),
        " ".join(filter(None, parts)),
        _text(seat, "distribution_speciale", "distributionSpecialeEtablissement"),
    )
    return "\n".join(filter(None, lines))


def _city(seat: Fields) -> str:
    city = _text(
        seat, "libelle_cedex", "libelle_commune", "libelleCedexEtablissement", "libelleCommuneEtablissement", "commune"
    )
    return "" if city.isdigit() else city


def _directors(people: object) -> Iterable[tuple[str, str]]:
    """Name and role of each; nothing else of a person is kept."""
    seen: set[str] = set()
    for one in (people if isinstance(people, list) else [])[:MOST_DIRECTORS]:
        if not isinstance(one, dict):
            continue
        person = f"{_text(one, 'prenoms').split(' ')[0].title()} {_text(one, 'nom')}".strip()
        name = _text(one, "denomination") or person
        plain = re.sub(r"\(.*\)|[^a-z]", "", name.casefold())
        if name and plain not in seen:
            seen.add(plain)
            yield name, _text(one, "qualite")


def _years(fields: Fields) -> Iterable[YearRow]:
    """Turnover and result, of the search's yearly table or of the open data on yearly accounts (whole euros)."""
    table = fields.get("finances")
    if isinstance(table, dict):
        for year, figures in table.items():
            if re.fullmatch(r"\d{4}", year) and isinstance(figures, dict):
                yield YearRow(date(int(year), 12, 31), _euros(figures.get("ca")), _euros(figures.get("resultat_net")))
    closed = _day(_text(fields, "date_cloture_exercice"))
    if closed and "chiffre_d_affaires" in fields:
        yield YearRow(closed, _euros(fields["chiffre_d_affaires"]), _euros(fields.get("resultat_net")))


def _euros(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    exact = Decimal(value)
    return round(exact * 100) if abs(exact) < 10**14 else None
