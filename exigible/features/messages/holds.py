"""Why a hold stands, in words: those a person wrote, or those of the rule that its source names."""

from exigible.books.cases.models import STATUS, Hold
from exigible.core.law.lifecycle import lifecycle
from exigible.features.messages.catalogue import read


def source_words(hold: Hold, country: str, language: str) -> str:
    """The words of a hold's source: `status:refused:12` is what that reason means; what a person wrote stays as it is."""
    kind, _colon, rest = hold.source.partition(":")
    if hold.source.startswith(STATUS):
        book = lifecycle(country)
        reason = book.reasons.get(rest.partition(":")[0]) if book else None
        return reason.words.get(language, reason.words["en"]) if reason else ""
    known: dict[str, str] = read("labels", language, "'").get("hold_source", {})
    return known[kind] if rest.isdecimal() and kind in known else hold.why
