"""Bank statements and their movements as the command line's contract has them."""

import re
from collections import Counter
from typing import Any

from exigible.core.money import decimal_string
from exigible.formats.bank import Movement, Statement

IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


def told_statement(statement: Statement) -> dict[str, Any]:
    """One statement; `balanced` is null where the file does not give both balances."""
    opening, closing = statement.opening_minor, statement.closing_minor
    return {
        "account": statement.account,
        "number": statement.number or None,
        "currency": statement.currency,
        "opening_date": statement.opening_on.isoformat() if statement.opening_on else None,
        "closing_date": statement.closing_on.isoformat() if statement.closing_on else None,
        "opening": None if opening is None else decimal_string(opening, statement.currency),
        "closing": None if closing is None else decimal_string(closing, statement.currency),
        "balanced": statement.is_balanced,
        "notification": statement.is_notification,
        "transactions": len(statement.movements),
    }


def told_transactions(statements: list[Statement]) -> list[dict[str, Any]]:
    """The movements of all statements, in the order of the file."""
    return [_movement(statement.account, each) for statement in statements for each in statement.movements]


def _movement(account: str, movement: Movement) -> dict[str, Any]:
    payer = movement.payer_account
    return {
        "account": account,
        "booking_date": movement.booked.isoformat(),
        "value_date": movement.value.isoformat() if movement.value else None,
        "amount": decimal_string(movement.amount_minor, movement.currency),
        "currency": movement.currency,
        "label": movement.label,
        "references": list(movement.references),
        "structured_reference": movement.structured or None,
        "end_to_end": movement.end_to_end or None,
        "counterparty": {
            "name": movement.payer_name or None,
            "iban": payer if IBAN.fullmatch(payer) else None,
            "account": payer or None,
        },
        "kind": movement.kind,
        "code": movement.code or None,
        "reason": movement.reason or None,
        "bank_id": movement.bank_id or None,
        "line": movement.line,
    }


def lines_of(statements: list[Statement]) -> list[str]:
    """The statements for a person: one line each, without the name of a payer."""
    lines = []
    for each in statements:
        totals: Counter[bool] = Counter()
        for movement in each.movements:
            totals[movement.amount_minor > 0] += movement.amount_minor
        told = {None: "balances not given", True: "balances agree", False: "balances do not agree"}[each.is_balanced]
        lines.append(
            f"account {each.account or '?'}"
            + (f", until {each.closing_on}" if each.closing_on else "")
            + f": {len(each.movements)} movements, in {decimal_string(totals[True], each.currency)}, "
            f"out {decimal_string(-totals[False], each.currency)} {each.currency}; {told}"
        )
    return lines
