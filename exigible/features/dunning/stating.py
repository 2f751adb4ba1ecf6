"""What a message will state: the facts of a decision as plain values, kept with the message and checked when it leaves."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from exigible.books.creditors.models import BankAccount, Creditor
from exigible.core.law.book import LawBook
from exigible.core.law.interest import accrued
from exigible.core.plan import InvoiceFacts, Policy
from exigible.core.strategy import Propose, Take, track_of
from exigible.features.dunning.facts import Gathered, Person
from exigible.features.outbox.checks import address_lines

LANGUAGES = ("fr", "en")

encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def bank_facts(creditor: Creditor) -> dict[str, str] | None:
    """Return the account that messages ask to pay to, or None."""
    account = BankAccount.objects.filter(creditor=creditor, is_default=True).order_by("id").first()
    return {"holder": account.holder, "iban": account.iban, "bic": account.bic} if account else None


def message_facts(
    creditor: Creditor,
    policy: Policy,
    book: LawBook,
    bank: Mapping[str, str] | None,
    known: Gathered,
    *,
    decision: Take | Propose,
    today: date,
) -> dict[str, Any]:
    """Return what the message of a decision states: amounts in minor units, dates in ISO form.

    The creditor's own identity is added when the text is written; the bank account is stated here, since a change of it
    makes the message stale.
    """
    party, person, step = known.party, known.person, decision.step
    lines, total, interest, indemnity = _lines(book, known, decision, today)
    credits = known.facts.credits.get(decision.currency, 0)
    following = decision.next
    return {
        "version": 1, "language": _language(person.language or party.language), "template": step.template, "step": step.name,
        "tone": decision.tone if isinstance(decision, Take) else step.tone, "debtor": party.kind, "profile": party.segment,
        "date": today.isoformat(), "customer": {"id": party.id, "name": party.name, "reference": party.reference},
        "recipient": {"contact": person.id, "name": person.name, "email": person.email, "phone": person.phone, "address": address_lines(party.name, party.address, party.postcode, party.city)},
        "copies": copies_for(person, step.rank, policy.tracks[track_of(party.kind, party.segment)]),
        "currency": decision.currency, "invoices": lines, "credits": credits, "total": total, "interest": interest,
        "indemnity": indemnity, "balance": total - credits,
        "next": {"step": following.step, "date": following.on.isoformat()} if following else None,
        "previous": known.facts.previous, "bank": bank, "pay_reference": lines[0]["number"] if len(lines) == 1 else party.reference,
        "broken": known.broken if known.broken and known.broken["currency"] == decision.currency else None,
        "usual_delay": party.usual_delay, "limits": decision.because.facts.get("limits", []),
    }  # fmt: skip


def _lines(
    book: LawBook, known: Gathered, decision: Take | Propose, today: date
) -> tuple[list[dict[str, Any]], int, int, int]:
    """The stated invoices, and the sums of what is asked, of interest and of indemnities."""
    lines: list[dict[str, Any]] = []
    total = interest_sum = indemnity_sum = 0
    for invoice in decision.stated:
        assert invoice.due is not None
        interest, indemnity = _accessories(book, known, invoice, today)
        claimable = invoice.open - invoice.held
        total += claimable
        interest_sum += interest
        indemnity_sum += indemnity
        lines.append({
            "id": invoice.id, "number": invoice.number, "issued": invoice.issued.isoformat(), "due": invoice.due.isoformat(),
            "total": invoice.total, "open": claimable, "held": invoice.held, "days_late": (today - invoice.due).days, "interest": interest,
            "indemnity": indemnity, "order_reference": invoice.order_reference or None, "step": decision.marks.get(invoice.id),
            "due_presumed": invoice.due_presumed,
        })  # fmt: skip
    return lines, total, interest_sum, indemnity_sum


def _accessories(book: LawBook, known: Gathered, invoice: InvoiceFacts, today: date) -> tuple[int, int]:
    """Interest and indemnity accrued on an invoice and neither waived nor paid; none in a currency that is not the law's own, none for an unknown kind."""
    assert invoice.due is not None
    if invoice.due >= today or invoice.currency != book.currency:
        return 0, 0
    terms = known.terms.get(invoice.id)
    rate = Decimal(str(terms.contract_rate)) if terms and terms.contract_rate is not None else None
    found = accrued(
        book, known.party.kind, invoice.total, invoice.due, today, payments=known.payments.get(invoice.id, ()),
        contract_rate=rate, buyer=known.party.buyer or None, notice_received=terms.notice_received if terms else None,
    )  # fmt: skip
    settled = known.settled.get(invoice.id, {})
    return (
        max(0, found.interest_minor - settled.get("late_interest", 0)),
        max(0, found.indemnity_minor - settled.get("indemnity", 0)),
    )


def _language(asked: str) -> str:
    """The debtor's language where there are texts in it, else English."""
    return asked if asked in LANGUAGES else "en"


def copies_for(person: Person, rank: int, steps: Sequence[Any]) -> list[str]:
    """Return the addresses copied from a step on: those whose own first step is not after this one."""
    ranks = {step.name: step.rank for step in steps}
    return [email for first, email in person.copies if ranks.get(first, 0) <= rank]
