"""How a customer pays."""

from datetime import date, timedelta

from exigible.core.scoring import Billed, payer_score, weighted_delay

TODAY = date(2026, 11, 24)


def paid(amount: int, days_late: int) -> Billed:
    due = TODAY - timedelta(days=100)
    return Billed(amount, due, due + timedelta(days=days_late))


def test_open_invoices_count_in_the_delay() -> None:
    late = Billed(214, TODAY - timedelta(days=10), None)
    delay = weighted_delay([paid(140, 7), paid(85, 55), late], TODAY)
    assert delay is not None
    assert round(float(delay), 2) == 17.76
    without = weighted_delay([paid(140, 7), paid(85, 55)], TODAY)
    assert without is not None
    assert round(float(without), 2) == 25.13


def test_an_invoice_not_yet_due_says_nothing() -> None:
    assert weighted_delay([Billed(100, TODAY, None)], TODAY) is None


def test_two_payments_make_no_profile() -> None:
    assert payer_score([paid(100, 0), paid(100, 0)], TODAY).segment == "new"


def test_profiles_follow_the_delay() -> None:
    assert payer_score([paid(100, 0)] * 10, TODAY).segment == "good"
    assert payer_score([paid(100, 9)] * 10, TODAY).segment == "ordinary"
    assert payer_score([paid(100, 32)] * 10, TODAY).segment == "chronic"


def test_three_bad_payments_are_not_yet_chronic() -> None:
    assert payer_score([paid(100, 24)] * 3, TODAY).segment == "ordinary"
