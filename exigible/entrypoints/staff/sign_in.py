"""The link that signs a person in once, and the choice of a first password."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.sign_in_links import person_of_link, use_sign_in_link
from exigible.common.origin import comes_from_this_machine

BY_LINK = "came_by_link"


@login_not_required
@never_cache
def by_link(request: Any, token: str) -> HttpResponse:
    """Show one button, so that programs which preview links do not use it up; at the machine itself sign in at once."""
    if request.method != "POST" and not comes_from_this_machine(request):
        person = person_of_link(token, request.now)
        return render(request, "staff/sign_in.html", {"person": person}, status=200 if person else 410)
    person = use_sign_in_link(token, request.now)
    if person is None and request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if person is None:
        return render(request, "staff/sign_in.html", {"person": None}, status=410)
    get_adapter().login(request, person)
    request.session[BY_LINK] = True
    messages.info(
        request, _("This link worked once. Choose a password to come back without one."), extra_tags="choose-password"
    )
    return redirect(settings.LOGIN_REDIRECT_URL)


def choose_password(request: StaffRequest) -> HttpResponse:
    """Let a person who came by a link choose a password without knowing the former one, or go on without."""
    if request.user.has_usable_password() and not request.session.get(BY_LINK):
        return redirect("account_change_password")
    form: Any = SetPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        request.session.pop(BY_LINK, None)
        update_session_auth_hash(request, request.user)
        messages.success(
            request, _("Your password is set: from now on you sign in with your e-mail and this password.")
        )
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "staff/choose_password.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
def forgotten(request: HttpRequest) -> HttpResponse:
    """Say who gives another link: mail leaves through each company's own server, so that none is sent from here."""
    return render(request, "staff/forgotten.html")
