"""Addresses of the REST API: every answer is JSON, that of an address which does not exist too."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from exigible.entrypoints.api.api import api

LARGEST_BYTES = 20 * 1024 * 1024
FILES = "/files"


def refused(sentence: str, status: int, **headers: str) -> JsonResponse:
    """One sentence as JSON."""
    return JsonResponse({"error": sentence}, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def no_such_address(request: HttpRequest) -> HttpResponse:
    """Say that an address of the API does not exist."""
    return refused(_("There is no such address; see /api/v1/openapi.json."), 404)


def guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Look at the size and the kind of a request before its body is read; give JSON where the library gives a bare page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and (problem := _unfit(request)):
            return problem
        try:
            found = view(request, *args, **kwargs)
        except Http404:
            return no_such_address(request)
        if found.status_code == 405:
            return refused(_("This address does not take that method."), 405, Allow=found.headers.get("Allow", ""))
        return found

    answer.csrf_exempt = True  # type: ignore[attr-defined]
    answer.login_required = False  # type: ignore[attr-defined]
    return answer


def _unfit(request: HttpRequest) -> HttpResponse | None:
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        return refused(_("Say how long the body is (Content-Length); it is not taken in chunks."), 411)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or len(length) > 12 or int(length) > LARGEST_BYTES:
        return refused(_("A request may hold 20 MB at most: send the file in parts, or import it on the screen."), 413)
    wanted = "multipart/form-data" if request.path.endswith(FILES) else "application/json"
    if request.content_type != wanted:
        return refused(_("Send this as %(kind)s.") % {"kind": wanted}, 415)
    return None


def _guard_all(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = guarded(pattern.callback)
        else:
            _guard_all(pattern.url_patterns)
    return patterns


_patterns, _app, _namespace = api.urls
missing = csrf_exempt(no_such_address)
missing.login_required = False  # type: ignore[attr-defined]
urlpatterns = [
    path("v1/", include((_guard_all(list(_patterns)), _app), namespace=_namespace)),
    re_path(r"", missing, name="no_such_address"),
]
