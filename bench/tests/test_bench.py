"""The synthetic books hold what the measurements rely on."""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from bench.fec import write_fec
from bench.world import tables, world

TODAY = date(2026, 11, 20)


def test_the_share_of_customers_due_today_is_exact() -> None:
    people, invoices = tables(1_000, due_share=0.013, today=TODAY)
    due = {customer.code for customer in people if customer.is_due}
    assert len(due) == 13
    assert len(invoices) == 5_000
    assert {invoice.customer for invoice in invoices if invoice.due == TODAY - timedelta(days=3)} == due
    assert all((customer.next_look_on == TODAY) == customer.is_due for customer in people)


def test_those_not_due_are_too_early_for_any_reminder() -> None:
    for customer, invoices in world(500, today=TODAY):
        if not customer.is_due:
            days = {(invoice.due - TODAY).days for invoice in invoices}
            assert all(-3 < day < 0 or day > 5 for day in days)
            assert customer.next_look_on > TODAY


def test_the_same_seed_gives_the_same_world() -> None:
    assert list(world(50, today=TODAY, seed=3)) == list(world(50, today=TODAY, seed=3))
    assert list(world(50, today=TODAY, seed=3)) != list(world(50, today=TODAY, seed=4))


def test_a_large_fec_balances_entry_by_entry_and_letter_by_letter(tmp_path: Path) -> None:
    written = write_fec(tmp_path / "large.txt", 5_001, customers=40)
    rows = [line.split("\t") for line in (tmp_path / "large.txt").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == written + 1
    assert {len(row) for row in rows} == {18}
    entries: dict[str, int] = defaultdict(int)
    groups: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows[1:]:
        amount = int(row[11].replace(",", "")) - int(row[12].replace(",", ""))
        entries[row[2]] += amount
        if row[13]:
            groups[row[6], row[13]] += amount
    assert set(entries.values()) == {0}
    assert set(groups.values()) == {0}
    assert len(groups) > 900
