"""The forms by which a person waives charges, sets a payment against them, or records what recovery cost."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exigible.books.ledger.charge_rows import ORDER
from exigible.books.ledger.models import Charge, Payment
from exigible.common.fields import AmountField, DayInput
from exigible.core import typography
from exigible.core.money import minor_digits

ALL = "all"
KINDS = dict(Charge._meta.get_field("kind").flatchoices)


class WaiverForm(forms.Form):
    """What is given up, and why."""

    what = forms.ChoiceField(label=_("What is waived"))
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("It is kept in the journal with your name.")
    )  # fmt: skip

    def __init__(self, kinds: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lawful = kinds
        offered = [(kind, str(KINDS[kind]).capitalize()) for kind in ORDER if kind in kinds]
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(ALL, _("All that may be waived")), *offered] if len(offered) > 1 else offered

    def kinds(self) -> Sequence[str]:
        """Return the kinds of charges that are waived."""
        what = self.cleaned_data["what"]
        return self.lawful if what == ALL else (what,)


class ChargePaymentForm(forms.Form):
    """From which payment, and how much."""

    payment = forms.TypedChoiceField(label=_("Payment with something left"), coerce=int)
    amount = AmountField(label=_("Amount that pays the charges"))

    def __init__(
        self, money: Sequence[tuple[Payment, int]], due_minor: int, currency: str, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.digits = minor_digits(currency)
        language = "en" if (get_language() or "fr").startswith("en") else "fr"
        choice, amount = self.fields["payment"], self.fields["amount"]
        assert isinstance(choice, forms.TypedChoiceField)
        assert isinstance(amount, AmountField)
        choice.choices = [(payment.pk, _describe(payment, left, language)) for payment, left in money]
        amount.decimal_places = self.digits
        if money:
            self.initial.setdefault("amount", Decimal(min(due_minor, money[0][1])).scaleb(-self.digits))

    def amount_minor(self) -> int:
        """Return the amount in minor units."""
        return int(Decimal(self.cleaned_data["amount"]).scaleb(self.digits))


class CostForm(forms.Form):
    """What was paid to recover an invoice, when, for what, and the document that proves it."""

    incurred_on = forms.DateField(label=_("Paid on"), widget=DayInput())
    amount = AmountField(label=_("Amount, excluding the VAT that you recover"))
    label = forms.CharField(
        label=_("For what"), max_length=120, help_text=_("For example: fee of the bailiff for a formal notice.")
    )
    file = forms.FileField(label=_("PDF that proves it"), widget=forms.FileInput(attrs={"accept": "application/pdf"}))

    def __init__(self, currency: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.digits = minor_digits(currency)
        amount = self.fields["amount"]
        assert isinstance(amount, AmountField)
        amount.decimal_places = self.digits

    def amount_minor(self) -> int:
        """Return the amount in minor units."""
        return int(Decimal(self.cleaned_data["amount"]).scaleb(self.digits))


def _describe(payment: Payment, left_minor: int, language: str) -> str:
    left = typography.amount(left_minor, payment.currency, language)
    day = typography.short_day(payment.received_on, language)
    facts = {"day": day, "left": left, "label": payment.label or payment.reference}
    return str(
        _("%(day)s, %(left)s left, %(label)s") % facts if facts["label"] else _("%(day)s, %(left)s left") % facts
    )
