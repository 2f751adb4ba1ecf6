"""The forms of the time to sue: what happened to a claim, and what was supplied."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exigible.books.cases.models import Activity, LimitationEvent
from exigible.books.ledger.models import CustomerKind, Invoice
from exigible.common.fields import DayInput

PUBLIC_ONLY = frozenset({LimitationEvent.Kind.WRITTEN_CLAIM})
NOT_PUBLIC = frozenset(
    {
        LimitationEvent.Kind.ORDER_REQUEST, LimitationEvent.Kind.ORDER_SERVED, LimitationEvent.Kind.SMALL_CLAIM_START,
        LimitationEvent.Kind.SMALL_CLAIM_END, LimitationEvent.Kind.INSOLVENCY_CLAIM, LimitationEvent.Kind.FORCED_EXECUTION,
    }
)  # fmt: skip


def kinds_for(debtor: str) -> list[tuple[str, str]]:
    """Return the kinds of events that a debtor of this kind may meet, with their words."""
    never = NOT_PUBLIC if debtor == CustomerKind.PUBLIC_BODY else PUBLIC_ONLY
    return [(value, str(label)) for value, label in LimitationEvent.Kind.choices if value not in never]


class LimitationEventForm(forms.Form):
    """What happened, when, and the document that proves it."""

    kind = forms.ChoiceField(label=_("What happened"))
    on = forms.DateField(label=_("On which day"), widget=DayInput())
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
    file = forms.FileField(
        label=_("PDF that proves it"), required=False, widget=forms.FileInput(attrs={"accept": "application/pdf"})
    )

    def __init__(self, invoice: Invoice, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds_for(invoice.customer.kind)  # type: ignore[attr-defined]


class SupplyForm(forms.Form):
    """What was supplied and when it was completed."""

    activity = forms.ChoiceField(label=_("What was supplied"), choices=Activity.choices)
    completed_on = forms.DateField(
        label=_("Day of the delivery or of the end of the service"), required=False, widget=DayInput()
    )
