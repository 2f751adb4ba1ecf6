"""Accounts of one company seen together: its sites with what each owes, and the accounts that may be one twice."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Count, Q

from exigible.books.cases.models import Case
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Customer
from exigible.features.customers.models import Merge, SeparateCustomers
from exigible.features.customers.registers import siren_of_customer, vat_of_siren

MOST = 100


class Site(NamedTuple):
    """One account of a company, its case if it has one, and whether it is held."""

    customer: Customer
    case: Case | None
    holds: Sequence[str]


class Company(NamedTuple):
    """The accounts that share a SIREN, and what they owe together by currency: (currency, open, overdue)."""

    siren: str
    sites: list[Site]
    sums: list[tuple[str, int, int]]


def siren_of(customer: Customer) -> str:
    """The SIREN of a customer, its own or that within its VAT number; empty without one."""
    return siren_of_customer(customer.siren, customer.vat_number)


def company_of(creditor: Creditor, siren: str) -> Company:
    """The accounts of a SIREN, the one that owes most first; three queries by their indexes."""
    by_number = Q(siren__gte=siren, siren__lt=f"{siren}:") & ~Q(siren="")
    by_vat = Q(vat_number=vat_of_siren(siren)) & Q(siren="")
    customers = list(
        Customer.objects.of(creditor).filter(by_number | by_vat, merged_into__isnull=True).order_by("id")[:MOST]
    )
    cases = Case.objects.filter(customer__in=customers).exclude(state=Case.State.CLOSED).prefetch_related("holds")
    of_customer = {case.customer_id: case for case in cases}
    sites = [_site(customer, of_customer.get(customer.pk)) for customer in customers]
    sums: dict[str, list[int]] = {}
    for site in sites:
        if site.case is not None:
            both = sums.setdefault(site.case.currency, [0, 0])
            both[0] += site.case.open_minor
            both[1] += site.case.overdue_minor
    sites.sort(key=lambda site: (-(site.case.open_minor if site.case else 0), site.customer.pk))
    return Company(siren, sites, [(currency, both[0], both[1]) for currency, both in sorted(sums.items())])


def _site(customer: Customer, case: Case | None) -> Site:
    held = [hold for hold in case.holds.all() if hold.released_on is None] if case else []
    return Site(customer, case, sorted({hold.get_reason_display() for hold in held}))


def doubles(creditor: Creditor) -> list[Company]:
    """The companies with several accounts that nobody has said to be sites; a bounded number of them."""
    apart = SeparateCustomers.objects.of(creditor).values_list("siren", flat=True)
    rows = Customer.objects.of(creditor).filter(merged_into__isnull=True)
    found: set[str] = set()
    for column in ("siren", "vat_number"):
        shared = rows.exclude(**{column: ""}).order_by().values(column).annotate(accounts=Count("id"))
        for value in shared.filter(accounts__gt=1).order_by(column).values_list(column, flat=True)[:MOST]:
            found.add(siren_of_customer(value, "") if column == "siren" else siren_of_customer("", value))
    wanted = sorted(found - {""} - set(apart))[:MOST]
    return [company for company in (company_of(creditor, siren) for siren in wanted) if len(company.sites) > 1]


def merges(creditor: Creditor) -> list[Merge]:
    """The merges that stand, the latest first."""
    rows = Merge.objects.of(creditor).filter(undone_on__isnull=True).select_related("kept", "merged")
    return list(rows.order_by("-id")[:MOST])
