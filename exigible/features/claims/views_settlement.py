"""What of one invoice is not to be asked for yet, as a person says it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exigible.books.cases.settlement import review_supplier
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CALL, RECORD_MONEY
from exigible.books.ledger.models import Customer, Invoice
from exigible.common.http import needs
from exigible.features.claims.settlement import SettlementForm, say_terms
from exigible.features.outbox.operations import recheck_waiting


@needs(CALL)
def settlement(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Say why an invoice is not to be asked for, and until when; or which codes a public buyer was given."""
    rows = Invoice.objects.of(request.creditor).select_related("customer", "creditor")
    invoice = get_object_or_404(rows.exclude(kind=Invoice.Kind.CREDIT_NOTE), pk=invoice_id)
    form = SettlementForm(invoice, request.POST or None)
    if request.method == "POST" and form.is_valid():
        say_terms(invoice, form.changes(), today=request.today, at=request.now, actor=request.actor)
        messages.success(request, _("It is kept; what may be asked for was looked at again."))
        return redirect("claims:page", invoice.pk)
    status = 422 if form.is_bound else 200
    return render(request, "claims/settlement.html", {"invoice": invoice, "form": form}, status=status)


@needs(RECORD_MONEY)
@require_POST
def supplier(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Say whether what is owed to this customer is set off against what it owes."""
    rows = Customer.objects.of(request.creditor).filter(supplier__isnull=False).select_related("creditor")
    customer = get_object_or_404(rows, pk=customer_id)
    is_set_off = request.POST.get("answer") == "set_off"
    review_supplier(customer, is_set_off, today=request.today, at=request.now, actor=request.actor)
    recheck_waiting(request.creditor, [customer.pk], request.today, request.now)
    messages.success(
        request,
        _("As much as you owe waits: have your accountant enter the set-off.")
        if is_set_off
        else _("Both debts stay apart; the question comes back if what you owe changes."),
    )
    return redirect("customers:page", customer.pk)
