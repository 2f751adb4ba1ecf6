"""The forms of one claim: its facts, and a proof to keep."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exigible.books.documents.models import Evidence
from exigible.books.ledger.models import CustomerKind, Invoice
from exigible.common.fields import DayInput
from exigible.core.law.terms import TermsError, due_date, parse_terms


class InvoiceForm(forms.Form):
    """Facts of an invoice that a person may correct; terms, when written, give the due date."""

    number = forms.CharField(label=_("Number on the invoice"), max_length=80)
    is_confirmed = forms.BooleanField(
        label=_("I have checked the number and the due date on the invoice"), required=False
    )
    due_on = forms.DateField(label=_("Due date"), required=False, widget=DayInput())
    terms = forms.CharField(
        label=_("Or the terms agreed"), required=False, max_length=60,
        help_text=_("For example 30, 45 FDM or FDM + 45: the due date is then counted from the day of issue."),
    )  # fmt: skip
    contract_rate = forms.DecimalField(
        label=_("Rate of late-payment interest in the contract (% a year)"), required=False, max_digits=6, decimal_places=3,
        min_value=Decimal(0), localize=True, help_text=_("Leave empty for the law's own rate."),
    )  # fmt: skip
    request_received_on = forms.DateField(
        label=_("Day on which the public buyer received the request for payment"), required=False, widget=DayInput(),
        help_text=_("The law's term runs from that day and may bring the due date forward."),
    )  # fmt: skip
    notice_received_on = forms.DateField(
        label=_("Day on which the formal notice was received"), required=False, widget=DayInput(),
        help_text=_("The day of first presentation of the registered letter."),
    )  # fmt: skip

    def __init__(self, invoice: Invoice, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invoice = invoice
        names = ("number", "is_confirmed", "due_on", "contract_rate", "request_received_on", "notice_received_on")
        self.initial = {name: getattr(invoice, name) for name in names}
        if invoice.is_confirmed:
            del self.fields["number"], self.fields["is_confirmed"]
        if invoice.customer.kind != CustomerKind.PUBLIC_BODY:
            del self.fields["request_received_on"]
        if invoice.customer.kind in (CustomerKind.CONSUMER, CustomerKind.PUBLIC_BODY):
            del self.fields["contract_rate"]

    def clean(self) -> dict[str, Any]:
        """Count the due date from the terms when they are written."""
        cleaned: dict[str, Any] = super().clean() or {}
        if terms := cleaned.pop("terms", ""):
            try:
                cleaned["due_on"] = due_date(self.invoice.issued_on, parse_terms(terms))
            except TermsError:
                self.add_error(
                    "terms", _("These terms cannot be read: write a number of days, like 30, 45 FDM or FDM + 45.")
                )
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Return the columns as they shall be."""
        return {name: self.cleaned_data[name] for name in self.cleaned_data}


class ProofForm(forms.Form):
    """A PDF and what it proves."""

    proves = forms.ChoiceField(label=_("It proves"), choices=Evidence.Proves.choices)
    file = forms.FileField(label=_("PDF document"), widget=forms.FileInput(attrs={"accept": "application/pdf"}))
