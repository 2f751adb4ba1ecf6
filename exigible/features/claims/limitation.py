"""Until when one can sue on a claim, as its page shows it: the last day, why, what moved it, what to do while there is time."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from exigible.books.cases.limitation import ClaimFacts, facts_of, limitation_of, months_before
from exigible.books.cases.models import LimitationEvent, Standing
from exigible.books.documents.models import Document
from exigible.books.ledger.models import Allocation, CustomerKind, Invoice
from exigible.core import typography
from exigible.core.dates import add_months
from exigible.core.law.book import LawBook, LawError, law_book
from exigible.core.law.limitation import Limitation, Reached, Reading
from exigible.core.law.limitation import LimitationEvent as Happened
from exigible.features.claims.queries import language

EFFECTS = {
    "interrupts": gettext_lazy("starts the time again"),
    "suspends": gettext_lazy("suspends the time"),
    "resumes": gettext_lazy("the time runs again"),
    "nothing": gettext_lazy("changes nothing"),
    "before_start": gettext_lazy("before the time began: changes nothing"),
    "too_late": gettext_lazy("after the last day: changes nothing"),
    "still_suspended": gettext_lazy("another suspension goes on"),
}
MOVING = ("interrupts", "suspends", "resumes")
READINGS = {
    "completion": gettext_lazy("from the delivery or the end of the service"),
    "agreed_term": gettext_lazy("from the agreed due date"),
}
KINDS = dict(LimitationEvent.Kind.choices)


class Met(NamedTuple):
    """One event with what it did to the last day, and the document that proves it."""

    event: LimitationEvent
    words: str
    effect: str
    moves: bool
    last_day: date
    article: str
    document: Document | None


class Suggestion(NamedTuple):
    """A known fact that a person may record as an event: it counts only then."""

    kind: str
    on: date
    words: str
    why: str


class Counted(NamedTuple):
    """One way to count, with the last day that it gives."""

    name: str
    last_day: date
    article: str


class Clock(NamedTuple):
    """The time to sue on one claim. `last_day` is None where the law of the country does not say it."""

    last_day: date | None
    safe_day: date | None
    days_left: int
    is_near: bool
    why: str
    article: str
    is_sure: bool
    notes: list[str]
    advice: str
    readings: list[Counted]
    met: list[Met]

    @property
    def is_past(self) -> bool:
        """Whether one can no longer sue."""
        return self.last_day is not None and self.days_left < 0


def clock(invoice: Invoice, standing: Standing | None, today: date) -> Clock:
    """Return until when one can sue on an invoice, why, and what each event changed."""
    book, facts = law_book(invoice.creditor.country), facts_of(invoice, standing)
    events = list(LimitationEvent.objects.filter(invoice=invoice).order_by("on", "id"))
    try:
        found = limitation_of(book, facts, [Happened(event.on, event.kind) for event in events])
    except LawError:
        why = _("The law kept here does not say until when one can sue on this claim: ask a lawyer.")
        return Clock(None, None, 0, False, why, "", False, [], "", [], [])
    left = (found.last_day - today).days
    near = _is_near(book, found.last_day, today)
    return Clock(
        found.last_day, found.safe_day if found.safe_day < found.last_day else None, left, near, _why(book, facts, found), _article(found),
        found.confidence == "high", _notes(facts), _advice(facts, left, near),
        [_counted(reading) for reading in found.readings] if len(found.readings) > 1 else [],
        _met(events, found.events, invoice),
    )  # fmt: skip


def _is_near(book: LawBook, last_day: date, today: date) -> bool:
    """Whether the second threshold is reached: from then on reminders are no longer the way (six months in France)."""
    marks = months_before(book, last_day)
    return len(marks) > 1 and today >= add_months(last_day, -marks[1])


def _why(book: LawBook, facts: ClaimFacts, found: Limitation) -> str:
    """The reason in a sentence: how long, from what, and the last event that moved it."""
    reading = min(found.readings, key=lambda each: each.last_day)
    eve = facts.supplied if reading.rule == "completion" else facts.agreed_due
    assert eve is not None, "each reading starts from a day that is known"
    years = book.number(f"{found.rule}.years", eve)
    words = {
        "years": ngettext("%(years)d year", "%(years)d years", years) % {"years": years},
        "day": typography.day_in_words(eve, language()),
    }
    said = _began(reading.rule, facts.is_presumed, book.text(f"{found.rule}.counting", eve) == "calendar_years") % words
    moved = [event for event in found.events if event.rule in MOVING]
    if not moved:
        return said
    last = moved[-1]
    told = {
        "day": typography.day_in_words(last.on, language()),
        "event": KINDS[last.kind],
        "effect": EFFECTS[last.rule],
    }
    return said + " " + _("On %(day)s, %(event)s: %(effect)s.") % told


def _began(rule: str, is_presumed: bool, by_year: bool) -> str:
    if by_year:
        if rule == "agreed_term":
            return _("%(years)s from 1 January after the due date of %(day)s.")
        if is_presumed:
            return _("%(years)s from 1 January after the invoice of %(day)s.")
        return _("%(years)s from 1 January after the delivery or the end of the service on %(day)s.")
    if rule == "agreed_term":
        return _("%(years)s from the due date of %(day)s.")
    if is_presumed:
        return _("%(years)s from the invoice of %(day)s.")
    return _("%(years)s from the delivery or the end of the service on %(day)s.")


def _article(found: Limitation) -> str:
    """The texts: of the period, and of the last event that moved it."""
    moved = [event.article for event in found.events if event.rule in MOVING]
    return _listed(dict.fromkeys([*found.article.split("; "), *moved[-1:]]))


def _counted(reading: Reading) -> Counted:
    return Counted(str(READINGS[reading.rule]), reading.last_day, _listed(reading.article.split("; ")))


def _listed(articles: Iterable[str]) -> str:
    """Articles in a row, as the screen's language parts them."""
    return (f"{typography.THIN}; " if language() == "fr" else "; ").join(articles)


def _notes(facts: ClaimFacts) -> list[str]:
    """What a reader must know of how the day was found."""
    notes = []
    if facts.debtor == CustomerKind.UNKNOWN:
        notes.append(_("The kind of this customer is not known: the shortest time is shown until it is set."))
    if facts.is_presumed:
        notes.append(
            _("Nobody is known to have agreed on a due date: the time is counted from the day of the invoice.")
        )
    elif facts.completed is None:
        notes.append(
            _("Judges may count from the delivery or the end of the service: give its day, the earlier one then holds.")
        )
    return notes


def _advice(facts: ClaimFacts, days_left: int, is_near: bool) -> str:
    """What to do while there is time, or no longer."""
    if days_left < 0:
        if facts.debtor in (CustomerKind.CONSUMER, CustomerKind.UNKNOWN):
            return _("The time to sue has passed: do not claim this as though it could still be enforced.")
        return _("The time to sue has passed: the debtor may refuse to pay, and a court would agree if asked.")
    if not is_near:
        return ""
    if facts.debtor == CustomerKind.PUBLIC_BODY:
        return _("Send a written claim now, by registered letter: against a public body it starts the time again.")
    return _(
        "Skip further reminders: ask for a written acknowledgement of the debt, and sue in time for the act to be served on "
        "the debtor. An order for payment counts from its service, not from its request."
    )


def _met(events: Sequence[LimitationEvent], reached: Sequence[Reached], invoice: Invoice) -> list[Met]:
    digests = {event.document_digest for event in events if event.document_digest}
    documents = {row.digest: row for row in Document.objects.of(invoice.creditor).filter(digest__in=digests)}
    by_day = {(event.on, event.kind): event for event in events}
    return [
        Met(
            by_day[(one.on, one.kind)], str(KINDS[one.kind]), str(EFFECTS[one.rule]), one.rule in MOVING, one.last_day, one.article,
            documents.get(by_day[(one.on, one.kind)].document_digest),
        )
        for one in reached
    ]  # fmt: skip


def suggestions(invoice: Invoice) -> list[Suggestion]:
    """Return the payments in part and the formal notice that are known and not recorded as events."""
    known = set(LimitationEvent.objects.filter(invoice=invoice).values_list("kind", "on"))
    found: dict[tuple[str, date], Suggestion] = {}
    paid = Allocation.objects.filter(invoice=invoice, payment__isnull=False).order_by("payment__received_on", "id")
    for day, amount in paid.values_list("payment__received_on", "amount_minor"):
        words = _("payment of %(amount)s") % {"amount": typography.amount(amount, invoice.currency, language())}
        why = _("whether a payment in part acknowledges the rest is for you to say: a judge may not agree")
        found.setdefault(("part_payment", day), Suggestion("part_payment", day, words, why))
    if invoice.notice_received_on:
        why = _("a formal notice, even registered, leaves the time as it is")
        if invoice.customer.kind == CustomerKind.PUBLIC_BODY:
            why = _("to a public body, it counts as a written claim")
        day = invoice.notice_received_on
        found["formal_notice", day] = Suggestion("formal_notice", day, str(KINDS["formal_notice"]), why)
    return [one for key, one in found.items() if key not in known and one.on >= invoice.issued_on]
