"""What a message may not say and must say: a message with a finding is not sent.

Names and references of the books are not the writer's words: they are set aside before the words are judged.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from exigible.core.typography import figure, iban_groups, short_day
from exigible.features.messages import lint_amounts, lint_words
from exigible.features.messages.catalogue import SUBJECT_LIMIT, read, shared, text_of
from exigible.features.messages.values import Facts, clean, day_of

WORDS_BEFORE_TABLE = 120
_CAPITALS = re.compile(r"\b[A-ZÀ-Þ]{4,}\b")
_ALLOWED_CAPITALS = frozenset({"IBAN", "SEPA"})
_REPLY = re.compile(r"^\s*(?:re|fw|fwd|tr)\s*:", re.IGNORECASE)
_WORD = re.compile(r"[^\W_][^\s]*")
_UNFILLED = re.compile(r"\{\w*\}|\bNone\b")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the rule it breaks, and one sentence for the person who must mend it."""

    rule: str
    sentence: str


def lint(facts: Facts, subject: str, text: str, language: str = "fr") -> list[Finding]:
    """The faults of a message, none when it may leave; `language` is that of the sentences, not of the message."""
    legal = clean(facts["creditor"].get("legal") or "")
    whole = f"{subject}\n{text}".replace("’", "'")
    if legal:  # it states a capital and numbers that are no claim
        whole = whole.replace(legal.replace("’", "'"), "·")
    found = _word_faults(facts, whole)
    if found:
        found = _word_faults(facts, _own_words(facts, whole))
    found += [*_subject_faults(facts, subject), *_form_faults(facts, text), *_missing(facts, subject, text)]
    sentences = read("findings", language, "'")
    return [Finding(rule, sentences[rule].format(detail)) for rule, detail in found]


def _word_faults(facts: Facts, own: str) -> list[tuple[str, str]]:
    return [*_writing_faults(facts, own), *lint_words.faults(facts, own), *lint_amounts.faults(facts, own)]


def _own_words(facts: Facts, text: str) -> str:
    """The text without the names and references of the books that could be taken for the writer's words."""
    for value in sorted(set(_strings(facts)), key=len, reverse=True):
        value = value.replace("’", "'")
        if lint_amounts.looks_like_figures(value) or lint_words.is_suspect(value):
            text = _set_aside(text, value)
    return text


def _set_aside(text: str, value: str) -> str:
    if len(value) == 1:
        return text if value.isalnum() else text.replace(value, "·")
    return re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "·", text)


def _strings(facts: Facts) -> Iterator[str]:
    """Every name, number and reference that the books put in the message."""
    for part in ("creditor", "signatory", "customer", "recipient", "bank"):
        for value in (facts.get(part) or {}).values():
            lines = value if isinstance(value, list) else [value]
            yield from (clean(line) for line in lines if isinstance(line, str))
    for invoice in facts.get("invoices") or ():
        yield clean(invoice["number"])
        yield clean(invoice.get("order_reference") or "")
    yield clean(facts.get("pay_reference") or "")
    yield clean(facts.get("mediator") or "")
    yield iban_groups(clean((facts.get("bank") or {}).get("iban") or ""))


def _subject_faults(facts: Facts, subject: str) -> Iterator[tuple[str, str]]:
    first_number = next((clean(invoice["number"]) for invoice in facts.get("invoices") or ()), "")
    if len(subject) >= SUBJECT_LIMIT:
        yield "subject.long", str(len(subject))
    if _REPLY.match(subject) and not _REPLY.match(first_number):
        yield "subject.reply", subject[:4].strip()
    if not subject.strip() or clean(subject) != subject.strip():
        yield "subject.broken", ""


def _form_faults(facts: Facts, text: str) -> Iterator[tuple[str, str]]:
    before = words_before_table(text, facts["language"])
    if before > WORDS_BEFORE_TABLE:
        yield "text.long", str(before)


def _writing_faults(facts: Facts, own: str) -> Iterator[tuple[str, str]]:
    capitals = set(_CAPITALS.findall(own)) - _ALLOWED_CAPITALS - {facts.get("currency")}
    if capitals:
        books = " ".join(_strings(facts))
        yield from (("capitals", word) for word in sorted(capitals) if word not in books)
    if unfilled := _UNFILLED.search(own):
        yield "unfilled", unfilled[0]
    if "!" in own:
        yield "exclamation", ""
    if not text_of(facts["template"], facts["language"]).service and _questions(own) > 1:
        yield "one.ask", str(_questions(own))


def words_before_table(text: str, language: str) -> int:
    """How many words the reader meets before the table of invoices."""
    labels = shared(language)["labels"]
    head = re.search(rf"^{labels['invoice']} +{labels['due']} ", text, re.MULTILINE)
    return len(_WORD.findall(text[: head.start()])) if head else 0


def _questions(own: str) -> int:
    body = own.split("\n", 1)[1]
    return body.count("?")


def _missing(facts: Facts, subject: str, text: str) -> Iterator[tuple[str, str]]:
    """The items that each message must show: who asks, for what, by when, how to pay, whom to call."""
    letter = text_of(facts["template"], facts["language"])
    creditor, signatory, bank = facts["creditor"], facts.get("signatory") or {}, facts.get("bank")
    wanted = [clean(creditor["name"]), clean(signatory.get("name") or "")]
    if letter.table and facts.get("invoices"):
        wanted += [item for invoice in facts["invoices"] for item in _line_items(invoice, facts)]
        wanted += [figure(facts[sum_], facts["currency"], facts["language"]) for sum_ in ("total", "balance")]
    if facts["template"] == "thank_you":
        wanted.append(figure(facts["payment"]["amount"], facts["currency"], facts["language"]))
    if not letter.service:
        wanted.append(clean(facts.get("pay_reference") or ""))
        wanted += [iban_groups(clean(bank["iban"]))] if bank else []
        reach = [signatory.get("phone"), signatory.get("email"), creditor.get("phone"), creditor.get("email")]
        if not any(clean(way) in text for way in reach if way):
            yield "missing", "téléphone" if facts["language"] == "fr" else "telephone"
    whole = f"{subject}\n{text}"
    yield from (("missing", item) for item in dict.fromkeys(wanted) if item and item not in whole)
    if letter.level >= 1 and not lint_words.admits_error(text, facts["language"]):
        yield "missing", lint_words.ADMISSION[facts["language"]]


def _line_items(invoice: Facts, facts: Facts) -> list[str]:
    due = [short_day(day_of(invoice["due"]), facts["language"])] if invoice.get("due") else []
    return [clean(invoice["number"]), figure(invoice["open"], facts["currency"], facts["language"]), *due]
