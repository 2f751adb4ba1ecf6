"""What the accounts and journals of a French ledger say about an entry (plan comptable général)."""

import re
import unicodedata
from typing import NamedTuple

REVENUE_CREDIT, REVENUE_DEBIT, BANK_DEBIT, BANK_CREDIT = 1, 2, 4, 8
ADVANCE_CREDIT, ADVANCE_DEBIT, STRUCTURE, RESULT = 16, 32, 64, 128

CUSTOMER_ACCOUNTS = ("411", "416")
SHOWN_ACCOUNTS = ("411", "413", "416", "418", "419")
DOUBTFUL = "416"
# What is billed. A rounding or an exchange difference (758, 766, 768) is class 7 too, but no sale.
REVENUE_ROOTS = {"70", "71", "72", "73", "74", "751", "752", "753", "754", "756", "757", "763", "775"}
OPENING_CODES = {"an", "ran", "ouv", "ano", "anv", "anouv", "anouveau", "anouveaux", "rano", "opening", "open"}
OPENING_NAME = re.compile(
    r"a[ -]?nouveau|ouverture|balance initiale|solde initial|opening|report a nouveau|\breprise\b"
)
OPENING_LABEL = re.compile(
    r"(solde )?([aà][ -]?nouveau|report [aà] nouveau|ran\b|ouverture|(balance|solde) initiale?\b)", re.IGNORECASE
)
SALE_NAME = re.compile(r"vente|sale|factur|revenue|client")
BANK_NAME = re.compile(
    r"banque|bank|caisse|cash|tresorerie|cheque|carte|\bccp\b|\bbnp\b|\bcic\b|credit (agricole|mutuel)"
)


class Account(NamedTuple):
    """What a line on an account adds to its entry's traits, by its side; `shown` is the root of a 41x of note."""

    shown: str
    holds_items: bool
    debit_trait: int
    credit_trait: int


class Accounts(dict[str, Account]):
    """The accounts of a file by their text, each looked at once."""

    def __missing__(self, text: str) -> Account:
        value = account(text.strip())
        if len(self) < 50_000:
            self[text] = value
        return value


def account(number: str) -> Account:
    """An account by its number."""
    root = number[:3]
    shown = root if root in SHOWN_ACCOUNTS else ""
    return Account(shown, root in CUSTOMER_ACCOUNTS, *_traits(number))


def _traits(number: str) -> tuple[int, int]:
    """The traits that a debit and a credit of this account lend to their entry."""
    if number[:2] in REVENUE_ROOTS or number[:3] in REVENUE_ROOTS:
        return REVENUE_DEBIT | RESULT, REVENUE_CREDIT | RESULT
    if number[:1] in ("6", "7"):
        return RESULT, RESULT
    if number[:1] in ("1", "2"):
        return STRUCTURE, STRUCTURE
    if number[:3] == "419":
        return ADVANCE_DEBIT, ADVANCE_CREDIT | REVENUE_CREDIT
    if number[:3] == "487":
        return REVENUE_DEBIT, REVENUE_CREDIT
    if number[:3] == "418" or number[:4] == "4457":
        return 0, REVENUE_CREDIT
    if number[:2] in ("51", "53", "54", "58"):
        return BANK_DEBIT, BANK_CREDIT
    return 0, 0


def folded(text: str) -> str:
    """Text without case and accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()


class Journal(NamedTuple):
    """A journal: whether it opens the year, and the traits to presume when an entry shows none."""

    code: str
    is_opening: bool
    presumed: int


def journal(code: str, name: str) -> Journal:
    """A journal by its code and name."""
    plain, words = re.sub(r"[^a-z]", "", folded(code)), folded(name)
    opening = plain in OPENING_CODES or bool(OPENING_NAME.search(words))
    if SALE_NAME.search(words) or plain in ("ve", "vt", "vte", "vtes", "fac", "fc"):
        return Journal(code, opening, REVENUE_CREDIT | REVENUE_DEBIT)
    if BANK_NAME.search(words) or plain in ("bq", "bqe", "bn", "bk", "ca", "cai", "tr"):
        return Journal(code, opening, BANK_CREDIT | BANK_DEBIT)
    return Journal(code, opening, 0)


def is_opening_label(label: str) -> bool:
    """True for a line that brings a balance forward and says so at its start."""
    return OPENING_LABEL.match(label) is not None
