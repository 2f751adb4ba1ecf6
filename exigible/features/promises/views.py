"""The week board of promises, one promise with what can be done to it, and the panel of the account page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exigible.books.cases.models import Case
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CALL
from exigible.books.ledger.models import Customer
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.features.promises import queries
from exigible.features.promises.forms import PromiseForm, WithdrawalForm
from exigible.features.promises.models import Promise
from exigible.features.promises.operations import make_promise, put_off, withdraw


@require_GET
def board(request: StaffRequest) -> HttpResponse:
    """Which money was promised for when?"""
    return render(request, "promises/board.html", {"board": queries.board(request.creditor, request.today)})


def _promise(request: StaffRequest, promise_id: int) -> Promise:
    rows = Promise.objects.of(request.creditor).select_related("customer", "case__creditor", "amends")
    found: Promise = get_object_or_404(rows, pk=promise_id)
    return found


def _told(request: StaffRequest) -> dict[str, Any]:
    return {"today": request.today, "at": request.now, "actor": request.actor}


@require_GET
def page(request: StaffRequest, promise_id: int) -> HttpResponse:
    """Show one promise: what it covers, what came, what can be done."""
    return _shown(request, _promise(request, promise_id), None, None)


def _shown(
    request: StaffRequest, promise: Promise, form: PromiseForm | None, withdrawal: WithdrawalForm | None
) -> HttpResponse:
    context = {
        "promise": promise, "card": queries.cards_of([promise])[0],
        "shares": promise.shares.select_related("invoice").order_by("invoice__due_on", "id"),
        "form": form or PromiseForm(promise.currency, is_again=True, initial={"made_by": promise.made_by}),
        "withdrawal": withdrawal or WithdrawalForm(),
        "may_act": request.may(CALL) and promise.state == Promise.State.OPEN,
    }  # fmt: skip
    is_wrong = any(one is not None and one.errors for one in (form, withdrawal))
    return render(request, "promises/page.html", context, status=422 if is_wrong else 200)


@needs(CALL)
def new(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Record a promise of a customer."""
    customer = get_object_or_404(Customer.objects.of(request.creditor), pk=customer_id)
    cases = Case.objects.of(request.creditor).filter(customer=customer).exclude(state=Case.State.CLOSED)
    case = cases.select_related("customer", "creditor").first()
    form = PromiseForm(case.currency if case else request.creditor.currency, request.POST or None)
    if request.method == "POST" and case and form.is_valid():
        try:
            promise = make_promise(case, form.given(), **_told(request))
            messages.success(
                request, _("The promise is recorded: its amount is not asked for until its grace has passed.")
            )
            return redirect("promises:page", promise.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"customer": customer, "form": form, "case": case}
    return render(request, "promises/new.html", context, status=422 if form.is_bound else 200)


@needs(CALL)
@require_POST
def again(request: StaffRequest, promise_id: int) -> HttpResponse:
    """Put a promise off, once."""
    promise = _promise(request, promise_id)
    form = PromiseForm(promise.currency, request.POST, is_again=True)
    if form.is_valid():
        try:
            later = put_off(promise, form.given(), **_told(request))
            messages.success(request, _("The promise is put off; it cannot be a second time."))
            return redirect("promises:page", later.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _shown(request, promise, form, None)


@needs(CALL)
@require_POST
def take_away(request: StaffRequest, promise_id: int) -> HttpResponse:
    """Withdraw a promise that was noted by mistake."""
    promise = _promise(request, promise_id)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return _shown(request, promise, None, form)
    withdraw(promise, form.cleaned_data["reason"], **_told(request))
    messages.success(request, _("The promise is withdrawn and does not count."))
    return redirect("customers:page", promise.customer_id)


@require_GET
def panel(request: StaffRequest, customer_id: int) -> HttpResponse:
    """What did this customer promise, and can the word be relied upon? The panel of the account page."""
    customer = get_object_or_404(Customer.objects.of(request.creditor), pk=customer_id)
    word = queries.words_of([customer.pk]).get(customer.pk)
    context = {
        "customer": customer,
        "cards": queries.of_customer(customer.pk),
        "word": word,
        "may_act": request.may(CALL),
    }
    return render(request, "promises/panel.html", context)
