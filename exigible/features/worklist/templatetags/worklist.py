"""The because sentence of a row, each clause a link to its record."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from exigible.features.customers.reasons import linked

register = template.Library()


@register.simple_tag
def because(reason: dict[str, Any], customer_id: int) -> SafeString:
    """Write the sentence of a reason in the language of the page."""
    return linked(reason, customer_id)
