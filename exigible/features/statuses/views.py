"""The statuses of one invoice, and those that wait for their invoice."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from exigible.books.creditors.request import StaffRequest
from exigible.books.ledger.models import Invoice
from exigible.features.statuses.queries import statuses_of, waiting_statuses


@require_GET
def invoice(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """What platforms said of one invoice: the panel of its page, or a page of its own."""
    found = get_object_or_404(Invoice.objects.of(request.creditor).select_related("customer"), pk=invoice_id)
    shown = statuses_of(request.creditor, found, request.today)
    page = "statuses/panel.html" if request.htmx else "statuses/invoice.html"
    return render(request, page, {"invoice": found, "customer": found.customer, "shown": shown})


@require_GET
def waiting(request: StaffRequest) -> HttpResponse:
    """The statuses of invoices that the books do not hold yet."""
    page = waiting_statuses(request.creditor, request.GET.get("after", ""), request.GET.get("before", ""))
    return render(request, "statuses/waiting.html", {"page": page})
