"""Takes in what was dropped in a watched folder: imported where nothing is to be decided, else left for a person."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from exigible.books.creditors.models import Creditor
from exigible.features.imports.bundles import archive_of
from exigible.features.imports.folder import DONE, REFUSED, TO_CONFIRM, Claimed, bytes_of, claim, put_away
from exigible.features.imports.kept import KEEPERS
from exigible.features.imports.models import Import
from exigible.features.imports.operations import (
    LARGEST_BYTES,
    FileTooLarge,
    State,
    confirm_import,
    keep_upload,
    run_import,
)
from exigible.features.imports.reading import kept_mapping
from exigible.features.imports.wording import said
from exigible.formats.archive import is_archive
from exigible.formats.einvoice import SYNTAXES
from exigible.formats.recognise import recognise

BY_ITSELF = frozenset({"fec", *SYNTAXES, *KEEPERS})
TOGETHER, TOGETHER_BYTES = 200, 200 * 1024 * 1024  # a report names 200 files left out at most


def take_in(creditor: Creditor, at: datetime, today: date | None = None) -> int:
    """Take in the files that wait in the folder of a company; returns how many. Electronic invoices go together."""
    today = today or at.astimezone(ZoneInfo(creditor.time_zone)).date()
    invoices: list[tuple[Claimed, bytes]] = []
    count = 0
    with translation.override(creditor.language):
        for claimed in claim(creditor, at):
            count += 1
            body = bytes_of(claimed, LARGEST_BYTES)
            if body is None:
                put_away(creditor, claimed, REFUSED, at, _no_file())
            elif not is_archive(body) and recognise(body, claimed.name) in SYNTAXES:
                invoices.append((claimed, body))
            else:
                _take(creditor, claimed, body, today, at)
        for some in _batches(invoices):
            _take_together(creditor, some, today, at)
    return count


def _no_file() -> str:
    return _(
        "This is a link, or no plain file, or it is larger than 400 MB: put the file itself here, in parts if need be."
    )


def _batches(invoices: list[tuple[Claimed, bytes]]) -> list[list[tuple[Claimed, bytes]]]:
    """Invoices in lots that one archive and one report may hold."""
    batches: list[list[tuple[Claimed, bytes]]] = []
    size = 0
    for each in invoices:
        if not batches or len(batches[-1]) == TOGETHER or size + len(each[1]) > TOGETHER_BYTES:
            batches.append([])
            size = 0
        batches[-1].append(each)
        size += len(each[1])
    return batches


def _take(creditor: Creditor, claimed: Claimed, body: bytes, today: date, at: datetime) -> None:
    """One file: read, and posted where its kind leaves nothing to decide."""
    try:
        upload = _imported(creditor, claimed.name, body, today, at)
    except FileTooLarge as refused:
        put_away(creditor, claimed, REFUSED, at, str(refused))
        return
    if upload.state == State.REFUSED:
        put_away(creditor, claimed, REFUSED, at, _why(upload))
    else:
        put_away(creditor, claimed, DONE if upload.state == State.DONE else TO_CONFIRM, at)


def _imported(creditor: Creditor, name: str, body: bytes, today: date, at: datetime) -> Import:
    upload = keep_upload(creditor, name, body, None, at=at)
    if upload.state == State.UPLOADED:
        run_import(upload.pk, at, today)
        upload.refresh_from_db()
    if upload.state == State.PREVIEWED and _needs_nobody(upload, body):
        confirm_import(upload)
        run_import(upload.pk, at, today)
        upload.refresh_from_db()
    return upload


def _needs_nobody(upload: Import, body: bytes) -> bool:
    """Whether a file is posted without a person: its kind says all, or a person named the columns of such a table before."""
    if "refusal" in json.loads(upload.preview_json or "{}"):
        return False
    return upload.format in BY_ITSELF or (
        upload.format == "table" and kept_mapping(upload.creditor, body, upload.name) is not None
    )


def _why(upload: Import) -> str:
    told = json.loads(upload.report_json or "{}")
    return said(told["refusal"]) if "refusal" in told else upload.error


def _take_together(creditor: Creditor, invoices: list[tuple[Claimed, bytes]], today: date, at: datetime) -> None:
    """Electronic invoices as one import; those that could not be read or are not ours are put apart, each with its reason."""
    if len(invoices) == 1:
        _take(creditor, *invoices[0], today, at)
        return
    ordered = sorted(invoices, key=lambda each: (each[0].name, each[1]))
    name, packed = archive_of((claimed.name, body) for claimed, body in ordered)
    upload = _imported(creditor, name, packed, today, at)
    told = json.loads(upload.report_json or "{}")
    apart = {int(error["line"]): said(error) for error in told.get("rejected", ()) if error.get("line")}
    for place, (claimed, _content) in enumerate(ordered, 1):
        if upload.state == State.REFUSED:
            put_away(creditor, claimed, REFUSED, at, _why(upload))
        elif place in apart:
            put_away(creditor, claimed, REFUSED, at, apart[place])
        else:
            put_away(creditor, claimed, DONE if upload.state == State.DONE else TO_CONFIRM, at)
