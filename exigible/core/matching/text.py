"""Text as banks write it: capitals, no accents; the words that mean something in it."""

import tomllib
import unicodedata
from pathlib import Path

_SIGNS = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "–": "-", "—": "-", "‐": "-", "‑": "-", "’": "'", "°": " "}
)

WORDS = {
    kind: frozenset(words.split())
    for kind, words in tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8")).items()
}


def plain_text(text: str) -> str:
    """Capitals without accents; other signs stay."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_SIGNS)).encode("ascii", "ignore").decode()
    return text.upper()
