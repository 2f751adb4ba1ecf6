"""Going live: a separate, deliberate act after a last recapitulation; and the way back to rehearsal."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from exigible.books.cases.models import Case
from exigible.books.creditors.models import MailServer
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import OWN
from exigible.books.policies.models import Policy
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.features.dunning.operations import go_live as dunning_goes_live
from exigible.features.dunning.operations import missing_before_live
from exigible.features.dunning.operations import rehearse as dunning_rehearses

WHERE = {
    "signatory_name": (gettext_lazy("The name of the person who signs"), "staff:signatory"),
    "address": (gettext_lazy("The company's address"), "staff:settings"),
    "city": (gettext_lazy("The company's town"), "staff:settings"),
    "bank_account": (gettext_lazy("The bank account to be paid on"), "staff:bank"),
    "mail_server": (gettext_lazy("The mail server"), "staff:mail"),
}


@needs(OWN)
def go_live(request: StaffRequest) -> HttpResponse:
    """Recapitulate, then let messages leave once a person has said so."""
    creditor, refusal = request.creditor, ""
    if request.method == "POST" and request.POST.get("understood"):
        try:
            dunning_goes_live(creditor, request.today, request.now, request.actor)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("Messages leave from now on. Today's list shows what is to approve."))
            return redirect("/")
    elif request.method == "POST":
        refusal = _("Tick the box first: it says that you have read what will leave.")
    return render(
        request, "staff/go_live.html", _recapitulation(request) | {"refusal": refusal}, status=422 if refusal else 200
    )


def _recapitulation(request: StaffRequest) -> dict[str, Any]:
    creditor = request.creditor
    largest = Case.objects.of(creditor).filter(state=Case.State.OPEN, overdue_minor__gt=0).select_related("customer")
    return {
        "missing": [WHERE[name] for name in missing_before_live(creditor)],
        "server": MailServer.objects.filter(creditor=creditor).first(),
        "account": creditor.bank_accounts.filter(is_default=True).first(),
        "policy": Policy.objects.of(creditor).filter(is_current=True).first(),
        "largest": largest.order_by("-priority", "id")[:5],
        "tab": "staff:go_live",
    }


@needs(OWN)
@require_POST
def rehearse(request: StaffRequest) -> HttpResponse:
    """Stop everything that would leave."""
    dunning_rehearses(request.creditor, request.today, request.now, request.actor)
    messages.success(request, _("Rehearsal again: nothing leaves any more."))
    return redirect("staff:go_live")
