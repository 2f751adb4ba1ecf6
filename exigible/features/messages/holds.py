"""Why a hold stands, in words: those a person wrote, or those of the rule that its source names."""

from exigible.books.cases.models import Hold
from exigible.core.law.lifecycle import lifecycle
from exigible.features.messages.catalogue import read

STATUS = "status"


def source_words(hold: Hold, country: str, language: str) -> str:
    """The words of a hold's source: `status:refused:12` is what that reason means; what a person wrote stays as it is."""
    kind, _colon, rest = hold.source.partition(":")
    if kind == STATUS and rest:
        book = lifecycle(country)
        reason = book.reasons.get(rest.partition(":")[0]) if book else None
        return reason.words.get(language, reason.words["en"]) if reason else ""
    known: dict[str, str] = read("labels", language, "'").get("hold_source", {})
    if hold.source in known or kind in known:
        return known.get(hold.source) or known[kind]
    return hold.source if " " in hold.source or not rest else ""
