"""What the books still lack after an import: kinds, confirmations, addresses; earlier reminders; PDFs of invoices."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CALL, IMPORT, RECORD_MONEY
from exigible.books.ledger.models import Contact, Customer, CustomerKind, Invoice
from exigible.common.http import needs
from exigible.features.claims.operations import change_invoice
from exigible.features.claims.settlement import say_terms
from exigible.features.customers.operations import change_contact, change_customer
from exigible.features.imports import queries
from exigible.features.imports.pdfs import attach_pdfs
from exigible.features.imports.reminders import (
    DECLARABLE,
    Reminder,
    declare_reminders,
    declared_invoices,
    read_reminders,
)
from exigible.features.imports.wording import said

KINDS = [choice for choice in CustomerKind.choices if choice[0] != CustomerKind.UNKNOWN]


@require_GET
def queue(request: StaffRequest) -> HttpResponse:
    """Show what customers and open items still lack, one list at a time."""
    lacking = queries.lacking(request.creditor)
    shown = request.GET.get("show", "")
    if shown not in lacking:
        shown = lacking[0] if lacking else ""
    rows, has_more = queries.lacking_rows(request.creditor, shown) if shown else ([], False)
    context = {
        "lacking": lacking,
        "shown": shown,
        "rows": rows,
        "has_more": has_more,
        "kinds": KINDS,
        "buyers": Customer.BUYERS,
    }
    return render(request, "imports/queue.html", context)


def _back(shown: str) -> HttpResponse:
    return redirect(f"{reverse('imports:queue')}?show={shown}")


@needs(CALL)
@require_POST
def kinds(request: StaffRequest) -> HttpResponse:
    """Confirm the kinds of many customers at once, as the table has them."""
    asked = {
        int(name[5:]): value for name, value in request.POST.items() if name.startswith("kind-") and name[5:].isdigit()
    }
    wanted = {pk: str(value) for pk, value in asked.items() if value in dict(KINDS)}
    buyers = dict(Customer.BUYERS)
    count = 0
    for customer in Customer.objects.of(request.creditor).filter(pk__in=list(wanted)).select_related("creditor"):
        changes = {"kind": wanted[customer.pk]}
        buyer = request.POST.get(f"buyer-{customer.pk}", "")
        if changes["kind"] == CustomerKind.PUBLIC_BODY and buyer in buyers:
            changes["buyer"] = buyer
        count += change_customer(customer, changes, today=request.today, at=request.now, actor=request.actor)
    messages.success(
        request, ngettext("%(count)d customer confirmed.", "%(count)d customers confirmed.", count) % {"count": count}
    )
    return _back("kinds")


@needs(RECORD_MONEY)
@require_POST
def confirm_item(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Confirm the number and the due date of an open item: from then on it may be asked for."""
    invoice = get_object_or_404(Invoice.objects.of(request.creditor), pk=invoice_id)
    changes: dict[str, object] = {"is_confirmed": True}
    if number := request.POST.get("number", "").strip():
        changes["number"] = number[:80]
    if due := request.POST.get("due_on", "").strip():
        try:
            changes["due_on"] = date.fromisoformat(due)
        except ValueError:
            messages.error(request, _("This is not a date; write it like 2026-11-30."))
            return _back("items")
    change_invoice(invoice, changes, today=request.today, at=request.now, actor=request.actor)
    messages.success(request, _("%(number)s is confirmed.") % {"number": changes.get("number", invoice.number)})
    return _back("items")


@needs(CALL)
@require_POST
def give_codes(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Give an invoice the codes that the platform of a public buyer asks for."""
    invoice = get_object_or_404(
        Invoice.objects.of(request.creditor).select_related("customer", "creditor"), pk=invoice_id
    )
    changes = {
        "service_code": request.POST.get("service_code", "").strip()[:100],
        "order_reference": request.POST.get("commitment", "").strip()[:80],
    }
    say_terms(invoice, changes, today=request.today, at=request.now, actor=request.actor)
    messages.success(request, _("%(number)s may be asked for again.") % {"number": invoice.number})
    return _back("codes")


@needs(CALL)
@require_POST
def give_email(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Give a customer an e-mail address: its main contact's, who is made if there is none."""
    customer = get_object_or_404(Customer.objects.of(request.creditor), pk=customer_id)
    email = request.POST.get("email", "").strip()
    if "@" not in email or len(email) > 254:
        messages.error(request, _("“%(email)s” is not an e-mail address.") % {"email": email})
        return _back("emails")
    main = Contact.objects.filter(customer=customer, is_main=True).first()
    change_contact(
        customer, main, {"email": email, "is_main": True}, today=request.today, at=request.now, actor=request.actor
    )
    messages.success(request, _("%(customer)s can be written to.") % {"customer": customer.name})
    return _back("emails")


@needs(IMPORT)
@require_http_methods(["GET", "POST"])
def reminders(request: StaffRequest) -> HttpResponse:
    """Declare reminders that were sent before, from a table or one by one."""
    context: dict[str, object] = {"invoices": declared_invoices(request.creditor), "steps": DECLARABLE}
    if request.method == "GET":
        return render(request, "imports/reminders.html", context)
    uploaded = request.FILES.get("file")
    rows = read_reminders(uploaded.read()) if uploaded else [_typed(request)]
    if rows is None:
        context["rejected"] = [said({"code": "reminder.columns"})]
        return render(request, "imports/reminders.html", context, status=422)
    told = declare_reminders(request.creditor, rows, request.today, request.now, request.actor)
    if told.count or told.known:
        words = ngettext("%(count)d reminder declared.", "%(count)d reminders declared.", told.count) % {
            "count": told.count
        }
        messages.success(request, words)
    if not told.rejected:
        return redirect("imports:reminders")
    context["rejected"] = [
        said({"code": code, "line": line, "params": {"value": value}}) for code, line, value in told.rejected
    ]
    context["invoices"] = declared_invoices(request.creditor)
    return render(request, "imports/reminders.html", context, status=422)


def _typed(request: StaffRequest) -> Reminder:
    names = ("number", "step", "on", "proof", "customer")
    return Reminder(1, *(request.POST.get(name, "") for name in names))


@needs(IMPORT)
@require_http_methods(["GET", "POST"])
def pdfs(request: StaffRequest) -> HttpResponse:
    """Attach PDFs to invoices by the numbers in their names."""
    if request.method == "GET":
        return render(request, "imports/pdfs.html")
    files = [(each.name or "", each.read()) for each in request.FILES.getlist("files")]
    told = attach_pdfs(request.creditor, files, request.today, request.now, request.actor)
    return render(request, "imports/pdfs.html", {"told": told})
