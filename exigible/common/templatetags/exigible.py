"""Filters and tags of every template: amounts, days, delays, icons, bars' names and addresses that keep their filters."""

from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from exigible.core import typography

register = template.Library()


def _language() -> str:
    return "en" if (get_language() or "fr").startswith("en") else "fr"


@register.filter
def amount(minor: int | None, currency: str = "EUR") -> str:
    """Show minor units with their currency: `{{ invoice.total_minor|amount:invoice.currency }}` gives `1 234,56 €`."""
    return "" if minor is None else typography.amount(int(minor), currency, _language())


@register.filter
def figure(minor: int | None, currency: str = "EUR") -> str:
    """Show minor units without the currency, for a column whose head names it."""
    return "" if minor is None else typography.figure(int(minor), currency, _language())


@register.filter
def day(value: date | None) -> str:
    """Show a day in prose: `24 novembre 2026`."""
    return "" if value is None else typography.day_in_words(_as_day(value), _language())


@register.filter
def list_day(value: date | None) -> str:
    """Show a day in a list of the near past or future: `mar. 24 nov.`."""
    return "" if value is None else typography.list_day(_as_day(value), _language())


@register.filter
def short_day(value: date | None) -> str:
    """Show a day in a narrow column: `24/11/2026`."""
    return "" if value is None else typography.short_day(_as_day(value), _language())


@register.filter
def days(number: int | None) -> str | SafeString:
    """Show a delay as `14 j`, with the whole word for the pointer and for readers of the screen."""
    if number is None:
        return ""
    words = ngettext("%(number)d day", "%(number)d days", abs(number)) % {"number": number}
    short = f"{number}{typography.HARD}{'j' if _language() == 'fr' else 'd'}"
    return format_html('<abbr class="days" title="{}">{}</abbr>', words, short.replace("-", typography.MINUS))


@register.filter
def iban(value: str) -> str:
    """Show an account number in groups of four."""
    return typography.iban_groups(value)


@register.filter
def siren(value: str) -> str:
    """Show a SIREN in groups of three."""
    return typography.siren_groups(value)


@register.filter
def phone(value: str) -> str:
    """Show a telephone number in the groups in which it is dictated."""
    return typography.phone_groups(value)


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """Return a dictionary's value by a variable key; nothing if it has none."""
    return mapping.get(key) if mapping else None


def _as_day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite; a word always stands beside it, so that readers of the screen skip it."""
    return format_html(
        '<svg class="ico" aria-hidden="true"><use href="{}#{}"></use></svg>', static("vendor/icons.svg"), name
    )


@register.simple_tag
def address(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a route, or nothing while that screen does not exist: `{% address "claims:page" id as link %}`."""
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """Return the present query string with some values changed; None or nothing removes one. Paging starts again unless given."""
    values: QueryDict = context["request"].GET.copy()
    values.pop("after", None)
    values.pop("before", None)
    for key, value in changes.items():
        values.pop(key, None)
        if value not in (None, ""):
            values[key] = str(value)
    return f"?{values.urlencode()}" if values else "?"


@register.filter
def control(field: BoundField, extra: str = "") -> SafeString:
    """Draw a form field with the class of its kind, its error and its help bound to it."""
    kind = getattr(field.field.widget, "input_type", "")
    css = {"checkbox": "form-check-input", "radio": "form-check-input", "select": "form-select"}.get(
        kind, "form-control"
    )
    notes = [f"{field.auto_id}_help"] * bool(field.help_text) + [f"{field.auto_id}_error"] * bool(field.errors)
    attributes: dict[str, str | bool] = {"class": f"{css} {'is-invalid' if field.errors else ''} {extra}".strip()}
    if notes:
        attributes["aria-describedby"] = " ".join(notes)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Say whether the label stands after the box."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not hasattr(field.field, "choices")
