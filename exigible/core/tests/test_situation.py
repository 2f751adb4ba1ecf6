"""What a case comes to on a day."""

from datetime import timedelta

from exigible.core.plan import InvoiceFacts
from exigible.core.situation import Situation, situation
from exigible.core.tests.plans_for_tests import TODAY, invoice


def at(*invoices: InvoiceFacts, charge: bool = False, hold: bool = False) -> Situation:
    return situation(invoices, charge, hold, "EUR", TODAY)


def test_nothing_unpaid_leaves_no_reason_to_be_open() -> None:
    assert at() == Situation((), "EUR", 0, 0, 0, None, None)


def test_late_from_the_day_after_the_due_day() -> None:
    assert at(invoice(late=0)).reasons == ()
    assert at(invoice(late=1)).reasons == ("overdue",)


def test_it_says_when_it_will_change_by_itself() -> None:
    found = at(invoice(1, late=3), invoice(2, late=0), invoice(3, late=-9))
    assert found.changes_on == TODAY + timedelta(days=1)
    assert at(invoice(late=3)).changes_on is None


def test_sums_count_what_is_open_each_once() -> None:
    found = at(invoice(1, late=3, open=700), invoice(2, late=9, open=30), invoice(3, late=-2, open=4_000))
    assert (found.open_minor, found.overdue_minor, found.overdue_count, found.oldest_due) == (
        4_730, 730, 2, TODAY - timedelta(days=9),
    )  # fmt: skip


def test_a_held_debt_is_still_late() -> None:
    assert at(invoice(late=3, held=10_000)).reasons == ("overdue",)


def test_an_invoice_of_which_nothing_is_open_is_no_reason() -> None:
    assert at(invoice(late=3, open=0, total=0)).reasons == ()


def test_the_currency_is_the_one_in_which_most_is_late_and_sums_never_mix() -> None:
    found = at(
        invoice(1, late=3, open=500), invoice(2, late=3, open=900, currency="USD"), invoice(3, late=-3, open=9_000)
    )
    assert (found.currency, found.overdue_minor, found.open_minor) == ("USD", 900, 900)


def test_a_preventive_step_on_an_unpaid_invoice_opens_the_case() -> None:
    assert at(invoice(late=-4)).reasons == ()
    assert at(invoice(late=-4, last_step="preventive")).reasons == ("preventive",)


def test_a_claimed_charge_and_a_lasting_hold_keep_it_open() -> None:
    assert at(charge=True).reasons == ("charge",)
    assert at(hold=True).reasons == ("hold",)


def test_without_a_due_date_a_debt_is_open_and_never_late() -> None:
    found = at(invoice(due=None))
    assert (found.reasons, found.open_minor, found.changes_on) == ((), 10_000, None)
