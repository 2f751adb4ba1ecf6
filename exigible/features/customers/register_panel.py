"""The panels of an account about its company: what the register says, what differs, the other accounts of the company."""

from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from exigible.books.ledger.models import Customer, CustomerKind
from exigible.features.customers.asking import is_on, may_be_asked
from exigible.features.customers.groups import Company, company_of, siren_of
from exigible.features.customers.models import CompanyRecord, Merge, RegisterQuestion
from exigible.features.customers.registers import Difference, differences
from exigible.formats.register_forms import form_words

FIELDS = {
    "name": _("Name"), "siren": "SIREN", "vat_number": _("VAT identification number"), "kind": _("Kind"),
    "buyer": _("Kind of public buyer"), "address": _("Address"),
}  # fmt: skip


class RegisterPanel(NamedTuple):
    """What the account page shows of the company: its record in words, what differs, its other accounts."""

    record: CompanyRecord | None
    form: str
    directors: list[tuple[str, str]]
    years: list[dict[str, Any]]
    differing: list[tuple[str, Any, str, str]]
    question: RegisterQuestion | None
    can_ask: bool
    company: Company | None
    merges: list[Merge]


def panel_of(customer: Customer) -> RegisterPanel:
    """Gather the panels of one account."""
    record = CompanyRecord.objects.filter(customer=customer).first()
    facts: dict[str, Any] = dict(record.facts) if record else {}
    siren = siren_of(customer)
    company = company_of(customer.creditor, siren) if siren else None
    differing = differences(customer, record) if record and record.is_confirmed else []
    return RegisterPanel(
        record, form_words(str(facts.get("legal_form", ""))), [(name, role) for name, role in facts.get("directors", ())],
        [year | {"closed_on": date.fromisoformat(year["closed_on"])} for year in facts.get("years", ())][:3],
        [_worded(each) for each in differing], RegisterQuestion.objects.filter(customer=customer).first(),
        may_be_asked() and is_on(customer.creditor), company if company and len(company.sites) > 1 else None,
        list(Merge.objects.filter(kept=customer, undone_on__isnull=True).select_related("merged").order_by("-id")),
    )  # fmt: skip


def _worded(each: Difference) -> tuple[str, Any, str, str]:
    words = {"kind": dict(CustomerKind.choices), "buyer": dict(Customer.BUYERS)}.get(each.field, {})
    return (
        each.field,
        FIELDS[each.field],
        str(words.get(each.ours, each.ours)),
        str(words.get(each.theirs, each.theirs)),
    )
