"""Form fields that take what people type."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import get_format

LARGEST = Decimal(10**12)
SPACES = re.compile(r"\s")


class DayInput(forms.DateInput):
    """The browser's own calendar; it takes and gives ISO text."""

    input_type = "date"

    def __init__(self, **attributes: Any) -> None:
        super().__init__(format="%Y-%m-%d", attrs=attributes)


class AmountField(forms.DecimalField):
    """An amount in whole units with its decimals, zero or more: thousands may stand apart, `20 000,00` or `20,000.00`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(localize=True, min_value=Decimal(0), max_value=LARGEST, **options)

    def clean(self, value: Any) -> Any:
        """Return the amount as a Decimal, or None for nothing typed; ValidationError for what is none."""
        if isinstance(value, str):
            value = SPACES.sub("", value)
            if get_format("DECIMAL_SEPARATOR") == ".":
                value = re.sub(r",(?=\d{3}(\D|$))", "", value)
        return super().clean(value)
