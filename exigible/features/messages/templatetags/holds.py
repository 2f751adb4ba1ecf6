"""The filter that says why a hold stands."""

from django import template
from django.utils.translation import get_language

from exigible.books.cases.models import Hold
from exigible.features.messages.holds import source_words

register = template.Library()


@register.filter
def hold_words(hold: Hold) -> str:
    """Why a hold stands, in the language of the page."""
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    return source_words(hold, hold.creditor.country, language)
