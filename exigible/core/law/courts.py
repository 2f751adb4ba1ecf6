"""The courts of a place: each kind of court that has jurisdiction over a department, with the text that says so."""

import csv
import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from exigible.core.law.book import DATA, LawBook, LawError

_FRENCH_POSTCODE = re.compile(r"[0-9]{5}")
_CORSICAN = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}
_OVERSEAS = ("97", "98")
_APART = {"97133": "977", "97150": "978"}  # Saint-Barthélemy and Saint-Martin keep Guadeloupe's postcodes
COLLECTIVITIES = ("975", "986", "987", "988")  # where civil procedure is in part a local matter


class Court(NamedTuple):
    """A court that may hear the claim: one place when the department has one, every candidate when it has several.

    No place, no source and no date mean that the place is still to be established: no postcode, or a debtor abroad.
    """

    kind: str
    name: str
    places: tuple[str, ...]
    source: str
    as_of: date | None


class Seat(NamedTuple):
    """One line of courts.csv: a court that sits in `place` and has jurisdiction over all or part of a department."""

    department: str
    kind: str
    place: str
    source: str
    as_of: date


def department_of(postcode: str) -> str:
    """The French department of a postcode ("38" of 38000, "2A" of 20090, "974" of 97400); "" for an empty one.

    A few communes are served from a neighbouring department's post office: what follows from a postcode alone is to be
    checked against the commune. LawError when it is not five digits.
    """
    bare = postcode.strip().replace(" ", "")
    if not bare:
        return ""
    if not _FRENCH_POSTCODE.fullmatch(bare):
        raise LawError(f"'{postcode}' is not a French postcode: write its five digits, like 75011.")
    if bare in _APART:
        return _APART[bare]
    if bare[:3] in _CORSICAN:
        return _CORSICAN[bare[:3]]
    return bare[:3] if bare.startswith(_OVERSEAS) else bare[:2]


def courts(book: LawBook, kinds: tuple[str, ...], department: str) -> tuple[Court, ...]:
    """The courts of these kinds over a department ("" for an unknown one), in the order of the kinds.

    A kind may be borne under another name there (tribunal des activités économiques, commercial chamber of the
    tribunal judiciaire); a department without proximity chambers has none.
    """
    found: list[Court] = []
    for kind in kinds:
        seats = _seats(book.country).get((department, kind), ())
        borne = dict.fromkeys(seat.kind for seat in seats)
        for name in borne:
            of_that_name = [seat for seat in seats if seat.kind == name]
            first = of_that_name[0]
            places = tuple(dict.fromkeys(seat.place for seat in of_that_name))
            found.append(Court(name, NAMES[name], places, first.source, first.as_of))
        if not borne and (kind != "proximity" or not department):
            found.append(Court(kind, NAMES[kind], (), "", None))
    return tuple(found)


# The names courts bear in French acts, whatever the language of the screen; a kind's family says what it is competent for.
NAMES = {
    "commercial": "Tribunal de commerce",
    "economic_activities": "Tribunal des activités économiques",
    "commercial_chamber": "Tribunal judiciaire, chambre commerciale",
    "mixed_commercial": "Tribunal mixte de commerce",
    "judicial": "Tribunal judiciaire",
    "proximity": "Chambre de proximité du tribunal judiciaire",
    "first_instance": "Tribunal de première instance",
    "administrative": "Tribunal administratif",
}
FAMILY = {
    "economic_activities": "commercial",
    "commercial_chamber": "commercial",
    "mixed_commercial": "commercial",
    "first_instance": "judicial",
}


@lru_cache(maxsize=8)
def _seats(country: str) -> dict[tuple[str, str], tuple[Seat, ...]]:
    """courts.csv by department and family of court; empty for a country without the file."""
    path = DATA / country.lower() / "courts.csv"
    if not path.is_file():
        return {}
    seats: dict[tuple[str, str], list[Seat]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                seat = Seat(
                    row["department"], row["kind"], row["place"], row["source"], date.fromisoformat(row["as_of"])
                )
            except (KeyError, TypeError, ValueError) as fault:
                raise LawError(
                    f"{path.name}, line {line}: a row is department, kind, place, source and as_of."
                ) from fault
            if seat.kind not in NAMES or not seat.place or not seat.source:
                raise LawError(
                    f"{path.name}, line {line}: the kind is one of {', '.join(NAMES)}, with place and source."
                )
            seats.setdefault((seat.department, FAMILY.get(seat.kind, seat.kind)), []).append(seat)
    return {key: tuple(found) for key, found in seats.items()}
