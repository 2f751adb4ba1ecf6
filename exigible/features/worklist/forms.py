"""The forms of the acts: the outcome of a call, a task done, a letter posted."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exigible.core.plan import InvoiceFacts
from exigible.features.customers.fields import AmountField, DayField
from exigible.features.customers.stories import OUTCOMES
from exigible.features.worklist.operations import Outcome
from exigible.features.worklist.typed_days import typed_day


class TypedDayField(forms.CharField):
    """A day typed in a few keys."""

    def __init__(self, today: date, **options: Any) -> None:
        super().__init__(**options)
        self.today = today

    def clean(self, value: Any) -> Any:
        """Return the day meant, or None."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return typed_day(text, self.today)
        except ValueError:
            raise forms.ValidationError(_("This is not a day; write it like fri, +7 or 15/12.")) from None


class CallForm(forms.Form):
    """What the call gave."""

    outcome = forms.ChoiceField(
        label=_("What did the call give?"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, today: date, currency: str, late: list[InvoiceFacts], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["promised_on"] = TypedDayField(
            today, label=_("Promised for"), required=False, help_text=_("fri, +7, 15/12…"),
            widget=forms.TextInput(attrs={"autocomplete": "off", "data-key": "p", "data-key-name": _("promise: type its day")}),
        )  # fmt: skip
        self.fields["promised"] = AmountField(
            currency, label=_("Amount promised"), required=False, help_text=_("Left empty: all that is late.")
        )
        self.fields["disputed"] = forms.MultipleChoiceField(
            label=_("Invoices contested"), required=False, choices=[(str(facts.id), facts.number or "–") for facts in late],
            widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all that is late."),
        )  # fmt: skip
        self.fields["note"] = forms.CharField(
            label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "data-key": "n"})
        )
        if not late:
            del self.fields["disputed"]

    def found(self) -> Outcome:
        """Return the outcome as the operation takes it."""
        given = self.cleaned_data
        disputed = [int(key) for key in given.get("disputed", ())]
        return Outcome(given["outcome"], given["note"].strip(), given["promised_on"], given["promised"], disputed)


class TaskForm(forms.Form):
    """A task that a person did."""

    done_on = DayField(label=_("Done on"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2, "data-key": "n"})
    )

    def __init__(self, *args: Any, is_notice: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_notice:
            self.fields["done_on"].label = _("First presented on")
            self.fields["done_on"].help_text = _(
                "The day the registered letter was first presented: its delay runs from there."
            )
            self.fields["note"].help_text = _("The number of the registered letter, for the proof.")


class LimitForm(forms.Form):
    """What was done about a last day to sue."""

    note = forms.CharField(
        label=_("What was done, or decided"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "data-key": "n"})
    )
