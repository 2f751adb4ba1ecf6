"""A message written from its facts: subject, complete plain text, and the same words in HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from exigible.core.typography import amount, iban_groups, short_day
from exigible.features.messages.catalogue import (
    Text,
    choices_of,
    choose,
    paragraphs,
    read,
    shared,
    shared_choices,
    subject_line,
    template_version,
    templates,
    text_of,
)
from exigible.features.messages.layout import Block, Lines, Paragraph, Row, Table, as_html, as_text
from exigible.features.messages.values import Facts, clean, day_of, number_of, traits_of, values_of

__all__ = ["Email", "task_text", "template_version", "templates", "write_email", "write_service"]


@dataclass(frozen=True, slots=True)
class Email:
    """What leaves: both bodies say the same words."""

    subject: str
    text: str
    html: str


def write_email(facts: Facts) -> Email:
    """The e-mail that asks for what the facts state. Raises KeyError when a fact that every message has is absent."""
    text = text_of(facts["template"], facts["language"])
    traits = traits_of(facts, text.level)
    if text.service:
        traits |= {"service"}
    values = values_of(facts, traits)
    subject = subject_line(text.subject, traits, values)
    blocks = _blocks(facts, text, traits, values)
    return Email(subject, as_text(blocks), as_html(blocks, subject, facts["language"]))


def write_service(facts: Facts) -> Email:
    """A thank-you (facts then has `payment`), a statement of account or a test message: nothing is asked."""
    if not text_of(facts["template"], facts["language"]).service:
        raise ValueError(f"The letter {facts['template']!r} asks for money: it is written by write_email.")
    return write_email(facts)


def task_text(facts: Facts) -> str:
    """One sentence for the person whose task the step is (formal notice, hand-over, letter to post, call)."""
    tasks = read("tasks", facts["language"])
    traits = traits_of(facts)
    sentence = choose(choices_of(tasks.get(facts["step"], tasks["task"])), traits, values_of(facts, traits))
    return sentence or ""


def _blocks(facts: Facts, text: Text, traits: frozenset[str], values: dict[str, str]) -> list[Block]:
    language = facts["language"]
    invoices = facts.get("invoices") or ()
    blocks: list[Block] = [Paragraph(choose(shared_choices("greeting", language), traits, values) or "")]
    blocks += [Paragraph(said) for said in paragraphs(text.before, traits, values)]
    if text.table and invoices:
        blocks.append(_table(facts, text, invoices))
    blocks += [Paragraph(said) for said in paragraphs(text.after, traits, values)]
    if not text.service or (facts["template"] == "test" and facts.get("bank")):
        blocks.append(bank_lines(facts))
    blocks.append(Paragraph(choose(shared_choices("signoff", language), traits, values) or ""))
    blocks.append(_signature(facts))
    if facts["creditor"].get("legal"):
        blocks.append(Lines([clean(facts["creditor"]["legal"])]))
    return blocks


def _table(facts: Facts, text: Text, invoices: Sequence[Facts]) -> Table:
    labels, language, currency = shared(facts["language"])["labels"], facts["language"], facts["currency"]
    late = text.level > 0 or text.table == "all"
    partial = any(invoice["open"] != invoice["total"] for invoice in invoices)
    head = [labels["invoice"], labels["due"]]
    head += [labels["late"]] * late + [labels["amount"]] * partial + [labels["open"]]
    rows = []
    for invoice in invoices:
        cells = [number_of(invoice), _due(invoice, language)]
        cells += [_lateness(invoice, labels)] * late
        cells += [amount(invoice["total"], currency, language)] * partial
        cells.append(amount(invoice["open"], currency, language))
        reference = clean(invoice.get("order_reference") or "")
        rows.append(Row(cells, labels["reference"].replace("{reference}", reference) if reference else ""))
    listed = text.table == "all"
    foot = [(labels["list_total" if listed or facts.get("credits") else "total"], facts["total"])]
    if facts.get("credits"):
        foot += [(labels["credits"], -facts["credits"])]
        foot += [(labels["list_balance" if listed else "balance"], facts["balance"])]
    notes = [labels["presumed"]] if any(invoice.get("due_presumed") for invoice in invoices) else []
    return Table(head, rows, [(label, amount(minor, currency, language)) for label, minor in foot], notes=notes)


def _due(invoice: Facts, language: str) -> str:
    if not invoice.get("due"):
        return "–"
    return short_day(day_of(invoice["due"]), language) + ("*" if invoice.get("due_presumed") else "")


def _lateness(invoice: Facts, labels: dict[str, Any]) -> str:
    days = invoice.get("days_late") or 0
    if not invoice.get("due"):
        return "–"
    return str(labels["days"]).replace("{days}", str(days)) if days > 0 else str(labels["upcoming"])


def bank_lines(facts: Facts) -> Lines:
    """How to pay: account in groups of four, and the reference to quote."""
    labels, bank = shared(facts["language"])["labels"], facts.get("bank")
    pairs = []
    if bank:
        pairs = [("holder", bank.get("holder")), ("iban", iban_groups(clean(bank["iban"]))), ("bic", bank.get("bic"))]
    pairs.append(("pay_reference", facts.get("pay_reference")))
    lines = [labels[name] + labels["colon"] + clean(value) for name, value in pairs if value]
    return Lines(lines, labels["payment" if bank else "payment_known"])


def _signature(facts: Facts) -> Lines:
    creditor, signatory = facts["creditor"], facts.get("signatory") or {}
    labels = shared(facts["language"])["labels"]
    role = " – ".join(clean(word) for word in (signatory.get("role"), creditor["name"]) if word)
    phone = signatory.get("phone") or creditor.get("phone")
    lines = [
        clean(signatory.get("name") or ""),
        role,
        labels["phone"].replace("{phone}", clean(phone)) if phone else "",
        clean(signatory.get("email") or creditor.get("email") or ""),
    ]
    return Lines([line for line in lines if line])
