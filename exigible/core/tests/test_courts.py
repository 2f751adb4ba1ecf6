"""The courts of a postcode: the department it stands for, and every court over that department, named with its source."""

import csv

import pytest

from exigible.core.law.book import DATA, LawError, law_book
from exigible.core.law.courts import Court, courts, department_of

BOOK = law_book("FR")
MAINLAND = [f"{number:02d}" for number in range(1, 96) if number != 20] + ["2A", "2B"]
OVERSEAS_DEPARTMENTS = ["971", "972", "973", "974", "976"]


def told(postcode: str, *kinds: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(court.kind, court.places) for court in courts(BOOK, kinds, department_of(postcode))]


@pytest.mark.parametrize(
    ("postcode", "department"),
    [
        ("38000", "38"),
        ("01 000", "01"),
        ("20090", "2A"),
        ("20137", "2A"),
        ("20200", "2B"),
        ("20620", "2B"),
        ("97400", "974"),
        ("97150", "978"),
        ("98800", "988"),
        ("", ""),
    ],
)
def test_a_postcode_stands_for_its_department(postcode: str, department: str) -> None:
    assert department_of(postcode) == department


@pytest.mark.parametrize("postcode", ["7501", "750111", "2A004", "Paris"])
def test_what_is_not_a_postcode_is_refused_with_a_sentence(postcode: str) -> None:
    with pytest.raises(LawError, match=f"'{postcode}' is not a French postcode"):
        department_of(postcode)


def test_several_courts_of_a_department_are_all_named() -> None:
    assert told("38000", "commercial", "judicial") == [
        ("commercial", ("Grenoble", "Vienne")),
        ("judicial", ("Bourgoin-Jallieu", "Grenoble", "Vienne")),
    ]


def test_the_only_court_of_a_department_is_the_one_candidate_with_its_source() -> None:
    (court,) = courts(BOOK, ("administrative",), "31")
    assert court.places == ("Toulouse",)
    assert (court.source, str(court.as_of)) == ("CJA art. R221-3", "2024-04-18")


@pytest.mark.parametrize(
    ("postcode", "expected"),
    [
        ("75011", [("economic_activities", ("Paris",))]),
        ("67000", [("commercial_chamber", ("Colmar", "Saverne", "Strasbourg"))]),
        ("97400", [("mixed_commercial", ("Saint-Denis", "Saint-Pierre"))]),
        ("76600", [("commercial", ("Dieppe", "Rouen")), ("economic_activities", ("Le Havre",))]),
        ("25000", [("commercial", ("Belfort", "Besançon"))]),
    ],
)
def test_the_commercial_court_bears_the_name_it_has_there(
    postcode: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert told(postcode, "commercial") == expected


def test_without_a_postcode_the_court_is_named_and_its_place_is_not() -> None:
    assert courts(BOOK, ("commercial",), "") == (Court("commercial", "Tribunal de commerce", (), "", None),)


def test_a_department_without_proximity_chambers_has_none() -> None:
    assert told("75011", "judicial", "proximity") == [("judicial", ("Paris",))]
    assert ("proximity", ("Villeurbanne",)) in told("69003", "judicial", "proximity")


@pytest.mark.parametrize("department", [*MAINLAND, *OVERSEAS_DEPARTMENTS])
def test_every_department_has_its_commercial_judicial_and_administrative_court(department: str) -> None:
    for kind in ("commercial", "judicial", "administrative"):
        assert all(court.places and court.source for court in courts(BOOK, (kind,), department))


def test_the_seats_are_as_many_as_the_codes_have() -> None:
    with (DATA / "fr" / "courts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    seats = {(row["kind"], row["place"]) for row in rows}
    commercial = {place for kind, place in seats if kind in ("commercial", "economic_activities")}
    assert len(commercial) == 134
    assert sum(kind == "economic_activities" for kind, _ in seats) == 12
    assert sum(kind == "judicial" for kind, _ in seats) == 164
    assert len(rows) == len({tuple(row.values()) for row in rows})
