"""Whether the statements of an account follow each other: a gap, an overlap, or balances that do not add up."""

import json
from collections.abc import Iterable
from typing import Any

from exigible.books.creditors.models import Creditor
from exigible.features.bank.models import BankStatement

Fault = BankStatement.Fault


def note_faults(creditor: Creditor, accounts: Iterable[str]) -> None:
    """Write on each statement of some accounts what is wrong with it, with the figures that say so; what was mended goes."""
    for account in accounts:
        rows = BankStatement.objects.of(creditor).filter(account=account, is_notification=False)
        before: BankStatement | None = None
        for row in rows.order_by("closing_on", "opening_on", "id"):
            fault, facts = _fault_of(row, before)
            if (row.fault, row.fault_json) != (fault, told := json.dumps(facts)):
                BankStatement.objects.filter(pk=row.pk).update(fault=fault, fault_json=told)
                row.fault, row.fault_json = fault, told
            if row.closing_minor is not None and not _lies_within(row, before):
                before = row


def _fault_of(row: BankStatement, before: BankStatement | None) -> tuple[str, dict[str, Any]]:
    if row.is_balanced is False:
        return Fault.UNBALANCED, json.loads(row.fault_json)
    if before is None or row.opening_minor is None or before.currency != row.currency:
        return "", {}
    facts = {
        "statement": before.pk, "number": before.number, "closed_on": str(before.closing_on), "closing": before.closing_minor,
        "opening": row.opening_minor, "difference": row.opening_minor - (before.closing_minor or 0),
    }  # fmt: skip
    if row.opening_minor == before.closing_minor:
        return "", {}
    if row.opening_on and before.closing_on and row.opening_on < before.closing_on:
        return Fault.OVERLAP, facts
    return Fault.GAP, facts


def _lies_within(row: BankStatement, other: BankStatement | None) -> bool:
    """Whether another statement reaches as far and further back: the one after it is compared with that one."""
    if other is None or row.opening_on is None or other.opening_on is None:
        return False
    return row.closing_on == other.closing_on and row.opening_on >= other.opening_on
