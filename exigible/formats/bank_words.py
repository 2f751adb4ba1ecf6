"""What free text says apart: the words that banks put before a name, a message or a reference in a label."""

import re

from exigible.formats.bank_text import one_line, said

# French banks write « VIR SEPA RECU /DE DUPONT /MOTIF FACT 12 /REF 34 » or « DE: DUPONT MOTIF: FACT 12 REF: 34 ».
FRENCH = re.compile(
    r"(?:(?<=\s)|^)(?:/ ?(DE|POUR|MOTIF|REF|EREF|RUM|RNF|ID|BEN|BENEF|CHEZ|LIB|BIC|IBAN)(?:[ :]\s*|$)"
    r"|(DE|POUR|MOTIF|REF|RUM|CHEZ|LIB|ID) ?: ?)"
)
# SWIFT and Dutch codewords: /EREF/…/NAME/…/REMI/…
CODEWORDS = re.compile(
    r"/(EREF|NAME|REMI|IBAN|BIC|MARF|CSID|TRTP|PREF|RTRN|ISDT|BENM|ORDP|ORDR|KREF|MREF|UDTR|UCRD|PURP|CNTP|ADDR|ACCT|PREF|SVCL)/"
)
# German SEPA words within the lines of purpose: EREF+…SVWZ+…
GERMAN = re.compile(r"\b(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC)\+|\b(MTLG):")


def french_words(label: str) -> dict[str, str]:
    """What stands after each French word of a label, the first of each: DE, POUR, MOTIF, REF, RUM…

    Empty unless at least two of these words stand there: one alone may be part of a name.
    """
    found = _split(label, FRENCH)
    return found if len(found) >= 2 else {}


def codewords(text: str) -> dict[str, str]:
    """What stands after each codeword between slashes, the first of each that says anything."""
    return _split(text, CODEWORDS)


def german_words(text: str) -> dict[str, str]:
    """What stands after each German SEPA word, the first of each."""
    return _split(text, GERMAN)


def _split(text: str, pattern: re.Pattern[str]) -> dict[str, str]:
    marks = list(pattern.finditer(text))
    found: dict[str, str] = {}
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        value = one_line(text[mark.end() : end]).strip(" /")
        if value:
            found.setdefault(next(filter(None, mark.groups())), value)
    return found


def name_within(label: str, is_in: bool) -> str:
    """Who stands on the other side, where the label says so in words: after DE for money in, after POUR for money out."""
    words = french_words(label)
    return words.get("DE", "") if is_in else words.get("POUR", words.get("BEN", ""))


def references_within(label: str) -> tuple[str, ...]:
    """The references that a label names in words."""
    words = french_words(label)
    return tuple(value for name in ("EREF", "RNF", "REF", "RUM") if (value := said(words.get(name, ""))))
