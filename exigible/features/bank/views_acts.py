"""What a person does with a movement: apply an explanation, set it aside, give it back, undo; each a POST."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from exigible.books.creditors.operations import change_creditor
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CONFIGURE, RECORD_MONEY
from exigible.common.http import needs
from exigible.features.bank import operations, queries
from exigible.features.bank.asked import back_to_queue, movement_of, order_asked
from exigible.features.bank.candidates import difference_chosen, proposal_seen
from exigible.features.bank.models import BankTransaction, Payer


def _by(request: StaffRequest) -> dict[str, Any]:
    return {"today": request.today, "at": request.now, "actor": request.actor}


@needs(RECORD_MONEY)
@require_POST
def apply(request: StaffRequest, movement_id: int) -> HttpResponse:
    """Apply the explanation that was seen, and go to the next movement."""
    movement, order = movement_of(request, movement_id), order_asked(request.POST)
    seen = request.POST.get("proposal", "")
    proposal = proposal_seen(movement, seen)
    following = queries.following(request.creditor, order, movement)
    operations.accept_proposal(movement, proposal, difference_chosen(proposal, request.POST), **_by(request))
    return back_to_queue(order, following, movement.pk)


@needs(RECORD_MONEY)
@require_POST
def aside(request: StaffRequest, movement_id: int) -> HttpResponse:
    """Set a movement aside: it is not a customer's money."""
    movement, order = movement_of(request, movement_id), order_asked(request.POST)
    following = queries.following(request.creditor, order, movement)
    operations.set_aside(movement, request.POST.get("note", "").strip()[:200], **_by(request))
    return back_to_queue(order, following, movement.pk)


@needs(RECORD_MONEY)
@require_POST
def give_back(request: StaffRequest, movement_id: int) -> HttpResponse:
    """Say which earlier movement a returned payment gives back."""
    movement, order = movement_of(request, movement_id), order_asked(request.POST)
    following = queries.following(request.creditor, order, movement)
    key = request.POST.get("original", "")
    rows = BankTransaction.objects.of(request.creditor)
    original = get_object_or_404(rows, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
    operations.accept_return(movement, original, **_by(request))
    return back_to_queue(order, following)


@needs(RECORD_MONEY)
@require_POST
def undo(request: StaffRequest, movement_id: int) -> HttpResponse:
    """Take back what was done with a movement: it waits again, for a person only."""
    movement = movement_of(request, movement_id)
    if movement.state == BankTransaction.State.SET_ASIDE:
        operations.take_up_again(movement, **_by(request))
    else:
        operations.undo_application(movement, **_by(request))
    messages.success(request, _("Undone: the movement waits again, and is applied by a person only."))
    return redirect(f"{reverse('bank:queue')}?order={order_asked(request.POST)}&on={movement.pk}")


@needs(RECORD_MONEY)
@require_POST
def apply_certain(request: StaffRequest) -> HttpResponse:
    """Apply all that is certain; whoever may change the settings may ask for it from now on."""
    if request.POST.get("always") == "yes" and request.may(CONFIGURE):
        change_creditor(
            request.creditor, {"applies_certain_matches": True}, on=request.today, at=request.now, actor=request.actor
        )
    done = operations.apply_all_certain(request.creditor, **_by(request))
    said = ngettext("%(count)d movement is applied.", "%(count)d movements are applied.", done)
    messages.success(request, said % {"count": done})
    return redirect("bank:queue")


@needs(RECORD_MONEY)
@require_POST
def forget(request: StaffRequest, payer_id: int) -> HttpResponse:
    """Forget that an account or a name pays for a customer."""
    payer = get_object_or_404(Payer.objects.of(request.creditor).select_related("customer"), pk=payer_id)
    operations.forget_payer(payer, **_by(request))
    messages.success(request, _("Forgotten: what this payer sends is no longer taken for this customer’s by itself."))
    return redirect("customers:page", payer.customer_id)
