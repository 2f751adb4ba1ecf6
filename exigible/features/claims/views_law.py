"""What the law says of one invoice, and what a person records of it: the time to sue, and the mentions of the invoice."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exigible.books.cases.limitation import nearest_standing
from exigible.books.cases.limitation_events import (
    change_supply,
    record_limitation_event,
    take_limitation_event_back,
)
from exigible.books.cases.models import LimitationEvent
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CALL, RECORD_MONEY
from exigible.books.documents.models import Evidence
from exigible.books.ledger.models import Customer, Invoice
from exigible.common.errors import Refused
from exigible.common.http import sentence
from exigible.core.law.mentions import STATES, UNKNOWN
from exigible.features.claims.conformity import WORDS, check_mentions_of, conformity, has_file, read_mentions
from exigible.features.claims.limitation import clock, suggestions
from exigible.features.claims.limitation_forms import LimitationEventForm, SupplyForm
from exigible.features.claims.operations import add_proof


def _claim(request: StaffRequest, invoice_id: int) -> Invoice:
    """Return an invoice or a deposit of this company, or 404: nothing is sued on by a credit note."""
    rows = Invoice.objects.of(request.creditor).select_related("customer", "creditor", "standing")
    found: Invoice = get_object_or_404(rows.exclude(kind=Invoice.Kind.CREDIT_NOTE), pk=invoice_id)
    return found


def _may_write(request: StaffRequest) -> bool:
    return request.may(CALL) or request.may(RECORD_MONEY)


def _only_reads(request: StaffRequest) -> HttpResponse:
    return sentence(request, _("Your role only reads: ask a colleague to record this."), 403)


def limitation(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Until when can one sue, why, and what happened that bears on it?"""
    invoice = _claim(request, invoice_id)
    form = LimitationEventForm(invoice, request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not _may_write(request):
            return _only_reads(request)
        if form.is_valid() and _record(request, invoice, form):
            messages.success(request, _("It is recorded; the last day to sue was worked out again."))
            return redirect("claims:limitation", invoice.pk)
    standing = getattr(invoice, "standing", None)
    context = {
        "invoice": invoice, "customer": invoice.customer, "clock": clock(invoice, standing, request.today), "form": form,
        "may_write": _may_write(request), "suggestions": suggestions(invoice),
        "supply_form": SupplyForm(initial={"activity": standing.activity, "completed_on": standing.completed_on})
        if standing else None,
    }  # fmt: skip
    return render(request, "claims/limitation.html", context, status=422 if form.is_bound else 200)


@require_GET
def panel(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Until when can one sue on what this account owes? The nearest day, and why: the panel of the account page."""
    customer = get_object_or_404(Customer.objects.of(request.creditor), pk=customer_id)
    nearest = nearest_standing(customer.pk)
    found = clock(nearest.invoice, nearest, request.today) if nearest else None
    context = {"customer": customer, "invoice": nearest.invoice if nearest else None, "clock": found}
    return render(request, "claims/limit_panel.html", context)


def _record(request: StaffRequest, invoice: Invoice, form: LimitationEventForm) -> bool:
    """Record what the form says, with its document; what is refused is told in the form."""
    given = form.cleaned_data
    told: dict[str, Any] = {"today": request.today, "at": request.now, "actor": request.actor}
    try:
        digest = ""
        if given["file"]:
            proof = add_proof(invoice, given["file"].read(), given["file"].name, Evidence.Proves.OTHER, **told)
            digest = proof.document.digest
        record_limitation_event(invoice, given["kind"], given["on"], note=given["note"], document_digest=digest, **told)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@require_POST
def supply(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Say what was supplied, and when it was completed."""
    invoice = _claim(request, invoice_id)
    if not _may_write(request):
        return _only_reads(request)
    form = SupplyForm(request.POST)
    if not form.is_valid():
        return sentence(request, _("Say what was supplied, and give its day as a date."), 422)
    given = form.cleaned_data
    if change_supply(
        invoice, given["activity"], given["completed_on"], today=request.today, at=request.now, actor=request.actor
    ):
        messages.success(request, _("It is recorded; the last day to sue was worked out again."))
    return redirect("claims:limitation", invoice.pk)


@require_POST
def remove_event(request: StaffRequest, limitationevent_id: int) -> HttpResponse:
    """Take an event of limitation back."""
    rows = LimitationEvent.objects.of(request.creditor).select_related("invoice__customer", "invoice__creditor")
    event: LimitationEvent = get_object_or_404(rows, pk=limitationevent_id)
    if not _may_write(request):
        return _only_reads(request)
    take_limitation_event_back(event, today=request.today, at=request.now, actor=request.actor)
    messages.success(request, _("It is taken back; the last day to sue was worked out again."))
    return redirect("claims:limitation", event.invoice_id)


def mentions(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """What must this invoice say, and what is missing?"""
    invoice = _claim(request, invoice_id)
    if request.method == "POST":
        return _check(request, invoice)
    context = {
        "invoice": invoice, "customer": invoice.customer, "conformity": conformity(invoice), "may_write": _may_write(request),
        "states": [(state, WORDS[state]) for state in STATES], "has_file": has_file(invoice),
    }  # fmt: skip
    return render(request, "claims/mentions.html", context)


def _check(request: StaffRequest, invoice: Invoice) -> HttpResponse:
    """Keep what was ticked, or what the file of the invoice says."""
    if not _may_write(request):
        return _only_reads(request)
    told: dict[str, Any] = {"today": request.today, "at": request.now, "actor": request.actor}
    found = conformity(invoice)
    if "read" in request.POST:
        read_mentions(invoice, **told)
    else:
        given = {line.name: request.POST.get(f"mention-{line.name}", UNKNOWN) for line in found.lines} if found else {}
        if not set(given.values()) <= set(STATES):
            return sentence(request, _("Say of each mention whether it is stated, missing or not asked."), 422)
        check_mentions_of(invoice, given, **told)
    messages.success(request, _("The mentions of the invoice are kept."))
    return redirect("claims:page", invoice.pk)
