"""Money on an account: payments by hand, credits set against invoices, and their undoing; the statement of account."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CALL, RECORD_MONEY
from exigible.books.documents.render import render as draw
from exigible.books.ledger.models import Allocation, Customer, Invoice, Payment
from exigible.books.ledger.queries import invoice_balance, payment_remainder
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.features.customers import operations
from exigible.features.customers.account import Proposal, allocations_of, currencies_of, proposed_shares
from exigible.features.customers.fields import typed_minor
from exigible.features.customers.forms import PaymentForm
from exigible.features.customers.letters import language_of, statement_data


class ShareNotAnAmount(Refused):
    """'%(typed)s' is not an amount; write it like 1 234,56."""


def given_shares(data: QueryDict, currency: str) -> dict[int, int] | None:
    """Return the shares typed for each invoice, by its id; None when none were asked for yet. ShareNotAnAmount if unreadable."""
    names = [name for name in data if name.startswith("share_") and name[6:].isdecimal()]
    if not names:
        return None
    shares = {}
    for name in names:
        typed = data.get(name, "").strip()
        try:
            shares[int(name[6:])] = typed_minor(typed, currency) if typed else 0
        except ValueError:
            raise ShareNotAnAmount(typed=typed) from None
    return shares


def chosen(proposals: list[Proposal]) -> list[tuple[Invoice, int]]:
    """Return the shares that are not nothing."""
    return [(proposal.invoice, proposal.share_minor) for proposal in proposals if proposal.share_minor]


@needs(RECORD_MONEY)
def receive(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Record a payment: amount and day first, then what it pays, proposed oldest first."""
    customer = get_object_or_404(Customer.objects.of(request.creditor).select_related("creditor"), pk=customer_id)
    data = request.POST or (request.GET if "amount" in request.GET else None)
    form = PaymentForm(data, currencies=currencies_of(customer), initial={"received_on": request.today})
    if request.method == "POST" and form.is_valid() and (done := _received(request, customer, form)):
        return done
    return _payment_page(request, customer, form)


def _received(request: StaffRequest, customer: Customer, form: PaymentForm) -> HttpResponse | None:
    given = form.cleaned_data
    try:
        shares = given_shares(request.POST, given["currency"])
        proposals = proposed_shares(customer, given["currency"], given["amount"], shares)
        payment = operations.receive_payment(
            customer, given["amount"], given["received_on"], chosen(proposals), today=request.today, at=request.now,
            currency=given["currency"], label=given["label"], actor=request.actor,
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    return redirect(reverse("customers:page", args=(customer.pk,)) + f"?recorded={payment.pk}")


def _payment_page(request: StaffRequest, customer: Customer, form: PaymentForm) -> HttpResponse:
    """Show the form; once an amount is known, how it would be spread, and what would be left over."""
    context: dict[str, Any] = {"customer": customer, "form": form, "currency": form.fields["currency"].initial}
    if form.is_bound and (form.is_valid() or "amount" in form.cleaned_data):
        minor, currency = form.cleaned_data["amount"], form.cleaned_data.get("currency") or context["currency"]
        given = _readable(request, currency) if request.method == "POST" else None
        proposals = proposed_shares(customer, currency, minor, given)
        context |= {
            "proposals": proposals,
            "left": minor - sum(proposal.share_minor for proposal in proposals),
            "currency": currency,
        }
    template = "customers/payment.html#shares" if request.htmx and request.method == "GET" else "customers/payment.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _readable(request: StaffRequest, currency: str) -> dict[int, int] | None:
    try:
        return given_shares(request.POST, currency)
    except ShareNotAnAmount:
        return None


def received(request: StaffRequest, payment_id: int) -> HttpResponse:
    """One payment: what it pays, what is left of it, and the ways back."""
    payment = get_object_or_404(Payment.objects.of(request.creditor).select_related("customer"), pk=payment_id)
    context = {
        "payment": payment,
        "customer": payment.customer,
        "allocations": allocations_of(payment),
        "left": payment_remainder(payment),
    }
    return render(request, "customers/received.html", context)


@needs(RECORD_MONEY)
@require_POST
def remove(request: StaffRequest, payment_id: int) -> HttpResponse:
    """Take back a payment recorded by hand."""
    payment = get_object_or_404(
        Payment.objects.of(request.creditor).select_related("customer__creditor"), pk=payment_id
    )
    customer_id = payment.customer_id
    operations.take_payment_back(payment, today=request.today, at=request.now, actor=request.actor)
    messages.success(request, _("The payment is taken back; its invoices are unpaid again."))
    return redirect("customers:page", customer_id)


@needs(RECORD_MONEY)
def use_credit(request: StaffRequest, kind: str, source_id: int) -> HttpResponse:
    """Set what is left of a payment or credit note against invoices, oldest first unless changed."""
    rows = Payment.objects if kind == "payment" else Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE)
    source = get_object_or_404(rows.of(request.creditor).select_related("customer__creditor"), pk=source_id)
    left = payment_remainder(source) if kind == "payment" else invoice_balance(source)
    context: dict[str, Any] = {
        "source": source,
        "kind": kind,
        "customer": source.customer,
        "left_minor": left,
        "currency": source.currency,
    }
    try:
        proposals = proposed_shares(source.customer, source.currency, left, given_shares(request.POST, source.currency))
        if request.method == "POST" and chosen(proposals):
            operations.use_credit(source, chosen(proposals), today=request.today, at=request.now, actor=request.actor)
            messages.success(request, _("The credit is set against the invoices."))
            return redirect("customers:page", source.customer_id)
    except Refused as refused:
        proposals = proposed_shares(source.customer, source.currency, left)
        context["error"] = str(refused)
    context |= {"proposals": proposals, "left": left - sum(proposal.share_minor for proposal in proposals)}
    return render(request, "customers/credit.html", context, status=422 if request.method == "POST" else 200)


@needs(RECORD_MONEY)
@require_POST
def undo_allocation(request: StaffRequest, allocation_id: int) -> HttpResponse:
    """Take one allocation back."""
    rows = Allocation.objects.of(request.creditor).select_related("invoice__customer__creditor")
    allocation = get_object_or_404(rows, pk=allocation_id)
    customer_id = allocation.invoice.customer_id
    operations.take_allocation_back(allocation, today=request.today, at=request.now, actor=request.actor)
    messages.success(request, _("The allocation is undone: that part of the invoice is unpaid again."))
    return redirect("customers:page", customer_id)


def asked_currency(request: StaffRequest, customer: Customer) -> str:
    """Return the currency of the statement: the one asked for if something is owed in it, else the first."""
    currencies = currencies_of(customer)
    asked = (request.POST or request.GET).get("currency", "")
    return asked if asked in currencies else currencies[0]


@needs(CALL)
@require_POST
def send_statement(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Queue a statement of account by e-mail."""
    customer = get_object_or_404(Customer.objects.of(request.creditor).select_related("creditor"), pk=customer_id)
    message = operations.send_statement(
        customer, asked_currency(request, customer), today=request.today, actor=request.actor
    )
    messages.success(request, _("The statement leaves for %(address)s.") % {"address": message.recipient})
    return redirect("customers:page", customer_id)


def statement_pdf(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The statement of account on paper."""
    customer = get_object_or_404(Customer.objects.of(request.creditor).select_related("creditor"), pk=customer_id)
    currency = asked_currency(request, customer)
    body = draw("statement", statement_data(customer, currency, request.today), language=language_of(customer))
    answer = HttpResponse(body, content_type="application/pdf")
    title = _("statement-of-account")
    name = f"{title}-{customer.pk}-{request.today.isoformat()}-{currency}.pdf"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
