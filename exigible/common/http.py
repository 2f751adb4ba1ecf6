"""What every page's request carries, the sentence shown for a refusal, and the door that asks for a permission."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django_htmx.middleware import HtmxDetails

from exigible.common.errors import Refused

View = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """A request of a person who signed in; the tenant middleware fills it."""

    htmx: HtmxDetails
    today: date
    may: Callable[[str], bool]


def sentence(request: HttpRequest, text: str, status: int) -> HttpResponse:
    """Answer with one sentence: a page, or for htmx a notice that leaves the page and what was typed as they are."""
    if getattr(request, "htmx", False):
        answer = render(request, "refused.html#notice", {"text": text}, status=status)
        answer["HX-Retarget"] = "#notices"
        answer["HX-Reswap"] = "beforeend"
        return answer
    return render(request, "refused.html", {"text": text, "status": status}, status=status)


class RefusedMiddleware:
    """Turns a `Refused` that a view let through into its sentence, with status 422."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else is a fault and goes on."""
        return sentence(request, str(exception), 422) if isinstance(exception, Refused) else None


def needs(permission: str) -> Callable[[View], View]:
    """Let only members whose role carries this permission (books/creditors/roles.py) through; others get 403 with a sentence."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.may(permission):
                return view(request, *args, **kwargs)
            return sentence(
                request, gettext("Your role does not allow this; an owner can change it under Settings, People."), 403
            )

        return guarded

    return guard
