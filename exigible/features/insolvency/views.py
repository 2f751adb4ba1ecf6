"""The screens of insolvency: open proceedings, one customer's, a notice by hand, the claim declared."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exigible.books.cases.models import Deadline
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CALL
from exigible.books.documents.models import Document
from exigible.books.documents.operations import store_document
from exigible.books.ledger.models import Customer
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.features.insolvency import queries
from exigible.features.insolvency.forms import DeclaredForm, NoticeForm
from exigible.features.insolvency.models import InsolvencyNotice
from exigible.features.insolvency.operations import (
    decide_notice,
    declare_claim,
    notice_by_hand,
    proceedings_of,
    take_back,
)
from exigible.features.insolvency.wording import goes_on, names, stops


def _customer(request: StaffRequest, customer_id: int) -> Customer:
    rows = Customer.objects.of(request.creditor).select_related("creditor", "merged_into")
    found: Customer = get_object_or_404(rows, pk=customer_id)
    return found


def _told(request: StaffRequest) -> dict[str, Any]:
    return {"today": request.today, "at": request.now, "actor": request.actor}


def _kept(request: StaffRequest, upload: Any) -> Document | None:
    if not upload:
        return None
    return store_document(request.creditor, upload.read(), upload.name, "application/pdf", request.now)


@require_GET
def list_proceedings(request: StaffRequest) -> HttpResponse:
    """The open proceedings, the nearest delay first, and the notices that a person must place."""
    context = {"rows": queries.proceedings(request.creditor), "to_confirm": queries.to_confirm(request.creditor)}
    return render(request, "insolvency/list.html", context)


def _page(request: StaffRequest, customer: Customer, form: DeclaredForm, status: int = 200) -> HttpResponse:
    notices = proceedings_of(customer)
    invoices = queries.to_declare(customer, request.today)
    context = {
        "customer": customer, "notices": notices, "latest": notices[0] if notices else None, "form": form,
        "deadline": queries.deadline_of(customer), "delays": names(queries.other_delays(notices)), "invoices": invoices,
        "stops": stops(), "goes_on": goes_on(), "totals": queries.totals(invoices),
        "proposed": customer.insolvency_notices.filter(state=InsolvencyNotice.State.PROPOSED).order_by("-id"),
    }  # fmt: skip
    return render(request, "insolvency/page.html", context, status=status)


@require_GET
def page(request: StaffRequest, customer_id: int) -> HttpResponse:
    """One customer's proceedings: what was decided, what stops, what goes on, until when to declare."""
    customer = _customer(request, customer_id)
    if customer.merged_into_id:
        return redirect("insolvency:page", customer.merged_into_id)
    return _page(request, customer, DeclaredForm(initial={"done_on": request.today}))


@require_GET
def panel(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The panel of the account page."""
    customer = _customer(request, customer_id)
    notices = proceedings_of(customer)
    context = {
        "customer": customer,
        "latest": notices[0] if notices else None,
        "deadline": queries.deadline_of(customer),
    }
    return render(request, "insolvency/panel.html", context)


@needs(CALL)
def new(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Enter a notice by hand."""
    customer = _customer(request, customer_id)
    form = NoticeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        document = _kept(request, form.cleaned_data["file"])
        try:
            notice_by_hand(customer, form.row(), digest=document.digest if document else "", **_told(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The notice is recorded: nothing more is asked of this customer."))
            return redirect("insolvency:page", customer_id)
    context = {"customer": customer, "form": form}
    return render(request, "insolvency/new.html", context, status=422 if form.is_bound else 200)


@needs(CALL)
@require_POST
def declared(request: StaffRequest, deadline_id: int) -> HttpResponse:
    """Say that the claim was declared."""
    rows = Deadline.objects.of(request.creditor).filter(rule__in=queries.RULES)
    planned = get_object_or_404(rows.select_related("case__customer__creditor"), pk=deadline_id)
    customer = planned.case.customer
    form = DeclaredForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            declare_claim(planned, given["done_on"], given["note"], _kept(request, given["file"]), **_told(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Noted: the claim is declared, and the time to sue is interrupted by it."))
            return redirect("insolvency:page", customer.pk)
    return _page(request, customer, form, 422)


@needs(CALL)
@require_POST
def decide(request: StaffRequest, insolvencynotice_id: int) -> HttpResponse:
    """Say whether a notice is about this customer, or that one was recorded by mistake."""
    rows = InsolvencyNotice.objects.of(request.creditor).select_related("customer__creditor")
    notice = get_object_or_404(rows, pk=insolvencynotice_id)
    choice = request.POST.get("choice")
    if choice == "mistake":
        take_back(notice, **_told(request))
        messages.success(request, _("The notice is taken back; what rested on it alone has ended."))
    elif choice in ("yes", "no"):
        decide_notice(notice, choice == "yes", **_told(request))
        messages.success(request, _("Noted."))
    return redirect("insolvency:page", notice.customer_id) if choice == "yes" else redirect("insolvency:list")
