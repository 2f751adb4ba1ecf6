"""What an invoice must say: each mention found, missing or not known yet, the fines risked and what it changes for collecting."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from exigible.core.law.book import CONFIDENCES, DATA, LawError
from exigible.core.money import parse_decimal_string

PRESENT, ABSENT, UNKNOWN, NOT_ASKED = "present", "absent", "unknown", "not_asked"
STATES = (PRESENT, ABSENT, UNKNOWN, NOT_ASKED)
LANGUAGES = ("fr", "en")
_COMMON: Final = frozenset({"name", "from", "article", "confidence", "debtors"})
_WORDS: Final = frozenset(f"{kind}_{language}" for kind in ("when", "effect") for language in LANGUAGES)
_FINE: Final = frozenset({"texts", "each", "most_percent", "up_to_person", "up_to_company", "doubled_within_years"})
_DEBTORS: Final = frozenset({"business", "public_body", "consumer"})
_WIDEST: Final = "business"


class Mention(NamedTuple):
    """A mention the law asks for: since when, from which text, how sure, of which debtors; words by language.

    `when` names the case in which it is due, empty when it is due always; `effect` what its absence changes for collecting.
    """

    name: str
    since: date
    article: str
    confidence: str
    debtors: frozenset[str]
    label: Mapping[str, str]
    when: Mapping[str, str]
    effect: Mapping[str, str]


class Fine(NamedTuple):
    """A fine: an amount for each missing mention up to a share of the invoice, or the most that may be imposed."""

    name: str
    since: date
    article: str
    confidence: str
    debtors: frozenset[str]
    texts: tuple[str, ...]
    each_minor: int | None
    most_percent: int | None
    up_to_person_minor: int | None
    up_to_company_minor: int | None
    doubled_within_years: int | None


class Finding(NamedTuple):
    """One mention of one invoice, and whether it is there."""

    mention: Mention
    state: str


class Risk(NamedTuple):
    """A fine risked for the missing mentions of one invoice, in minor units: by a person, and by a company."""

    name: str
    article: str
    missing: int
    person_minor: int
    company_minor: int
    doubled_within_years: int | None


class Mentions(NamedTuple):
    """The mentions and fines of one country, each as often as its text changed, the oldest first."""

    mentions: tuple[Mention, ...]
    fines: tuple[Fine, ...]


@lru_cache(maxsize=8)
def packaged_mentions(country: str = "FR", currency: str = "EUR") -> Mentions:
    """Read and check xx/mentions.toml; LawError names what is wrong, or that a country has none."""
    path = DATA / country.lower() / "mentions.toml"
    if not country.isalpha() or not path.is_file():
        raise LawError(f"No mentions of invoices are packaged for the country '{country}'.")
    with path.open("rb") as file:
        data = tomllib.load(file)
    mentions = tuple(_mention(row) for row in data.get("mention", []))
    fines = tuple(_fine(row, currency) for row in data.get("fine", []))
    return Mentions(mentions, fines)


def mentions_asked(country: str, debtor: str, issued: date) -> tuple[Mention, ...]:
    """Return what an invoice of that day to that kind of debtor must say, in the order of the data.

    Of a debtor whose kind is not known, what a business is owed is asked: the longest list, so that nothing is missed.
    """
    found: dict[str, Mention] = {}
    for mention in packaged_mentions(country).mentions:
        if mention.since <= issued and _asked(debtor) in mention.debtors:
            found[mention.name] = mention
    return tuple(found.values())


def check_mentions(country: str, debtor: str, issued: date, facts: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return each mention that is asked, with its state among STATES; what the facts do not tell is unknown."""
    for name, state in facts.items():
        if state not in STATES:
            raise LawError(f"A mention is {', '.join(STATES)}: '{state}' says nothing of {name}.")
    asked = mentions_asked(country, debtor, issued)
    return tuple(Finding(mention, facts.get(mention.name, UNKNOWN)) for mention in asked)


def fines_risked(
    country: str, debtor: str, issued: date, findings: Iterable[Finding], amount_minor: int
) -> tuple[Risk, ...]:
    """Return the fines that the missing mentions risk, in minor units; nothing while nothing is known to be missing."""
    missing = [finding.mention for finding in findings if finding.state == ABSENT]
    risks = []
    for fine in packaged_mentions(country).fines:
        lacking = [mention for mention in missing if any(text in mention.article for text in fine.texts)]
        if not lacking or fine.since > issued or _asked(debtor) not in fine.debtors:
            continue
        if fine.each_minor is not None and fine.most_percent is not None:
            amount = min(fine.each_minor * len(lacking), amount_minor * fine.most_percent // 100)
            person, company = amount, amount
        else:
            person, company = fine.up_to_person_minor or 0, fine.up_to_company_minor or 0
        risks.append(Risk(fine.name, fine.article, len(lacking), person, company, fine.doubled_within_years))
    return tuple(risks)


def _asked(debtor: str) -> str:
    return debtor if debtor in _DEBTORS else _WIDEST


def _mention(row: Mapping[str, Any]) -> Mention:
    where = _checked(row, _COMMON | set(LANGUAGES), _WORDS)
    texts = {
        kind: {one: row[f"{kind}_{one}"] for one in LANGUAGES if f"{kind}_{one}" in row} for kind in ("when", "effect")
    }
    if any(0 < len(words) < len(LANGUAGES) for words in texts.values()):
        raise LawError(f"{where}: a sentence stands in each of the languages {', '.join(LANGUAGES)}, or in none.")
    label = {language: row[language] for language in LANGUAGES}
    debtors = frozenset(row["debtors"])
    return Mention(
        row["name"], row["from"], row["article"], row["confidence"], debtors, label, texts["when"], texts["effect"]
    )


def _fine(row: Mapping[str, Any], currency: str) -> Fine:
    where = _checked(row, _COMMON | {"texts"}, _FINE)
    if ("each" in row) != ("most_percent" in row) or ("each" in row) == ("up_to_person" in row):
        raise LawError(
            f"{where}: a fine is so much for each mention up to a share, or a most for a person and a company."
        )

    def minor(key: str) -> int | None:
        return parse_decimal_string(row[key], currency) if key in row else None

    return Fine(
        row["name"], row["from"], row["article"], row["confidence"], frozenset(row["debtors"]), tuple(row["texts"]),
        minor("each"), row.get("most_percent"), minor("up_to_person"), minor("up_to_company"), row.get("doubled_within_years"),
    )  # fmt: skip


def _checked(row: Mapping[str, Any], needed: Iterable[str], allowed: Iterable[str]) -> str:
    """Check the keys and the common values of a row; returns where it stands, for a sentence."""
    where = f"mentions.toml, {row.get('name', '?')}"
    if missing := sorted(set(needed) - set(row)):
        raise LawError(f"{where}: {', '.join(missing)} is missing.")
    if strange := sorted(set(row) - set(needed) - set(allowed)):
        raise LawError(f"{where}: {', '.join(strange)} is not known.")
    if type(row["from"]) is not date or row["confidence"] not in CONFIDENCES or not set(row["debtors"]) <= _DEBTORS:
        raise LawError(f"{where}: 'from' is a date, 'confidence' and 'debtors' are among the known ones.")
    return where
