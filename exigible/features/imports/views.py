"""Imports: give a file, look at what it would do, name its columns, confirm, follow, undo."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import IMPORT
from exigible.common.http import needs
from exigible.features.imports import queries
from exigible.features.imports.bundles import bundled
from exigible.features.imports.columns import editor, is_laid_out_anew, mapping_from
from exigible.features.imports.models import Import
from exigible.features.imports.operations import change_mapping, confirm_import, discard_import, start_import
from exigible.features.imports.undo import undo_import
from exigible.features.imports.wording import said

State = Import.State


def _upload(request: HttpRequest, import_id: int) -> Import:
    rows = Import.objects.of(request.creditor).select_related("document", "posting", "creditor")  # type: ignore[attr-defined]
    found: Import = get_object_or_404(rows, pk=import_id)
    return found


@needs(IMPORT)
@require_http_methods(["GET", "POST"])
def start(request: StaffRequest) -> HttpResponse:
    """Take one file or several, and list what was imported before."""
    files = request.FILES.getlist("files")
    if request.method == "POST" and files:
        given = bundled((each.name or "", each.read()) for each in files)
        uploads = [start_import(request.creditor, name, body, request.user, request.now) for name, body in given]
        if len(uploads) == 1:
            return redirect("imports:page", uploads[0].pk)
        messages.success(request, _("%(count)d files were read: confirm each of them.") % {"count": len(uploads)})
        return redirect("imports:start")
    if request.method == "POST":
        messages.error(request, _("Choose a file first."))
    return render(request, "imports/start.html", {"past": queries.past_imports(request.creditor)})


@needs(IMPORT)
@require_GET
def page(request: StaffRequest, import_id: int) -> HttpResponse:
    """Show one import as it stands: being read, to confirm, being posted, done, refused or undone."""
    upload = _upload(request, import_id)
    told = queries.told(upload)
    for name in ("rejected", "warnings"):
        told[name] = [error | {"said": said(error)} for error in told.get(name, ())]
    told["waits"] = queries.waits_in_words(told.get("file", {}).get("waits", {}))
    if "picture" in told:
        told["picture"] = queries.picture_in_words(told["picture"])
    refusal = said(told["refusal"]) if "refusal" in told else upload.error
    context = {
        "upload": upload, "told": told, "refusal": refusal, "editor": editor(told) if upload.state == State.PREVIEWED else None,
        "is_working": upload.state in (State.UPLOADED, State.WAITING), "can_confirm": upload.state == State.PREVIEWED and not refusal,
        "can_undo": upload.state == State.DONE and upload.posting is not None and upload.posting.undone_at is None,
    }  # fmt: skip
    context["invoices"], context["more"] = queries.einvoices_of(told)
    if upload.state == State.DONE:
        context["lacking"] = queries.lacking(request.creditor)
    answer = render(request, "imports/page.html", context)
    if request.htmx and not context["is_working"]:
        answer["HX-Refresh"] = "true"  # the work is done: the whole page says so
    return answer


@needs(IMPORT)
@require_POST
def mapping(request: StaffRequest, import_id: int) -> HttpResponse:
    """Read the table again through the columns as they were named."""
    upload = _upload(request, import_id)
    before = queries.told(upload).get("file", {}).get("mapping") or json.loads(upload.mapping_json or '{"columns": []}')
    asked = mapping_from(request.POST, before)
    change_mapping(upload, asked, request.now, is_laid_out_anew=is_laid_out_anew(asked, before))
    return redirect("imports:page", upload.pk)


@needs(IMPORT)
@require_POST
def confirm(request: StaffRequest, import_id: int) -> HttpResponse:
    """Post the file, in the background."""
    confirm_import(_upload(request, import_id))
    return redirect("imports:page", import_id)


@needs(IMPORT)
@require_POST
def discard(request: StaffRequest, import_id: int) -> HttpResponse:
    """Drop a file that was not imported."""
    discard_import(_upload(request, import_id))
    messages.success(request, _("The file was dropped; nothing was imported."))
    return redirect("imports:start")


@needs(IMPORT)
@require_POST
def undo(request: StaffRequest, import_id: int) -> HttpResponse:
    """Put the books back as they were before this file."""
    undo_import(_upload(request, import_id), request.today, request.now, request.actor)
    messages.success(request, _("The import is undone: the books are as they were before it."))
    return redirect("imports:page", import_id)
