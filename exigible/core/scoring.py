"""payer_score: how a customer pays, from amount-weighted delays in which open invoices count."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

FEWEST_INVOICES = 3
PRIOR_DAYS = 10
PRIOR_WEIGHT = 2
SHRUNK_BELOW = 8
GOOD_UP_TO_DAYS = 3
CHRONIC_FROM_DAYS = 20


class Billed(NamedTuple):
    """One invoice of a customer: minor units, its due date and the day it was settled, None while it is open."""

    total_minor: int
    due: date
    settled: date | None


class Score(NamedTuple):
    """The segment (new, good, ordinary, chronic), the usual delay in whole days and the invoices it rests on."""

    segment: str
    usual_delay_days: int | None
    invoices: int


def weighted_delay(invoices: Sequence[Billed], today: date) -> Fraction | None:
    """Return the amount-weighted delay in days (kpi.md): early payments count as negative, open and late ones as of today.

    An invoice that is not yet due says nothing. None when no amount counts.
    """
    weight = delay = 0
    for invoice in invoices:
        if invoice.settled is None and invoice.due >= today:
            continue
        weight += invoice.total_minor
        delay += invoice.total_minor * ((invoice.settled or today) - invoice.due).days
    return Fraction(delay, weight) if weight else None


def payer_score(invoices: Sequence[Billed], today: date) -> Score:
    """Return how a customer pays. Few settled invoices make it new; below eight, the delay is drawn towards the usual one."""
    settled = sum(invoice.settled is not None for invoice in invoices)
    delay = weighted_delay(invoices, today)
    usual = round(delay) if delay is not None and settled else None
    if settled < FEWEST_INVOICES or delay is None:
        return Score("new", usual, settled)
    if settled < SHRUNK_BELOW:
        delay = (delay * settled + PRIOR_DAYS * PRIOR_WEIGHT) / (settled + PRIOR_WEIGHT)
    segment = "good" if delay <= GOOD_UP_TO_DAYS else "chronic" if delay >= CHRONIC_FROM_DAYS else "ordinary"
    return Score(segment, usual, settled)
