"""What of one invoice is not to be asked for yet, as a person says it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CALL
from exigible.books.ledger.models import Invoice
from exigible.common.http import needs
from exigible.features.claims.settlement import SettlementForm, say_terms


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
