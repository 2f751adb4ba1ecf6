"""What bank readers share about words: references, account numbers, what a label says of the kind of a movement."""

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from exigible.core.money import minor_digits
from exigible.formats.bank import Movement, MovementKind
from exigible.formats.encoding import Encoding, detect
from exigible.formats.fec_accounts import folded
from exigible.formats.rows import RowError
from exigible.formats.sentences import row_error

# What a book can keep of each text of a movement.
LONGEST = {
    "label": 2000, "structured": 35, "payer_name": 140, "payer_account": 40, "end_to_end": 80, "bank_id": 80, "code": 40,
    "reason": 140,
}  # fmt: skip
REFERENCES_AT_MOST = 50
AMOUNT = re.compile(r"[+-]?(?:\d{1,13}(?:\.\d{0,6})?|\.\d{1,6})")
CURRENCY = re.compile(r"[A-Z]{3}")
NOTHING_SAID = frozenset(
    {"notprovided", "notavailable", "nonref", "nonreference", "noref", "none", "null", "nichtangegeben", "nonrenseigne", "0"}
)  # fmt: skip
CREDITOR_REFERENCE = re.compile(r"\bRF ?\d{2}(?: ?[A-Z0-9]){1,21}")
SPACED_IBAN = re.compile(r"\b[A-Z]{2} ?\d{2}(?: ?[A-Z0-9]){11,30}\b")
# What the first words of a label say of its kind, in French and in English.
WORDS: dict[MovementKind, str] = {
    "fee": "frais commission commissions comm agios cotis cotisation cotisations fee fees charges",
    "return": "impaye impayes rejet rejete rejetee retour retourne annulation annul contrepassation extourne returned "
    "unpaid reversal rejected",
    "direct_debit": "prlv prelv prelevement prelevements prel sdd tip",
    "transfer": "vir virement virements virt vrt sct transfer",
    "cheque": "chq cheque cheques check chk",
    "card": "cb carte cartes remcb tpe card",
    "cash": "retrait especes dab gab atm cash",
}
KIND_OF_WORD: dict[str, MovementKind] = {word: kind for kind, words in WORDS.items() for word in words.split()}
FIRST_WORDS, RETURN_WITHIN = 6, 3


def text_of_bank(data: bytes, declared: str = "") -> tuple[str, str, list[RowError]]:
    """The text of a file with ends of line alike, its encoding, and a warning where some bytes had to be replaced.

    The encoding that the file declares is believed unless it is plainly another. A file that mixes two encodings, as when
    a bank copies what payers wrote, is decoded line by line.
    """
    found = detect(data)
    if declared and isinstance(found, Encoding) and not found.name.startswith("utf"):
        found = Encoding(declared, found.lossy)
    if isinstance(found, RowError):
        lines = [_decoded(line) for line in data.split(b"\n")]
        text, name, warnings = "\n".join(lines), "utf-8", [row_error("fec.replaced", encoding="utf-8")]
    else:
        text, name = data.decode(found.name, "replace"), found.name
        warnings = [row_error("fec.replaced", encoding=name)] if found.lossy else []
    text = text.removeprefix("\ufeff").replace("\x1a", "").replace("\0", " ")
    return text.replace("\r\n", "\n").replace("\r", "\n"), name, warnings


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def one_line(text: str, longest: int = 2000) -> str:
    """The text on one line, without control characters, no longer than a book can keep."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 4 * longest]).split())[
        :longest
    ]


def said(text: str) -> str:
    """A reference on one line; empty for the ways in which banks say that there is none."""
    found = one_line(text, LONGEST["end_to_end"])
    return "" if re.sub(r"[^a-z0-9]", "", found.lower()) in NOTHING_SAID else found


def bounded(movement: Movement) -> Movement:
    """The movement with each text no longer than a book can keep, and its references once each."""
    texts: dict[str, Any] = {name: one_line(getattr(movement, name), longest) for name, longest in LONGEST.items()}
    references = tuple(dict.fromkeys(each for text in movement.references if (each := said(text))))
    return movement._replace(**texts, references=references[:REFERENCES_AT_MOST])


def with_sure_ids(movements: Iterable[Movement]) -> tuple[Movement, ...]:
    """The movements of one account; an identifier that the bank gave to several of them names none."""
    listed = tuple(movements)
    times = Counter(movement.bank_id for movement in listed)
    return tuple(movement._replace(bank_id="") if times[movement.bank_id] > 1 else movement for movement in listed)


def amount_of(text: str, currency: str) -> int:
    """A plain decimal in minor units. ValueError when it is none, or finer than the currency."""
    plain = text.strip()
    if not AMOUNT.fullmatch(plain) or not CURRENCY.fullmatch(currency):
        raise ValueError(text)
    try:
        scaled = Decimal(plain).scaleb(minor_digits(currency))
    except InvalidOperation:
        raise ValueError(text) from None
    if scaled != scaled.to_integral_value():
        raise ValueError(text)
    return int(scaled)


def creditor_reference(*texts: str) -> str:
    """The first ISO 11649 reference whose check digits hold, without blanks; empty when there is none."""
    from stdnum import iso11649  # late: only bank statements need it

    for text in texts:
        for match in CREDITOR_REFERENCE.finditer(text.upper()):
            pieces = match[0].split(" ")
            for count in range(len(pieces), 0, -1):
                found = "".join(pieces[:count])
                if len(found) <= 25 and iso11649.is_valid(found):
                    return found
    return ""


def plain_iban(text: str) -> str:
    """An IBAN whose check digits hold, without blanks; empty for anything else."""
    from stdnum import iban  # late: only bank statements need it

    found = re.sub(r"[\s.-]", "", text).upper()
    return found if 15 <= len(found) <= 34 and iban.is_valid(found, check_country=False) else ""


def iban_within(text: str) -> str:
    """The first IBAN inside a text, without blanks; empty when there is none."""
    for match in SPACED_IBAN.finditer(text.upper()):
        pieces = match[0].split(" ")
        for count in range(len(pieces), 0, -1):
            if found := plain_iban("".join(pieces[:count])):
                return found
    return ""


def account_of(text: str) -> str:
    """An account's number as a bank writes it, without blanks and in capitals."""
    return re.sub(r"\s", "", one_line(text, 80)).upper()[:40]


def french_iban(bank: str, branch: str, account: str) -> str:
    """The IBAN of a French account, its keys computed; what is given, put together, when that is no French account."""
    plain = (bank + branch + account).replace(" ", "").upper()
    if not re.fullmatch(r"\d{10}[0-9A-Z]{11}", plain):
        return plain
    # Letters count as in the RIB: A and J are 1, B, K and S are 2, … (arrêté on the RIB's key, modulo 97).
    digits = plain.translate(str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789"))
    key = 97 - (89 * int(digits[:5]) + 15 * int(digits[5:10]) + 3 * int(digits[10:])) % 97
    national = f"{plain}{key:02d}"
    value = int("".join(str(int(letter, 36)) for letter in national + "FR00"))
    return f"FR{98 - value % 97:02d}{national}"


def kind_of_label(label: str) -> MovementKind:
    """What the first words of a label say about the kind of a movement; other when they say nothing.

    The first word that tells anything decides: a fee about an unpaid cheque is a fee, a transfer "for charges" a transfer.
    A direct debit, transfer or cheque is a return where a word says so at once.
    """
    told = [KIND_OF_WORD.get(word) for word in re.findall(r"[a-z]+", folded(label[:200]))[:FIRST_WORDS]]
    kind: MovementKind | None = next(filter(None, told), None)
    if kind not in (None, "fee") and "return" in told[:RETURN_WITHIN]:
        return "return"
    return kind or "other"
