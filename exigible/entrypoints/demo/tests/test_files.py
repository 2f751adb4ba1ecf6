"""The committed files are what make.py makes, and they are two sound years of a ledger."""

from datetime import date
from pathlib import Path

import pytest
from schwifty import IBAN
from stdnum.fr import siren

from exigible.entrypoints.demo.figures import figures
from exigible.entrypoints.demo.make import SEED, main
from exigible.entrypoints.demo.people import CREDITOR_IBAN, CREDITOR_SIREN
from exigible.entrypoints.demo.tests.ledger_files import FOLDER, UNTIL, balances, current_year, previous_year, signed
from exigible.entrypoints.demo.world import build_world

NAMES = [
    "000100008FEC20251231.txt",
    "000100008FEC20261120.txt",
    "customers.csv",
    "foreign-invoices.csv",
    "releve-20261120.txt",
    "reminders.csv",
]
YEARS = [previous_year(), current_year()]


def test_making_the_files_again_gives_the_committed_bytes(tmp_path: Path) -> None:
    main([str(tmp_path)])
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMES
    for name in NAMES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_another_seed_gives_another_ledger(tmp_path: Path) -> None:
    main([str(tmp_path), "--seed", "8"])
    assert (tmp_path / NAMES[1]).read_bytes() != (FOLDER / NAMES[1]).read_bytes()


def test_the_last_day_names_the_provisional_file_and_bounds_its_entries(tmp_path: Path) -> None:
    main([str(tmp_path), "--until", "2027-03-31"])
    lines = (tmp_path / "000100008FEC20270331.txt").read_text(encoding="utf-8").splitlines()[1:]
    assert max(line.split("\t")[3] for line in lines) <= "20270331"
    assert (tmp_path / "000100008FEC20261231.txt").exists()


def test_a_last_day_too_early_in_the_year_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="choose a day from 1 March on"):
        main([str(tmp_path), "--until", "2026-01-15"])


@pytest.mark.parametrize("rows", YEARS)
def test_every_entry_balances_and_entries_are_numbered_without_a_gap(rows: list[dict[str, str]]) -> None:
    totals = balances(rows, "EcritureNum")
    assert set(totals.values()) == {0}
    assert [int(number) for (number,) in totals] == list(range(1, len(totals) + 1))


@pytest.mark.parametrize("rows", YEARS)
def test_every_line_has_eighteen_columns_and_one_positive_side(rows: list[dict[str, str]]) -> None:
    for row in rows:
        assert len(row) == 18
        assert None not in row.values()
        assert (row["Debit"] == "0,00") != (row["Credit"] == "0,00"), row


@pytest.mark.parametrize("rows", YEARS)
def test_lettering_in_capitals_balances_and_in_lower_case_does_not(rows: list[dict[str, str]]) -> None:
    lettered = [row for row in rows if row["EcritureLet"]]
    for key, total in balances(lettered, "CompteNum", "CompAuxNum", "EcritureLet").items():
        assert (total == 0) == key[2].isupper(), key
    assert all(row["DateLet"] for row in lettered)


def test_the_opening_entry_carries_the_closing_balances() -> None:
    closing = {key: total for key, total in balances(previous_year(), "CompteNum", "CompAuxNum").items() if total}
    opening = balances([row for row in current_year() if row["JournalCode"] == "AN"], "CompteNum", "CompAuxNum")
    for key, total in closing.items():
        if key[0] < "6" and key[0] not in ("110000", "120000"):
            assert opening[key] == total, key
    result = sum(total for key, total in closing.items() if key[0] >= "6")
    assert opening["120000", ""] == result
    assert opening["110000", ""] == closing["110000", ""] + closing["120000", ""]


def test_entries_of_the_month_that_runs_are_not_validated_yet() -> None:
    assert {bool(row["ValidDate"]) for row in current_year() if row["EcritureDate"] > "20261101"} == {False}
    assert all(row["ValidDate"] >= row["EcritureDate"] for row in previous_year())


def test_the_figures_of_the_world_are_those_of_its_files() -> None:
    found = figures(build_world(UNTIL, SEED))
    rows = [row for row in current_year() if row["CompteNum"] in ("411000", "416000")]
    assert found.customers == {code: total for (code,), total in balances(rows, "CompAuxNum").items() if total}
    assert sum(found.ageing.values()) + found.unallocated == sum(signed(row) for row in rows)
    assert found.accounts["411000"] + found.accounts["416000"] == sum(signed(row) for row in rows)


def test_the_size_of_the_book_is_that_of_a_small_firm() -> None:
    world = build_world(UNTIL, SEED)
    found = figures(world)
    invoices = [sale for sale in world.sales if sale.net > 0]
    overdue = [item for item in found.open_invoices if item.due < UNTIL]
    assert len(world.customers) == 60
    assert 900 <= len(invoices) <= 1400
    assert 8_000 <= min(sale.total for sale in invoices) <= 10_000
    assert max(sale.total for sale in invoices) == 6_000_000
    assert 120 <= len(found.open_invoices) <= 200
    assert 0.4 <= len(overdue) / len(found.open_invoices) <= 0.6
    assert 13 <= found.average_days_late <= 18
    assert min(found.ageing.values()) > 1_000_000


def test_the_creditor_has_numbers_that_pass_their_checks() -> None:
    assert siren.is_valid(CREDITOR_SIREN)
    assert IBAN(CREDITOR_IBAN).is_valid


def test_a_year_ends_where_its_file_says() -> None:
    days = [{row["EcritureDate"] for row in rows} for rows in YEARS]
    assert min(days[0]) == "20250101"
    assert max(days[0]) == "20251231"
    assert date.fromisoformat(max(days[1])) == UNTIL
