"""Makes one customer of two that are the same, and takes that back: exactly the rows that moved move back."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from exigible.books.cases.models import Case, Deadline, Hold
from exigible.books.cases.operations import refresh_customers
from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Allocation, Contact, Customer, Invoice, Payment
from exigible.books.ledger.operations import mark_settled
from exigible.common.errors import Refused
from exigible.features.customers.models import Merge, SeparateCustomers
from exigible.features.outbox.operations import recheck_waiting
from exigible.formats.rows import Reading

MOVED: dict[str, Any] = {"invoices": Invoice, "payments": Payment, "contacts": Contact}
Moved = dict[str, Any]


class NotToBeMerged(Refused):
    """These two accounts cannot be merged: choose two different accounts, neither of which was merged into another."""


class NotOneCompany(Refused):
    """%(kept)s and %(merged)s have different SIREN numbers: they are two companies. Correct the number first if it is wrong."""


class MergedSince(Refused):
    """Another account was merged into %(name)s since: undo that merge first."""


class SettledAcross(Refused):
    """Money of one of the two accounts is set against invoice %(number)s of the other: undo that first."""


@transaction.atomic
def merge_customers(kept: Customer, merged: Customer, *, today: date, at: datetime, actor: str = SYSTEM) -> Merge:
    """Move all that a customer has to another: invoices, money, contacts, pauses, legal deadlines. Its row stays, empty,
    so that files that name it find the one that was kept. What waits to leave to either is checked again.
    """
    lock_customers([kept.pk, merged.pk])
    kept, merged = (Customer.objects.select_related("creditor").get(pk=each.pk) for each in (kept, merged))
    if kept.pk == merged.pk or kept.creditor_id != merged.creditor_id or kept.merged_into_id or merged.merged_into_id:
        raise NotToBeMerged
    if kept.siren and merged.siren and kept.siren[:9] != merged.siren[:9]:
        raise NotOneCompany(kept=kept.name, merged=merged.name)
    if Customer.objects.filter(merged_into=merged).exists():
        raise MergedSince(name=merged.name)
    moved = _move(kept, merged)
    Customer.objects.filter(pk=merged.pk).update(merged_into=kept)
    if merged.insolvent_since and not kept.insolvent_since:
        Customer.objects.filter(pk=kept.pk).update(insolvent_since=merged.insolvent_since)
    _follow(kept, merged, moved, today=today, at=at, actor=actor)
    merge = Merge.objects.create(
        creditor=kept.creditor, kept=kept, merged=merged, moved_json=json.dumps(moved), merged_on=today
    )
    payload = {"merge": merge.pk, "kept": kept.pk, "merged": merged.pk, "reference": merged.reference}
    counts = {name: len(moved[name]) for name in MOVED}
    for one in (kept, merged):
        record("customer.merged", one, payload | counts, on=today, at=at, actor=actor)
    return merge


def _move(kept: Customer, merged: Customer) -> Moved:
    """Move the rows; says which, and what they lost by it."""
    moved: Moved = {
        name: list(model._default_manager.filter(customer=merged).order_by("id").values_list("id", flat=True))
        for name, model in MOVED.items()
    }
    has_main = Contact.objects.filter(customer=kept, is_main=True).exists()
    main = Contact.objects.filter(customer=merged, is_main=True)
    moved["main_contact"] = main.values_list("id", flat=True).first() if has_main else None
    moved["kept_insolvent_since"] = kept.insolvent_since.isoformat() if kept.insolvent_since else None
    if has_main:
        main.update(is_main=False)
    for model in MOVED.values():
        model._default_manager.filter(customer=merged).update(customer=kept)
    return moved


def _follow(kept: Customer, merged: Customer, moved: Moved, *, today: date, at: datetime, actor: str) -> None:
    """Have both cases agree; pauses and legal deadlines go with the invoices, the tone reached is the higher one."""
    creditor, ids = kept.creditor, [kept.pk, merged.pk]
    before = _case(merged)
    refresh_customers(creditor, ids, today, at, actor)
    after = _case(kept)
    moved |= {"holds": [], "deadlines": []}
    if before is not None and after is not None:
        for name, model in (("holds", Hold), ("deadlines", Deadline)):
            rows = model._default_manager.filter(case=before)
            rows = rows.filter(released_on__isnull=True) if model is Hold else rows
            moved[name] = list(rows.order_by("id").values_list("id", flat=True))
            model._default_manager.filter(pk__in=moved[name]).update(case=after)
        Case.objects.filter(pk=after.pk, highest_tone__lt=before.highest_tone).update(highest_tone=before.highest_tone)
        refresh_customers(creditor, ids, today, at, actor)
    recheck_waiting(creditor, ids, today, at)


def _case(customer: Customer) -> Case | None:
    return Case.objects.filter(customer=customer).exclude(state=Case.State.CLOSED).first()


@transaction.atomic
def undo_merge(merge: Merge, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Give back to a merged customer exactly what moved from it, with what files brought under its name since.

    Refused while money of one is set against an invoice of the other by hand; what was only presumed is undone with it.
    """
    kept, merged = merge.kept, merge.merged
    lock_customers([kept.pk, merged.pk])
    if Customer.objects.filter(pk=kept.pk, merged_into__isnull=False).exists():
        raise MergedSince(name=kept.name)
    if not Merge.objects.filter(pk=merge.pk, undone_on__isnull=True).update(undone_on=today):
        return
    moved: Moved = json.loads(Merge.objects.values_list("moved_json", flat=True).get(pk=merge.pk))
    _part(moved)
    for name, model in MOVED.items():
        model._default_manager.filter(pk__in=moved[name], customer=kept).update(customer=merged)
    Contact.objects.filter(pk=moved["main_contact"], customer=merged).update(is_main=True)
    was = moved["kept_insolvent_since"]
    Customer.objects.filter(pk=kept.pk).update(insolvent_since=date.fromisoformat(was) if was else None)
    Customer.objects.filter(pk=merged.pk).update(merged_into=None)
    ids = [kept.pk, merged.pk]
    refresh_customers(kept.creditor, ids, today, at, actor)
    back = _case(merged)
    if back is not None:
        Hold.objects.filter(pk__in=moved["holds"]).update(case=back)
        Deadline.objects.filter(pk__in=moved["deadlines"]).update(case=back)
        refresh_customers(kept.creditor, ids, today, at, actor)
    recheck_waiting(kept.creditor, ids, today, at)
    payload = {"merge": merge.pk, "kept": kept.pk, "merged": merged.pk, "reference": merged.reference}
    for one in (kept, merged):
        record("customer.unmerged", one, payload, on=today, at=at, actor=actor)


def _part(moved: Moved) -> None:
    """Undo what was only presumed between the two accounts; refuse what somebody decided."""
    invoices, payments = set(moved["invoices"]), set(moved["payments"])
    of_invoice, of_credit = Q(invoice__in=invoices), Q(payment__in=payments) | Q(credit_note__in=invoices)
    across = Allocation.objects.filter((of_invoice & ~of_credit) | (of_credit & ~of_invoice)).select_related("invoice")
    touched: tuple[set[int], set[int]] = (set(), set())
    for each in across:
        if each.basis != "oldest_first":
            raise SettledAcross(number=each.invoice.number)
        touched[0].update(key for key in (each.invoice_id, each.credit_note_id) if key)
        touched[1].update([each.payment_id] if each.payment_id else [])
    across.delete()
    mark_settled(*touched)


def follow_posting(creditor: Creditor, reading: Reading) -> None:
    """Count what a file brought under the name of a merged customer among what its merge moved, to undo it whole."""
    reference_by_source_key = reading.facts.get("merged")
    if not isinstance(reference_by_source_key, dict):
        return
    standing = Merge.objects.of(creditor).filter(undone_on__isnull=True).select_related("merged")
    for merge in standing:
        keys = [key for key, reference in reference_by_source_key.items() if reference == merge.merged.reference]
        moved: Moved = json.loads(merge.moved_json)
        for name, model in (("invoices", Invoice), ("payments", Payment)):
            found = _by_source_key(creditor, model, keys, merge.kept_id)
            moved[name] = sorted({*moved[name], *found})
        text = json.dumps(moved)
        if text != merge.moved_json:
            Merge.objects.filter(pk=merge.pk).update(moved_json=text)


def _by_source_key(
    creditor: Creditor, model: type[Invoice] | type[Payment], keys: Sequence[str], customer_id: int
) -> Iterable[int]:
    for start in range(0, len(keys), 500):
        rows = model.objects.of(creditor).filter(source_key__in=keys[start : start + 500], customer_id=customer_id)
        yield from rows.values_list("id", flat=True)


@transaction.atomic
def keep_apart(creditor: Creditor, siren: str, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """A person says that the accounts with one number are sites, not doubles: they are proposed no more."""
    _row, is_new = SeparateCustomers.objects.get_or_create(
        creditor=creditor, siren=siren, defaults={"decided_on": today}
    )
    if is_new:
        record("customers.kept_apart", creditor, {"siren": siren}, on=today, at=at, actor=actor)
