"""What the strategy takes: the steps of a policy, the facts of an invoice and of a case."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from exigible.core.because import JSON
from exigible.core.guard import Contact, Limits

NO_STEPS: Mapping[int, frozenset[str]] = MappingProxyType({})


class Step(NamedTuple):
    """One step of a track, in its order: when (days from the due date, negative before), how, in which tone, by whom."""

    name: str
    rank: int
    offset_days: int
    channel: str
    tone: int
    mode: str
    template: str
    notice_days: int | None


class Policy(NamedTuple):
    """A version of the plan: its steps by track, and the limits of contact by kind of debtor."""

    version: int
    minimum_minor: int
    tracks: Mapping[str, tuple[Step, ...]]
    limits: Mapping[str, Limits]


class InvoiceFacts(NamedTuple):
    """What is known of one unpaid invoice: amounts in minor units, the last step of its present cycle ('' when none)."""

    id: int
    number: str
    issued: date
    due: date | None
    currency: str
    total: int
    open: int
    held: int
    cycle: int
    stage: str
    last_step: str
    last_taken_on: date | None
    is_delivered: bool
    is_confirmed: bool
    due_presumed: bool
    order_reference: str


class CaseFacts(NamedTuple):
    """What is known of one case; `taken` holds every step of an invoice's present cycle, by its id."""

    id: int
    customer_id: int
    customer: str
    kind: str
    profile: str
    country: str
    contact: str
    has_email: bool
    has_phone: bool
    has_address: bool
    usual_delay: int | None
    highest_tone: int
    held_until: date | None
    holds: list[JSON]
    credits: Mapping[str, int]
    history: Sequence[Contact]
    previous: list[JSON]
    invoices: Sequence[InvoiceFacts]
    taken: Mapping[int, frozenset[str]] = NO_STEPS
