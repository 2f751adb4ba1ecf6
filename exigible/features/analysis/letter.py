"""The letter that is ready: a formal notice where the facts allow one, else a reminder of the principal, else none."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from exigible.core.law.interest import exact_string
from exigible.features.analysis.analyse import Analysis
from exigible.features.analysis.words import Words

FORMAL_NOTICE, REMINDER = "formal_notice", "reminder"


class LetterChoice(NamedTuple):
    """Which letter suits the claim, empty for none; and the key of the sentence that says so or says why not."""

    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """Who writes to whom; what is empty is printed as a place to fill in by hand."""

    creditor: str = ""
    creditor_address: str = ""
    creditor_identity: str = ""
    place: str = ""
    signatory: str = ""
    debtor: str = ""
    debtor_address: str = ""
    iban: str = ""


def letter_of(found: Analysis) -> LetterChoice:
    """Choose the letter: nothing may be demanded that is paid, not due, disputed, time-barred or stopped by insolvency."""
    facts = found.facts
    reasons = {
        "none_settled": found.owed.statement.balance_minor == 0,
        "none_insolvent": facts.insolvent is not None,
        "none_barred": found.is_barred,
        "none_not_due": found.due >= found.today,
        "none_disputed": facts.disputed,
        "none_sent": "formal_notice" in facts.pieces,
    }
    for reason, holds in reasons.items():
        if holds:
            return LetterChoice("", reason)
    kind = REMINDER if facts.debtor == "unknown" else FORMAL_NOTICE
    return LetterChoice(kind, f"offer_{kind}")


def letter_data(found: Analysis, names: Names, language: str) -> dict[str, Any]:
    """What the letter states; the shape is LetterData of books/documents/letter_data.py."""
    kind = letter_of(found).kind
    assert kind, "a letter is made only where one suits"
    word = Words(language, found.book.currency)
    number = found.facts.number or word("letter.number")
    return {
        "creditor": {
            "name": names.creditor or word("letter.your_name"),
            "address": _lines(names.creditor_address) or [word("letter.your_address")],
            "legal": names.creditor_identity or word("letter.your_identity"),
        },
        "recipient": [
            names.debtor or word("letter.their_name"),
            *(_lines(names.debtor_address) or [word("letter.their_address")]),
        ],
        "place": names.place or word("letter.your_place"),
        "date": found.today.isoformat(),
        "references": [[word("letter.reference"), number]],
        "currency": found.book.currency,
        "subject": word(f"letter.subject_{kind}", number=number),
        "paragraphs": _before(found, word, number, kind),
        "invoices": [_invoice(found, number)],
        "totals": _totals(found, word, kind),
        "after": _after(found, word, kind, bool(names.iban)),
        "payment": _payment(found, names, word, number),
        "signature": {"name": names.signatory or word("letter.your_signatory")},
        "enclosures": [word("letter.enclosure", number=number)],
        "divisor": found.book.number("interest.day_divisor", found.today),
        "annex": _annex(found, number, kind),
    }  # fmt: skip


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _days(found: Analysis) -> int:
    return found.book.number(f"notice.delay_days.{found.facts.debtor}", found.today)


def _before(found: Analysis, word: Words, number: str, kind: str) -> list[str]:
    statement = found.owed.statement
    principal = word.money(statement.principal_minor)
    late = word.days(statement.late_days)
    opening = word("letter.opening", number=number, due=word.day(found.due), principal=principal, late=late)
    if kind == REMINDER:
        return [word("letter.greeting"), opening, word("letter.request", principal=principal)]
    balance, days = word.money(statement.balance_minor), word.days(_days(found))
    demand = word("letter.demand", balance=balance, day=word.day(found.today), days=days)
    return [word("letter.greeting"), opening, demand]


def _invoice(found: Analysis, number: str) -> dict[str, Any]:
    facts, statement = found.facts, found.owed.statement
    return {
        "number": number,
        "issued": facts.issued.isoformat() if facts.issued else None,
        "due": found.due.isoformat(),
        "days_late": statement.late_days,
        "total_minor": facts.amount_minor,
        "paid_minor": facts.amount_minor - statement.principal_minor,
        "open_minor": statement.principal_minor,
    }


def _totals(found: Analysis, word: Words, kind: str) -> list[list[str | int]]:
    statement = found.owed.statement
    rows: list[list[str | int]] = [[word("letter.total_principal"), statement.principal_minor]]
    if kind == REMINDER:
        return rows
    if statement.interest_minor:
        rows.append([word("letter.total_interest", day=word.day(found.today)), statement.interest_minor])
    if statement.indemnity_minor:
        rows.append([word("letter.total_indemnity"), statement.indemnity_minor])
    return [*rows, [word("letter.total"), statement.balance_minor]] if len(rows) > 1 else rows


def _after(found: Analysis, word: Words, kind: str, has_iban: bool) -> list[str]:
    pay = word("letter.pay_below" if has_iban else "letter.pay")
    said = [pay, word("letter.objection")]
    if kind == FORMAL_NOTICE:
        debtor, statement = found.facts.debtor, found.owed.statement
        law = [word(f"letter.law_{debtor}", daily=word.money(found.owed.daily_minor))]
        if statement.indemnity_minor:
            law.append(word(f"letter.indemnity_{debtor}", indemnity=word.money(statement.indemnity_minor)))
        if any(paid.interest_minor or paid.costs_minor for paid in statement.settled):
            received = sum(paid.amount_minor for paid in statement.settled)
            first = sum(paid.interest_minor + paid.costs_minor for paid in statement.settled)
            law.append(word("letter.imputed", paid=word.money(received), first=word.money(first)))
        if debtor == "public_body":
            law.append(word("letter.claim_public_body"))
        said.insert(0, " ".join(law))
        said.append(word("letter.consequence_consumer" if debtor == "consumer" else "letter.consequence"))
    return [*said, word("letter.closing")]


def _payment(found: Analysis, names: Names, word: Words, number: str) -> dict[str, Any] | None:
    if not names.iban:
        return None
    statement, kind = found.owed.statement, letter_of(found).kind
    amount = statement.principal_minor if kind == REMINDER else statement.balance_minor
    holder = names.creditor or word("letter.your_name")
    has_number = bool(found.facts.number and names.creditor)
    return {"iban": names.iban, "holder": holder, "reference": number, "qr": has_number, "amount_minor": amount}


def _annex(found: Analysis, number: str, kind: str) -> list[dict[str, Any]]:
    statement = found.owed.statement
    if kind == REMINDER or not statement.segments:
        return []
    currency = found.book.currency
    segments = [
        {
            "from": part.first.isoformat(), "to": part.last.isoformat(), "days": part.days,
            "base_minor": part.base_minor, "rate": f"{part.rate:f}", "article": part.article,
            "interest": exact_string(part.interest, currency),
        }
        for part in statement.segments
    ]  # fmt: skip
    return [{"number": number, "segments": segments, "interest_minor": statement.accrued_interest_minor}]
