"""Statuses count at their own time, in whatever order they come: what they prove, and why an invoice waits."""

from datetime import date, datetime
from itertools import permutations

import pytest

from exigible.core.law.lifecycle import Lifecycle, Outcome, Told, lifecycle, outcome

NOVEMBER = 11


def book() -> Lifecycle:
    """The French statuses."""
    found = lifecycle("FR")
    assert found is not None
    return found


def after(*codes: int, reason_code: str = "") -> Outcome:
    """What codes say, given one a day from the second of November."""
    told = [
        Told(str(place), code, datetime(2026, NOVEMBER, place, 9), reason_code) for place, code in enumerate(codes, 2)
    ]
    return outcome(book(), told)


def reasons(found: Outcome) -> list[str]:
    """Why the invoice waits."""
    return [each.reason.name for each in found.blocking]


@pytest.mark.parametrize(
    ("codes", "waits_for"),
    [
        ((200, 202, 203), []),
        ((203, 207), ["disputed"]),
        ((203, 207, 205), []),
        ((203, 208), ["suspended"]),
        ((203, 208, 209), []),
        ((203, 208, 207, 209), ["disputed"]),
        ((203, 210), ["refused"]),
        ((203, 206), ["partial"]),
        ((200, 213), ["rejected"]),
        ((200, 213, 200, 203), []),
        ((200, 221), ["misrouted"]),
        ((203, 220), ["cancelled"]),
        ((203, 225, 205), ["factored"]),
        ((203, 224), ["direct_payment"]),
        ((203, 211), ["payment_sent"]),
        ((203, 211, 212), []),
        ((203, 226), []),
    ],
)
def test_a_status_stops_an_invoice_until_another_lifts_it(codes: tuple[int, ...], waits_for: list[str]) -> None:
    assert reasons(after(*codes)) == waits_for


def test_the_order_of_arrival_changes_nothing() -> None:
    told = [
        Told(str(code), code, datetime(2026, NOVEMBER, day)) for code, day in ((200, 2), (208, 4), (209, 5), (210, 9))
    ]
    assert all(outcome(book(), some) == outcome(book(), told) for some in permutations(told))


def test_of_one_day_without_hours_the_life_of_an_invoice_gives_the_order() -> None:
    told = [Told(str(code), code, datetime(2026, NOVEMBER, 2)) for code in (209, 203, 208)]
    assert reasons(outcome(book(), told)) == []


def test_receipt_is_dated_by_the_invoice_made_available_else_by_the_earliest_sign_of_it() -> None:
    assert after(200, 202, 203).receipt.code == 203
    assert after(200, 205, 207).receipt.code == 205
    assert after(200, 201).receipt is None
    assert after(200, 201).deposit.code == 200


def test_a_payment_said_to_be_sent_stops_an_invoice_for_five_working_days() -> None:
    (waiting,) = outcome(book(), [Told("a", 211, datetime(2026, NOVEMBER, 6, 17))]).blocking
    assert waiting.until == date(2026, NOVEMBER, 16)  # a Friday, and the 11th is a holiday


def test_deposited_without_an_address_of_the_buyer_is_not_received() -> None:
    assert reasons(after(200, reason_code="non_transmise")) == ["not_sent"]


def test_every_reason_says_in_both_languages_what_it_is_and_what_to_do() -> None:
    for reason in book().reasons.values():
        assert reason.hold in ("disputed", "refused", "not_yet", "paused")
        assert all(reason.words[language] and reason.act[language] for language in ("fr", "en"))
