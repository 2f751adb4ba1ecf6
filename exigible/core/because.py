"""Because: the identifier of the rule that decided, and the facts it saw."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from exigible.core.money import Money, decimal_string

JSON = str | int | float | bool | None | list["JSON"] | dict[str, "JSON"]


class Because(NamedTuple):
    """Why a decision was taken; the sentence on screen is rebuilt from these two fields alone."""

    rule: str
    facts: Mapping[str, JSON]

    @classmethod
    def of(cls, rule: str, **facts: object) -> "Because":
        """A reason whose dates, decimals, money and sequences become plain JSON."""
        return cls(rule, {name: plain(fact) for name, fact in facts.items()})

    def to_json(self) -> dict[str, JSON]:
        """The two fields as a JSON object."""
        return {"rule": self.rule, "facts": dict(self.facts)}

    @classmethod
    def from_json(cls, data: Mapping[str, JSON]) -> "Because":
        """The reason kept by to_json; asserts its shape, since only to_json writes it."""
        rule, facts = data["rule"], data["facts"]
        assert isinstance(rule, str)
        assert isinstance(facts, dict)
        return cls(rule, facts)


def plain(fact: object) -> JSON:
    """A fact as JSON: dates in ISO form, decimals and money as strings, sequences as lists."""
    match fact:
        case None | bool() | int() | float() | str():
            return fact
        case Money(minor, currency):
            return {"amount": decimal_string(minor, currency), "currency": currency}
        case date():
            return fact.isoformat()
        case Decimal():
            return str(fact)
        case Mapping():
            return {str(key): plain(value) for key, value in fact.items()}
        case list() | tuple():
            return [plain(value) for value in fact]
        case set() | frozenset():
            return sorted((plain(value) for value in fact), key=str)
    raise AssertionError(f"{type(fact).__name__} is not a fact that JSON can hold")
