"""The home page, the preview of an account, the panel of what comes next, and the act of each row."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exigible.books.creditors.money_known import stale_money
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import APPROVE, CALL
from exigible.books.ledger.models import Customer
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.features.bank.queries import bounded, count_to_match
from exigible.features.customers.account import account
from exigible.features.customers.forms import STEP_WORDS
from exigible.features.customers.reasons import page_language
from exigible.features.outbox import operations as outbox
from exigible.features.outbox.models import Message
from exigible.features.worklist.forms import CallForm, TaskForm
from exigible.features.worklist.operations import late_invoices, save_call
from exigible.features.worklist.rows import GROUPS, rows_for_customer
from exigible.features.worklist.screen import screen
from exigible.features.worklist.scripts import script_for


def today(request: StaffRequest) -> HttpResponse:
    """What should I do now, and why?"""
    only = request.GET.get("group", "")
    shown = screen(request.creditor, request.today, only if only in GROUPS else "", request.GET.get("after", ""))
    row = request.GET.get("row", "")
    movements = count_to_match(request.creditor)
    context = {
        "movements": movements, "movements_shown": bounded(movements),
        "stale": stale_money(request.creditor, request.today), "screen": shown, "only": only, "steps": STEP_WORDS, "focus_on": int(row) if row.isdecimal() and len(row) < 4 else None,
    }  # fmt: skip
    return render(request, "worklist/today.html", context)


def preview(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The account beside the list: figures, reason, contacts, oldest invoices."""
    customer = get_object_or_404(Customer.objects.of(request.creditor).select_related("creditor"), pk=customer_id)
    shown = account(customer, request.today)
    context = {
        "account": shown,
        "customer": customer,
        "lines": shown.lines[:6],
        "rows": rows_for_customer(customer, request.today),
        "steps": STEP_WORDS,
    }
    return render(request, "worklist/preview.html" if request.htmx else "worklist/preview_page.html", context)


def following(request: StaffRequest, customer_id: int) -> HttpResponse:
    """What comes next on one account, with its acts: the panel of the account page."""
    customer = get_object_or_404(Customer.objects.of(request.creditor), pk=customer_id)
    context = {"customer": customer, "rows": rows_for_customer(customer, request.today), "steps": STEP_WORDS}
    return render(request, "worklist/next.html", context)


def back(request: StaffRequest) -> HttpResponse:
    """Return to the list, to the row that takes the place of the one acted on."""
    given = request.POST.get("next", "")
    return redirect(given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) else reverse("worklist:today"))


def waiting_message(request: StaffRequest, message_id: int) -> Message:
    """Return a message of the creditor, or 404."""
    rows = Message.objects.of(request.creditor).filter(customer__isnull=False)
    rows = rows.select_related("case__customer", "customer__creditor", "creditor", "document")
    found: Message = get_object_or_404(rows, pk=message_id)
    return found


def debtor(message: Message) -> Customer:
    """Return whom a message of the worklist is about."""
    assert message.customer is not None, "the worklist holds what is for a customer"
    return message.customer


@needs(CALL)
def call(request: StaffRequest, message_id: int) -> HttpResponse:
    """The call: what to know and to say on the left, what it gave on the right."""
    message = waiting_message(request, message_id)
    late = late_invoices(message.case, request.today) if message.case else []
    form = CallForm(
        request.POST or None, today=request.today, currency=message.case.currency if message.case else "EUR", late=late
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_call(message, form.found(), request.user, request.today, request.now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The call to %(name)s is kept.") % {"name": debtor(message).name})
            return back(request)
    context = {
        "message": message,
        "form": form,
        "script": script_for(message, late, page_language(), request.today),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    context |= {"account": account(debtor(message), request.today), "customer": debtor(message)}
    return render(request, "worklist/call.html", context, status=422 if request.method == "POST" else 200)


@needs(CALL)
def task(request: StaffRequest, message_id: int) -> HttpResponse:
    """A task: what to do, on what facts, and the day it was done."""
    message = waiting_message(request, message_id)
    form = TaskForm(request.POST or None, is_notice=message.step == "formal_notice", initial={"done_on": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            outbox.complete_task(
                message, given["done_on"], given["note"], request.user, today=request.today, at=request.now
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Done: %(name)s.") % {"name": debtor(message).name})
            return back(request)
    rows = [row for row in rows_for_customer(debtor(message), request.today) if row.message_id == message.pk]
    context = {
        "message": message, "form": form, "row": rows[0] if rows else None, "customer": debtor(message), "steps": STEP_WORDS,
        "account": account(debtor(message), request.today), "next": request.POST.get("next") or request.GET.get("next", ""),
    }  # fmt: skip
    return render(request, "worklist/task.html", context, status=422 if request.method == "POST" else 200)


@needs(APPROVE)
@require_POST
def approve(request: StaffRequest, message_id: int) -> HttpResponse:
    """Approve the frozen bytes of one message."""
    message = waiting_message(request, message_id)
    if outbox.approve(request.creditor, [message.pk], request.user, request.today, request.now):
        messages.success(request, _("Approved: %(name)s.") % {"name": debtor(message).name})
    else:
        messages.warning(
            request, _("Cancelled: what the message stated is no longer true. The account is looked at again.")
        )
    return back(request)


@needs(CALL)
@require_POST
def posted(request: StaffRequest, message_id: int) -> HttpResponse:
    """Record that a letter was posted today."""
    message = waiting_message(request, message_id)
    outbox.record_posting(message, request.today, request.user, today=request.today, at=request.now)
    messages.success(
        request,
        _("Posted today: %(name)s. It counts as delivered in two working days.") % {"name": debtor(message).name},
    )
    return back(request)


@needs(APPROVE)
@require_POST
def resolve(request: StaffRequest, message_id: int) -> HttpResponse:
    """Say whether a message that may have left did leave."""
    message = waiting_message(request, message_id)
    outbox.resolve_uncertain(message, request.POST.get("left") == "yes", request.user, request.today, request.now)
    messages.success(request, _("Noted: %(name)s.") % {"name": debtor(message).name})
    return back(request)


@needs(APPROVE)
@require_POST
def retry(request: StaffRequest, message_id: int) -> HttpResponse:
    """Try a failed message again, after the fault was mended."""
    message = waiting_message(request, message_id)
    outbox.retry_failed(message, request.today, request.now)
    messages.success(request, _("It is tried again: %(name)s.") % {"name": debtor(message).name})
    return back(request)


@needs(APPROVE)
@require_POST
def withdraw(request: StaffRequest, message_id: int) -> HttpResponse:
    """Take a waiting message back: its steps are owed again."""
    message = waiting_message(request, message_id)
    outbox.withdraw(message, request.user, request.today, request.now)
    messages.success(
        request, _("Taken back: %(name)s. The account is looked at again.") % {"name": debtor(message).name}
    )
    return back(request)
