"""Posts what a file says to the books: customers, invoices, payments and allocations, each known by its source key."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_all_customers
from exigible.books.ledger.models import Invoice, Payment, Posting
from exigible.books.ledger.operations import mark_settled
from exigible.books.ledger.posting_allocations import post_allocations, settle_known
from exigible.books.ledger.posting_corrections import allocate_corrections, write_corrections
from exigible.books.ledger.posting_customers import post_customers
from exigible.books.ledger.posting_items import DueDates, complete_known, find_known, make_new, presume_again, write_new
from exigible.books.ledger.posting_matches import match_openings, take_over_openings
from exigible.books.ledger.posting_others import (
    drop_stale_table_payments,
    match_other_formats,
    recognise_payments,
    recognise_refunds,
)
from exigible.books.ledger.posting_prepaid import (
    adopt_references,
    drop_known_prepayments,
    match_net_of_prepayment,
    match_stated_otherwise,
)
from exigible.books.ledger.posting_records import PostingReport, Work, past_of, period_of
from exigible.books.ledger.posting_settlement import post_settlements
from exigible.books.ledger.posting_suppliers import post_suppliers
from exigible.formats.rows import Reading


@transaction.atomic
def post_rows(
    creditor: Creditor, reading: Reading, *, name: str, digest: str, today: date, at: datetime, actor: str = SYSTEM
) -> PostingReport:
    """Post a file in one transaction, with one event. A row seen before changes nothing; a newer export completes it.

    What people recorded stays: kinds they confirmed, contacts they edited, holds, steps, charges, payments by hand (one
    that the file now brings becomes the file's). The same source key with another substance is left out with a sentence.
    `digest` is the SHA-256 of the file's bytes.
    """
    assert reading.refusal is None, "a refused file is not posted"
    creditor = Creditor.objects.select_for_update(no_key=True).get(pk=creditor.pk)
    lock_all_customers(creditor.pk)
    period = period_of(reading)
    past = past_of(creditor)
    posting = Posting.objects.create(creditor=creditor, name=name[:255], digest=digest, at=at)
    is_first = not (Invoice.objects.of(creditor).exists() or Payment.objects.of(creditor).exists())
    work = Work(creditor, posting, replace(reading), past, period, is_first)
    _post(work)
    posting.changes = work.changes.to_json(reading.format, period)
    posting.save(update_fields=["changes"])
    report = work.report
    report.posting_id = posting.pk
    report.customer_ids = work.changes.customers
    payload = {"posting": posting.pk, "file": name, "digest": digest, "format": reading.format}
    counts = {"created": report.created, "updated": report.updated, "removed": report.removed}
    told = {"unchanged": report.unchanged, "rejected": len(report.rejected), "recognised": report.recognised}
    record("ledger.posted", creditor, payload | counts | told, on=today, at=at, actor=actor)
    return report


def _post(work: Work) -> None:
    """The order matters: who, then which items are known, then what is new, then what settles what."""
    adopt_references(work)
    post_customers(work)
    find_known(work)
    match_openings(work)
    match_other_formats(work)
    match_stated_otherwise(work)
    match_net_of_prepayment(work)
    take_over_openings(work)
    drop_stale_table_payments(work)
    drop_known_prepayments(work)
    recognise_payments(work)
    recognise_refunds(work)
    new_invoices, new_payments = make_new(work)
    dues = DueDates(work)
    complete_known(work, dues)
    allocate_corrections(work)
    post_allocations(work)
    write_new(work, new_invoices, new_payments, dues)
    write_corrections(work)
    post_settlements(work)
    post_suppliers(work)
    settle_known(work)
    presume_again(work, dues)
    mark_settled(work.touched_invoices, work.touched_payments)
