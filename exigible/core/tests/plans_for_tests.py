"""A policy, invoices and cases as records, for the tests of the strategy: each test says only what differs."""

from datetime import date, timedelta

from exigible.core.guard import Limits
from exigible.core.plan import CaseFacts, InvoiceFacts, Policy, Step

TODAY = date(2026, 11, 25)  # a Wednesday
BUSINESS, CONSUMER = Limits(5, 8, 8, 30), Limits(5, 5, 4, 30)


def step(
    rank: int, name: str, offset: int, channel: str = "email", tone: int = 1, *, notice: int | None = None
) -> Step:
    """One step of a track."""
    by_person = name in ("formal_notice", "handover", "call")
    mode = "manual" if by_person else "approve" if channel == "letter" else "auto"
    return Step(name, rank, offset, channel, tone, mode, name, notice)


ORDINARY = (
    step(1, "preventive", -5, tone=0),
    step(2, "friendly", 3),
    step(3, "firm", 8, tone=2),
    step(4, "call", 10, "phone", 2),
    step(5, "letter", 15, "letter", 3),
    step(6, "formal_notice", 22, "registered_letter", 4, notice=8),
    step(7, "handover", 33, "task", 4),
)
NEW = (
    step(1, "preventive", -7, tone=0),
    step(2, "friendly", 2),
    step(3, "call", 5, "phone", 2),
    step(4, "firm", 7, tone=2),
    step(5, "letter", 12, "letter", 3),
    step(6, "formal_notice", 19, "registered_letter", 4, notice=8),
)
CHRONIC = (
    step(1, "preventive", -10, tone=0),
    step(2, "friendly", 1),
    step(3, "call", 3, "phone", 2),
    step(4, "letter", 7, "letter", 3),
    step(5, "formal_notice", 14, "registered_letter", 4, notice=8),
)
TRACKS = {
    "ordinary": ORDINARY,
    "new": NEW,
    "chronic": CHRONIC,
    "good": NEW[1:],
    "consumer": ORDINARY,
    "public_body": NEW,
}
LIMITS = {"business": BUSINESS, "public_body": BUSINESS, "consumer": CONSUMER, "unknown": CONSUMER}
POLICY = Policy(1, 1_500, TRACKS, LIMITS)

DEFAULT_INVOICE = InvoiceFacts(
    1,
    "F-1",
    TODAY - timedelta(days=33),
    TODAY - timedelta(days=3),
    "EUR",
    10_000,
    10_000,
    0,
    1,
    "overdue",
    "",
    None,
    True,
    True,
    False,
    "",
)
DEFAULT_CASE = CaseFacts(
    1, 1, "Durand", "business", "ordinary", "FR", "Mme Durand", True, True, True, None, 0, None, [], {}, (), [], ()
)


def invoice(key: int = 1, late: int = 3, amount: int = 10_000, **facts: object) -> InvoiceFacts:
    """An invoice that many days late (negative: due in the future)."""
    due = TODAY - timedelta(days=late)
    given = {
        "id": key,
        "number": f"F-{key}",
        "due": due,
        "issued": due - timedelta(days=30),
        "total": amount,
        "open": amount,
        **facts,
    }
    return DEFAULT_INVOICE._replace(**given)  # type: ignore[arg-type]


def after(last: str, taken_ago: int, key: int = 1, late: int = 60, **facts: object) -> InvoiceFacts:
    """An invoice whose last step was taken some days ago and delivered."""
    return invoice(key, late, last_step=last, last_taken_on=TODAY - timedelta(days=taken_ago), **facts)


def case(*invoices: InvoiceFacts, **facts: object) -> CaseFacts:
    """A case of these invoices."""
    return DEFAULT_CASE._replace(invoices=invoices, **facts)  # type: ignore[arg-type]
