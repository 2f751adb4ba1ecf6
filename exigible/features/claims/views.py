"""The page of one claim: its facts, what is claimed and why, its proofs; and the acts upon it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exigible.books.cases.models import Standing
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CALL, RECORD_MONEY
from exigible.books.documents.models import Document
from exigible.books.documents.operations import read_document
from exigible.books.ledger.models import Allocation, Invoice
from exigible.common.errors import Refused
from exigible.common.http import needs, sentence
from exigible.features.claims import queries
from exigible.features.claims.charges import charges_panel, day_asked
from exigible.features.claims.conformity import conformity
from exigible.features.claims.derivation import derive
from exigible.features.claims.download import as_download
from exigible.features.claims.forms import InvoiceForm, ProofForm
from exigible.features.claims.history import history_of
from exigible.features.claims.lawful_term import beyond_law
from exigible.features.claims.limitation import clock
from exigible.features.claims.operations import add_proof, change_invoice, take_allocation_back
from exigible.features.claims.paper import derivation_pdf


def _invoice(request: StaffRequest, invoice_id: int) -> Invoice:
    rows = Invoice.objects.of(request.creditor).select_related("customer", "creditor", "standing", "settlement")
    found: Invoice = get_object_or_404(rows, pk=invoice_id)
    return found


@require_GET
def page(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Show one claim: is it certain, due and provable, and what does it come to today?"""
    invoice = _invoice(request, invoice_id)
    standing = getattr(invoice, "standing", None)
    claim, proofs = derive(invoice, request.today), queries.proofs_of(invoice)
    holds = queries.holds_on(invoice, standing, request.today)
    context = {
        "invoice": invoice, "customer": invoice.customer, "standing": standing, "stage": queries.stage_of(standing),
        "holds": holds, "claim": claim, "answers": queries.answers(invoice, claim, holds, proofs), "proofs": proofs,
        "allocations": queries.allocations_of(invoice), "charges": charges_panel(invoice, claim),
        "steps": queries.steps_of(invoice), "history": history_of(invoice), "proof_form": ProofForm(),
        "may_add_proof": request.may(CALL) or request.may(RECORD_MONEY), **queries.shown(claim, invoice.currency),
        **_law(invoice, standing, request),
    }  # fmt: skip
    return render(request, "claims/page.html", context)


def _law(invoice: Invoice, standing: Standing | None, request: StaffRequest) -> dict[str, object]:
    """What the law says of an invoice: until when one can sue, what it must mention, how late it may fall due."""
    if invoice.kind == Invoice.Kind.CREDIT_NOTE:
        return {}
    return {
        "clock": clock(invoice, standing, request.today), "conformity": conformity(invoice), "beyond_law": beyond_law(invoice),
    }  # fmt: skip


@needs(RECORD_MONEY)
def edit(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Correct facts of an invoice."""
    invoice = _invoice(request, invoice_id)
    form = InvoiceForm(invoice, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if change_invoice(invoice, form.changes(), today=request.today, at=request.now, actor=request.actor):
                messages.success(request, _("The invoice is corrected; its file was looked at again."))
            return redirect("claims:page", invoice.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    status = 422 if form.is_bound else 200
    return render(request, "claims/edit.html", {"invoice": invoice, "form": form}, status=status)


@require_POST
def attach(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Keep a PDF as a proof."""
    invoice = _invoice(request, invoice_id)
    if not (request.may(CALL) or request.may(RECORD_MONEY)):
        return sentence(request, _("Your role only reads: ask a colleague to add this document."), 403)
    form = ProofForm(request.POST, request.FILES)
    if not form.is_valid():
        return sentence(request, _("Choose a PDF document and say what it proves."), 422)
    file = form.cleaned_data["file"]
    add_proof(
        invoice,
        file.read(),
        file.name,
        form.cleaned_data["proves"],
        today=request.today,
        at=request.now,
        actor=request.actor,
    )
    messages.success(request, _("The document is kept on file."))
    return redirect("claims:page", invoice.pk)


@needs(RECORD_MONEY)
@require_POST
def undo_allocation(request: StaffRequest, allocation_id: int) -> HttpResponse:
    """Take an allocation back."""
    rows = Allocation.objects.of(request.creditor).select_related("invoice__customer__creditor", "invoice__creditor")
    allocation: Allocation = get_object_or_404(rows, pk=allocation_id)
    take_allocation_back(allocation, today=request.today, at=request.now, actor=request.actor)
    messages.success(request, _("The allocation is undone: the money is a credit of the customer again."))
    return redirect("claims:page", allocation.invoice_id)


@require_GET
def derivation(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Give the derivation of the claim as a PDF."""
    invoice = _invoice(request, invoice_id)
    body = derivation_pdf(invoice, derive(invoice, day_asked(request.GET.get("on", ""), request.today)))
    return as_download(body, f"{_('derivation')}-{invoice.number}.pdf", "application/pdf")


@require_GET
def document(request: StaffRequest, document_id: int) -> HttpResponse:
    """Give a stored document of this company, as it was stored."""
    rows = Document.objects.of(request.creditor).select_related("content")
    found: Document = get_object_or_404(rows, pk=document_id)
    return as_download(read_document(found), found.name, found.media_type)
