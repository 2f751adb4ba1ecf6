"""What is about to leave under my name: lists by state, one message in full, and the acts upon it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from exigible.books.creditors.money_known import stale_money
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import APPROVE, RECORD_MONEY
from exigible.books.documents.operations import read_document
from exigible.books.documents.render import print_run as merged
from exigible.common.http import needs
from exigible.features.messages import queries
from exigible.features.messages.acts import NoLetterWaits, approve_seen, posting_day, record_postings, retry
from exigible.features.messages.frames import download, framed_html, framed_pdf
from exigible.features.messages.reading import opened
from exigible.features.outbox import operations
from exigible.features.outbox.freshness import confirm_and_go_on, refuse_if_stale
from exigible.features.outbox.models import Message


def _message(request: StaffRequest, message_id: int) -> Message:
    rows = Message.objects.of(request.creditor).select_related(
        "customer", "case", "creditor", "document__content", "approved_by"
    )
    found: Message = get_object_or_404(rows, pk=message_id)
    return found


@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """List what waits, what left and what was stopped, a page at a time."""
    tab = request.GET.get("tab") or queries.default_tab(request.creditor)
    context: dict[str, Any] = {
        "stale": stale_money(request.creditor, request.today),
        "tab": tab,
        "tabs": queries.tab_list(request.creditor),
        "step": request.GET.get("step", ""),
    }
    if tab == "excluded":
        context["groups"] = queries.excluded(request.creditor, request.GET.get("rule", ""))
        return render(request, "messages/excluded.html", context)
    if tab not in queries.TABS:
        raise Http404
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    context["page"] = queries.page_of_messages(request.creditor, tab, request.GET.get("step", ""), after, before)
    context["batches"] = queries.batches(request.creditor, tab) if tab in queries.COUNTED_TABS else []
    return render(request, "messages/list.html", context)


@require_GET
def page(request: StaffRequest, message_id: int) -> HttpResponse:
    """Show one message as it will leave, or left."""
    message = _message(request, message_id)
    return render(request, "messages/page.html", queries.in_full(message) | {"tab_names": queries.TAB_NAMES})


@require_GET
def html(request: StaffRequest, message_id: int) -> HttpResponse:
    """Give the HTML part of an e-mail, for a sandboxed frame."""
    message = _message(request, message_id)
    if message.document is None or message.channel != "email":
        raise Http404
    return framed_html(opened(read_document(message.document), queries.language()).html)


@require_GET
def pdf(request: StaffRequest, message_id: int) -> HttpResponse:
    """Give a letter's PDF, to be read in the page."""
    message = _message(request, message_id)
    if message.document is None or message.document.media_type != "application/pdf":
        raise Http404
    return framed_pdf(read_document(message.document), message.document.name)


@require_GET
def exact(request: StaffRequest, message_id: int) -> HttpResponse:
    """Give the frozen bytes themselves, to be saved."""
    message = _message(request, message_id)
    if message.document is None:
        raise Http404
    return download(read_document(message.document), message.document.name, message.document.media_type)


@needs(APPROVE)
@require_POST
def approve(request: StaffRequest) -> HttpResponse:
    """Approve the bytes that were seen, of one message or of many."""
    seen = request.POST.getlist("m")
    approved = approve_seen(request.creditor, seen, request.user, request.today, request.now)
    if approved:
        said = ngettext("%(count)d message is approved.", "%(count)d messages are approved.", approved)
        messages.success(request, said % {"count": approved})
    if missed := len(set(seen)) - approved:
        said = _("No longer true or no longer waiting, so not approved: %(count)d.")
        messages.warning(request, said % {"count": missed})
    if request.POST.get("next") == "message" and (waiting := queries.following(request.creditor, seen)):
        return redirect("messages:page", waiting.pk)
    return redirect(f"{reverse('messages:list')}?tab=to_approve")


@needs(RECORD_MONEY)
@require_POST
def confirm_money(request: StaffRequest) -> HttpResponse:
    """Confirm that the books hold all that was received until today: what waited for it goes on."""
    confirm_and_go_on(request.creditor, request.today, request.now, request.actor)
    messages.success(request, _("Noted in the journal: reminders go on today."))
    return redirect("worklist:today")


@needs(APPROVE)
@require_POST
def withdraw(request: StaffRequest, message_id: int) -> HttpResponse:
    """Take a waiting message back."""
    message = _message(request, message_id)
    operations.withdraw(message, request.user, request.today, request.now)
    messages.success(request, _("The message is withdrawn; the account is looked at again today."))
    return redirect("messages:page", message.pk)


@needs(APPROVE)
def print_run(request: StaffRequest) -> HttpResponse:
    """Give the letters chosen as one PDF; a POST says that they were posted."""
    chosen = (request.POST if request.method == "POST" else request.GET).getlist("m")
    letters = queries.letters_to_post(request.creditor, chosen)
    if not letters:
        raise NoLetterWaits
    if request.method != "POST":
        refuse_if_stale(request.creditor, request.today, queries.language())
        bodies = [read_document(letter.document) for letter in letters if letter.document]
        return framed_pdf(
            merged(bodies, both_sides=request.GET.get("sides") == "2"), f"{_('letters')}-{request.today}.pdf"
        )
    posted_on, proof = posting_day(request.POST.get("posted_on", "")), request.POST.get("proof", "").strip()
    posted = record_postings(letters, posted_on, proof=proof, user=request.user, today=request.today, at=request.now)
    said = ngettext("%(count)d letter is recorded as posted.", "%(count)d letters are recorded as posted.", posted)
    messages.success(request, said % {"count": posted})
    return redirect(f"{reverse('messages:list')}?tab=to_post")


@needs(APPROVE)
@require_POST
def bounce(request: StaffRequest, message_id: int) -> HttpResponse:
    """Record that a message came back."""
    message = _message(request, message_id)
    told = request.POST.get("told", "").strip() or _("returned")
    if not operations.record_bounce(
        message, message.recipient, told, today=request.today, at=request.now, actor=request.actor
    ):
        raise operations.NotWaiting(state=message.get_state_display())
    operations.refresh_after(message, request.today, request.now)
    messages.success(request, _("The message counts as not delivered; its step is owed again."))
    return redirect("messages:page", message.pk)


@needs(APPROVE)
@require_POST
def resolve(request: StaffRequest, message_id: int) -> HttpResponse:
    """Say whether a message that may have left did leave."""
    message = _message(request, message_id)
    was_sent = request.POST.get("was_sent") == "yes"
    operations.resolve_uncertain(message, was_sent, request.user, request.today, request.now)
    messages.success(request, _("Kept as sent.") if was_sent else _("It will be tried again."))
    return redirect("messages:page", message.pk)


@needs(APPROVE)
@require_POST
def retry_failed(request: StaffRequest, message_id: int) -> HttpResponse:
    """Try a failed message again."""
    message = _message(request, message_id)
    retry(message, request.today, request.now)
    messages.success(request, _("It will be tried again."))
    return redirect("messages:page", message.pk)
