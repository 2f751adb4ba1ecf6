"""The accounts: list, page, timeline; the aged balance."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from exigible.books.cases.limitation import nearest_standing
from exigible.books.creditors.request import StaffRequest
from exigible.books.ledger.models import Customer, CustomerKind
from exigible.features.customers import balance as aged
from exigible.features.customers.account import account, credits_left, recorded_payment
from exigible.features.customers.balance_sheet import bucket_names, write_balance_xlsx
from exigible.features.customers.forms import STEP_WORDS, NoteForm, PauseForm
from exigible.features.customers.queries import VIEWS, Asked, accounts
from exigible.features.customers.reasons import linked, page_language, waiting_reason
from exigible.features.customers.register_panel import panel_of
from exigible.features.customers.timeline import timeline

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_accounts(request: StaffRequest) -> HttpResponse:
    """A page of the accounts in one of the saved views."""
    view = request.GET.get("view", "late")
    view = view if view in VIEWS else "late"
    sort = request.GET.get("sort", "name" if view == "all" else "overdue")
    typed = " ".join(request.GET.get("q", "").split())[:80].replace("\x00", "")
    asked = Asked(view, sort, typed, request.GET.get("after", ""), request.GET.get("before", ""))
    context = {
        "page": accounts(request.creditor, asked, request.today), "view": view, "sort": sort, "typed": typed, "views": VIEWS, "kinds": CustomerKind.choices[:3], "steps": STEP_WORDS,
    }  # fmt: skip
    return render(request, "customers/list.html", context)


def page(request: StaffRequest, customer_id: int) -> HttpResponse:
    """One account: what is owed, what is going on, what comes next."""
    customer = get_object_or_404(Customer.objects.of(request.creditor).select_related("creditor"), pk=customer_id)
    if customer.merged_into_id:
        return redirect("customers:page", customer.merged_into_id)
    shown = account(customer, request.today, show_all="invoices" in request.GET)
    context = {
        "account": shown, "customer": customer, "case": shown.case, "because": linked(waiting_reason(shown.case), customer.pk), "steps": STEP_WORDS,
        "credits": credits_left(customer), "timeline": timeline(customer, request.GET.get("older", "")),
        "recorded": recorded_payment(customer, request.GET.get("recorded", "")), "note_form": NoteForm(), "pause_form": PauseForm(auto_id="pause_%s"),
        "nearest": nearest_standing(customer.pk), "register": panel_of(customer),
    }  # fmt: skip
    return render(request, "customers/page.html", context)


def older(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The older entries of the timeline, for htmx to add below."""
    customer = get_object_or_404(Customer.objects.of(request.creditor), pk=customer_id)
    context = {"customer": customer, "timeline": timeline(customer, request.GET.get("older", "")), "steps": STEP_WORDS}
    return render(request, "customers/timeline.html", context)


def asked_day(request: StaffRequest) -> date:
    """Return the day of the balance: the one asked for if it is one, else today."""
    try:
        return date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return request.today


def asked_currency(request: StaffRequest) -> str:
    """Return the currency of the balance, the creditor's own unless another is asked for."""
    asked = request.GET.get("currency", "")
    return asked if len(asked) == 3 and asked.isalpha() and asked.isupper() else request.creditor.currency


def balance(request: StaffRequest) -> HttpResponse:
    """The aged balance on any date; a large book is shown a page at a time, its foot apart."""
    creditor, as_of, currency = request.creditor, asked_day(request), asked_currency(request)
    is_large = aged.is_large(creditor)
    found = (
        aged.customers_page(creditor, request.GET.get("after", ""), request.GET.get("before", "")) if is_large else None
    )
    rows = aged.rows_for(creditor, as_of, currency, found.rows if found else None)
    context = {
        "rows": [(row, list(zip(bucket_names(), row.buckets, strict=True))) for row in rows], "as_of": as_of, "currency": currency, "page": found, "is_large": is_large, "buckets": bucket_names(),
        "currencies": sorted({*aged.currencies_in(creditor), currency}),
    }  # fmt: skip
    if not is_large:
        context |= foot(request, aged.totals_of(rows), as_of, currency)
    return render(request, "customers/balance.html", context)


def foot(request: StaffRequest, totals: aged.Totals, as_of: date, currency: str) -> dict[str, object]:
    """Return the totals, their shares and the control of the accounts."""
    bars = list(zip(bucket_names(), totals.buckets, aged.shares_of(totals), strict=True))
    return {"totals": totals, "bars": bars, "control": aged.control(request.creditor, as_of, currency, totals.total)}


def balance_totals(request: StaffRequest) -> HttpResponse:
    """The foot of the balance of a large book, loaded after the page."""
    as_of, currency = asked_day(request), asked_currency(request)
    totals = aged.book_totals(request.creditor, as_of, currency)
    context = foot(request, totals, as_of, currency) | {"as_of": as_of, "currency": currency}
    return render(
        request, "customers/balance.html#totals" if request.htmx else "customers/balance_totals.html", context
    )


def balance_xlsx(request: StaffRequest) -> HttpResponse:
    """The aged balance as a workbook."""
    as_of, currency = asked_day(request), asked_currency(request)
    answer = HttpResponse(content_type=XLSX)
    title = _("aged-balance")
    name = f"{title}-{as_of.isoformat()}-{currency}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    write_balance_xlsx(answer, request.creditor, as_of, currency, page_language())  # type: ignore[arg-type]
    return answer
