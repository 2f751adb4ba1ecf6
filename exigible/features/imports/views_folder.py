"""The watched folder of the company: where it is, what waits in it, what was refused."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import IMPORT
from exigible.common.http import needs
from exigible.features.imports.folder import contents, folder_of, is_watched, watch


@needs(IMPORT)
@require_http_methods(["GET", "POST"])
def folder(request: StaffRequest) -> HttpResponse:
    """Show the watched folder, or make it."""
    if request.method == "POST":
        watch(request.creditor)
        messages.success(request, _("The folder is watched from now on."))
        return redirect("imports:folder")
    watched = is_watched(request.creditor)
    context = {
        "path": folder_of(request.creditor), "is_watched": watched,
        "contents": contents(request.creditor) if watched else None,
    }  # fmt: skip
    return render(request, "imports/folder.html", context)
