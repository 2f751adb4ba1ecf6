"""The because sentence on screen: rebuilt from its rule and facts, each clause a link to the record it speaks of."""

import json
from collections.abc import Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from exigible.books.cases.models import Case
from exigible.features.messages.wording import because_sentence


def page_language() -> str:
    """Return fr or en, whichever the page is written in."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def waiting_reason(case: Case | None) -> dict[str, Any] | None:
    """Return the rule and facts of the last decision to wait on a case, if one stands."""
    if case is None or not case.waiting:
        return None
    found: dict[str, Any] = json.loads(case.waiting)
    return found


def linked(because: Mapping[str, Any] | None, customer_id: int) -> SafeString:
    """Return the sentence of a reason as HTML, in the language of the page; nothing for no reason."""
    if because is None:
        return SafeString("")
    sentence = because_sentence(because, page_language())
    pieces, rest, seen = [], sentence.text, set[str]()
    for clause in sentence.clauses[1:]:  # the act is that of the row itself: a link there would lead where one is
        before, found, after = rest.partition(clause.text)
        link = _address(clause.link, customer_id)
        if not found or not clause.text or not link or link in seen:
            continue
        seen.add(link)
        pieces.append((before, format_html('<a href="{}">{}</a>', link, clause.text)))
        rest = after
    return format_html("{}{}", format_html_join("", "{}{}", pieces), rest)


def _address(link: tuple[str, Any] | None, customer_id: int) -> str:
    """The page of the record that a clause leads to; several invoices are the statement of the account."""
    if link is None:
        return ""
    kind, key = link
    try:
        if kind == "invoice":
            return reverse("claims:page", args=(key,))
        if kind == "message":
            return reverse("messages:page", args=(key,))
        return reverse("customers:page", args=(customer_id,)) + ("#statement" if kind == "invoices" else "")
    except NoReverseMatch:
        return ""
