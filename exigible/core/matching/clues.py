"""What a movement says of itself, read once: with it the open items that may explain it are gathered."""

import re
from functools import lru_cache
from typing import NamedTuple

from exigible.core.matching.names import name_key, payer_in
from exigible.core.matching.numbers import Quoted, count_pieces, quoted
from exigible.core.matching.records import Credit
from exigible.core.matching.text import plain_text

_KEYS = 64
_DIGIT = re.compile(r"\d")


class Clues(NamedTuple):
    """What to look for. To gather the candidates of many movements with few queries:

    1. `keys`: open items (and those settled in the last 90 days) whose `number_key(number)` is one of these;
       `structured`: items that carry this reference; `account`: debtors of which a person confirmed it (Payer.account);
       `order_words`: customers by their code, items by their order reference, where these are kept.
       Then all open items of every debtor of an account or a code. Most movements are explained by these.
    2. For the movements whose matches are not conclusive (`is_conclusive`):
       `name_key`: debtors with the same `name_key(name)` or a confirmed payer name, and `amount_minor`: items of just
       that amount left (some dozens at most), each again with all open items of its debtor. Then `propose` once more.

    `Candidates(whole=…)` is told of whom everything was read. A key that hits more than some dozens of open items tells nothing: leave it out. One `Candidates` may serve many
    movements: what is in it for another movement does no harm.
    """

    text: str
    quoted: tuple[Quoted, ...]
    keys: tuple[str, ...]
    order_words: tuple[str, ...]
    structured: str
    account: str
    payer: str
    name_key: str
    amount_minor: int
    label_end: int


@lru_cache(maxsize=16_384)
def clues(credit: Credit) -> Clues:
    """What a movement says: numbers under their keys, the payer's account and name, words that may be an order's."""
    text = plain_text("  ".join((credit.label, *(each for each in credit.references if each not in credit.label))))
    found = tuple(quoted(text))
    payer = plain_text(credit.payer_name).strip() or payer_in(text)
    return Clues(
        text=text,
        quoted=found,
        keys=_keys(found),
        order_words=tuple(dict.fromkeys(word for word in text.split() if 4 <= len(word) <= 20 and _is_code(word))),
        structured=credit.structured.replace(" ", "").upper(),
        account=credit.payer_account.replace(" ", "").upper(),
        payer=payer,
        name_key=name_key(payer),
        amount_minor=credit.amount_minor,
        label_end=count_pieces(plain_text(credit.label)),
    )


def _keys(found: tuple[Quoted, ...]) -> tuple[str, ...]:
    """The keys of all that is quoted, each once, those of numbers as written first."""
    whole = dict.fromkeys(each.digits for each in found)
    return tuple(whole | dict.fromkeys(key for each in found for key in each.keys))[:_KEYS]


def _is_code(word: str) -> bool:
    return _DIGIT.search(word) is not None
