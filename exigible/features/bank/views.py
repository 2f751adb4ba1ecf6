"""Movements to match with what may explain each, one movement with its history, lists of what became of them, panels."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from exigible.books.creditors.request import StaffRequest
from exigible.books.ledger.models import Customer, Payment
from exigible.features.bank import candidates as explained
from exigible.features.bank import history, queries
from exigible.features.bank.asked import movement_of, order_asked
from exigible.features.bank.models import Payer
from exigible.features.bank.told import why_in_words


@require_GET
def queue(request: StaffRequest) -> HttpResponse:
    """What waits, the largest first, and beside it what may explain the one chosen."""
    creditor, order = request.creditor, order_asked(request.GET)
    on = request.GET.get("on", "")
    asked = int(on) if on.isdecimal() and len(on) < 19 else None
    page = queries.queue_page(creditor, order, request.GET.get("after", ""), request.GET.get("before", ""), asked)
    chosen = next((row.movement for row in page.rows if row.movement.pk == asked), None)
    selected = chosen or (page.rows[0].movement if page.rows else None)
    done = request.GET.get("done", "")
    context: dict[str, Any] = {
        "page": page, "order": order, "orders": queries.ORDER_NAMES, "tabs": queries.tab_list(creditor, "to_match"), "selected": selected,
        "is_being_matched": queries.is_being_matched(creditor), "certain": 0 if creditor.applies_certain_matches else queries.count_certain(creditor), "done": queries.just_done(creditor, int(done) if done.isdecimal() and len(done) < 19 else 0),
    }  # fmt: skip
    if selected is None:
        context |= {"has_statement": queries.has_statement(creditor), "latest": queries.latest_day(creditor)}
    else:
        context |= explained.pane(selected)
    return render(request, "bank/queue.html", context)


@require_GET
def candidates(request: StaffRequest, movement_id: int) -> HttpResponse:
    """What may explain one movement: the pane beside the list."""
    movement = movement_of(request, movement_id)
    context = {"movement": movement, "order": order_asked(request.GET)} | explained.pane(movement)
    return render(request, "bank/pane.html" if request.htmx else "bank/candidates_page.html", context)


@require_GET
def movement(request: StaffRequest, movement_id: int) -> HttpResponse:
    """One movement in full: as the bank told it, what it paid, what may explain it, what happened to it."""
    found = movement_of(request, movement_id)
    context = {
        "movement": found, "paid": queries.payments_of(found), "history": history.of(found), "order": "largest",
        "why": why_in_words(found),
        "payers": Payer.objects.of(request.creditor).filter(learned_from=found).select_related("customer"),
    }  # fmt: skip
    if found.state == found.State.TO_MATCH:
        context |= explained.pane(found)
    return render(request, "bank/movement.html", context)


@require_GET
def movements(request: StaffRequest) -> HttpResponse:
    """What was applied, given back or set aside, the latest first."""
    tab = request.GET.get("tab", "applied")
    if tab not in queries.TABS or tab == "to_match":
        raise Http404
    page = queries.page_of_movements(request.creditor, tab, request.GET.get("after", ""), request.GET.get("before", ""))
    context = {
        "tab": tab,
        "title": queries.TAB_NAMES[tab],
        "page": page,
        "tabs": queries.tab_list(request.creditor, tab),
    }
    return render(request, "bank/movements.html", context)


@require_GET
def of_customer(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The money that came in and may be this customer's: a panel of the account page."""
    customer = get_object_or_404(Customer.objects.of(request.creditor), pk=customer_id)
    context = {"customer": customer, "rows": queries.may_be_of(customer), "payers": queries.payers_of(customer)}
    return render(request, "bank/of_customer.html" if request.htmx else "bank/of_customer_page.html", context)


@require_GET
def of_payment(request: StaffRequest, payment_id: int) -> HttpResponse:
    """The movement of the bank that a payment came from: a line of its page."""
    payment = get_object_or_404(Payment.objects.of(request.creditor).select_related("customer"), pk=payment_id)
    context = {"payment": payment, "movement": queries.movement_of_payment(payment)}
    return render(request, "bank/of_payment.html" if request.htmx else "bank/of_payment_page.html", context)
