"""Reads notices of the official bulletin (BODACC): its open data in JSON, and lists of judgments in CSV."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from exigible.formats.bodacc_nature import nature_of, representative_of
from exigible.formats.company import NoticeRow
from exigible.formats.days import day
from exigible.formats.encoding import Encoding, detect
from exigible.formats.rows import Reading
from exigible.formats.sentences import refused, row_error

Fields = Mapping[str, Any]
LONGEST_TEXT = 4000


def read_bodacc(data: bytes) -> Reading:
    """The notices of a file, one for each company that a notice names."""
    encoding = detect(data)
    if not isinstance(encoding, Encoding):
        return refused("bodacc", encoding)
    text = data.decode(encoding.name, "replace")
    reading = Reading("bodacc", encoding.name)
    if text.lstrip("\ufeff \r\n")[:1] not in ("{", "["):
        _read_list(text, reading)
        return reading
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return refused("bodacc", row_error("bodacc.broken"), encoding.name)
    for line, fields in enumerate(_entries(value), start=1):
        published = _day(_text(fields, "dateparution", "dateParution", "datePublication"))
        if published is None:
            reading.errors.append(row_error("bodacc.date", line, "dateparution"))
            continue
        reading.notices += _notices(fields, published, line)
    if not reading.notices and not reading.errors:
        reading.warnings.append(row_error("bodacc.nobody"))
    return reading


def _entries(value: Any) -> Iterator[Fields]:
    """The notices of an answer, whichever version of the open data wraps them."""
    asked = ""
    if isinstance(value, dict):
        told = value.get("args")
        asked = str(told[0]) if isinstance(told, list) and told else ""
        value = value.get("result", value)
    if isinstance(value, dict):
        names = ("records", "results", "annonces")
        value = next((value[name] for name in names if isinstance(value.get(name), list)), [value])
    for entry in value if isinstance(value, list) else []:
        if not isinstance(entry, dict):
            continue
        inner = next((entry[name] for name in ("fields", "record") if isinstance(entry.get(name), dict)), entry)
        inner = inner["fields"] if isinstance(inner.get("fields"), dict) else inner
        yield {"registre": asked, **inner} if asked else inner


def _notices(fields: Fields, published: date, line: int) -> Iterator[NoticeRow]:
    judgment, before = _inside(fields, "jugement"), _inside(fields, "parutionavisprecedent")
    told = _text(judgment, "complementJugement") or _text(fields, "details")
    wording = _text(judgment, "nature") or _text(fields, "titre")
    family = _text(fields, "familleavis")
    nature = nature_of(wording or _text(judgment, "famille"), family)
    if nature.kind == "other" and family == "collective":
        nature = nature_of(f"{_text(judgment, 'famille')} {told}", family)
    correction: Literal["", "rectified", "cancelled"] = ""
    kind_of_notice = f"{_text(fields, 'typeavis')} {_text(fields, 'typeavis_lib', 'typeAvisLibelle')}".lower()
    if "rectificati" in kind_of_notice:
        correction = "rectified"
    elif "annul" in kind_of_notice:
        correction = "cancelled"
    people = _people(fields)
    for siren, name in people or [("", _text(fields, "commercant"))]:
        yield NoticeRow(
            number=_number(fields), siren=siren, name=name or _text(fields, "commercant"), kind=nature.kind,
            procedure=nature.procedure, nature=wording or _text(fields, "familleavis_lib"), published_on=published,
            judged_on=_day(_text(judgment, "date")), court=_text(fields, "tribunal"), representative=representative_of(told),
            text=told[:LONGEST_TEXT], postcode=_text(fields, "cp"), city=_text(fields, "ville"),
            department=_text(fields, "numerodepartement"), correction=correction, corrects=_number_before(before), line=line,
        )  # fmt: skip


def _number(fields: Fields) -> str:
    """The bulletin's number of a notice: its letter, its issue and its place in it."""
    given = _text(fields, "id")
    if given:
        return given
    issue = re.search(r"BODACC ([ABC]) n°(\d{8})", _text(fields, "sousTitre"))
    letter, parution = issue.groups() if issue else (_text(fields, "publicationavis"), _text(fields, "parution"))
    return f"{letter}{parution}{_text(fields, 'numeroannonce', 'numeroAnnonce')}"


def _number_before(before: Fields) -> str:
    """The number of the notice that this one corrects."""
    letter = re.search(r"\b([ABC])$", _text(before, "nomPublication").upper())
    issue, place = _text(before, "numeroParution"), _text(before, "numeroAnnonce")
    return f"{letter[1] if letter else 'A'}{issue}{place}" if issue and place else ""


def _people(fields: Fields) -> list[tuple[str, str]]:
    """The companies that a notice names: number and name, each once."""
    found: dict[str, str] = {}
    people = _inside(fields, "listepersonnes").get("personne", [])
    for person in people if isinstance(people, list) else [people]:
        if not isinstance(person, dict):
            continue
        number = person.get("numeroImmatriculation")
        siren = _siren(_text(number, "numeroIdentification") if isinstance(number, dict) else "")
        name = _text(person, "denomination") or f"{_text(person, 'prenom')} {_text(person, 'nom')}".strip()
        if siren:
            found.setdefault(siren, name)
    registered = fields.get("registre")
    for text in registered if isinstance(registered, list) else str(registered or "").split(","):
        if siren := _siren(str(text)):
            found.setdefault(siren, "")
    return list(found.items())


def _siren(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return digits if len(digits) == 9 else ""


def _inside(fields: Fields, name: str) -> Fields:
    """A part that the open data gives as JSON within a string, or as it is."""
    value = fields.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


def _text(fields: Fields, *names: str) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _day(text: str) -> date | None:
    try:
        return day(text, "DMY") if text else None
    except ValueError:
        return None


def _read_list(text: str, reading: Reading) -> None:
    """A list of judgments with the columns RCS, DATE and NATURE."""
    first = text.partition("\n")[0]
    reading.separator = max(",;\t|", key=first.count)
    csv.field_size_limit(len(text) + 1)
    for line, row in enumerate(csv.DictReader(io.StringIO(text, newline=None), delimiter=reading.separator), start=2):
        cells = {
            (name or "").strip().casefold(): (value or "") for name, value in row.items() if isinstance(value, str)
        }
        published, siren = _day(cells.get("date", "")), _siren(cells.get("rcs", ""))
        if published is None:
            reading.errors.append(row_error("bodacc.date", line, "DATE"))
            continue
        nature = nature_of(cells.get("nature", ""))
        number = f"{siren}/{published.isoformat()}/{nature.kind}"
        reading.notices.append(
            NoticeRow(
                number, siren, "", nature.kind, nature.procedure, cells.get("nature", ""), published, text=cells.get("nature", ""),
                line=line,
            )
        )  # fmt: skip
    if reading.notices:
        reading.warnings.append(row_error("bodacc.which_day"))
