"""The number of a bank account in one form, however a format writes it: an IBAN wherever one can be known."""

from collections.abc import Iterable

import schwifty
from stdnum import iban

RIB, RIB_WITH_KEY, FRENCH_ACCOUNT = 21, 23, 11


def bare_account(text: str) -> str:
    """Return the letters and digits of an account number; a French bank, branch and account, with key or not, as its IBAN."""
    bare = "".join(letter for letter in text.upper() if letter.isalnum() and letter.isascii())[:40]
    if len(bare) in (RIB, RIB_WITH_KEY) and bare[:10].isdigit() and not iban.is_valid(bare):
        try:
            return str(schwifty.IBAN.generate("FR", bare[:5], bare[10:21], branch_code=bare[5:10]).compact)
        except ValueError:
            return bare
    return bare


def full_account(text: str, known: Iterable[str]) -> str:
    """Return an account in its one form; a bare account number is the known account that ends with it, if there is one only.

    `known` are accounts in that form. A French IBAN ends with two digits of a key that an account number does not have.
    """
    bare = bare_account(text)
    if not bare or len(bare) < 7 or iban.is_valid(bare):
        return bare
    same = {each for each in known if each == bare or _holder_number(each).endswith(bare)}
    return same.pop() if len(same) == 1 else bare


def _holder_number(account: str) -> str:
    return account[14:25] if account.startswith("FR") and len(account) == 27 else account
