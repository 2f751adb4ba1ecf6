"""All that may explain movements, gathered beforehand and looked up without a search."""

from collections.abc import Container, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from exigible.core.matching.names import name_key, name_words
from exigible.core.matching.numbers import Quoted, number_forms, number_key, strip_zeros
from exigible.core.matching.records import Debtor, OpenItem
from exigible.core.matching.text import plain_text


class Written(NamedTuple):
    """An item under one written form of its number: `whole`, or only the number within its series."""

    item: OpenItem
    whole: bool
    letters: str


class Candidates:
    """Debtors and their open items, under all that a movement may say of them; one may serve many movements.

    Every customer of an item must be among the debtors. `whole` are the debtors of whom all open items are given (None:
    all of them): of others only what is named is explained. The order of items and debtors changes nothing.
    """

    def __init__(
        self, debtors: Mapping[int, Debtor], items: Iterable[OpenItem], *, whole: Container[int] | None = None
    ) -> None:
        self.debtors = debtors
        self._whole = whole
        self.items: dict[int, OpenItem] = {}
        self._keys: dict[str, list[OpenItem]] = {}
        self._open: dict[int, list[OpenItem]] = {}
        self._settled: dict[int, list[OpenItem]] = {}
        self._structured: dict[str, list[OpenItem]] = {}
        self._amounts: dict[tuple[int, str], list[OpenItem]] = {}
        self._orders: dict[str, list[OpenItem]] = {}
        self._accounts: dict[str, list[int]] = {}
        self._names: dict[str, list[int]] = {}
        self._same: dict[tuple[str, ...], list[int]] = {}
        self._codes: dict[str, list[int]] = {}
        for item in sorted(items, key=by_age):
            self._add_item(item)
        for key in sorted(debtors):
            self._add_debtor(debtors[key])

    def _add_item(self, item: OpenItem) -> None:
        if item.id in self.items:
            return
        self.items[item.id] = item
        self._keys.setdefault(number_key(item.number), []).append(item)
        if item.left_minor <= 0:
            self._settled.setdefault(item.customer, []).append(item)
            return
        self._open.setdefault(item.customer, []).append(item)
        if item.kind != "credit_note":
            self._amounts.setdefault((item.left_minor, item.currency), []).append(item)
        if item.structured:
            self._structured.setdefault(item.structured.replace(" ", "").upper(), []).append(item)
        if item.order_reference:
            self._orders.setdefault(compact(item.order_reference), []).append(item)

    def _add_debtor(self, debtor: Debtor) -> None:
        for account in debtor.accounts:
            self._accounts.setdefault(account, []).append(debtor.id)
        names = (debtor.name, *debtor.payer_names)
        for key in {name_key(name) for name in names} - {""}:
            self._names.setdefault(key, []).append(debtor.id)
        for words in {name_words(name) for name in names} - {()}:
            self._same.setdefault(words, []).append(debtor.id)
        for code in {compact(debtor.reference), compact(debtor.siren)} - {""}:
            self._codes.setdefault(code, []).append(debtor.id)

    def written(self, quoted: Quoted) -> list[Written]:
        """The items, settled ones too, whose number may be written as what is quoted."""
        found = []
        for key in dict.fromkeys(quoted.keys):
            for item in self._keys.get(key, ()):
                whole, tail, letters = number_forms(item.number)
                if quoted.digits in whole or quoted.digits == tail:
                    found.append(Written(item, quoted.digits in whole, letters))
        return found

    def open_of(self, customer: int, currency: str) -> list[OpenItem]:
        """What a debtor has open in that currency, oldest first."""
        return [item for item in self._open.get(customer, ()) if item.currency == currency]

    def settled_of(self, customer: int, amount_minor: int, currency: str) -> list[OpenItem]:
        """The items of that amount that a debtor settled lately."""
        settled = self._settled.get(customer, ())
        return [item for item in settled if item.currency == currency and item.total_minor == amount_minor]

    def is_whole(self, customer: int) -> bool:
        """Whether all that this debtor has open is among the items."""
        return self._whole is None or customer in self._whole

    def of_structured(self, reference: str) -> list[OpenItem]:
        """The open items that carry this structured reference."""
        return self._structured.get(reference, [])

    def of_amount(self, amount_minor: int, currency: str) -> list[OpenItem]:
        """The claims of which just this amount is left, of all debtors."""
        return self._amounts.get((amount_minor, currency), [])

    def of_order(self, word: str) -> list[OpenItem]:
        """The open items that carry this reference of the buyer's order."""
        return self._orders.get(compact(word), [])

    def of_account(self, account: str) -> list[int]:
        """The debtors for whom this account is confirmed to pay."""
        return self._accounts.get(account, []) if account else []

    def of_name_key(self, key: str) -> list[int]:
        """The debtors found under this key of a name."""
        return self._names.get(key, []) if key else []

    def of_name(self, name: str) -> list[int]:
        """The debtors of just that name, legal form apart, or for whom it is confirmed to pay."""
        return self._same.get(name_words(name), []) if name else []

    def of_code(self, word: str) -> list[int]:
        """The debtors whose code or SIREN is this word."""
        return self._codes.get(compact(word), [])


def by_age(item: OpenItem) -> tuple[date, date, int]:
    """Oldest first: by due date, then by day of issue, then by number of row."""
    return (item.due or item.issued, item.issued, item.id)


@lru_cache(maxsize=65_536)
def compact(text: str) -> str:
    """Letters and digits only, in capitals; a number alone without the zeros at its head."""
    kept = "".join(sign for sign in plain_text(text) if sign.isalnum())
    return strip_zeros(kept) if kept.isdigit() else kept


def same_name(one: str, other: str) -> bool:
    """Whether two names have the same words, legal form apart."""
    return bool(one) and name_words(one) == name_words(other)
