"""Form fields that read amounts and days as people write them."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exigible.common.fields import DayInput
from exigible.core.money import minor_digits
from exigible.formats.amounts import decimal_mark, minor

LARGEST_MINOR = 10**14


def typed_minor(text: str, currency: str) -> int:
    """Return minor units of an amount as typed: `1 234,56`, `1234.56`, `1,234.56`. ValueError when it is none."""
    usual = "," if (get_language() or "fr").startswith("fr") else "."
    found = minor(text, decimal_mark([text]) or usual, minor_digits(currency))
    if abs(found) > LARGEST_MINOR:
        raise ValueError(text)
    return found


class AmountField(forms.CharField):
    """An amount of one currency, as minor units; empty gives None where it is not required."""

    def __init__(self, currency: str = "EUR", **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**options)
        self.currency = currency

    def clean(self, value: Any) -> Any:
        """Return minor units, or None."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return typed_minor(text, self.currency)
        except ValueError:
            raise forms.ValidationError(_("This is not an amount; write it like 1 234,56.")) from None


class DayField(forms.DateField):
    """A day, typed in the browser's calendar or in words of the country."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", DayInput())
        options.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"])
        super().__init__(**options)
