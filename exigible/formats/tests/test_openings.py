"""A second fiscal year creates no duplicate of what the first left open."""

import pytest

from exigible.formats.fec import read_fec
from exigible.formats.openings import KnownItem, carry_over, opening_matches
from exigible.formats.rows import Reading
from exigible.formats.tests.ledgers import SAMPLES, Line, fec, opening, payment, sale

needs_samples = pytest.mark.skipif(not (SAMPLES / "fec").exists(), reason="EXIGIBLE_SAMPLES holds no FEC")


def known(reading: Reading) -> list[KnownItem]:
    """What a reading leaves open."""
    left = {row.source_key: abs(row.signed_minor) for row in reading.items}
    for each in reading.allocations:
        left[each.source_key_invoice] -= each.amount_minor
        left[each.source_key_credit] -= each.amount_minor
    return [
        KnownItem(
            row.source_key,
            row.customer_key,
            left[row.source_key] * (1 if row.signed_minor > 0 else -1),
            row.number,
            row.issued,
        )
        for row in reading.invoices
        if left[row.source_key]
    ] + [
        KnownItem(row.source_key, row.customer_key, -left[row.source_key], row.reference, row.received)
        for row in reading.payments
        if left[row.source_key]
    ]


def rows(*entries: list[Line]) -> Reading:
    """The reading of these entries."""
    return read_fec(fec([line for entry in entries for line in entry]))


@needs_samples
def test_the_second_year_of_a_real_ledger_brings_forward_what_the_first_left() -> None:
    first = read_fec((SAMPLES / "fec" / "tryton/FEC-previous.csv").read_bytes())
    second = read_fec((SAMPLES / "fec" / "tryton/FEC.csv").read_bytes())
    matches = opening_matches(known(first), second.items)
    (opened,) = [row for row in second.invoices if row.is_opening]
    assert [item.source_key for item in matches.known[opened.source_key]] == [first.invoices[0].source_key]
    assert matches.new == ()


def test_number_then_day_then_amount_choose_among_equals() -> None:
    first = rows(sale(1, "DURAND", 500), sale(2, "DURAND", 500, "20250111"), sale(3, "DURAND", 500, "20250112"))
    second = rows(opening(1, "DURAND", 500, "20260101", piece="FA0003"), opening(2, "DURAND", 500, "20250111"))
    matches = opening_matches(known(first), second.invoices)
    assert [matches.known[row.source_key][0].number for row in second.invoices] == ["FA0003", "FA0002"]


def test_one_line_may_bring_forward_many_items() -> None:
    first = rows(sale(1, "DURAND", 500), sale(2, "DURAND", 300), payment(3, "DURAND", 1000, letter="Z"))
    first.allocations.clear()
    second = rows(opening(1, "DURAND", -200, "20260101"))
    matches = opening_matches(known(first), second.payments)
    assert len(matches.known[second.payments[0].source_key]) == 3


def test_what_no_item_explains_is_an_opening_item() -> None:
    first = rows(sale(1, "DURAND", 500))
    second = rows(opening(1, "DURAND", 650, "20260101"), opening(2, "MARTIN", 500, "20260101"))
    matches = opening_matches(known(first), second.invoices)
    assert matches.known == {}
    assert matches.new == tuple(second.invoices)


def test_payments_of_the_second_year_settle_the_items_of_the_first() -> None:
    first = rows(sale(1, "DURAND", 500), sale(2, "DURAND", 300))
    second = rows(opening(1, "DURAND", 800, "20260101", letter="A"), payment(2, "DURAND", 600, "20260115", letter="A"))
    matches = opening_matches(known(first), second.invoices)
    moved = carry_over(second.allocations, matches.known)
    assert [(each.source_key_invoice, each.amount_minor) for each in moved] == [
        (first.invoices[0].source_key, 500),
        (first.invoices[1].source_key, 100),
    ]
