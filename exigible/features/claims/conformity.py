"""What an invoice says and what it must say: read from its electronic data or ticked by a person, kept, and what is missing risks."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from exigible.books.cases.models import MentionCheck
from exigible.books.documents.models import Evidence
from exigible.books.documents.operations import read_document
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Invoice
from exigible.common.errors import Refused
from exigible.core import typography
from exigible.core.law.book import LawError
from exigible.core.law.mentions import (
    ABSENT,
    NOT_ASKED,
    PRESENT,
    STATES,
    UNKNOWN,
    Finding,
    Risk,
    check_mentions,
    fines_risked,
)
from exigible.features.claims.queries import language
from exigible.formats.einvoice import EInvoice
from exigible.formats.einvoice_reading import read_einvoice

WORDS = {
    PRESENT: _("stated"), ABSENT: _("missing"), UNKNOWN: _("not looked at"), NOT_ASKED: _("not asked here"),
}  # fmt: skip
HYBRID = "facturx"


class NoElectronicInvoice(Refused):
    """No electronic invoice is kept with this claim: add the Factur-X, CII or UBL file under Documents, or look at the invoice yourself."""


class MentionLine(NamedTuple):
    """One mention as the screen says it."""

    name: str
    label: str
    when: str
    effect: str
    article: str
    state: str
    word: str


class Conformity(NamedTuple):
    """The mentions of one invoice: each line, those that are missing, how many were looked at, and what it risks."""

    lines: list[MentionLine]
    missing: list[MentionLine]
    known: int
    risks: tuple[Risk, ...]
    checked_on: date | None
    is_from_file: bool


def conformity(invoice: Invoice) -> Conformity | None:
    """Return what is known of the mentions of an invoice; None in a country whose mentions are not kept here."""
    check = MentionCheck.objects.filter(invoice=invoice).first()
    kind, issued, country = invoice.customer.kind, invoice.issued_on, invoice.creditor.country
    try:
        findings = check_mentions(country, kind, issued, json.loads(check.states_json) if check else {})
    except LawError:
        return None
    lines = [_line(finding) for finding in findings]
    return Conformity(
        lines, [line for line in lines if line.state == ABSENT], sum(line.state != UNKNOWN for line in lines),
        fines_risked(country, kind, issued, findings, invoice.total_minor), check.checked_on if check else None,
        bool(check and check.source == "file"),
    )  # fmt: skip


def _line(finding: Finding) -> MentionLine:
    mention, tongue = finding.mention, language()
    typeset = typography.french if tongue == "fr" else str
    label, when, effect = (typeset(words.get(tongue, "")) for words in (mention.label, mention.when, mention.effect))
    return MentionLine(mention.name, label, when, effect, mention.article, finding.state, str(WORDS[finding.state]))


def has_file(invoice: Invoice) -> bool:
    """Say whether a document that may be an electronic invoice is kept with the claim."""
    return Evidence.objects.filter(invoice=invoice, proves=Evidence.Proves.INVOICE).exists()


@transaction.atomic
def check_mentions_of(
    invoice: Invoice,
    states: Mapping[str, str],
    *,
    today: date,
    at: datetime,
    actor: str = SYSTEM,
    source: str = "person",
) -> bool:
    """Keep what the mentions of an invoice were found to be. False when nothing changed."""
    assert set(states.values()) <= set(STATES), states
    lock_customers([invoice.customer_id])
    told = {name: state for name, state in sorted(states.items()) if state != UNKNOWN}
    check = MentionCheck.objects.filter(invoice=invoice).first()
    was = json.loads(check.states_json) if check else {}
    if was == told and (check or not told):
        return False
    MentionCheck.objects.update_or_create(
        invoice=invoice,
        defaults={"creditor": invoice.creditor, "states_json": json.dumps(told), "checked_on": today, "source": source},
    )
    changes = {name: told.get(name, UNKNOWN) for name in sorted(was.keys() | told) if was.get(name) != told.get(name)}
    payload = {"invoice": invoice.pk, "states": changes, "source": source}
    record("mentions.checked", invoice.customer, payload, on=today, at=at, actor=actor)
    return True


def read_mentions(invoice: Invoice, *, today: date, at: datetime, actor: str = SYSTEM) -> bool:
    """Take the mentions from the electronic invoice kept with the claim; what a person said of the others stays."""
    check = MentionCheck.objects.filter(invoice=invoice).first()
    rows = Evidence.objects.filter(invoice=invoice, proves=Evidence.Proves.INVOICE).select_related("document__content")
    for evidence in rows.order_by("-id"):
        found = read_einvoice(read_document(evidence.document), evidence.document.name)
        if not isinstance(found, EInvoice):
            continue
        known = json.loads(check.states_json) if check else {}
        states = known | mentions_in(found)
        return check_mentions_of(invoice, states, today=today, at=at, actor=actor, source="file")
    raise NoElectronicInvoice


def mentions_in(invoice: EInvoice) -> dict[str, str]:
    """Return what the data of an electronic invoice say of its mentions.

    What the data of a page with data (Factur-X) do not say may stand on the page: of these only what is there is told.
    """
    lacks = set(invoice.missing_mentions)
    there = {
        "issue_date": True, "number": bool(invoice.number), "seller_identity": lacks.isdisjoint({"seller_name", "seller_address"}),
        "seller_registration": "seller_siren" not in lacks, "seller_vat": "seller_vat" not in lacks,
        "buyer_identity": lacks.isdisjoint({"buyer_name", "buyer_address"}), "buyer_siren": "buyer_siren" not in lacks,
        "due_date": "due_date" not in lacks, "penalty_rate": "late_interest" not in lacks, "indemnity": "indemnity" not in lacks,
        "discount": "discount" not in lacks,
    }  # fmt: skip
    if invoice.order_reference:
        there["purchase_order"] = True
    states = {name: PRESENT if is_there else ABSENT for name, is_there in there.items()}
    return {name: state for name, state in states.items() if state == PRESENT or invoice.syntax != HYBRID}
