"""The journal's screen: who did what and when, and whether the chain of hashes holds."""

from datetime import date
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import READ
from exigible.books.journal.verify import altered_payloads, broken_links
from exigible.books.ledger.models import Customer
from exigible.common.http import needs
from exigible.entrypoints.staff.event_words import WORDS, stream_words
from exigible.entrypoints.staff.journal_queries import Wanted, page_of_journal

MOST_FAULTS = 50
LARGEST_ID = 2**63 - 1


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _number(request: HttpRequest, name: str) -> int | None:
    typed = request.GET.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 20 and int(typed) <= LARGEST_ID else None


def _wanted(request: StaffRequest) -> Wanted:
    kind = request.GET.get("kind", "")
    customer = _number(request, "customer")
    if customer and not Customer.objects.of(request.creditor).filter(pk=customer).exists():
        customer = None
    days = _day(request, "since"), _day(request, "until")
    return Wanted(kind if kind in WORDS else "", customer, *days, _number(request, "after"))


def _show(request: StaffRequest, wanted: Wanted, **more: object) -> HttpResponse:
    customer = (
        Customer.objects.of(request.creditor).filter(pk=wanted.customer_id).first() if wanted.customer_id else None
    )
    page = page_of_journal(request.creditor, wanted)
    for told in page.events:
        told["stream"] = stream_words(told["event"].stream)
        told["words"] = WORDS.get(told["event"].kind, told["event"].kind)
    shown = {
        "page": page,
        "wanted": wanted,
        "customer": customer,
        "words": WORDS,
        "pages": {"next": page.further},
        **more,
    }
    return render(request, "staff/journal.html", shown)


@needs(READ)
def journal(request: StaffRequest) -> HttpResponse:
    """Show the journal, newest first, filtered by kind, account and days."""
    return _show(request, _wanted(request))


@needs(READ)
@require_POST
def verify(request: StaffRequest) -> HttpResponse:
    """Walk every chain of the company and say whether each event follows from the one before it."""
    creditor_id = request.creditor.pk
    faults = list(islice(broken_links(creditor_id), MOST_FAULTS)) + list(
        islice(altered_payloads(creditor_id), MOST_FAULTS)
    )
    return _show(request, Wanted(), faults=faults, is_verified=True)
