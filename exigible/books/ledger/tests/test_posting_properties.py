"""Whatever two years hold, and in whatever order and however often they are exported, the books agree with the ledger."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exigible.books.ledger.control import control_posting
from exigible.books.ledger.models import Allocation, Customer, Invoice, Payment, Posting
from exigible.books.ledger.posting_period import with_days
from exigible.books.ledger.posting_undo import undo_posting
from exigible.books.ledger.queries import invoice_balance, payment_remainder
from exigible.books.ledger.tests.fec import TODAY, Ledger, changed, post
from exigible.books.ledger.tests.test_posting_undo import books
from exigible.formats import read
from exigible.testing import brasserie_nord, noon

START = date(2025, 1, 6)
CLOSE, HALF, END = date(2025, 12, 31), date(2026, 6, 30), date(2026, 12, 31)


class Deal(NamedTuple):
    """One invoice: when it was issued, how it was paid (day after, share in tenths), whether its payments were lettered."""

    customer: str
    cents: int
    day: date
    paid: tuple[tuple[int, int], ...]
    is_lettered: bool


deals = st.lists(
    st.builds(
        Deal,
        st.sampled_from(["C1", "C2", "C3"]),
        st.integers(10, 60).map(lambda tens: tens * 100),
        st.integers(0, 600).map(lambda days: START + timedelta(days=days)),
        st.lists(st.tuples(st.integers(0, 200), st.integers(1, 10)), max_size=2).map(tuple),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


class Entry(NamedTuple):
    """A customer line of the whole story; `group` is what the accountant would letter."""

    customer: str
    piece: str
    cents: int
    day: date
    group: int
    is_lettered: bool


def story(found: list[Deal]) -> list[Entry]:
    """Every line, in the order of time."""
    lines = []
    for rank, deal in enumerate(found):
        lines.append(Entry(deal.customer, f"F{rank}", deal.cents, deal.day, rank, deal.is_lettered))
        left = deal.cents
        for after, tenths in deal.paid:
            amount = min(left, deal.cents * tenths // 10)
            left -= amount
            if amount:
                day = deal.day + timedelta(days=after)
                lines.append(Entry(deal.customer, f"RLV{day:%Y%m}", -amount, day, rank, deal.is_lettered))
    return sorted(lines, key=lambda line: line.day)


def export(lines: list[Entry], year: int, until: date) -> bytes:
    """The file of a year until a day: what was not settled before is carried, whole; complete groups are lettered."""
    past = [line for line in lines if line.day.year < year]
    own = [line for line in lines if line.day.year == year and line.day <= until]
    shown = [*(line for line in past if group_sum(past, line.group) or not line.is_lettered), *own]
    ledger = Ledger(year)
    for line in shown:
        members = [each for each in shown if each.group == line.group]
        is_complete = line.is_lettered and not sum(each.cents for each in members)
        letter = f"L{line.group} {max(each.day for each in members)}" if is_complete else ""
        if line.day.year < year:
            ledger.opening(line.customer, line.piece, line.cents, line.day, letter)
        elif line.cents > 0:
            ledger.sale(line.customer, line.piece, line.cents, line.day, letter)
        else:
            ledger.bank(line.customer, -line.cents, line.day, letter)
    return ledger.bytes()


def group_sum(lines: list[Entry], group: int) -> int:
    return sum(line.cents for line in lines if line.group == group)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deals, st.permutations([0, 1, 2]))
def test_the_books_agree_with_every_export_in_any_order(found: list[Deal], order: list[int]) -> None:
    creditor = brasserie_nord(TODAY).creditor
    lines = [line for line in story(found) if line.day <= END]
    files = [export(lines, 2025, CLOSE), export(lines, 2026, HALF), export(lines, 2026, END)]
    if order.index(2) < order.index(1):
        order.remove(1)  # an older export of a year comes before the newer one
    for index in [index for index in order if files[index].count(b"\n") > 1]:
        report = post(creditor, files[index])
        assert not report.rejected
        found_control = control_posting(creditor, with_days(read(files[index], "fec.txt"), files[index]), files[index])
        assert found_control.agrees, (found_control.differences, found)
    check(creditor.pk)


def check(creditor_id: int) -> None:
    """Nothing is allocated beyond itself, and what is settled says so."""
    for invoice in Invoice.objects.filter(creditor_id=creditor_id):
        assert 0 <= invoice_balance(invoice) <= invoice.total_minor
        assert (invoice.settled_on is not None) == (invoice_balance(invoice) == 0)
    for payment in Payment.objects.filter(creditor_id=creditor_id):
        assert 0 <= payment_remainder(payment) <= payment.amount_minor
        assert (payment.exhausted_on is not None) == (payment_remainder(payment) == 0)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deals)
def test_two_years_hold_each_item_once_and_undo_exactly(found: list[Deal]) -> None:
    creditor = brasserie_nord(TODAY).creditor
    lines = [line for line in story(found) if line.day <= END]
    files = [export(lines, 2025, CLOSE), export(lines, 2026, END)]
    if any(body.count(b"\n") == 1 for body in files):
        return
    first = post(creditor, files[0])
    before = books(creditor)
    second = post(creditor, files[1])
    claims = sum(line.cents > 0 for line in lines)
    assert Invoice.objects.of(creditor).count() == claims
    assert Payment.objects.of(creditor).count() == len(lines) - claims
    assert [changed(post(creditor, body)) for body in (*files, *files)] == [0, 0, 0, 0]
    for posting in Posting.objects.of(creditor).filter(pk__gt=second.posting_id):
        undo_posting(posting, TODAY, at=noon(TODAY))
    undo_posting(Posting.objects.get(pk=second.posting_id), TODAY, at=noon(TODAY))
    assert books(creditor) == before
    undo_posting(Posting.objects.get(pk=first.posting_id), TODAY, at=noon(TODAY))
    assert not any(model.objects.of(creditor).exists() for model in (Customer, Invoice, Payment, Allocation))
