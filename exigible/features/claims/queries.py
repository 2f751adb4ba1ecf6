"""What the page of one claim shows: the three answers, holds, payments, steps, proofs."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from exigible.books.cases.models import Hold, Stage, Standing, TakenStep
from exigible.books.documents.models import Evidence
from exigible.books.ledger.models import Allocation, CustomerKind, Invoice
from exigible.core import typography
from exigible.core.law.interest import exact_string
from exigible.features.claims.derivation import Derivation
from exigible.features.messages.labels import label
from exigible.features.outbox.models import Message

WANTED = (Evidence.Proves.INVOICE, Evidence.Proves.ORDER, Evidence.Proves.DELIVERY, Evidence.Proves.TERMS)
MOST_ROWS = 200


class Answer(NamedTuple):
    """One of the three questions that a judge asks, the answer in a word, and why."""

    question: str
    is_yes: bool
    word: str
    why: str


class Proof(NamedTuple):
    """What must be proved, and the documents that prove it."""

    proves: str
    label: str
    evidence: Sequence[Evidence]


def language() -> str:
    """Return the language of the screen, as the core's typography names it."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def holds_on(invoice: Invoice, standing: Standing | None, today: date) -> list[Hold]:
    """Return the holds in force on an invoice or on its whole case, the first one first."""
    if standing is None:
        return []
    rows = (
        Hold.objects.select_related("creditor")
        .filter(case_id=standing.case_id, released_on__isnull=True, from_on__lte=today)
        .order_by("id")
    )
    return [
        hold
        for hold in rows[:MOST_ROWS]
        if hold.invoice_id in (None, invoice.pk) and (hold.until_on is None or hold.until_on >= today)
    ]


def proofs_of(invoice: Invoice) -> list[Proof]:
    """Return what must be proved and what is wanted beside it, with the documents kept so far."""
    found: dict[str, list[Evidence]] = {}
    for evidence in Evidence.objects.filter(invoice=invoice).select_related("document").order_by("id")[:MOST_ROWS]:
        found.setdefault(evidence.proves, []).append(evidence)
    return [
        Proof(value, str(label), found.get(value, []))
        for value, label in Evidence.Proves.choices
        if value in WANTED or found.get(value)
    ]


def answers(invoice: Invoice, claim: Derivation, holds: Sequence[Hold], proofs: Sequence[Proof]) -> list[Answer]:
    """Return whether the claim is certain, due and provable, each with its reason."""
    return [_certain(invoice, holds), _due(invoice, claim), _provable(proofs)]


def _certain(invoice: Invoice, holds: Sequence[Hold]) -> Answer:
    question = _("Certain")
    disputed = [hold for hold in holds if hold.reason == Hold.Reason.DISPUTED]
    if disputed:
        return Answer(question, False, _("contested"), _("The customer contests it: answer the dispute first."))
    if any(hold.reason == Hold.Reason.REFUSED for hold in holds):
        why = _("The buyer refused or suspended it: correct it, or settle what is wrong, first.")
        return Answer(question, False, _("not accepted"), why)
    if not invoice.is_confirmed:
        why = _("It was taken over from an opening balance: confirm its number and its due date.")
        return Answer(question, False, _("to confirm"), why)
    if invoice.customer.kind == CustomerKind.UNKNOWN:
        why = _("Say whether the customer is a business, a consumer or a public body: the law differs.")
        return Answer(question, False, _("kind to set"), why)
    return Answer(question, True, _("yes"), _("It stands in your books and nobody contests it."))


def _due(invoice: Invoice, claim: Derivation) -> Answer:
    question, due = _("Due now"), invoice.due_on
    if invoice.settled_on:
        why = _("It was settled on %(day)s.") % {"day": typography.day_in_words(invoice.settled_on, language())}
        return Answer(question, True, _("settled"), why)
    if due is None:
        return Answer(question, False, _("no due date"), _("Without a due date it can be neither late nor claimed."))
    days = (claim.today - due).days
    facts = {"day": typography.day_in_words(due, language()), "days": days}
    if due >= claim.today:
        return Answer(question, False, _("not yet"), _("It falls due on %(day)s.") % facts)
    late = ngettext("Due on %(day)s, %(days)d day ago", "Due on %(day)s, %(days)d days ago", days) % facts
    if invoice.due_origin != Invoice.DueOrigin.STATED:
        return Answer(question, False, _("presumed"), _("%(late)s; this date is presumed.") % {"late": late})
    return Answer(question, True, _("yes"), f"{late}.")


def _provable(proofs: Sequence[Proof]) -> Answer:
    missing = [proof.label for proof in proofs if proof.proves in WANTED and not proof.evidence]
    if not missing:
        return Answer(
            _("Provable"), True, _("yes"), _("The invoice, the order, the delivery and the terms are on file.")
        )
    facts = {"kept": len(WANTED) - len(missing), "wanted": len(WANTED), "missing": ", ".join(missing)}
    return Answer(
        _("Provable"), False, _("%(kept)d of %(wanted)d documents") % facts, _("Still missing: %(missing)s.") % facts
    )


def allocations_of(invoice: Invoice) -> list[Allocation]:
    """Return what was set against an invoice or, of a credit note, what it was set against; oldest first."""
    rows = invoice.credits_given if invoice.kind == Invoice.Kind.CREDIT_NOTE else invoice.allocations
    return list(rows.select_related("payment", "credit_note", "invoice").order_by("allocated_on", "id")[:MOST_ROWS])


def _exact(number: str) -> str:
    """Return an exact figure, with more decimals than the currency has, as the screen's language writes it."""
    whole, _point, part = number.partition(".")
    if language() == "fr":
        return f"{int(whole):,}".replace(",", typography.THIN) + f",{part}"
    return f"{int(whole):,}.{part}"


def shown(claim: Derivation, currency: str) -> dict[str, Any]:
    """Return the figures of a derivation as the screen's language writes them."""
    mark = "," if language() == "fr" else "."
    periods = [
        {
            "base_minor": part.base_minor, "first": part.first, "last": part.last, "days": part.days, "article": part.article,
            "rate": f"{part.rate:f}{typography.HARD}%".replace(".", mark),
            "interest": _exact(exact_string(part.interest, currency)),
        }
        for part in claim.segments
    ]  # fmt: skip
    names = {"floor": _("three times the legal rate"), "default": _("the law's own rate")}
    readings = [
        {
            "name": names.get(one.rule, one.rule), "interest_minor": one.interest_minor,
            "rates": " / ".join(f"{rate:f}{typography.HARD}%".replace(".", mark) for rate in one.rates),
        }
        for one in claim.alternatives
    ]  # fmt: skip
    owed = claim.open_minor + claim.interest_minor + claim.indemnity_minor
    return {
        "periods": periods, "readings": readings, "exact": _exact(claim.interest_exact), "total_owed": owed,
        "held_part": -claim.held_minor, "settled_part": -claim.settled_minor,
    }  # fmt: skip


def steps_of(invoice: Invoice) -> list[dict[str, Any]]:
    """Return the steps taken on an invoice, the last one first, each with its message when there is one."""
    steps = list(TakenStep.objects.filter(invoice=invoice).order_by("-taken_on", "-id")[:MOST_ROWS])
    ids = [step.action_id for step in steps if step.action_id]
    rows = Message.objects.filter(customer_id=invoice.customer_id, action_id__in=ids).order_by("id").defer("facts_json")
    messages = {message.action_id: message for message in rows}
    return [
        {
            "step": step,
            "day": step.taken_on,
            "name": label("step", step.step, language()),
            "message": messages.get(step.action_id),
        }
        for step in steps
    ]


def stage_of(standing: Standing | None) -> str:
    """Return the word for where an invoice stands."""
    return str(Stage(standing.stage).label) if standing else ""
