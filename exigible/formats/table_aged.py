"""Aged balances that list customers without their invoices: known for what they are, with their total."""

from collections.abc import Iterator

from exigible.core.money import decimal_string
from exigible.formats.rows import Reading
from exigible.formats.sentences import row_error
from exigible.formats.table_record import Record, Unreadable


def refuse_balances(reading: Reading, records: Iterator[Record], currency: str) -> Reading:
    """The reading refused with one sentence, which names the total: a person sees that the right file was understood."""
    total = 0
    for record in records:
        if record.is_total or not (record.text("customer") or record.text("customer_key")):
            continue
        try:
            stated = [record.amount(field, currency) for field in ("open", "total")]
            sides = (record.amount("debit", currency) or 0) - (record.amount("credit", currency) or 0)
            total += next((amount for amount in stated if amount is not None), record.aged(currency) or sides)
        except Unreadable:
            continue
    reading.refusal = row_error("table.aged_balance", total=f"{decimal_string(total, currency)} {currency}")
    return reading
