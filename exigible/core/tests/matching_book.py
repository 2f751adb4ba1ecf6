"""The book of the hard cases of matching, and its payments, read from the data beside this file."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from exigible.core.matching import Candidates, Credit, Debtor, OpenItem

BOOKED = date(2026, 11, 20)
CASES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("matching_cases.toml").read_text(encoding="utf-8"))
_DEBTORS = list(CASES["debtors"])


def minor(text: str) -> int:
    """Euros as cents."""
    return int(Decimal(text) * 100)


def _debtor(key: int, told: dict[str, Any]) -> Debtor:
    sets = {name: frozenset(told.get(name, ())) for name in ("accounts", "payer_names")}
    expected = tuple((minor(amount), date.fromisoformat(day)) for amount, day in told.get("expected", ()))
    plain = {name: told[name] for name in ("reference", "siren", "country") if name in told}
    return Debtor(key, told["name"], expected=expected, **sets, **plain)


def _item(key: int, customer: int, line: str) -> OpenItem:
    number, amount, issued, due, *rest = line.split()
    more = dict(each.split("=") for each in rest)
    left = minor(amount)
    return OpenItem(
        id=key,
        customer=customer,
        kind="credit_note" if left < 0 else "invoice",
        number=number,
        issued=date.fromisoformat(issued),
        due=date.fromisoformat(due),
        currency=more.get("currency", "EUR"),
        left_minor=abs(left),
        total_minor=minor(more["total"]) if "total" in more else abs(left),
        order_reference=more.get("order", ""),
        structured=more.get("structured", ""),
        retention_minor=minor(more.get("retention", "0")),
        discount_minor=minor(more.get("discount", "0")),
        discount_until=date.fromisoformat(more["until"]) if "until" in more else None,
        interest_minor=minor(more.get("interest", "0")),
        indemnity_minor=minor(more.get("indemnity", "0")),
        settled_on=date.fromisoformat(more["settled"]) if "settled" in more else None,
    )


DEBTORS = {key: _debtor(key, CASES["debtors"][name]) for key, name in enumerate(_DEBTORS, 1)}
_LINES = [(_DEBTORS.index(name) + 1, line) for name, lines in CASES["items"].items() for line in lines]
ITEMS = [_item(key, customer, line) for key, (customer, line) in enumerate(_LINES, 1)]
NUMBERS = {item.number: item for item in ITEMS}
BOOK = Candidates(DEBTORS, ITEMS)


def credit_of(case: dict[str, Any], *, key: int = 1) -> Credit:
    """The movement that a case tells of."""
    return Credit(
        id=key,
        amount_minor=minor(case["amount"]),
        currency="EUR",
        booked=BOOKED,
        label=case["label"],
        structured=case.get("structured", ""),
        payer_name=case.get("payer", ""),
        payer_account=case.get("account", ""),
    )


def shares_told(case: dict[str, Any]) -> dict[int, int]:
    """What each item takes of the money, as the case says: the whole of those listed, or the parts given."""
    told = case["pays"]
    if isinstance(told, dict):
        return {NUMBERS[number].id: minor(part) for number, part in told.items()}
    items = [NUMBERS[number] for number in told]
    return {item.id: item.left_minor if item.kind != "credit_note" else -item.left_minor for item in items}
