"""Fields take amounts as people type them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from exigible.common.fields import AmountField


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("fr", "20 000,50"),
        ("fr", "20\u202f000,50"),
        ("fr", "20\u00a0000,50"),
        ("fr", "20000.50"),
        ("en", "20,000.50"),
        ("en", "20000.5"),
    ],
)
def test_thousands_may_stand_apart(language: str, typed: str) -> None:
    with translation.override(language):
        assert AmountField(decimal_places=2).clean(typed) == Decimal("20000.50")


@pytest.mark.parametrize("typed", ["douze", "-1", "1,234", "1e99", "NaN"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with translation.override("fr"), pytest.raises(ValidationError):
        AmountField(decimal_places=2).clean(typed)
