"""Whether a promise to pay was kept, and how far a debtor's promises can be relied upon."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from exigible.core.money import minor_digits

KEPT, PARTLY, BROKEN = "kept", "partly", "broken"
KEPT_SHARE, PARTLY_SHARE = Fraction(98, 100), Fraction(20, 100)
NEARLY_UNITS = 5


class Reliability(NamedTuple):
    """Promises of a debtor whose time has passed: how many of each, amounts promised and received in minor units."""

    kept: int
    partly: int
    broken: int
    promised_minor: int
    received_minor: int

    @property
    def counted(self) -> int:
        """How many promises count."""
        return self.kept + self.partly + self.broken


def is_kept(promised_minor: int, received_minor: int, currency: str) -> bool:
    """Whether what came keeps a promise: 98 % of it, or all but five units of money (both in minor units)."""
    nearly = NEARLY_UNITS * 10 ** minor_digits(currency)
    is_all_but_little = received_minor > 0 and promised_minor - received_minor <= nearly
    return is_all_but_little or received_minor >= KEPT_SHARE * promised_minor


def verdict(promised_minor: int, received_minor: int, currency: str) -> str:
    """What became of a promise once its day and grace have passed: kept, partly (20 % or more) or broken."""
    if is_kept(promised_minor, received_minor, currency):
        return KEPT
    return PARTLY if received_minor >= PARTLY_SHARE * promised_minor else BROKEN


def reliability(settled: Iterable[tuple[str, int, int]]) -> Reliability:
    """Add up settled promises: (what became of it, promised, received in minor units); one put off or withdrawn is left out."""
    rows = [row for row in settled if row[0] in (KEPT, PARTLY, BROKEN)]
    count = {name: sum(1 for row in rows if row[0] == name) for name in (KEPT, PARTLY, BROKEN)}
    promised, received = sum(row[1] for row in rows), sum(min(row[1], row[2]) for row in rows)
    return Reliability(count[KEPT], count[PARTLY], count[BROKEN], promised, received)
