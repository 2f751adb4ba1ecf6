"""The tax inside a debt that is definitively lost, as the corrective copy of the invoice must state it."""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from exigible.core.money import round_half_up


class LostVat(NamedTuple):
    """What stays unpaid, in minor units: its net price and the tax that may be recovered; their sum is the unpaid."""

    net_minor: int
    vat_minor: int


def lost_vat(unpaid_minor: int, rate: Decimal) -> LostVat:
    """Split what stays unpaid of an invoice of one rate, in percent: a payment settled net and tax alike (CGI art. 272)."""
    assert unpaid_minor >= 0
    assert rate >= 0
    share = Fraction(rate) / (100 + Fraction(rate))
    vat = round_half_up(unpaid_minor * share.numerator, share.denominator)
    return LostVat(unpaid_minor - vat, vat)
