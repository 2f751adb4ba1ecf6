"""What an address or a form asks for: a movement of one's own, an order, the way back to the queue."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from exigible.books.creditors.request import StaffRequest
from exigible.features.bank import queries
from exigible.features.bank.models import BankTransaction


def movement_of(request: StaffRequest, movement_id: int) -> BankTransaction:
    """Return a movement of the creditor, or 404."""
    rows = BankTransaction.objects.of(request.creditor).select_related("statement", "creditor", "returns")
    found: BankTransaction = get_object_or_404(rows, pk=movement_id)
    return found


def order_asked(data: QueryDict) -> str:
    """Return the order of the queue: the largest first unless another is asked for."""
    order = data.get("order", "")
    return order if order in queries.ORDERS else "largest"


def back_to_queue(order: str, on: int | None, done: int | None = None) -> HttpResponse:
    """Return to the queue, at the movement that comes next; `done` names the one whose act can be undone there."""
    asked = f"?order={order}" + (f"&on={on}" if on else "") + (f"&done={done}" if done else "")
    return redirect(reverse("bank:queue") + asked)
