"""Undoes an import while nothing rests on it: no message, no action, no reminder, no hold, no proof, no money by hand."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from exigible.books.cases.models import (
    Case,
    Hold,
    LimitationAlert,
    LimitationEvent,
    MentionCheck,
    Standing,
    TakenStep,
)
from exigible.books.cases.settlement import forget_terms
from exigible.books.documents.models import Evidence
from exigible.books.documents.operations import read_document
from exigible.books.journal.operations import SYSTEM
from exigible.books.ledger.locks import lock_all_customers
from exigible.books.ledger.models import Customer, Posting
from exigible.books.ledger.posting_records import from_ranges, lookups
from exigible.books.ledger.posting_undo import created_invoices, undo_posting
from exigible.common.errors import Refused
from exigible.core.typography import short_day
from exigible.features.bank.proposing import rematch
from exigible.features.bank.undoing import leave_posting
from exigible.features.customers.models import CompanyRecord, Merge, RegisterQuestion
from exigible.features.dunning.models import Action
from exigible.features.imports.models import Import
from exigible.features.imports.operations import State, follow
from exigible.features.imports.originals import forget_originals
from exigible.features.insolvency.models import InsolvencyNotice
from exigible.features.outbox.models import Message
from exigible.formats.einvoice import SYNTAXES


class NothingToUndo(Refused):
    """This import posted nothing, or was undone already."""


class MessageRestsOnIt(Refused):
    """A message to %(customer)s of %(day)s rests on this import; it can no longer be undone."""


class ActionRestsOnIt(Refused):
    """An action for %(customer)s of %(day)s rests on this import; it can no longer be undone."""


class ReminderRestsOnIt(Refused):
    """A reminder of invoice %(number)s was taken or declared since; the import can no longer be undone."""


class HoldRestsOnIt(Refused):
    """%(customer)s waits since a person said so; end that first, then undo the import."""


class NoteRestsOnIt(Refused):
    """Something was noted since on invoice %(number)s: its mentions, or what interrupts limitation. The import can no longer be undone."""


class ProofRestsOnIt(Refused):
    """« %(document)s » is attached to invoice %(number)s; the import can no longer be undone."""


class MergeRestsOnIt(Refused):
    """%(customer)s was merged with another account; undo the merge first, then the import."""


class NoticeRestsOnIt(Refused):
    """A notice of insolvency proceedings is recorded for %(customer)s; the import can no longer be undone."""


@transaction.atomic
def undo_import(upload: Import, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Put the books back as they were before this file; a rule that forbids it says what rests on the import."""
    posting = upload.posting
    if posting is None or upload.state != State.DONE or posting.undone_at is not None:
        raise NothingToUndo
    lock_all_customers(posting.creditor_id)
    touched = from_ranges(json.loads(posting.changes)["customers"])
    invoice_ids = set(created_invoices(posting).values_list("id", flat=True))
    customer_ids = set(Customer.objects.filter(posting=posting).values_list("id", flat=True))
    if upload.format in SYNTAXES:
        forget_originals(invoice_ids, read_document(upload.document), upload.name)
    leave_posting(posting, customer_ids)
    forget_terms(posting, invoice_ids)
    _refuse_if_used(posting, touched, invoice_ids)
    for found in (Standing, MentionCheck, LimitationAlert):  # found again from the invoice, should it come back
        found.objects.filter(invoice__in=created_invoices(posting).values("pk"))._raw_delete("default")
    made = Customer.objects.filter(posting=posting).values("pk")
    for kept in (CompanyRecord, RegisterQuestion):  # the register says it again, should they come back
        kept.objects.filter(customer__in=made)._raw_delete("default")
    for side in ("kept__in", "merged__in"):
        Merge.objects.filter(**{side: made})._raw_delete("default")
    _delete_cases(customer_ids)
    left = undo_posting(posting, today, at=at, actor=actor)
    Import.objects.filter(creditor=upload.creditor, posting=posting).update(state=State.UNDONE)
    upload.state = State.UNDONE
    follow(upload.creditor, left, today, at, actor)
    rematch(upload.creditor, today, at)


def _refuse_if_used(posting: Posting, touched: set[int], invoice_ids: set[int]) -> None:
    """Say what rests on the rows of a posting."""
    language = posting.creditor.language
    for message in _of(Message.objects.exclude(state=Message.State.CANCELLED), "customer_id", touched):
        if message.action_id is None and message.sent_at is not None and message.sent_at >= posting.at:
            day = short_day(message.on, language)
            raise MessageRestsOnIt(customer=message.customer.name, day=day)
    for action in _of(Action.objects.filter(on__gte=posting.at.date()), "customer_id", touched):
        if invoice_ids & set(json.loads(action.invoice_ids)) or _is_later(action, posting):
            raise ActionRestsOnIt(customer=action.customer.name, day=short_day(action.on, language))
    for step in _of(TakenStep.objects.select_related("invoice"), "invoice_id", invoice_ids):
        raise ReminderRestsOnIt(number=step.invoice.number)
    for hold in _of(Hold.objects.select_related("case__customer"), "invoice_id", invoice_ids):
        raise HoldRestsOnIt(customer=hold.case.customer.name)
    created = set(Customer.objects.filter(posting=posting).values_list("id", flat=True))
    for message in _of(Message.objects.select_related("customer"), "customer_id", created):
        raise MessageRestsOnIt(customer=message.customer.name, day=short_day(message.on, language))
    for hold in _of(Hold.objects.select_related("case__customer"), "case__customer_id", created):
        raise HoldRestsOnIt(customer=hold.case.customer.name)
    _refuse_if_known(created)
    by_person = MentionCheck.objects.exclude(source="file").select_related("invoice")
    for rows, key in ((by_person, "invoice_id"), (LimitationEvent.objects.select_related("invoice"), "id")):
        for each in _of(rows, "invoice_id", invoice_ids, key):
            raise NoteRestsOnIt(number=each.invoice.number)
    for proof in _of(Evidence.objects.select_related("invoice", "document"), "invoice_id", invoice_ids):
        raise ProofRestsOnIt(document=proof.document.name, number=proof.invoice.number if proof.invoice else "")


def _refuse_if_known(created: set[int]) -> None:
    """Say what is known of customers that only this posting made."""
    for column in ("kept_id", "merged_id"):
        for merge in _of(Merge.objects.filter(undone_on__isnull=True).select_related("merged"), column, created):
            raise MergeRestsOnIt(customer=merge.merged.name)
    for notice in _of(InsolvencyNotice.objects.select_related("customer"), "customer_id", created):
        raise NoticeRestsOnIt(customer=notice.customer.name)


def _is_later(action: Action, posting: Posting) -> bool:
    """Say whether an action was decided about a customer that only this posting made known."""
    return bool(action.customer.posting_id == posting.pk)


def _of(rows: QuerySet[Any], column: str, ids: Iterable[int], key: str = "id") -> Iterable[Any]:
    for some in lookups(ids):
        yield from rows.filter(**{f"{column}__in": some}).order_by(key).iterator()


def _delete_cases(customer_ids: set[int]) -> None:
    """The cases of customers that go: nothing was done on them, or the undoing would have been refused."""
    for some in lookups(customer_ids):
        cases = Case.objects.filter(customer_id__in=some)
        Standing.objects.filter(case_id__in=cases.values("pk"))._raw_delete("default")
        cases._raw_delete("default")
