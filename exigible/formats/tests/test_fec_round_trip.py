"""Any ledger, written in any way, reads back to each customer's balance; no allocation exceeds its items."""

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from exigible.formats.control import BookItem, compare, file_balance
from exigible.formats.fec import read_fec
from exigible.formats.tests.ledgers import Line, fec, opening, payment, sale, transfer

CUSTOMERS = st.sampled_from(["DURAND", "MARTIN", "PETIT", "0042"])
AMOUNTS = st.integers(-500_000, 500_000).filter(bool) | st.sampled_from([10_000, -10_000, 1])
DAYS = st.dates(date(2025, 1, 1), date(2025, 12, 31)).map(lambda day: day.strftime("%Y%m%d"))
MARKS = st.fixed_dictionaries(
    {"letter": st.sampled_from(["", "", "A", "B", "a"]), "lettered": st.sampled_from(["", "20250630"])}
)


@st.composite
def entries(draw: st.DrawFn) -> list[Line]:
    """A year of entries, of every kind, with letters that may or may not balance."""
    lines: list[Line] = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        write = draw(st.sampled_from([sale, payment, opening]))
        customer, amount, day = draw(CUSTOMERS), draw(AMOUNTS), draw(DAYS)
        if draw(st.booleans()):
            lines += write(number, customer, amount, day, **draw(MARKS))
        else:
            lines += transfer(number, customer, amount, day=day)
    return lines


@settings(max_examples=120, deadline=None)
@given(
    entries(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15", "mac-roman", "cp850"]),
    st.sampled_from("\t|;"),
    st.sampled_from(",."),
    st.booleans(),
    st.booleans(),
)
def test_a_ledger_reads_back_to_its_balances(
    lines: list[Line], encoding: str, separator: str, decimal: str, signed: bool, padded: bool
) -> None:
    data = fec(lines, encoding, separator, decimal, signed=signed, padded=padded)
    reading = read_fec(data)
    assert reading.refusal is None
    assert not reading.errors
    rows = reading.items
    expected = Counter[str]()
    for line in lines:
        if line.account.startswith("411"):
            expected[line.customer] += line.debit - line.credit
    found = Counter[str]()
    for row in rows:
        found[row.customer_key] += row.signed_minor
    assert dict(found) == dict(expected)
    assert compare(file_balance(data), [BookItem(row.customer_key, row.signed_minor, row.line) for row in rows]) == []


@settings(max_examples=120, deadline=None)
@given(entries())
def test_no_allocation_exceeds_its_claim_or_its_credit(lines: list[Line]) -> None:
    reading = read_fec(fec(lines))
    claims = {row.source_key: row for row in reading.invoices if row.kind != "credit_note"}
    credits = {row.source_key: row for row in reading.items if row.signed_minor < 0}
    assert len(claims) + len(credits) == len(reading.invoices) + len(reading.payments)
    used = Counter[str]()
    for each in reading.allocations:
        assert each.amount_minor > 0
        assert claims[each.source_key_invoice].customer_key == credits[each.source_key_credit].customer_key
        used[each.source_key_invoice] += each.amount_minor
        used[each.source_key_credit] += each.amount_minor
    for key, row in {**claims, **credits}.items():
        assert used[key] <= abs(row.signed_minor)
