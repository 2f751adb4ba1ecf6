"""What is done with a file: kept, read, previewed, confirmed, posted, undone; each step may be repeated without harm."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from exigible.books.cases.operations import refresh_customers
from exigible.books.cases.settlement import agree_with_terms
from exigible.books.creditors.models import Creditor, User
from exigible.books.creditors.money_known import learn_money
from exigible.books.documents.operations import read_document, store_document
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.control import control_posting
from exigible.books.ledger.models import Posting
from exigible.books.ledger.posting import post_rows
from exigible.books.ledger.posting_records import error_json
from exigible.common.bulk import collector_at_rest
from exigible.common.clock import now
from exigible.common.engine import announce
from exigible.common.errors import Refused
from exigible.features.bank.numbers import index_numbers
from exigible.features.bank.proposing import rematch
from exigible.features.customers.merging import follow_posting
from exigible.features.imports.kept import keeper_of, preview_kept
from exigible.features.imports.kept_bank import match_kept
from exigible.features.imports.models import Import
from exigible.features.imports.originals import attach_originals, media_type_of
from exigible.features.imports.preview import left_out, preview_of, report_json
from exigible.features.imports.reading import columns_to_choose, keep_mapping, laid_out, read_upload, refusal_of
from exigible.features.outbox.freshness import go_on_if_fresh
from exigible.features.outbox.operations import recheck_waiting
from exigible.features.statuses.operations import follow_statuses
from exigible.formats.rows import Reading, RowError
from exigible.formats.table_mapping import mapping_from_json

LEASE = timedelta(minutes=15)
READ_AT_ONCE_BYTES = 4 * 1024 * 1024
LARGEST_BYTES = 400 * 1024 * 1024
ASKS_FOR_COLUMNS = ("table.unmapped", "table.mapping", "table.no_header", "table.aged_balance")
State = Import.State


class FileTooLarge(Refused):
    """This file is larger than 400 MB: export a shorter period and import it again."""


class NothingToConfirm(Refused):
    """This import no longer waits for a confirmation. Reload the page."""


class NoTable(Refused):
    """This file is not a table: its columns cannot be chosen."""


class MappingInvalid(Refused):
    """These columns cannot be used: %(fault)s"""


def start_import(creditor: Creditor, name: str, body: bytes, user: User | None, at: datetime) -> Import:
    """Keep a file and say what importing it would do; the books are not touched before it is confirmed.

    A large file is read in the background. A file that was imported already is known by its digest and says so at once.
    """
    upload = keep_upload(creditor, name, body, user, at=at)
    if upload.state == State.UPLOADED:
        if len(body) <= READ_AT_ONCE_BYTES:
            _prepare(upload, _today(creditor, at), at)
        else:
            announce("run_import", upload.pk)
    return upload


@transaction.atomic
def keep_upload(
    creditor: Creditor, name: str, body: bytes, user: User | None, *, at: datetime, mapping_json: str = ""
) -> Import:
    """Keep the bytes of a file as a document, and its import; DONE at once when the same bytes were imported before."""
    if len(body) > LARGEST_BYTES:
        raise FileTooLarge
    document = store_document(creditor, body, name, media_type_of(body), at)
    known = known_import(creditor, document.digest, mapping_json)
    upload = Import.objects.create(
        creditor=creditor, document=document, name=name[:255], uploaded_at=at, uploaded_by=user, mapping_json=mapping_json,
        state=State.UPLOADED,
    )  # fmt: skip
    if known is not None:
        told = json.loads(known.report_json)
        unchanged = _as_unchanged(told, known)
        upload.state, upload.format, upload.posting = State.DONE, known.format, known.posting
        upload.mapping_json, upload.report_json = known.mapping_json, json.dumps(unchanged, ensure_ascii=False)
        upload.save()
    return upload


def known_import(creditor: Creditor, digest: str, mapping_json: str = "") -> Import | None:
    """The import of the same bytes, read in the same way, whose posting stands."""
    done = Import.objects.of(creditor).filter(
        document__digest=digest, state=State.DONE, posting__undone_at__isnull=True
    )
    done = done.filter(posting__isnull=False).exclude(report_json="")
    if mapping_json:
        done = done.filter(mapping_json=mapping_json)
    return done.order_by("-id").first()


def _as_unchanged(told: dict[str, Any], known: Import) -> dict[str, Any]:
    rows = told["unchanged"] + sum(
        told["created"][name] + told["updated"][name] for name in ("customers", "invoices", "payments")
    )
    nothing = dict.fromkeys(told["created"], 0)
    return told | {
        "created": nothing, "updated": nothing, "removed": nothing, "unchanged": rows, "recognised": [],
        "known": {"import": known.pk, "name": known.name, "at": known.uploaded_at.isoformat()},
    }  # fmt: skip


def _today(creditor: Creditor, at: datetime) -> date:
    return at.astimezone(ZoneInfo(creditor.time_zone)).date()


def _prepare(upload: Import, today: date, at: datetime) -> None:
    """Read a file and say what it would do, or refuse it with one sentence."""
    body = read_document(upload.document)
    reading = read_upload(upload.creditor, body, upload.name, upload.mapping_json)
    refusal = refusal_of(reading)
    told = columns_to_choose(body, upload.mapping_json) if refusal and refusal.code in ASKS_FOR_COLUMNS else None
    if refusal and told is None:
        _refuse(upload, reading, refusal, today, at)
        return
    if refusal and told is not None:
        told["refusal"] = error_json(refusal)
    elif keeper_of(reading):
        told = preview_kept(upload, reading, body, today=today, at=at, actor=actor_of(upload))
    else:
        told = preview_of(
            upload.creditor, reading, body, name=upload.name, digest=upload.document.digest, today=today, at=at
        )
        upload.mapping_json = upload.mapping_json or _mapping_text(reading)
    upload.format, upload.state, upload.lease_until = reading.format, State.PREVIEWED, None
    upload.preview_json = json.dumps(told, ensure_ascii=False, default=str)
    upload.save()


def _mapping_text(reading: Reading) -> str:
    return (
        json.dumps(reading.facts["mapping"], ensure_ascii=False, sort_keys=True) if "mapping" in reading.facts else ""
    )


@transaction.atomic
def _refuse(upload: Import, reading: Reading, refusal: RowError, today: date, at: datetime) -> None:
    """Refuse a file: one sentence, one event, nothing written to the books."""
    upload.format, upload.state, upload.lease_until = reading.format, State.REFUSED, None
    upload.error, upload.report_json = refusal.reason, json.dumps({"refusal": error_json(refusal)}, ensure_ascii=False)
    upload.save()
    payload = {"import": upload.pk, "file": upload.name, "digest": upload.document.digest, "reason": refusal.reason}
    record("import.refused", upload.creditor, payload, on=today, at=at, actor=actor_of(upload))


def actor_of(upload: Import) -> str:
    """How the journal names who uploaded the file."""
    return f"user:{upload.uploaded_by_id}" if upload.uploaded_by_id else SYSTEM


def change_mapping(
    upload: Import, mapping: dict[str, Any], at: datetime, *, is_kept: bool = True, is_laid_out_anew: bool = False
) -> None:
    """Read a table again through other columns, and keep them for the next file with the same headings.

    Laid out anew (another separator, encoding, sheet or line of headings) its columns are proposed again.
    """
    if upload.state != State.PREVIEWED:
        raise NothingToConfirm
    if upload.format != "table":
        raise NoTable
    body = read_document(upload.document)
    try:
        asked = mapping_from_json(mapping)
        if is_laid_out_anew:
            found = laid_out(body, asked)
            if isinstance(found, RowError):
                raise MappingInvalid(fault=found.reason)
            asked = found
        text = json.dumps(asked.to_json(), ensure_ascii=False, sort_keys=True)
    except (ValueError, TypeError, KeyError) as fault:
        raise MappingInvalid(fault=str(fault)) from fault
    upload.mapping_json = text
    _prepare(upload, _today(upload.creditor, at), at)
    if is_kept and upload.state == State.PREVIEWED:
        keep_mapping(upload.creditor, text, body)


def confirm_import(upload: Import) -> None:
    """Let a previewed file be posted; the work is done in the background."""
    can_be_read = "refusal" not in json.loads(upload.preview_json or "{}")
    waiting = Import.objects.filter(pk=upload.pk, state=State.PREVIEWED)
    if not can_be_read or not waiting.update(state=State.WAITING, lease_until=None):
        raise NothingToConfirm
    upload.state = State.WAITING
    announce("run_import", upload.pk)


def discard_import(upload: Import) -> None:
    """Drop a file that was not imported; its document stays."""
    if not Import.objects.filter(pk=upload.pk, state__in=(State.PREVIEWED, State.REFUSED)).delete()[0]:
        raise NothingToConfirm


def run_import(import_id: int, at: datetime | None = None, today: date | None = None) -> None:
    """The job: read an upload, or post a confirmed one. Claimed with a lease; brought twice it is done once."""
    at = at or now()
    waiting = Import.objects.filter(pk=import_id, state__in=(State.UPLOADED, State.WAITING))
    free = waiting.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at))
    if not free.update(lease_until=at + LEASE):
        return
    upload = Import.objects.select_related("creditor", "document").get(pk=import_id)
    today = today or _today(upload.creditor, at)
    if upload.state == State.UPLOADED:
        _prepare(upload, today, at)
    else:
        with collector_at_rest():
            _post(upload, today, at)
        if upload.posting is not None:
            index_numbers(upload.creditor)
            rematch(upload.creditor, today, at)


def _post(upload: Import, today: date, at: datetime) -> None:
    """Post the file, then have the cases and what waits to leave agree with the books, all in one transaction."""
    body = read_document(upload.document)
    reading = read_upload(upload.creditor, body, upload.name, upload.mapping_json)
    refusal = refusal_of(reading)
    if refusal is not None:
        _refuse(upload, reading, refusal, today, at)
        return
    actor, digest = actor_of(upload), upload.document.digest
    with transaction.atomic():
        moved = Import.objects.filter(pk=upload.pk, state=State.WAITING, lease_until=upload.lease_until)
        if not moved.update(state=State.DONE, lease_until=None):
            return
        upload.state, upload.format, upload.lease_until = State.DONE, reading.format, None
        if keeper := keeper_of(reading):
            told = keeper(upload, reading, body, today=today, at=at, actor=actor)
            upload.report_json = json.dumps(told, ensure_ascii=False, default=str)
            upload.save()
            return
        report = post_rows(upload.creditor, reading, name=upload.name, digest=digest, today=today, at=at, actor=actor)
        follow_posting(upload.creditor, reading)
        attach_originals(upload.creditor, reading, body, upload.name, today=today, at=at, actor=actor)
        control = control_posting(upload.creditor, reading, body, left_out(report))
        follow(upload.creditor, report.customer_ids, today, at, actor)
        agree_with_terms(upload.creditor, report.terms_changed, today, at, actor)
        know_money(upload.creditor, reading, today)
        told = report_json(reading, report) | {"control": control.to_json()}
        upload.posting = Posting.objects.get(pk=report.posting_id)
        upload.mapping_json = upload.mapping_json or _mapping_text(reading)
        upload.report_json = json.dumps(told, ensure_ascii=False, default=str)
        upload.save()


def follow(creditor: Creditor, customer_ids: Iterable[int], today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Make cases, and the messages that wait, agree with books that changed."""
    ids = sorted(customer_ids)
    refresh_customers(creditor, ids, today, at, actor)
    follow_statuses(creditor, ids, today=today, at=at, actor=actor)
    recheck_waiting(creditor, ids, today, at)


def know_money(creditor: Creditor, reading: Reading, today: date) -> None:
    """What a ledger says of money in, it says until its last entry; a table with payments until the day it is given."""
    last = reading.facts.get("last_day")
    if not reading.payments or reading.format not in ("fec", "table"):
        return
    learn_money(creditor, last if isinstance(last, date) and reading.format == "fec" else today, today)
    go_on_if_fresh(creditor, today)


def import_now(
    creditor: Creditor,
    name: str,
    body: bytes,
    today: date,
    at: datetime,
    *,
    user: User | None = None,
    mapping_json: str = "",
) -> Import:
    """Keep, read and post a file at once, without a preview: for the command line and the demonstration."""
    upload = keep_upload(creditor, name, body, user, at=at, mapping_json=mapping_json)
    if upload.state == State.UPLOADED:
        Import.objects.filter(pk=upload.pk).update(state=State.WAITING)
        run_import(upload.pk, at, today)
        upload.refresh_from_db()
        match_kept(upload, today, at)
    return upload
