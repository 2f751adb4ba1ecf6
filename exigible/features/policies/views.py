"""How we chase, and what another policy would change: read it, compare the presets, edit, try it on a customer, publish."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exigible.books.cases.models import Case
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CONFIGURE
from exigible.books.policies.models import Policy
from exigible.common.http import needs
from exigible.features.policies import queries
from exigible.features.policies.editing import content_from, fields_of, grid_of
from exigible.features.policies.operations import publish as publish_version
from exigible.features.policies.preview import foresee
from exigible.features.policies.tables import (
    PRESET_WORDS,
    comparison,
    content_of,
    differences,
    overview,
    record_of,
    track_choices,
)


@require_GET
def current(request: StaffRequest) -> HttpResponse:
    """Show the policy in force."""
    policy = queries.current(request.creditor)
    if policy is None:
        return redirect("policies:presets")
    return _shown(request, policy)


@require_GET
def version(request: StaffRequest, number: int) -> HttpResponse:
    """Show a version as it was published."""
    return _shown(request, get_object_or_404(Policy.objects.of(request.creditor), version=number))


def _shown(request: StaffRequest, policy: Policy) -> HttpResponse:
    context = {
        "policy": policy, "table": overview(content_of(policy)), "versions": queries.names_of(queries.versions(request.creditor)),
        "name": queries.name_of(policy), "currency": request.creditor.currency,
        "limits": queries.limits(request.creditor, policy.min_gap_days, request.today),
    }  # fmt: skip
    return render(request, "policies/page.html", context)


@require_GET
def presets(request: StaffRequest) -> HttpResponse:
    """Compare the three presets with the policy in force, track by track."""
    policy, tracks = queries.current(request.creditor), track_choices()
    track = request.GET.get("track", "ordinary")
    if track not in dict(tracks):
        raise Http404
    contents = ({"current": content_of(policy)} if policy else {}) | queries.presets()
    context = {
        "policy": policy, "tracks": tracks, "track": track, "presets": PRESET_WORDS, "rows": comparison(contents, track),
        "contents": contents, "currency": request.creditor.currency,
    }  # fmt: skip
    return render(request, "policies/presets.html", context)


@needs(CONFIGURE)
def edit(request: StaffRequest) -> HttpResponse:
    """Edit a policy, starting from the current one, a preset or an old version; a POST shows what would change."""
    start = (request.POST if request.method == "POST" else request.GET).get("from", "")
    found = queries.content_named(request.creditor, start) or queries.content_named(request.creditor, "standard")
    assert found is not None, "the presets are packaged"
    base, currency = found[0], request.creditor.currency
    wrong: list[str] = []
    fields = request.POST.dict() if request.method == "POST" else fields_of(base, currency)
    if request.method == "POST":
        content, wrong = content_from(fields, base, currency)
        if not wrong and "again" not in fields:
            was = queries.content_named(request.creditor, "")
            changes = differences(was[0], content, currency) if was else []
            carried = {key: value for key, value in fields.items() if key != "csrfmiddlewaretoken"}
            return render(
                request, "policies/review.html", {"changes": changes, "is_first": was is None, "carried": carried}
            )
    context = {"grid": grid_of(fields, base), "fields": fields, "wrong": wrong, "start": start, "currency": currency}
    return render(request, "policies/edit.html", context, status=422 if wrong else 200)


@needs(CONFIGURE)
@require_POST
def publish(request: StaffRequest) -> HttpResponse:
    """Publish what was reviewed as a new version."""
    start, fields = request.POST.get("from", ""), request.POST.dict()
    found = queries.content_named(request.creditor, start) or queries.content_named(request.creditor, "standard")
    assert found is not None, "the presets are packaged"
    content, wrong = content_from(fields, found[0], request.creditor.currency)
    if wrong:
        grid = grid_of(fields, found[0])
        context = {
            "grid": grid,
            "fields": fields,
            "wrong": wrong,
            "start": start,
            "currency": request.creditor.currency,
        }
        return render(request, "policies/edit.html", context, status=422)
    policy = publish_version(
        request.creditor, content, found[1], today=request.today, at=request.now, actor=request.actor
    )
    messages.success(
        request,
        _("Version %(version)d is in force; every open account is looked at again.") % {"version": policy.version},
    )
    return redirect("policies:current")


@require_GET
def preview(request: StaffRequest) -> HttpResponse:
    """Try a policy on a customer: the steps to come if nothing happens, with their words."""
    start = request.GET.get("from", "")
    found = queries.content_named(request.creditor, start)
    text, customer_id = request.GET.get("q", ""), request.GET.get("customer", "")
    context: dict[str, Any] = {
        "start": start,
        "presets": PRESET_WORDS,
        "q": text,
        "policy": queries.current(request.creditor),
    }
    if found is None:
        raise Http404
    if customer_id:
        if not customer_id.isdecimal() or len(customer_id) > 18:
            raise Http404
        rows = Case.objects.of(request.creditor).exclude(state=Case.State.CLOSED).select_related("customer")
        case = get_object_or_404(rows, customer_id=int(customer_id))
        policy = record_of(found[0], request.creditor.country, request.today)
        context |= {"case": case, "preview": foresee(request.creditor, case, policy, request.today)}
    else:
        context["cases"] = queries.cases_to_try(request.creditor, text)
    return render(request, "policies/preview.html", context)
