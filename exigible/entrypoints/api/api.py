"""The API itself: each feature's router, and how every kind of refusal becomes one sentence of JSON."""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from exigible.common.errors import Refused
from exigible.entrypoints.api.access import NO_TOKEN, Bearer, PerToken, ReadsOnly
from exigible.features.claims.api import router as invoices
from exigible.features.customers.api import balance, payments
from exigible.features.customers.api import router as customers
from exigible.features.imports.api import files
from exigible.features.imports.api import router as imports
from exigible.features.statuses.api import of_invoice
from exigible.features.statuses.api import router as statuses
from exigible.features.worklist.api import router as actions

logger = logging.getLogger(__name__)

api = NinjaAPI(
    title="Exigible", version="1", description="Customers, invoices, payments, statuses and the worklist of one company.",
    urls_namespace="api", docs_url=None, auth=Bearer(), throttle=[PerToken()],
)  # fmt: skip
for prefix, router in (
    ("customers", customers), ("invoices", invoices), ("invoices", of_invoice), ("payments", payments), ("balance", balance), ("files", files),
    ("imports", imports), ("statuses", statuses), ("actions", actions),
):  # fmt: skip
    api.add_router(f"/{prefix}", router, tags=[prefix])


def _problem(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return api.create_response(request, {"error": sentence}, status=status)


@api.exception_handler(AuthenticationError)
def unknown_key(request: HttpRequest, fault: Any) -> HttpResponse:
    """No key, or none in force."""
    answer = _problem(request, gettext(NO_TOKEN), 401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Refused)
def refused(request: HttpRequest, fault: Any) -> HttpResponse:
    """A rule refused it: its sentence."""
    return _problem(request, str(fault), 403 if isinstance(fault, ReadsOnly) else 422)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, fault: Any) -> HttpResponse:
    """No such row of this company."""
    return _problem(request, gettext("There is no such record in this company."), 404)


@api.exception_handler(Throttled)
def too_often(request: HttpRequest, fault: Any) -> HttpResponse:
    """Too many requests in a minute."""
    return _problem(request, gettext("Too many requests: wait a minute, then go on."), 429)


@api.exception_handler(ValidationError)
def unclear(request: HttpRequest, fault: Any) -> HttpResponse:
    """The first field that is wrong, where it stands, and why."""
    first = fault.errors[0]
    source, *place = first["loc"]
    where = ".".join(str(part) for part in (place[1:] if source == "body" else place))
    told = {"field": where or gettext("The body"), "fault": first["msg"]}
    if first["type"] == "missing":
        return _problem(request, gettext("%(field)s is missing. See /api/v1/openapi.json.") % told, 422)
    return _problem(request, gettext("%(field)s cannot be read: %(fault)s. See /api/v1/openapi.json.") % told, 422)


@api.exception_handler(HttpError)
def unfit(request: HttpRequest, fault: Any) -> HttpResponse:
    """What the library itself refuses, such as a body that is no JSON."""
    if fault.status_code == 400:
        return _problem(request, gettext("The body is no valid JSON: correct it and send it again."), 422)
    return _problem(request, str(fault), fault.status_code)


@api.exception_handler(Exception)
def fault(request: HttpRequest, fault: Any) -> HttpResponse:
    """A fault of ours: logged without its words, told without them."""
    logger.error(
        "the API failed at %s %s",
        request.method,
        request.resolver_match and request.resolver_match.route,
        exc_info=fault,
    )
    return _problem(request, gettext("This failed through no fault of yours; it is in the log. Try again later."), 500)
