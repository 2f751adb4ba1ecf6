"""Files over REST: the same import as on screen and in the terminal, with the same answer."""

import json
from typing import Annotated, Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from ninja import File, Path, Query, Router, Schema
from ninja.files import UploadedFile

from exigible.books.creditors.request import ApiRequest
from exigible.common.errors import Refused
from exigible.common.rest import answers
from exigible.features.imports.answer import file_answer, refused
from exigible.features.imports.models import Import
from exigible.features.imports.operations import import_now

files, router = Router(), Router()


class FileIsEmpty(Refused):
    """The file is empty: send one that holds something."""


class ImportOut(Schema):
    """An import as it stands; `answer` is what `exigible import` prints, once it is done or refused."""

    id: int
    name: str
    format: str
    state: str
    answer: dict[str, Any] | None


@files.post("", response=answers(dict[str, Any]), summary="Import a file")
def send(
    request: ApiRequest, file: File[UploadedFile], dry_run: Annotated[bool, Query(description="change nothing")] = False
) -> dict[str, Any]:
    """Import a ledger, a table, electronic invoices, statuses or statements; the answer is that of `exigible import`."""
    body = file.read()
    if not body:
        raise FileIsEmpty
    name = (file.name or "file").replace("\0", "")[:255]
    with transaction.atomic():
        upload = import_now(request.creditor, name, body, request.today, request.now)
        told = answer_of(upload) | {"import": None if dry_run else upload.pk, "dry_run": dry_run}
        if dry_run:
            transaction.set_rollback(True)
    return told


def answer_of(upload: Import) -> dict[str, Any]:
    """What an import gave, in the words of the command line's contract."""
    report: dict[str, Any] = json.loads(upload.report_json or "{}")
    return refused(upload.name, report["refusal"]) if "refusal" in report else file_answer(upload.name, report)


@router.get("/{import_id}", response=answers(ImportOut), summary="An import")
def imported(request: ApiRequest, import_id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> dict[str, Any]:
    """One import, whoever gave the file."""
    upload: Import = get_object_or_404(Import.objects.of(request.creditor), pk=import_id)
    is_told = upload.state in (Import.State.DONE, Import.State.REFUSED) and upload.report_json
    return {
        "id": upload.pk, "name": upload.name, "format": upload.format, "state": upload.state,
        "answer": answer_of(upload) if is_told else None,
    }  # fmt: skip
