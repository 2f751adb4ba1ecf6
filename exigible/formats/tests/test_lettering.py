"""Which credit settled which claim, from the surest sign to the least sure."""

from exigible.formats.fec import read_fec
from exigible.formats.rows import Reading
from exigible.formats.tests.ledgers import Line, fec, payment, sale


def allocated(lines: list[Line]) -> list[tuple[str, str, int, str]]:
    """(reference of the credit, number of the claim, amount, basis) of each allocation."""
    reading: Reading = read_fec(fec(lines))
    names = {row.source_key: row.number for row in reading.invoices}
    names |= {row.source_key: row.reference for row in reading.payments}
    return [
        (names[each.source_key_credit], names[each.source_key_invoice], each.amount_minor, each.basis)
        for each in reading.allocations
    ]


def test_letters_settle_what_they_join_even_against_order_and_amount() -> None:
    lines = [*sale(1, "DURAND", 500), *sale(2, "DURAND", 500, letter="AA"), *payment(3, "DURAND", 500, letter="AA")]
    assert allocated(lines) == [("VIR3", "FA0002", 500, "lettering")]


def test_the_same_letters_of_two_customers_never_meet() -> None:
    lines = [*sale(1, "DURAND", 500, letter="A"), *payment(2, "MARTIN", 500, letter="A")]
    assert allocated(lines) == []


def test_letters_used_again_are_told_apart_by_their_day() -> None:
    first, second = {"letter": "A", "lettered": "20250131"}, {"letter": "A", "lettered": "20250630"}
    lines = [*sale(1, "DURAND", 500, **first), *payment(2, "DURAND", 500, **first)]
    lines += [*sale(3, "DURAND", 900, **second), *payment(4, "DURAND", 700, **second)]
    assert allocated(lines) == [("VIR2", "FA0001", 500, "lettering"), ("VIR4", "FA0003", 700, "lettering")]


def test_partial_letters_settle_as_far_as_they_go() -> None:
    lines = [
        *sale(1, "DURAND", 500, letter="a"),
        *sale(2, "DURAND", 400, letter="a"),
        *payment(3, "DURAND", 600, letter="a"),
    ]
    assert allocated(lines) == [("VIR3", "FA0001", 500, "lettering"), ("VIR3", "FA0002", 100, "lettering")]


def test_a_credit_note_settles_too() -> None:
    lines = [
        *sale(1, "DURAND", 500, letter="A"),
        *sale(2, "DURAND", -200, letter="A"),
        *payment(3, "DURAND", 300, letter="A"),
    ]
    assert sorted(allocated(lines)) == [("FA0002", "FA0001", 200, "lettering"), ("VIR3", "FA0001", 300, "lettering")]


def test_a_payment_that_names_its_invoice_settles_it() -> None:
    lines = [*sale(1, "DURAND", 500), *sale(2, "DURAND", 500), *payment(3, "DURAND", 500, label="VIR RECU FA-0002")]
    assert allocated(lines) == [("VIR3", "FA0002", 500, "reference")]
    both = [
        *sale(1, "DURAND", 500),
        *sale(2, "DURAND", 300),
        *payment(3, "DURAND", 800, label="FA0001/FA0002 FA0001 FA0002"),
    ]
    assert [each[1:] for each in allocated(both)] == [("FA0001", 500, "reference"), ("FA0002", 300, "reference")]


def test_an_amount_that_is_alone_settles_its_invoice() -> None:
    lines = [*sale(1, "DURAND", 500), *sale(2, "DURAND", 300), *payment(3, "DURAND", 300)]
    assert allocated(lines) == [("VIR3", "FA0002", 300, "exact_amount")]


def test_what_nothing_explains_goes_to_the_oldest_and_says_so() -> None:
    lines = [*sale(1, "DURAND", 500), *sale(2, "DURAND", 300), *payment(3, "DURAND", 600)]
    assert allocated(lines) == [("VIR3", "FA0001", 500, "oldest_first"), ("VIR3", "FA0002", 100, "oldest_first")]
    assert all(each.presumed for each in read_fec(fec(lines)).allocations)


def test_a_bounced_payment_leaves_the_invoice_owed() -> None:
    lines = [*sale(1, "DURAND", 500, letter="A"), *payment(2, "DURAND", 500, letter="A"), *payment(3, "DURAND", -500)]
    reading = read_fec(fec(lines))
    assert [row.origin for row in reading.invoices] == ["sale", "refund"]
    assert sum(row.signed_minor for row in reading.items) == 500
    assert len(reading.allocations) == 1
