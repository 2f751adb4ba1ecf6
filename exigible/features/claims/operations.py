"""What a person does to one claim: correct its facts, attach a proof, take an allocation back; the case follows at once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from exigible.books.cases.operations import refresh_customers
from exigible.books.documents.models import Evidence
from exigible.books.documents.operations import attach_to_invoice, store_document
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Allocation, Customer, Invoice
from exigible.books.ledger.operations import undo_allocation
from exigible.common.errors import Refused
from exigible.core.law.book import law_book
from exigible.core.law.statement import Claim, due_date_of
from exigible.features.outbox.operations import recheck_waiting

CHANGEABLE = ("due_on", "contract_rate", "request_received_on", "notice_received_on", "is_confirmed", "number")
LARGEST_PROOF_BYTES = 20 * 1024 * 1024


class DueBeforeIssue(Refused):
    """An invoice cannot fall due before the day it was issued; check the due date."""


class ReceivedInTheFuture(Refused):
    """This cannot have been received after today; give the day on which it was."""


class NotAPdf(Refused):
    """Only a PDF is kept as a proof: print or scan the document to PDF and add it again."""


class ProofTooLarge(Refused):
    """This file is larger than 20 MB: reduce it and add it again."""


class FromTheAccounts(Refused):
    """This was lettered in your accounts: correct it there and import again."""


@transaction.atomic
def change_invoice(
    invoice: Invoice, changes: Mapping[str, Any], *, today: date, at: datetime, actor: str = SYSTEM
) -> bool:
    """Correct facts of an invoice (`CHANGEABLE`); its case and its waiting messages follow. False when nothing changed.

    A due date given by a person counts as stated on the invoice. The day on which a public buyer received the request
    sets the due date when the law's term ends before it (CCP art. R2192-10 and R2192-11).
    """
    assert set(changes) <= set(CHANGEABLE), sorted(changes)
    lock_customers([invoice.customer_id])
    locked = (
        Invoice.objects.select_for_update(of=("self",), no_key=True)
        .select_related("customer", "creditor")
        .get(pk=invoice.pk)
    )
    new = {name: value for name, value in changes.items() if getattr(locked, name) != value}
    _check(locked, new, today)
    if (due := _lawful_due(locked, new)) != new.get("due_on", locked.due_on):
        new["due_on"] = due
    if "due_on" in new:
        origin = Invoice.DueOrigin.STATED if new["due_on"] else Invoice.DueOrigin.NONE
        new |= {"due_origin": origin} if origin != locked.due_origin else {}
    if not new:
        return False
    payload = {"invoice": locked.pk, "was": {name: getattr(locked, name) for name in new}, "is": new}
    Invoice.objects.filter(pk=locked.pk).update(**new)
    record("invoice.changed", locked.customer, payload, on=today, at=at, actor=actor)
    follow(locked.customer, today, at, actor)
    return True


def _check(invoice: Invoice, new: Mapping[str, Any], today: date) -> None:
    due = new.get("due_on")
    if due is not None and due < invoice.issued_on:
        raise DueBeforeIssue
    for name in ("request_received_on", "notice_received_on"):
        if new.get(name) is not None and new[name] > today:
            raise ReceivedInTheFuture


def _lawful_due(invoice: Invoice, new: Mapping[str, Any]) -> date | None:
    """The due date, brought forward to the end of a public buyer's term when the day of its request becomes known."""
    due: date | None = new.get("due_on", invoice.due_on)
    received, buyer = new.get("request_received_on"), invoice.customer.buyer
    book = law_book(invoice.creditor.country)
    if received is None or not book.has(f"terms.public_body.{buyer}"):
        return due
    claim = Claim(
        debtor=invoice.customer.kind, amount_minor=max(1, invoice.total_minor), until=received, due=due, buyer=buyer,
        request_received=received,
    )  # fmt: skip
    return due_date_of(book, claim)


@transaction.atomic
def add_proof(
    invoice: Invoice, body: bytes, name: str, proves: str, *, today: date, at: datetime, actor: str = SYSTEM
) -> Evidence:
    """Keep a PDF as a proof of an invoice, its order, its delivery or the terms that were accepted."""
    if len(body) > LARGEST_PROOF_BYTES:
        raise ProofTooLarge
    if not body.startswith(b"%PDF-"):
        raise NotAPdf
    document = store_document(invoice.creditor, body, name, "application/pdf", at)
    return attach_to_invoice(invoice, document, proves, today=today, at=at, actor=actor)


@transaction.atomic
def take_allocation_back(allocation: Allocation, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Undo an allocation made here; what the accountant lettered is refused. The case is looked at again."""
    if allocation.basis == "lettering":
        raise FromTheAccounts
    customer = allocation.invoice.customer
    lock_customers([customer.pk])
    undo_allocation(allocation, today=today, at=at, actor=actor)
    follow(customer, today, at, actor)


def follow(customer: Customer, today: date, at: datetime, actor: str) -> None:
    """Make the case agree with what was just changed, and cancel the messages that are no longer true."""
    refresh_customers(customer.creditor, [customer.pk], today, at, actor)
    recheck_waiting(customer.creditor, [customer.pk], today, at)
