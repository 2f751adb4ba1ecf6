"""What may explain a movement, as the screen shows it: each candidate with its reason and its arithmetic, line by line."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Sum
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exigible.books.ledger.models import Invoice
from exigible.common.errors import Refused
from exigible.features.bank import wording
from exigible.features.bank.booked import BOOKED
from exigible.features.bank.models import BankTransaction, Proposal
from exigible.features.bank.operations import DIFFERENCES
from exigible.features.bank.queries import Surety, surety_of
from exigible.features.bank.returns import originals_of

MOST_ORIGINALS = 5
DIFFERENCE_NAMES = {
    "": gettext_lazy("stays open"),
    "fee": gettext_lazy("bank charges: written off"),
    "discount": gettext_lazy("discount: written off"),
    "rounding": gettext_lazy("rounding: written off"),
    "retention": gettext_lazy("retention: due later, not claimed"),
    "dispute": gettext_lazy("disputed: not claimed"),
}
OF_CAUSE = {"fees": "fee", "discount": "discount", "rounding": "rounding", "retention": "retention"}


class NotSeen(Refused):
    """What you saw is no longer what is proposed; look at the movement again."""


class Line(NamedTuple):
    """A line of the arithmetic: what is paid, by how much (negative for a credit note), in minor units."""

    label: str
    amount_minor: int
    open_minor: int | None = None
    due: date | None = None
    link: str = ""
    customer: str = ""


class Candidate(NamedTuple):
    """One explanation: whose, how sure, why, the lines that add up to the movement, what stays unpaid and the choices for it."""

    proposal: Proposal
    seen: str
    names: str
    surety: Surety
    because: SafeString
    lines: list[Line]
    missing_minor: int
    differences: list[tuple[str, Any, bool]]


def pane(movement: BankTransaction) -> dict[str, Any]:
    """Return what stands beside the list: the candidates of money in, the originals of money that was given back."""
    if movement.amount_minor < 0:
        return {"candidates": [], "originals": [found for _like, found in originals_of(movement)[:MOST_ORIGINALS]]}
    return {"candidates": candidates_of(movement), "originals": []}


def candidates_of(movement: BankTransaction) -> list[Candidate]:
    """Return the explanations of a movement, the best first, in a few queries whatever their number."""
    proposals = list(Proposal.objects.filter(transaction=movement).select_related("customer").order_by("rank"))
    items = _items({item for proposal in proposals for item, _share in shares_of(proposal)})
    return [_candidate(movement, proposal, items) for proposal in proposals]


def shares_of(proposal: Proposal) -> list[tuple[int, int]]:
    """Return (invoice or credit note, minor units) of a proposal; negative for a credit note."""
    return [(int(item), int(share)) for item, share in json.loads(proposal.shares_json)]


def _items(ids: set[int]) -> dict[int, Invoice]:
    rows = Invoice.objects.filter(pk__in=ids).select_related("customer").annotate(paid=Sum("allocations__amount_minor"))
    found = {invoice.pk: invoice for invoice in rows}
    notes = Invoice.objects.filter(pk__in=ids, kind=Invoice.Kind.CREDIT_NOTE).annotate(
        used=Sum("credits_given__amount_minor")
    )
    given = dict(notes.values_list("pk", "used"))
    for key, invoice in found.items():
        invoice.left_minor = invoice.total_minor - (given.get(key, invoice.paid) or 0)
    return found


def _candidate(movement: BankTransaction, proposal: Proposal, items: Mapping[int, Invoice]) -> Candidate:
    shares = [(items[key], share) for key, share in shares_of(proposal) if key in items]
    names = list(dict.fromkeys(invoice.customer.name for invoice, _share in shares)) or [proposal.customer.name]
    told = wording.Told(
        movement.pk, movement.currency, proposal.customer_id, proposal.customer.name,
        {invoice.number: invoice.pk for invoice, _share in shares}, proposal.cause, proposal.difference_minor,
    )  # fmt: skip
    missing = max(0, -proposal.difference_minor)
    return Candidate(
        proposal, seen_of(proposal), wording.listed(names), surety_of(proposal), wording.linked(json.loads(proposal.because_json), told),
        _lines(movement, shares, proposal, len(names) > 1), missing, _differences(proposal) if missing else [],
    )  # fmt: skip


def _lines(
    movement: BankTransaction, shares: Sequence[tuple[Invoice, int]], proposal: Proposal, are_several: bool
) -> list[Line]:
    lines = [
        Line(
            _named(invoice), share, -invoice.left_minor if share < 0 else invoice.left_minor,  # type: ignore[attr-defined]
            invoice.due_on, _page("claims:page", invoice.pk), invoice.customer.name if are_several else "",
        )
        for invoice, share in shares
    ]  # fmt: skip
    if proposal.cause == BOOKED:
        key = json.loads(proposal.because_json)["facts"]["payment"]
        lines.append(
            Line(_("Payment in your books already"), movement.amount_minor, link=_page("customers:received", key))
        )
    if proposal.difference_minor > 0:
        is_charges = proposal.cause == "charges"
        label = (
            _("Interest and indemnity")
            if is_charges
            else _("Credit on the account of %(name)s") % {"name": proposal.customer.name}
        )
        lines.append(Line(label, proposal.difference_minor))
    return lines


def _named(invoice: Invoice) -> str:
    if invoice.kind == Invoice.Kind.CREDIT_NOTE:
        return _("Credit note %(number)s") % {"number": invoice.number}
    return _("Invoice %(number)s") % {"number": invoice.number}


def _page(name: str, key: int) -> str:
    try:
        return reverse(name, args=(key,))
    except NoReverseMatch:
        return ""


def _differences(proposal: Proposal) -> list[tuple[str, Any, bool]]:
    usual = OF_CAUSE.get(proposal.cause, "")
    return [(code, DIFFERENCE_NAMES[code], code == usual) for code in DIFFERENCES]


def seen_of(proposal: Proposal) -> str:
    """Return what names a proposal as it was seen: another one in its place is refused."""
    booked = proposal.because_json if proposal.cause == BOOKED else ""
    told = f"{proposal.customer_id} {proposal.shares_json} {proposal.difference_minor} {proposal.cause} {booked}"
    return f"{proposal.rank}.{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def proposal_seen(movement: BankTransaction, seen: str) -> Proposal:
    """Return the proposal that a person saw. NotSeen when it is not proposed any more."""
    rows: list[Proposal] = list(Proposal.objects.filter(transaction=movement).select_related("customer"))
    for proposal in rows:
        if seen_of(proposal) == seen:
            return proposal
    raise NotSeen


def difference_chosen(proposal: Proposal, data: QueryDict) -> str:
    """Return what becomes of what stays unpaid, as chosen beside the proposal."""
    chosen = data.get(f"difference_{proposal.rank}", "")
    return chosen if chosen in DIFFERENCES else ""
