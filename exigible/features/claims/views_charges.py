"""What a person does to the interest and the indemnity of one claim; and their derivation on a day."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import APPROVE, RECORD_MONEY
from exigible.books.ledger.charge_rows import INTEREST
from exigible.books.ledger.models import Invoice, Payment, RecoveryCost
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.features.claims import queries
from exigible.features.claims.charge_forms import ChargePaymentForm, CostForm, WaiverForm
from exigible.features.claims.charges import (
    add_cost,
    charges_panel,
    claim_all,
    costs_of,
    day_asked,
    drop_cost,
    money_left,
    pay_from,
    waivable_kinds,
    waive_all,
)
from exigible.features.claims.derivation import derive


def _claim(request: StaffRequest, invoice_id: int) -> Invoice:
    rows = Invoice.objects.of(request.creditor).select_related("customer", "creditor", "standing")
    found: Invoice = get_object_or_404(rows.exclude(kind=Invoice.Kind.CREDIT_NOTE), pk=invoice_id)
    return found


@require_GET
def derived(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Derive what could be claimed on a day, as the books have it now."""
    invoice = _claim(request, invoice_id)
    on = day_asked(request.GET.get("on", ""), request.today)
    found = derive(invoice, on)
    context = {
        "invoice": invoice, "customer": invoice.customer, "claim": found, "past": on < request.today,
        **queries.shown(found, invoice.currency),
    }  # fmt: skip
    return render(request, "claims/derived.html", context)


@needs(APPROVE)
@require_POST
def claim(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Claim what accrued since the last claim."""
    invoice = _claim(request, invoice_id)
    claim_all(invoice, today=request.today, at=request.now, actor=request.actor)
    messages.success(
        request, _("Interest and indemnity are claimed to this day; the next claim will add the new days only.")
    )
    return redirect("claims:page", invoice.pk)


@needs(RECORD_MONEY)
def waive(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Waive charges, with a reason."""
    invoice = _claim(request, invoice_id)
    lawful = waivable_kinds(invoice, request.today)
    form = WaiverForm(lawful, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            waive_all(invoice, reason, form.kinds(), today=request.today, at=request.now, actor=request.actor)
            messages.success(request, _("The waiver is written in the journal with its reason."))
            return redirect("claims:page", invoice.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"invoice": invoice, "form": form, "is_void": INTEREST not in lawful}
    return render(request, "claims/waive.html", context, status=422 if form.is_bound else 200)


@needs(RECORD_MONEY)
def costs(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """What did recovering this invoice cost, and what of it may be claimed?"""
    invoice = _claim(request, invoice_id)
    form = CostForm(invoice.currency, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _add_cost(request, invoice, form):
        messages.success(request, _("The cost is recorded with its proof; what exceeds the fixed indemnity is due."))
        return redirect("claims:costs", invoice.pk)
    context = {
        "invoice": invoice, "customer": invoice.customer, "form": form, "rows": costs_of(invoice),
        "claim": derive(invoice, request.today),
    }  # fmt: skip
    return render(request, "claims/costs.html", context, status=422 if form.is_bound else 200)


def _add_cost(request: StaffRequest, invoice: Invoice, form: CostForm) -> bool:
    given = form.cleaned_data
    try:
        add_cost(
            invoice, form.amount_minor(), given["incurred_on"], given["label"], (given["file"].read(), given["file"].name),
            today=request.today, at=request.now, actor=request.actor,
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@needs(RECORD_MONEY)
@require_POST
def remove_cost(request: StaffRequest, recoverycost_id: int) -> HttpResponse:
    """Take a recorded cost back."""
    rows = RecoveryCost.objects.of(request.creditor).select_related("invoice__customer", "invoice__creditor")
    cost: RecoveryCost = get_object_or_404(rows, pk=recoverycost_id)
    drop_cost(cost, today=request.today, at=request.now, actor=request.actor)
    messages.success(request, _("The cost is taken back; its proof stays with the invoice."))
    return redirect("claims:costs", cost.invoice_id)


@needs(RECORD_MONEY)
def pay(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Set a payment of which something is left against the charges."""
    invoice = _claim(request, invoice_id)
    panel, money = charges_panel(invoice, derive(invoice, request.today)), money_left(invoice)
    form = ChargePaymentForm(money, panel.due_minor if panel else 0, invoice.currency, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            payment = Payment.objects.of(request.creditor).get(pk=form.cleaned_data["payment"])
            pay_from(payment, invoice, form.amount_minor(), today=request.today, at=request.now, actor=request.actor)
            messages.success(
                request, _("The charges are paid by that much; what is left stays a credit of the customer.")
            )
            return redirect("claims:page", invoice.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"invoice": invoice, "form": form, "money": money, "panel": panel}
    return render(request, "claims/pay_charges.html", context, status=422 if form.is_bound else 200)
