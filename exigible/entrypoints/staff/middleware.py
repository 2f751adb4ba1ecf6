"""Finds for whom the signed-in person works, in which language and at which date, before any view runs."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from exigible.books.creditors.models import Member
from exigible.books.creditors.roles import may
from exigible.common.clock import now, today

CHOSEN = "creditor"


def chosen_member(request: HttpRequest, user: Any = None) -> Member | None:
    """Return the membership of the company chosen in this session, else the person's first one."""
    members = (
        Member.objects.filter(user_id=(user or request.user).pk or 0)
        .select_related("creditor")
        .order_by("creditor__name")
    )
    found = list(members)
    chosen = request.session.get(CHOSEN)
    return next((member for member in found if member.creditor_id == chosen), found[0] if found else None)


class TenantMiddleware:
    """Sets request.creditor, member, may, today, now and actor; a person without a company is told so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.creditor = request.member = None
        request.may = lambda permission: False
        request.now = now()
        request.today = today(settings.TIME_ZONE)
        if request.user.is_authenticated:
            _speak(request)
            member = chosen_member(request)
            if member:
                request.creditor, request.member = member.creditor, member
                request.may = lambda permission: may(member.role, permission)
                request.today = today(member.creditor.time_zone)
                request.actor = f"user:{request.user.pk}"
        with timezone.override(request.creditor.time_zone if request.creditor else settings.TIME_ZONE):
            return _whole_page_to_sign_in(request, self.get_response(request))

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Stop a person who works for no company before a view that needs one; the sign-in pages go on."""
        if not request.user.is_authenticated or request.creditor or not getattr(view, "login_required", True):
            return None
        if getattr(request.resolver_match, "url_name", "").startswith("account_"):
            return None
        return render(request, "staff/no_company.html", status=403)


def _speak(request: Any) -> None:
    language = request.user.language
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = language


def _whole_page_to_sign_in(request: Any, response: HttpResponse) -> HttpResponse:
    """An expired session must not put the sign-in page inside a panel: htmx is told to load it whole."""
    if request.htmx and response.status_code == 302 and not request.user.is_authenticated:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = response["Location"]
        return answer
    return response
