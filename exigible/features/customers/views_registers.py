"""The company register on the account, companies to confirm, accounts of one company: seen together, merged, parted."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CALL, CONFIGURE
from exigible.books.ledger.models import Customer
from exigible.common.http import needs
from exigible.features.customers import groups, registers
from exigible.features.customers.asking import ask_register, is_on, may_be_asked, switch_register
from exigible.features.customers.merging import keep_apart, merge_customers, undo_merge
from exigible.features.customers.models import CompanyRecord, Merge
from exigible.features.customers.views_facts import of_house

SHOWN = 100


def _told(request: StaffRequest) -> dict[str, Any]:
    return {"today": request.today, "at": request.now, "actor": request.actor}


def _record(request: StaffRequest, companyrecord_id: int) -> CompanyRecord:
    rows = CompanyRecord.objects.of(request.creditor).select_related("customer__creditor")
    found: CompanyRecord = get_object_or_404(rows, pk=companyrecord_id)
    return found


@require_GET
def list_registers(request: StaffRequest) -> HttpResponse:
    """What the register says that waits for a person: companies alike by name, companies that are closed."""
    rows = CompanyRecord.objects.of(request.creditor).select_related("customer").order_by("id")
    context = {
        "to_confirm": rows.filter(is_confirmed=False)[:SHOWN],
        "closed": rows.filter(is_active=False, is_confirmed=True, seen_on__isnull=True)[:SHOWN],
        "known": rows.filter(is_confirmed=True).exists(), "is_on": is_on(request.creditor), "can_ask": may_be_asked(),
    }  # fmt: skip
    return render(request, "customers/registers.html", context)


@needs(CALL)
@require_POST
def confirm(request: StaffRequest, companyrecord_id: int) -> HttpResponse:
    """Say that a company is this customer, or that it is not."""
    record = _record(request, companyrecord_id)
    if not record.is_confirmed and request.POST.get("choice") in ("yes", "no"):
        registers.confirm_company(record, request.POST["choice"] == "yes", **_told(request))
        messages.success(request, _("Noted."))
    return redirect("customers:registers")


@needs(CALL)
@require_POST
def take_over(request: StaffRequest, companyrecord_id: int) -> HttpResponse:
    """Let the chosen facts of the register replace those of the account."""
    record = _record(request, companyrecord_id)
    if registers.take_over(record, request.POST.getlist("fields"), **_told(request)):
        messages.success(request, _("The account is changed."))
    else:
        messages.error(request, _("Choose what the account takes over first."))
    return redirect("customers:page", record.customer_id)


@needs(CALL)
@require_POST
def note_closed(request: StaffRequest, companyrecord_id: int) -> HttpResponse:
    """Take note that a company is closed."""
    record = _record(request, companyrecord_id)
    registers.note_closed(record, **_told(request))
    messages.success(request, _("Noted: the mark on the account stays."))
    return redirect("customers:page", record.customer_id)


@needs(CALL)
@require_POST
def ask(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Have the public register asked about a customer."""
    ask_register(of_house(request, customer_id), today=request.today, at=request.now)
    messages.success(request, _("The register is asked; its answer appears here."))
    return redirect("customers:page", customer_id)


@needs(CONFIGURE)
@require_POST
def switch(request: StaffRequest) -> HttpResponse:
    """Allow or forbid that the public register is asked over the network."""
    switch_register(request.creditor, request.POST.get("on") == "yes", **_told(request))
    messages.success(request, _("Saved."))
    return redirect("customers:registers")


@require_GET
def list_doubles(request: StaffRequest) -> HttpResponse:
    """The accounts that share a SIREN, to merge or to keep as sites; the merges made, to undo."""
    context = {"companies": groups.doubles(request.creditor), "merges": groups.merges(request.creditor)}
    return render(request, "customers/doubles.html", context)


@require_GET
def company(request: StaffRequest, customer_id: int) -> HttpResponse:
    """All the accounts of the company that a customer belongs to, with what they owe together."""
    customer = of_house(request, customer_id)
    siren = groups.siren_of(customer)
    if not siren:
        messages.error(request, _("This account has no SIREN: complete its identity first."))
        return redirect("customers:page", customer_id)
    return render(
        request, "customers/company.html", {"customer": customer, "company": groups.company_of(request.creditor, siren)}
    )


@needs(CONFIGURE)
@require_POST
def merge(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Merge another account into this one, or keep the accounts of its company apart."""
    kept = of_house(request, customer_id)
    if request.POST.get("apart"):
        keep_apart(request.creditor, groups.siren_of(kept), **_told(request))
        messages.success(request, _("They stay apart: sites of one company."))
        return redirect("customers:doubles")
    chosen = [key for key in request.POST.getlist("merged") if key.isdecimal() and int(key) != kept.pk]
    others = Customer.objects.of(request.creditor).filter(pk__in=chosen[:SHOWN]).order_by("pk")
    for other in others:
        merge_customers(kept, other, **_told(request))
    if chosen:
        messages.success(request, _("The accounts are merged into %(name)s.") % {"name": kept.name})
    else:
        messages.error(request, _("Choose the accounts to merge first."))
    return redirect("customers:page", kept.pk) if chosen else redirect("customers:doubles")


@needs(CONFIGURE)
@require_POST
def part(request: StaffRequest, merge_id: int) -> HttpResponse:
    """Undo a merge."""
    found = get_object_or_404(
        Merge.objects.of(request.creditor).select_related("kept__creditor", "merged"), pk=merge_id
    )
    undo_merge(found, **_told(request))
    messages.success(request, _("The merge is undone: each account has its own invoices again."))
    return redirect("customers:page", found.merged_id)
