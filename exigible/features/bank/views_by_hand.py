"""Matching by hand: search, choose customers, tick what the movement pays, say what becomes of a difference."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import RECORD_MONEY
from exigible.books.ledger.models import Customer
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.core.money import minor_digits
from exigible.features.bank import operations, queries
from exigible.features.bank.asked import back_to_queue, movement_of, order_asked
from exigible.features.bank.candidates import DIFFERENCE_NAMES
from exigible.features.bank.models import BankTransaction
from exigible.features.bank.search import of_amount, search
from exigible.features.bank.sheet import accounts_of, customers_chosen, portions_of, ticked_at_first


@needs(RECORD_MONEY)
def by_hand(request: StaffRequest, movement_id: int) -> HttpResponse:
    """Share a movement by hand; a POST applies it and goes to the next one."""
    movement = movement_of(request, movement_id)
    error = ""
    if request.method == "POST":
        try:
            return _applied(request, movement)
        except Refused as refused:
            error = str(refused)
    return _sheet(request, movement, error)


def _applied(request: StaffRequest, movement: BankTransaction) -> HttpResponse:
    order = order_asked(request.POST)
    following = queries.following(request.creditor, order, movement)
    chosen = customers_chosen(request.POST, Customer.objects.of(request.creditor).filter(pk__in=_keys(request)))
    accounts = accounts_of(chosen, movement.currency, request.POST.dict(), request.today)
    difference = request.POST.get("difference", "")
    operations.apply_by_hand(
        movement, portions_of(accounts, movement), difference if difference in operations.DIFFERENCES else "",
        today=request.today, at=request.now, actor=request.actor, learns_payer=request.POST.get("learns") == "yes",
    )  # fmt: skip
    return back_to_queue(order, following, movement.pk)


def _keys(request: StaffRequest) -> list[int]:
    given = request.POST if request.method == "POST" else request.GET
    return [int(key) for key in given.getlist("customer") if key.isdecimal() and len(key) < 19]


def _sheet(request: StaffRequest, movement: BankTransaction, error: str) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    chosen = customers_chosen(data, Customer.objects.of(request.creditor).filter(pk__in=_keys(request)))
    accounts = accounts_of(chosen, movement.currency, data.dict(), request.today)
    if request.method == "GET":
        asked = request.GET.get("tick", "")
        accounts = ticked_at_first(accounts, movement, int(asked) if asked.isdecimal() and len(asked) < 19 else None)
    typed = data.get("q", "")
    context: dict[str, Any] = {
        "movement": movement, "accounts": accounts, "chosen": chosen, "typed": typed, "error": error, "order": order_asked(data),
        "found": search(request.creditor, typed, movement.currency), "digits": minor_digits(movement.currency),
        "suggested": queries.suggested_customers(movement) if not chosen else [], "differences": DIFFERENCE_NAMES.items(),
        "same": of_amount(request.creditor, movement.amount_minor, movement.currency) if not chosen and not typed else [],
        "difference": data.get("difference", ""),
    }  # fmt: skip
    return render(request, "bank/by_hand.html", context, status=422 if error else 200)
