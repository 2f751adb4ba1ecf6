"""Whether a page speaks one language: by the catalogues, by comparing both languages of a page, by the French printer's rules."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from exigible.common.catalogue import folders, stored

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w*\}")
LETTERS = re.compile(r"[^\W\d_]{3,}")
SAME_IN_BOTH = re.compile(
    r"^(exigible|ctrl k|ctrl|fran[cç]ais|english|siren|siret|iban|bic|pdf|xlsx|csv|fec|smtp|tls|starttls|dkim|spf|dmarc|sha-256|html|e-mail|sms"
    r"|client|page|menu|total|message|messages|date|note|notes|type|action|actions|version|format|code|standard|transport|[a-z]{3}"
    r"|ascension|bas|haut|rhin|guadeloupe|martinique|mayotte|moselle)$"
)
BRAND = frozenset({"Exigible", "exigible"})
ARTICLE = re.compile(r"\bart\. [A-Z]?\d")
FRENCH_WORDS = re.compile(
    r"\b(le|la|les|des|une|est|pour|avec|votre|vous|sur|dans|aucun|aucune|cette|ne|pas|qui|au|aux|du|et|ou)\b",
    re.IGNORECASE,
)
ENGLISH_WORDS = re.compile(
    r"\b(the|of|is|are|with|your|you|this|that|and|for|not|nothing|from|which|have|has|to|on|today|call)\b",
    re.IGNORECASE,
)

PLAIN_SPACE_BEFORE = re.compile(r"\w [;:!?»]|« \w|\w (?:€|%)")
NO_SPACE_BEFORE = re.compile(r"[^\W\d_][;!?](?=\s|$)|[^\W\d_]:(?=\s|$)|«\w|\w»")
THOUSANDS = re.compile(r"\d[ \u00a0.]\d{3}(?:,\d\d)?[ \u00a0\u202f]?€|\d{4,},\d\d")
SERVERS_WORDS = re.compile(r"SMTP\w+:|\b[245]\d\d \d\.\d\.\d ")
ISO_DATE = re.compile(r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b")
ENGLISH_AMOUNT = re.compile(r"\d\.\d\d[ \u00a0\u202f]?€")


def plain(text: str) -> str:
    """A text with each run of spaces made one plain space."""
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def _pattern(words: str) -> str:
    return ".+".join(re.escape(part) for part in PLACEHOLDER.split(plain(words)))


def _forms(words: Any) -> Iterator[str]:
    yield from ([words] if isinstance(words, str) else words)


@cache
def _catalogues() -> tuple[frozenset[str], frozenset[str], re.Pattern[str], re.Pattern[str]]:
    """Exact sentences and patterns that only a French page, and only an English page, may show."""
    english: set[str] = set()
    french: set[str] = set()
    for folder in folders():
        for message in stored(folder):
            if message.id:
                english |= {plain(form) for form in _forms(message.id)}
                french |= {plain(form) for form in _forms(message.string) if form}
    both = english & french | BRAND
    english, french = english - both, french - both
    sentences = [
        sorted(
            form for form in words if PLACEHOLDER.search(form) and len(LETTERS.findall(PLACEHOLDER.sub("", form))) > 1
        )
        for words in (french, english)
    ]
    patterns = [re.compile("|".join(_pattern(form) for form in some) or "(?!)") for some in sentences]
    exact = [frozenset(form for form in words if not PLACEHOLDER.search(form)) for words in (french, english)]
    return exact[0], exact[1], patterns[0], patterns[1]


@cache
def foreign(text: str, language: str) -> bool:
    """Whether a text of a page in this language is, word for word, a sentence of the other language's catalogue."""
    only_french, only_english, french, english = _catalogues()
    bare = plain(text)
    exact, pattern = (only_french, french) if language == "en" else (only_english, english)
    other, others = (only_english, english) if language == "en" else (only_french, french)
    if bare in exact or _recapitalised(bare) in exact:
        return bare not in other and _recapitalised(bare) not in other
    return bool(pattern.fullmatch(bare)) and not others.fullmatch(bare)


def _recapitalised(text: str) -> str:
    return text[:1].swapcase() + text[1:]


@cache
def reads_foreign(text: str, language: str) -> bool:
    """Whether a text reads like the other language: two of its small words and none of the page's own."""
    mine, theirs = (ENGLISH_WORDS, FRENCH_WORDS) if language == "en" else (FRENCH_WORDS, ENGLISH_WORDS)
    bare = plain(text)
    return len(theirs.findall(bare)) >= 2 and not mine.search(bare)


@cache
def _alike() -> frozenset[str]:
    """The words of sentences that the catalogues write alike in both languages."""
    found: set[str] = set()
    for folder in folders():
        for message in stored(folder):
            if message.id:
                pairs = zip(_forms(message.id), _forms(message.string), strict=False)
                alike = [
                    plain(english).lower()
                    for english, french in pairs
                    if plain(english).lower() == plain(french).lower()
                ]
                found.update(word for text in alike for word in LETTERS.findall(PLACEHOLDER.sub(" ", text)))
    return frozenset(found)


class Data:
    """The words that the books of a house hold, to tell data from the site's own words."""

    def __init__(self, values: Iterable[str]) -> None:
        self.all = plain("\n".join(values)).lower()
        self.words = frozenset(LETTERS.findall(self.all))
        self._known: dict[str, bool] = {}

    def holds(self, text: str) -> bool:
        """Whether a text stands in the books as it is."""
        bare = plain(text).lower().strip(" ·,;()–")
        if bare not in self._known:
            self._known[bare] = bare in self.all
        return self._known[bare]


def untranslated(
    french_page: Iterable[tuple[str, str]], english_page: Iterable[tuple[str, str]], data: Data
) -> Iterator[str]:
    """The texts that stand on both pages alike and are neither data of the books nor the same word in both languages."""
    alike = {plain(text) for text, _place in french_page} & {plain(text) for text, _place in english_page}
    for text in sorted(alike):
        own = [
            word
            for word in LETTERS.findall(text.lower())
            if not (SAME_IN_BOTH.match(word) or word in _alike() or word in data.words)
        ]
        if own and not ARTICLE.search(text):
            yield f"the same in both languages: {text!r}"


@cache
def misprinted(text: str) -> str | None:
    """What a French printer would mark in a text of a French page, if anything."""
    if SERVERS_WORDS.search(text):
        return None
    flat = text.replace("\n", " ")
    for rule, name in (
        (PLAIN_SPACE_BEFORE, "plain space"),
        (THOUSANDS, "thousands"),
        (ENGLISH_AMOUNT, "amount"),
        (NO_SPACE_BEFORE, "no space"),
    ):
        if found := rule.search(flat):
            return f"{name} in {flat.strip()[:120]!r} at {found[0]!r}"
    return None


def computer_date(text: str) -> str | None:
    """A date as computers write it, which no page shows."""
    found = ISO_DATE.search(text)
    return f"a computer's date in {plain(text)[:120]!r}" if found else None
