"""may_contact: the gap, the cap and the one contact a day; it refuses, it never warns. Hours are in law/contact.py."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from exigible.core.because import JSON, Because
from exigible.core.dates import is_eve_of_holiday, is_working_day
from exigible.core.law.book import LawBook

WRITTEN = frozenset({"email", "letter", "registered_letter", "sms"})
SPOKEN = frozenset({"phone"})
CONTACTS = WRITTEN | SPOKEN
FARTHEST_DAYS = 60


class Contact(NamedTuple):
    """One contact made with a debtor, or already decided for a day: a call attempt counts."""

    on: date
    channel: str


class Limits(NamedTuple):
    """What the law and the house allow for one kind of debtor."""

    min_gap_days: int
    contacts_in_window: int
    calls_in_window: int
    window_days: int


class Refusal(NamedTuple):
    """A contact that may not be made, why, and the first day on which this reason ends."""

    because: Because
    first_day: date


def limits_for(book: LawBook, debtor: str, on: date, min_gap_days: int = 0) -> Limits:
    """Return the limits of a kind of debtor; a policy may lengthen the gap, never shorten it below the house's figure."""
    return Limits(
        max(min_gap_days, book.number("contact.min_gap_days", on)),
        book.number(f"contact.contacts_in_window.{debtor}", on),
        book.number(f"contact.calls_in_window.{debtor}", on),
        book.number("contact.window_days", on),
    )


def may_contact(history: Sequence[Contact], channel: str, limits: Limits, on: date) -> Refusal | None:
    """Say whether a demand may be made on a day, given the contacts already made: None, or the refusal."""
    if not history or channel not in CONTACTS:
        return None
    since = on - timedelta(days=limits.window_days - 1)
    recent = [contact for contact in history if since <= contact.on <= on]
    if any(contact.on == on for contact in recent):
        tomorrow = on + timedelta(days=1)
        return Refusal(Because("one.contact.a.day", {"date": tomorrow.isoformat()}), tomorrow)
    if channel in WRITTEN and (refusal := _too_soon(recent, limits, on)):
        return refusal
    if len(recent) >= limits.contacts_in_window:
        return _spent(recent, len(recent), limits.contacts_in_window, limits.window_days)
    if channel in SPOKEN:
        calls = [contact for contact in recent if contact.channel in SPOKEN]
        if len(calls) >= limits.calls_in_window:
            return _spent(calls, len(calls), limits.calls_in_window, limits.window_days)
    return None


def _too_soon(recent: Sequence[Contact], limits: Limits, on: date) -> Refusal | None:
    written = [contact.on for contact in recent if contact.channel in WRITTEN]
    if not written:
        return None
    first_day = max(written) + timedelta(days=limits.min_gap_days)
    if on >= first_day:
        return None
    facts: dict[str, JSON] = {
        "last": max(written).isoformat(),
        "min_gap_days": limits.min_gap_days,
        "date": first_day.isoformat(),
    }
    return Refusal(Because("contact.too.soon", facts), first_day)


def _spent(counted: Sequence[Contact], contacts: int, cap: int, window_days: int) -> Refusal:
    """The budget is spent until enough of the counted contacts have left the window."""
    days = sorted(contact.on for contact in counted)
    first_day = days[contacts - cap] + timedelta(days=window_days)
    facts: dict[str, JSON] = {"contacts": contacts, "days": window_days, "cap": cap, "date": first_day.isoformat()}
    return Refusal(Because("budget.spent", facts), first_day)


def is_day_for(channel: str, day: date, country: str) -> bool:
    """Say whether a channel may be used on a day: working days of the debtor's country, e-mail not on the eve of a holiday."""
    if not is_working_day(day, country):
        return False
    return channel != "email" or not is_eve_of_holiday(day, country)


def first_day_allowed(
    history: Sequence[Contact], channel: str, limits: Limits, day: date, country: str
) -> tuple[date, Because | None]:
    """Return the first day from `day` on which a contact may be made, and why not before (None when that day is `day`)."""
    first, why = day, None
    for _attempt in range(FARTHEST_DAYS):
        refusal = may_contact(history, channel, limits, first)
        if refusal:
            why = why or refusal.because
            first = refusal.first_day
        elif not is_day_for(channel, first, country):
            first += timedelta(days=1)
        else:
            break
    if why is None and first != day:
        why = Because("step.not.due", {"step": None, "date": first.isoformat()})
    return first, why
