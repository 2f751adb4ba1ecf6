"""An open case has a reason to be open, a watched or closed one has none, and what it says is owed is what is owed."""

from collections.abc import Iterator, Sequence
from datetime import date

from exigible.books.cases.models import Case, Stage, Standing
from exigible.books.cases.operations import LASTING_HOLDS
from exigible.books.cases.queries import customers_with_unpaid_charge, holds_of, unpaid_of
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Invoice
from exigible.core.dates import is_working_day, next_working_day
from exigible.core.money import decimal_string
from exigible.core.situation import situation
from exigible.features.dunning.models import Run

CHUNK = 500


def broken_cases(creditor: Creditor, today: date | None) -> Iterator[str]:
    """Yield each case that does not agree with the books on a day; one that is to be looked at again may still lag behind."""
    yield from _without_standing(creditor)
    day = today or Run.objects.of(creditor).order_by("-day").values_list("day", flat=True).first()
    if day is None:
        return
    if creditor.rehearses and not is_working_day(day, creditor.country):
        day = next_working_day(day, creditor.country)  # a rehearsal on a closed day prepares the next one
    last = 0
    rows = Case.objects.of(creditor).order_by("id").select_related("customer")
    while cases := list(rows.filter(id__gt=last)[:CHUNK]):
        last = cases[-1].pk
        yield from _broken_chunk(cases, day)


def _broken_chunk(cases: Sequence[Case], today: date) -> Iterator[str]:
    ids = [case.pk for case in cases]
    holds = holds_of(ids, today)
    unpaid = unpaid_of(ids, holds)
    charged = customers_with_unpaid_charge([case.customer_id for case in cases])
    for case in cases:
        invoices = unpaid.by_case.get(case.pk, [])
        lasting = any(hold.reason in LASTING_HOLDS for hold in holds.get(case.pk, ()))
        has_charge = case.customer_id in charged and case.state != Case.State.CLOSED
        found = situation(invoices, has_charge, lasting, case.currency, today)
        name = case.customer.name
        if case.state == Case.State.CLOSED and invoices:
            yield f"case {case.pk} of {name} is closed and has {len(invoices)} unpaid invoices"
        if case.next_look_on is not None and case.next_look_on <= today:
            continue
        if case.state == Case.State.OPEN and not found.reasons:
            yield f"case {case.pk} of {name} is open without a reason"
        elif case.state == Case.State.WATCHED and found.reasons:
            yield f"case {case.pk} of {name} is not open, in spite of: {', '.join(found.reasons)}"
        if case.state != Case.State.CLOSED and case.open_minor != found.open_minor:
            says, owes = (decimal_string(minor, found.currency) for minor in (case.open_minor, found.open_minor))
            yield f"case {case.pk} of {name} says {says} {found.currency} is open, its invoices say {owes}"


def _without_standing(creditor: Creditor) -> Iterator[str]:
    """Each unpaid invoice stands in a case, and no settled one does."""
    unpaid = Invoice.objects.of(creditor).filter(settled_on=None).exclude(kind=Invoice.Kind.CREDIT_NOTE)
    for number in unpaid.filter(standing=None).order_by("id").values_list("number", flat=True).iterator():
        yield f"case: invoice {number} is unpaid and stands in no case"
    settled = Standing.objects.of(creditor).exclude(stage=Stage.CLOSED).filter(invoice__settled_on__isnull=False)
    for number in settled.order_by("pk").values_list("invoice__number", flat=True).iterator():
        yield f"case: invoice {number} is settled and still stands in its case"
