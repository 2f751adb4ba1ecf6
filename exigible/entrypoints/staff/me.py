"""What a person sets for oneself: name, language, appearance, the company worked for."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exigible.books.creditors.models import Member, User
from exigible.books.creditors.request import StaffRequest
from exigible.entrypoints.staff.middleware import CHOSEN

YEAR_SECONDS = 365 * 24 * 3600


class MeForm(forms.ModelForm):  # type: ignore[type-arg]
    """The name under which others see what this person did."""

    class Meta:
        model = User
        fields = ("name", "phone")


def me(request: StaffRequest) -> HttpResponse:
    """Show and change one's own name and telephone."""
    form = MeForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your account is saved."))
        return redirect("staff:me")
    return render(request, "staff/me.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def company(request: StaffRequest) -> HttpResponse:
    """Work for another of one's companies from now on."""
    chosen = request.POST.get("creditor", "")
    member = (
        Member.objects.filter(user=request.user, creditor_id=int(chosen)).first()
        if chosen.isdecimal() and len(chosen) < 19
        else None
    )
    if member is None:
        raise Http404
    request.session[CHOSEN] = member.creditor_id
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_POST
def preferences(request: StaffRequest) -> HttpResponse:
    """Set the language or the appearance and come back to the page."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    answer = redirect(target if is_ours else settings.LOGIN_REDIRECT_URL)
    language, theme = request.POST.get("language"), request.POST.get("theme")
    if language in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=language)
        translation.activate(language)
        _keep(answer, settings.LANGUAGE_COOKIE_NAME, language)
    if theme in ("light", "dark", "auto"):
        _keep(answer, "theme", theme)
    return answer


def _keep(answer: HttpResponse, name: str, value: Any) -> None:
    answer.set_cookie(
        name, value, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )
