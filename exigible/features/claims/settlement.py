"""What a person says of how an invoice is to be settled: what is not to be asked for yet, and the codes of a public buyer."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from exigible.books.cases.models import NotYetCause
from exigible.books.cases.settlement import agree_with_terms
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import CustomerKind, Invoice, SettlementTerms
from exigible.books.ledger.posting_settlement import BY_PERSON
from exigible.common.fields import DayInput
from exigible.core.money import minor_digits
from exigible.features.outbox.operations import recheck_waiting

NOTHING: dict[str, Any] = {
    "method": "", "presented_on": None, "factor": "", "assigned_on": None, "retention_minor": None, "retention_until": None,
    "not_before": None, "note": "",
}  # fmt: skip
REASONS = (
    ("", _("It may be asked for")),
    *((cause.value, cause.label) for cause in (
        NotYetCause.DIRECT_DEBIT, NotYetCause.BILL, NotYetCause.FACTORED, NotYetCause.RETENTION, NotYetCause.SET_OFF,
        NotYetCause.BY_HAND,
    )),
)  # fmt: skip


class SettlementForm(forms.Form):
    """Why an invoice is not to be asked for, until when; for a public body, the codes that its platform asks for."""

    reason = forms.ChoiceField(label=_("Why it is not to be asked for"), choices=REASONS, required=False)
    on = forms.DateField(
        label=_("Day"), required=False, widget=DayInput(),
        help_text=_("Of the presentation to the bank, of the assignment, of the release of the retention money, or before "
                    "which nothing is to be asked."),
    )  # fmt: skip
    amount = forms.DecimalField(
        label=_("Amount retained"), required=False, localize=True, min_value=Decimal("0.01"), max_digits=14, decimal_places=2,
        help_text=_("For retention money only: the rest is asked for."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Factor, or what to remember"), required=False, max_length=200,
        help_text=_("It is kept in the journal with your name."),
    )  # fmt: skip
    service_code = forms.CharField(label=_("Service code"), required=False, max_length=100)
    commitment = forms.CharField(label=_("Commitment number"), required=False, max_length=80)

    def __init__(self, invoice: Invoice, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invoice = invoice
        if invoice.customer.kind != CustomerKind.PUBLIC_BODY:
            del self.fields["service_code"], self.fields["commitment"]
        terms = SettlementTerms.objects.filter(pk=invoice.pk).first()
        self.initial = {"commitment": invoice.order_reference} | (_shown(terms) if terms else {})

    def clean(self) -> dict[str, Any]:
        """Each reason needs its day or its amount."""
        cleaned: dict[str, Any] = super().clean() or {}
        reason = cleaned.get("reason")
        if reason == NotYetCause.BY_HAND and not cleaned.get("on"):
            self.add_error("on", _("Give the day before which nothing is to be asked."))
        if reason == NotYetCause.RETENTION and not cleaned.get("amount"):
            self.add_error("amount", _("Give the amount that is retained."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """The columns of the terms as they shall be; `order_reference` is the invoice's."""
        given = self.cleaned_data
        found = NOTHING | _of_reason(given["reason"], given, self.invoice.currency)
        if "service_code" in given:
            found |= {"service_code": given["service_code"].strip(), "order_reference": given["commitment"].strip()}
        return found


def _of_reason(reason: str, given: Mapping[str, Any], currency: str) -> dict[str, Any]:
    if reason in (NotYetCause.DIRECT_DEBIT, NotYetCause.BILL):
        return {"method": reason, "presented_on": given["on"], "note": given["note"]}
    if reason == NotYetCause.FACTORED:
        return {"factor": given["note"] or str(_("factor")), "assigned_on": given["on"]}
    if reason == NotYetCause.RETENTION:
        minor = int((given["amount"] * 10 ** minor_digits(currency)).to_integral_value())
        return {"retention_minor": minor, "retention_until": given["on"], "note": given["note"]}
    if reason == NotYetCause.SET_OFF:
        return {"method": reason, "note": given["note"]}
    return {"not_before": given["on"], "note": given["note"]} if reason else {}


def _shown(terms: SettlementTerms) -> dict[str, Any]:
    """The form's fields for terms that are known."""
    found: dict[str, Any] = {"service_code": terms.service_code, "note": terms.note}
    if terms.not_before:
        return found | {"reason": NotYetCause.BY_HAND, "on": terms.not_before}
    if terms.retention_minor:
        amount = Decimal(terms.retention_minor).scaleb(-minor_digits(terms.invoice.currency))
        return found | {"reason": NotYetCause.RETENTION, "on": terms.retention_until, "amount": amount}
    if terms.factor or terms.assigned_on:
        return found | {"reason": NotYetCause.FACTORED, "on": terms.assigned_on, "note": terms.factor}
    if terms.method in (NotYetCause.DIRECT_DEBIT, NotYetCause.BILL, NotYetCause.SET_OFF):
        return found | {"reason": terms.method, "on": terms.presented_on}
    return found


@transaction.atomic
def say_terms(
    invoice: Invoice, changes: Mapping[str, Any], *, today: date, at: datetime, actor: str = SYSTEM
) -> list[int]:
    """Keep what a person says of the settlement of an invoice: holds and waiting messages follow, later files do not change it."""
    lock_customers([invoice.customer_id])
    values = dict(changes)
    order = values.pop("order_reference", invoice.order_reference)
    terms, is_new = SettlementTerms.objects.get_or_create(
        invoice=invoice, defaults={"creditor": invoice.creditor, "source": BY_PERSON}
    )
    was = {name: getattr(terms, name) for name in values} | {"order_reference": invoice.order_reference}
    new = {name: value for name, value in (values | {"order_reference": order}).items() if was[name] != value}
    if not new and terms.source == BY_PERSON and not is_new:
        return []
    SettlementTerms.objects.filter(pk=invoice.pk).update(**values, source=BY_PERSON)
    Invoice.objects.filter(pk=invoice.pk).update(order_reference=order)
    payload = {"invoice": invoice.pk, "was": {name: was[name] for name in new}, "is": new}
    record("invoice.changed", invoice.customer, payload, on=today, at=at, actor=actor)
    changed = agree_with_terms(invoice.creditor, [invoice.pk], today, at, actor)
    recheck_waiting(invoice.creditor, [invoice.customer_id], today, at)
    return changed
