"""The sheet of a claim's analysis: its report is written words already; here it gets what every paper has."""

from collections.abc import Mapping
from typing import Any

from exigible.books.documents.typography import Hand, breakable
from exigible.books.documents.words import WORDS

_SHOWN = ("advice", "owed", "weeks", "until", "file", "ways", "worth", "sources", "confidence", "headline")


def analysis_sheet(data: Mapping[str, Any], hand: Hand) -> dict[str, Any]:
    """The sheet of a report (features/analysis/report.py) with its words by section; long words may break."""
    words = {section: data["words"][section] for section in _SHOWN}
    frame = WORDS[hand.language]
    sheet = {key: data[key] for key in data if key not in ("words", "letter", "creditor")}
    return {key: _breakable(value) for key, value in sheet.items()} | {
        "language": hand.language,
        "author": "Exigible",
        "title": f"{data['title']} – {data['headline']['amount']}",
        "heading": data["title"],
        "legal": data["words"]["report"]["foot"],
        "header": [data["title"], data["made_on"]],
        "words": words | {"page": frame["page"], "of": frame["of"]},
    }


def _breakable(value: Any) -> Any:
    """Texts whose long runs may break, so that no cell is wider than its column."""
    if isinstance(value, str):
        return breakable(value, 40)
    if isinstance(value, Mapping):
        return {key: _breakable(item) for key, item in value.items()}
    return [_breakable(item) for item in value] if isinstance(value, list) else value
