"""Statuses of electronic invoices as `exigible inspect` tells them."""

from typing import Any

from exigible.core.law.lifecycle import lifecycle
from exigible.core.money import decimal_string
from exigible.formats.lifecycle import COUNTRY
from exigible.formats.rows import StatusRow

Told = dict[str, Any]


def told_status(row: StatusRow) -> Told:
    """A status in the words of the REST API; `at` has its time zone where the file gives one."""
    amount = None if row.amount_minor is None else decimal_string(row.amount_minor, row.currency or "EUR")
    return {
        "line": row.line, "number": row.number, "code": row.code, "name": _name(row.code), "at": row.at.isoformat(),
        "reason": row.reason, "reason_code": row.reason_code, "platform": row.platform, "buyer_siren": row.siren or None,
        "amount": amount, "currency": row.currency or None,
    }  # fmt: skip


def line_of(row: StatusRow) -> str:
    """A status on a line, for whoever inspects a file by hand."""
    return f"{row.at:%Y-%m-%d %H:%M}  {row.number}  {row.code} {_name(row.code)}" + (
        f": {row.reason}" if row.reason else ""
    )


def _name(code: int) -> str:
    book = lifecycle(COUNTRY)
    return book.name(code, "en") if book else str(code)
