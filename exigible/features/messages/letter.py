"""A message on paper: the data that the house's letter template prints, and the same words as plain text."""

from textwrap import wrap
from typing import Any

from exigible.core.typography import amount, iban_groups, short_day
from exigible.features.messages.catalogue import Text, choose, paragraphs, shared, shared_choices, subject_line, text_of
from exigible.features.messages.layout import Block, Lines, Paragraph, Row, Table, as_text
from exigible.features.messages.values import Facts, clean, day_of, number_of, traits_of, values_of

WINDOW_LINES = 6
WINDOW_WIDTH = 38


def letter_data(facts: Facts) -> dict[str, Any]:
    """The letter as data for Typst: amounts in minor units, days in ISO; any letter's text may go on paper."""
    text = text_of(facts["template"], facts["language"])
    traits = traits_of(facts, text.level) | {"paper"}
    values = values_of(facts, traits)
    creditor, signatory = facts["creditor"], facts.get("signatory") or {}
    return {
        "language": facts["language"],
        "creditor": {
            "name": clean(creditor["name"]),
            "address": [clean(line) for line in creditor.get("address") or ()],
            "phone": creditor.get("phone"),
            "email": creditor.get("email"),
            "legal": clean(creditor.get("legal") or ""),
            "logo": None,
        },
        "recipient": recipient_lines(facts),
        "place": clean(creditor.get("place") or ""),
        "date": facts["date"],
        "references": _references(facts),
        "subject": subject_line(text.subject, traits, values),
        "paragraphs": _opening(facts, text, traits, values),
        "after": _closing(facts, text, traits, values),
        "invoices": [_invoice(invoice, traits) for invoice in facts["invoices"]],
        "currency": facts["currency"],
        "totals": _totals(facts),
        "payment": _payment(facts),
        "signature": {
            "name": clean(signatory.get("name") or creditor["name"]),
            "role": clean(signatory.get("role") or ""),
            "phone": signatory.get("phone") or creditor.get("phone"),
            "image": None,
        },
        "enclosures": [clean(name) for name in facts.get("enclosures") or ()],
        "annex": list(facts.get("annex") or ()),
    }


def letter_text(facts: Facts, data: dict[str, Any] | None = None) -> str:
    """The words of the letter as plain text, to be read before approval and checked by the lint; `data` is its `letter_data`."""
    data, language, currency = data or letter_data(facts), facts["language"], facts["currency"]
    labels = shared(language)["labels"]
    head = [labels["invoice"], labels["due"], labels["open"]]
    rows = [
        Row([line["number"], short_day(day_of(line["due"]), language) if line["due"] else "–", _open(line, facts)])
        for line in data["invoices"]
    ]
    foot = [(label, amount(minor, currency, language)) for label, minor in data["totals"]]
    blocks: list[Block] = [
        Lines(data["recipient"]),
        Lines([f"{label}{labels['colon']}{value}" for label, value in data["references"]]),
    ]
    blocks += [Paragraph(said) for said in data["paragraphs"]]
    blocks.append(Table(head, rows, foot))
    if data["payment"]:
        payment = data["payment"]
        pairs = (
            ("holder", payment["holder"]),
            ("iban", iban_groups(payment["iban"])),
            ("bic", payment["bic"]),
            ("pay_reference", payment["reference"]),
        )
        blocks.append(
            Lines([labels[name] + labels["colon"] + value for name, value in pairs if value], labels["payment"])
        )
    blocks += [Paragraph(said) for said in data["after"]]
    signature, creditor = data["signature"], data["creditor"]
    phone = labels["phone"].replace("{phone}", signature["phone"]) if signature["phone"] else ""
    lines = [signature["name"], signature["role"], creditor["name"], phone, creditor["email"] or ""]
    blocks.append(Lines([line for line in lines if line]))
    return as_text(blocks)


def recipient_lines(facts: Facts) -> list[str]:
    """The address as it shows in the window of the envelope: the customer's name first, six lines at most.

    Nothing on it speaks of a debt (a letter may be seen by others).
    """
    customer = clean((facts.get("customer") or {}).get("name") or "")
    person = clean((facts.get("recipient") or {}).get("name") or "")
    address = [clean(line) for line in (facts.get("recipient") or {}).get("address") or () if clean(line)]
    names = {name.casefold(): name for name in (customer, person) if name}
    rest = [line for line in address if line.casefold() not in names]
    lines = [*names.values(), *rest] if len(names) + len(rest) <= WINDOW_LINES else [customer or person, *rest]
    wrapped = [part for line in lines for part in wrap(line, WINDOW_WIDTH)]
    return wrapped if len(wrapped) <= WINDOW_LINES else lines


def _opening(facts: Facts, text: Text, traits: frozenset[str], values: dict[str, str]) -> list[str]:
    section = "letter_greeting" if text.level >= 3 else "greeting"
    greeting = choose(shared_choices(section, facts["language"]), traits, values) or ""
    return [greeting, *paragraphs(text.before, traits, values)]


def _closing(facts: Facts, text: Text, traits: frozenset[str], values: dict[str, str]) -> list[str]:
    section = "letter_closing" if text.level >= 3 else "signoff"
    closing = choose(shared_choices(section, facts["language"]), traits, values) or ""
    said = paragraphs(text.after, traits, values)
    if not facts.get("bank"):
        labels = shared(facts["language"])["labels"]
        reference = (
            labels["pay_reference"] + labels["colon"] + values["pay_reference"] if values["pay_reference"] else ""
        )
        said.append(labels["payment_known"] + "." + (f" {reference}." if reference else ""))
    return [*said, closing]


def _references(facts: Facts) -> list[list[str]]:
    labels = shared(facts["language"])["letter_labels"]
    account = clean((facts.get("customer") or {}).get("reference") or "")
    orders = sorted({clean(row["order_reference"]) for row in facts["invoices"] if row.get("order_reference")})
    found = [[labels["customer_reference"], account]] if account else []
    if len(facts["invoices"]) == 1:
        found.append([labels["invoice"], number_of(facts["invoices"][0])])
    if orders:
        found.append([labels["order" if len(orders) == 1 else "orders"], ", ".join(orders[:4])])
    return found


def _invoice(invoice: Facts, traits: frozenset[str]) -> dict[str, Any]:
    return {
        "number": number_of(invoice),
        "issued": invoice.get("issued"),
        "due": invoice.get("due"),
        "days_late": max(invoice.get("days_late") or 0, 0),
        "total_minor": invoice["total"],
        "paid_minor": invoice["total"] - invoice["open"] - (invoice.get("held") or 0),
        "open_minor": invoice["open"],
        "interest_minor": invoice.get("interest") if "interest" in traits else None,
        "indemnity_minor": invoice.get("indemnity") if "indemnity" in traits else None,
    }


def _totals(facts: Facts) -> list[list[str | int]]:
    labels = shared(facts["language"])["letter_labels"]
    if not facts.get("credits"):
        return [[labels["only_total"], facts["total"]]]
    credits = [labels["credits"], -facts["credits"]]
    return [[labels["total"], facts["total"]], credits, [labels["balance"], facts["balance"]]]


def _payment(facts: Facts) -> dict[str, Any] | None:
    bank = facts.get("bank")
    if not bank:
        return None
    return {
        "iban": clean(bank["iban"]),
        "bic": bank.get("bic"),
        "holder": clean(bank.get("holder") or facts["creditor"]["name"]),
        "reference": clean(facts.get("pay_reference") or ""),
        "qr": True,
        "amount_minor": facts["balance"],
    }


def _open(line: dict[str, Any], facts: Facts) -> str:
    return amount(line["open_minor"], facts["currency"], facts["language"])
