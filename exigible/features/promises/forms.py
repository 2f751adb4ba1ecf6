"""The forms of a promise: what was promised, another day, and why it is withdrawn."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exigible.common.fields import AmountField, DayInput
from exigible.core.money import minor_digits
from exigible.features.promises.models import Promise
from exigible.features.promises.operations import Given


class PromiseForm(forms.Form):
    """The day and the amount that a debtor gave."""

    on = forms.DateField(label=_("Promised for"), widget=DayInput())
    amount = AmountField(label=_("Amount promised"), required=False)
    made_by = forms.CharField(label=_("By whom"), required=False, max_length=120)
    channel = forms.ChoiceField(label=_("How"), choices=Promise.Channel.choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, currency: str, *args: Any, is_again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.digits = minor_digits(currency)
        amount = self.fields["amount"]
        assert isinstance(amount, AmountField)
        amount.decimal_places = self.digits
        amount.help_text = _("Left empty: the same amount.") if is_again else _("Left empty: all that is late.")

    def given(self) -> Given:
        """Return what was typed as the operation takes it."""
        typed = self.cleaned_data
        minor = None if typed["amount"] is None else int(Decimal(typed["amount"]).scaleb(self.digits))
        return Given(
            typed["on"], minor, made_by=typed["made_by"].strip(), channel=typed["channel"], note=typed["note"].strip()
        )


class WithdrawalForm(forms.Form):
    """Why a promise is not to be counted."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
