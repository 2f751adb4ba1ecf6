"""What the free text of an MT940 movement (:86:) says: German sub-fields, codewords between slashes, French words."""

import re
from typing import NamedTuple

from exigible.formats.bank_text import iban_within, one_line, plain_iban, said
from exigible.formats.bank_words import codewords, french_words, german_words, name_within, references_within

SUBFIELDS = re.compile(r"(\d{3})([?>])\d{2}")
PURPOSE = re.compile(r"2\d|6[0-3]")
WIDTH = 65  # SWIFT cuts the text here, within a word or a number
FULL = 27  # a line of purpose of this length goes on in the next one without a blank
RETURNS = ("108", "109", "159")  # German business codes: direct debits and transfers that came back


class Told(NamedTuple):
    """What the text says apart; empty for what it does not say."""

    label: str
    payer_name: str = ""
    payer_account: str = ""
    end_to_end: str = ""
    references: tuple[str, ...] = ()
    reason: str = ""
    is_return: bool = False


def told_by(lines: list[str], is_in: bool) -> Told:
    """What the lines of :86: say of a movement of money in or out."""
    packed = "".join(lines)
    if SUBFIELDS.match(packed):
        return _subfields(packed)
    raw = one_line("".join(line if len(line) >= WIDTH else f"{line} " for line in lines))
    if words := codewords(packed):
        return _codewords(raw, words)
    ends = french_words(raw).get("EREF", "")
    return Told(raw, name_within(raw, is_in), "", said(ends), references_within(raw))


def _subfields(packed: str) -> Told:
    """The German form: ?00 booking text, ?20 to ?29 and ?60 to ?63 purpose, ?31 account, ?32 and ?33 name, ?34 reason."""
    mark = re.escape(packed[3])
    pieces = re.split(rf"{mark}(\d\d)", packed)
    fields: dict[str, str] = {}
    purpose = ""
    for name, value in zip(pieces[1::2], pieces[2::2], strict=True):
        if PURPOSE.fullmatch(name):
            purpose += value if len(value) >= FULL else f"{value} "
        else:
            fields.setdefault(name, value)
    words = german_words(purpose)
    name = fields.get("32", "")
    name += ("" if len(name) >= FULL else " ") + fields.get("33", "")
    account = fields.get("31", "").strip()
    return Told(
        one_line(f"{fields.get('00', '')} {purpose}"),
        one_line(words.get("ABWA", "") or name, 140),
        plain_iban(account) or one_line(account, 40),
        said(words.get("EREF", "")),
        tuple(said(words[each]) for each in ("EREF", "KREF", "MREF") if each in words),
        fields.get("34", "").strip() if packed[:3] in RETURNS else "",
        packed[:3] in RETURNS,
    )


def _codewords(raw: str, words: dict[str, str]) -> Told:
    return Told(
        raw,
        one_line(words.get("NAME", ""), 140),
        iban_within(words.get("IBAN", "")),
        said(words.get("EREF", "")),
        tuple(said(words[each]) for each in ("EREF", "MARF", "PREF", "KREF", "MREF") if each in words),
        words.get("RTRN", ""),
        "RTRN" in words,
    )
