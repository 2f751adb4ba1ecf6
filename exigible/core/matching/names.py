"""Names of companies as banks write them: without legal form, cut short, sometimes in another order."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from exigible.core.matching.text import WORDS, plain_text

_WORDS = re.compile(r"[A-Z0-9]+")
_FORMS = WORDS["legal_forms"]
_COMMON = WORDS["common"]
_BANK = re.compile(
    r"^(?:VIREMENT|VIREM|VIRT|VIR|SEPA|RECU|RECUS|INST|INSTANTANE|FAVEUR|DE LA PART DE|RE[CÇ]U DE|EN VOTRE|CHEQUE|REMISE|"
    r"PERMANENT|EMIS|PAR|DE|/DE|:|\s|/)+\b"
)
_END = re.compile(
    r"/(?!S\b)|\b(?:MOTIF|REF|REFERENCE|EREF|ID|FACT\w*|FA|F|RGLT|REGLEMENT|SOLDE|ACOMPTE|CLIENT|CDE)\b|\b[A-Z]{0,4}[ -]?\d{3}|\s{3}"
)


@lru_cache(maxsize=200_000)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others, in order: capitals, no accents, legal form and small words left out."""
    words = _WORDS.findall(plain_text(name.replace(".", "")))
    return tuple(word for word in words if word not in _FORMS) or tuple(words)


def name_key(name: str) -> str:
    """The key under which a customer is found by its name, for an indexed column; "" when the name says nothing.

    Its first word that tells it from others; two words when the first is common ("GARAGE MARTIN"). A payer's name gives
    the same key although the bank cut it, changed its legal form or wrote it in capitals. Many customers may share one.
    """
    words = name_words(name)
    if not words:
        return ""
    return " ".join(words[:2]) if words[0] in _COMMON else words[0]


def payer_in(label: str) -> str:
    """The name of whoever paid as a plain label tells it, where the format has no field for it; "" when it does not."""
    rest = _BANK.sub("", label, count=1)
    end = _END.search(rest)
    return (rest[: end.start()] if end else rest).strip(" -:/.")[:70]


@lru_cache(maxsize=100_000)
def likeness(payer: str, name: str) -> float:
    """How alike two names are, 0 to 100: words in any order; one cut at its end by a bank's field of 20 signs or more (95),
    or all words of one among those of the other, two at least (92): "MARTIN" alone is not "MARTIN TRANSPORTS".
    """
    one, other = name_words(payer), name_words(name)
    if not one or not other:
        return 0.0
    if one == other:
        return 100.0
    found = fuzz.token_sort_ratio(" ".join(one), " ".join(other))
    first, second = "".join(one), "".join(other)
    if len(payer.strip()) >= 20 and len(first) >= 10 and second.startswith(first):
        return max(found, 95.0)
    if min(len(one), len(other)) > 1 and (set(one) <= set(other) or set(other) <= set(one)):
        return max(found, 92.0)
    return min(found, 99.0)
