"""The keys of programs: make one, see when each was used last, end one; for owners only."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exigible.books.creditors.api_tokens import make_token, revoke_token
from exigible.books.creditors.models import ApiToken
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import OWN
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.entrypoints.staff.forms import ApiTokenForm


def _shown(
    request: StaffRequest, form: ApiTokenForm, text: str = "", made: str = "", status: int = 200
) -> HttpResponse:
    tokens = request.creditor.api_tokens.select_related("made_by").order_by("-id")
    context = {
        "form": form, "text": text, "made": made, "tab": "staff:api_keys", "address": request.build_absolute_uri("/api/v1/"),
        "tokens": tokens.filter(revoked_at=None), "ended": tokens.exclude(revoked_at=None)[:20],
    }  # fmt: skip
    return render(request, "staff/api_keys.html", context, status=status)


@needs(OWN)
def api_keys(request: StaffRequest) -> HttpResponse:
    """Show the keys; a new one is shown once, to be copied."""
    form = ApiTokenForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, form, status=422 if form.errors else 200)
    given = form.cleaned_data
    try:
        token, text = make_token(
            request.creditor, given["name"], given["scope"], request.user,
            today=request.today, at=request.now, expires_on=given["expires_on"],
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, str(refused))
        return _shown(request, form, status=422)
    return _shown(request, ApiTokenForm(), text, token.name)


@needs(OWN)
@require_POST
def end_key(request: StaffRequest, apitoken_id: int) -> HttpResponse:
    """End a key at once."""
    rows = ApiToken.objects.filter(creditor=request.creditor).select_related("creditor")
    token: ApiToken = get_object_or_404(rows, pk=apitoken_id)
    revoke_token(token, today=request.today, at=request.now, actor=request.actor)
    messages.success(request, _("The key “%(name)s” no longer opens anything.") % {"name": token.name})
    return redirect("staff:api_keys")
