"""What a person changes on an account: identity, contacts, notes, pauses."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exigible.books.cases.models import Hold
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CALL
from exigible.books.ledger.models import Contact, Customer, CustomerKind
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.features.customers import operations
from exigible.features.customers.forms import ContactForm, CustomerForm, PauseForm


def of_house(request: StaffRequest, customer_id: int) -> Customer:
    """Return a customer of the creditor, or 404."""
    found: Customer = get_object_or_404(
        Customer.objects.of(request.creditor).select_related("creditor"), pk=customer_id
    )
    return found


@needs(CALL)
def identity(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Change who the customer is, in law and for the post."""
    customer = of_house(request, customer_id)
    form = CustomerForm(request.POST or None, instance=of_house(request, customer_id))
    if request.method == "POST" and form.is_valid():
        operations.change_customer(customer, form.changes(), today=request.today, at=request.now, actor=request.actor)
        messages.success(request, _("The account is changed."))
        return redirect("customers:page", customer_id)
    context = {"customer": customer, "form": form}
    return render(request, "customers/identity.html", context, status=422 if request.method == "POST" else 200)


@needs(CALL)
@require_POST
def set_kind(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Say what a customer is in law, from the list."""
    customer, kind = of_house(request, customer_id), request.POST.get("kind", "")
    if kind in CustomerKind.values:
        operations.change_customer(customer, {"kind": kind}, today=request.today, at=request.now, actor=request.actor)
        words = {"name": customer.name, "kind": CustomerKind(kind).label}
        messages.success(request, _("%(name)s: %(kind)s.") % words)
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("customers:page", customer_id)


@needs(CALL)
def contact(request: StaffRequest, customer_id: int, contact_id: int | None = None) -> HttpResponse:
    """Add a contact or change one."""
    customer, rows = of_house(request, customer_id), Contact.objects.of(request.creditor)
    known = get_object_or_404(rows, pk=contact_id, customer_id=customer_id) if contact_id else None
    form = ContactForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_contact(
                customer, known, form.cleaned_data, today=request.today, at=request.now, actor=request.actor
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The contact is saved."))
            return redirect("customers:page", customer_id)
    context = {"customer": customer, "contact": known, "form": form}
    return render(request, "customers/contact.html", context, status=422 if request.method == "POST" else 200)


@needs(CALL)
@require_POST
def remove_contact(request: StaffRequest, contact_id: int) -> HttpResponse:
    """Remove a contact."""
    known = get_object_or_404(Contact.objects.of(request.creditor).select_related("customer__creditor"), pk=contact_id)
    customer_id = known.customer_id
    operations.remove_contact(known, today=request.today, at=request.now, actor=request.actor)
    messages.success(request, _("The contact is removed."))
    return redirect("customers:page", customer_id)


@needs(CALL)
@require_POST
def add_note(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Keep a note."""
    customer = of_house(request, customer_id)
    text = request.POST.get("text", "")[:4000]
    operations.add_note(customer, text, today=request.today, at=request.now, actor=request.actor)
    messages.success(request, _("The note is kept."))
    return redirect("customers:page", customer_id)


@needs(CALL)
@require_POST
def pause(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Ask nothing until a day, with the reason."""
    customer, form = of_house(request, customer_id), PauseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a day and a reason for the pause."))
        return redirect("customers:page", customer_id)
    given = form.cleaned_data
    operations.pause_customer(
        customer, given["until"], given["reason"], today=request.today, at=request.now, actor=request.actor
    )
    messages.success(request, _("Nothing will be asked until that day."))
    return redirect("customers:page", customer_id)


@needs(CALL)
@require_POST
def release(request: StaffRequest, hold_id: int) -> HttpResponse:
    """End a hold before its day."""
    rows = Hold.objects.of(request.creditor).filter(released_on__isnull=True)
    hold = get_object_or_404(rows.select_related("case__customer", "creditor"), pk=hold_id)
    operations.resume_customer(hold, today=request.today, at=request.now, actor=request.actor)
    messages.success(request, _("The pause is over; the account is looked at again."))
    return redirect("customers:page", hold.case.customer_id)
