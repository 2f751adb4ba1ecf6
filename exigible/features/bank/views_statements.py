"""Statements: drop a bank file, the list of what was received with what is wrong with it, one statement in full."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import IMPORT
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.features.bank import queries
from exigible.features.bank.models import BankStatement
from exigible.features.bank.receiving import StatementRefused, receive_statements
from exigible.features.bank.told import format_in_words, received_in_words, statement_in_words


@require_http_methods(["GET", "POST"])
def statements(request: StaffRequest) -> HttpResponseBase:
    """List the statements received; a POST brings a file."""
    if request.method == "POST":
        return received(request)
    rows = [(row, statement_in_words(row)) for row in queries.statements(request.creditor)]
    context = {"rows": rows, "tabs": queries.tab_list(request.creditor, "statements")}
    return render(request, "bank/statements.html", context)


@needs(IMPORT)
def received(request: StaffRequest) -> HttpResponse:
    """Take bank files in, and say of each what it brought."""
    files = request.FILES.getlist("files")
    if not files:
        messages.error(request, _("Choose a file first."))
    for file in files:
        name = file.name or ""
        try:
            taken = receive_statements(
                request.creditor, name, file.read(), request.user, today=request.today, at=request.now
            )
        except Refused as refused:
            says_its_name = isinstance(refused, StatementRefused)
            said = str(refused) if says_its_name else _("%(name)s: %(reason)s") % {"name": name, "reason": refused}
            messages.error(request, said)
        else:
            messages.success(request, received_in_words(name, taken))
    return redirect("bank:queue" if queries.is_being_matched(request.creditor) else "bank:statements")


@require_GET
def statement(request: StaffRequest, statement_id: int) -> HttpResponse:
    """One statement: its balances, what is wrong with it in a sentence, its movements as the bank listed them."""
    found = get_object_or_404(
        BankStatement.objects.of(request.creditor).select_related("document", "received_by"), pk=statement_id
    )
    page = queries.page_of_statement(found, request.GET.get("after", ""), request.GET.get("before", ""))
    context = {"statement": found, "told": statement_in_words(found), "format": format_in_words(found), "page": page}
    return render(request, "bank/statement.html", context)
