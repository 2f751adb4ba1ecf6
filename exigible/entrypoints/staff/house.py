"""The settings of the house: company, signatory, bank account, mail server, rules."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exigible.books.creditors.models import BankAccount, MailServer
from exigible.books.creditors.operations import change_creditor, set_bank_account, set_mail_server
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CONFIGURE
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.core.typography import iban_groups
from exigible.entrypoints.staff.forms import BankForm, CompanyForm, ImageField, MailForm, RulesForm, SignatoryForm
from exigible.entrypoints.staff.mail_records import records_for


def _by(request: StaffRequest) -> dict[str, Any]:
    return {"on": request.today, "at": request.now, "actor": request.actor}


def _changed(form: Any) -> dict[str, Any]:
    """Return the form's values; an image not chosen again stays as it is."""
    values = dict(form.cleaned_data)
    return {
        name: value
        for name, value in values.items()
        if not (isinstance(form.fields[name], ImageField) and value is None)
    }


def _creditor_form(request: StaffRequest, kind: Any, template: str, route: str) -> HttpResponse:
    """Show and save a form whose fields are columns of the creditor; the instance saved is one read again, never the form's."""
    form = kind(
        request.POST or None, request.FILES or None, instance=type(request.creditor).objects.get(pk=request.creditor.pk)
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_creditor(request.creditor, _changed(form), **_by(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved. Letters and messages written from now on show it."))
            return redirect(route)
    return render(request, template, {"form": form, "tab": route}, status=422 if form.errors else 200)


@needs(CONFIGURE)
def company(request: StaffRequest) -> HttpResponse:
    """Show and change the company as the letterhead prints it."""
    return _creditor_form(request, CompanyForm, "staff/company.html", "staff:settings")


@needs(CONFIGURE)
def signatory(request: StaffRequest) -> HttpResponse:
    """Show and change who signs."""
    return _creditor_form(request, SignatoryForm, "staff/signatory.html", "staff:signatory")


@needs(CONFIGURE)
def rules(request: StaffRequest) -> HttpResponse:
    """Show and change the thresholds."""
    return _creditor_form(request, RulesForm, "staff/rules.html", "staff:rules")


@needs(CONFIGURE)
def bank(request: StaffRequest) -> HttpResponse:
    """Show and change the bank account; another account number is saved on a second, explicit yes."""
    present = request.creditor.bank_accounts.filter(is_default=True).first()
    former = present.iban if present else ""
    form = BankForm(
        request.POST or None, instance=present or BankAccount(creditor=request.creditor, holder=request.creditor.name)
    )
    to_confirm = ""
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("holder", "iban", "bic")}
        if former in ("", values["iban"]) or form.cleaned_data["confirmed"]:
            set_bank_account(request.creditor, values, **_by(request))
            messages.success(request, _("Saved. Messages that still wait with another account will be written again."))
            return redirect("staff:bank")
        to_confirm = values["iban"]
    shown = {"form": form, "tab": "staff:bank", "former": iban_groups(former), "to_confirm": iban_groups(to_confirm)}
    return render(request, "staff/bank.html", shown, status=422 if form.errors or to_confirm else 200)


@needs(CONFIGURE)
def mail(request: StaffRequest) -> HttpResponse:
    """Show and change the mail server, with the records that the sender's domain should have."""
    server = MailServer.objects.filter(creditor=request.creditor).first()
    form = MailForm(request.POST or None, instance=server or MailServer(creditor=request.creditor))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        set_mail_server(request.creditor, values, values.pop("password"), **_by(request))
        messages.success(request, _("Saved. Send yourself a message to see that it works."))
        return redirect("staff:mail")
    saved = MailServer.objects.filter(creditor=request.creditor).first()
    shown = {"form": form, "tab": "staff:mail", "server": saved, "records": records_for(saved) if saved else []}
    return render(request, "staff/mail.html", shown, status=422 if form.errors else 200)


@needs(CONFIGURE)
@require_POST
def remove_image(request: StaffRequest, name: str) -> HttpResponse:
    """Take the logo or the signature off the letters."""
    if name not in ("logo", "signature"):
        raise Http404
    change_creditor(request.creditor, {name: None}, **_by(request))
    messages.success(request, _("Removed."))
    return redirect("staff:settings" if name == "logo" else "staff:signatory")


@needs(CONFIGURE)
def image(request: StaffRequest, name: str) -> HttpResponse:
    """Show the logo or the signature as it is stored."""
    content = bytes(getattr(request.creditor, name) or b"") if name in ("logo", "signature") else b""
    if not content:
        raise Http404
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/svg+xml"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
