"""The last days to sue of one account that draw near, and what was done about them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CALL
from exigible.books.ledger.models import Customer
from exigible.common.http import needs
from exigible.features.worklist.deadlines import end_alerts, row_of, waiting_alerts
from exigible.features.worklist.forms import LimitForm

MOST = 200


@needs(CALL)
def limits(request: StaffRequest, customer_id: int) -> HttpResponse:
    """What can no longer wait on this account, and what was done about it?"""
    customer = get_object_or_404(Customer.objects.of(request.creditor).select_related("creditor"), pk=customer_id)
    alerts = waiting_alerts(request.creditor, MOST, customer)
    form = LimitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        keys = [alert.id for alert in alerts]
        end_alerts(customer, keys, form.cleaned_data["note"], today=request.today, at=request.now, actor=request.actor)
        messages.success(request, _("Noted. You are told again when the next threshold comes."))
        return redirect(reverse("worklist:today"))
    row = row_of(request.creditor, alerts, request.today) if alerts else None
    context = {"customer": customer, "alerts": alerts, "row": row, "form": form}
    return render(request, "worklist/limits.html", context, status=422 if form.is_bound else 200)
