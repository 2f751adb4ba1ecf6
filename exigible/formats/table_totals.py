"""The totals that a report prints: counted again from its lines, so that a line which is missing is noticed."""

from collections.abc import Sequence

from exigible.core.money import decimal_string
from exigible.formats.rows import RowError
from exigible.formats.sentences import row_error
from exigible.formats.table_record import Record, Unreadable


class Totals:
    """Sums of the lines read, field by field: of all so far, and of those since the last total (one customer's, say)."""

    def __init__(self, currency: str, fields: Sequence[str]) -> None:
        self._currency = currency
        self._fields = fields
        self._all = dict.fromkeys(fields, 0)
        self._since = dict.fromkeys(fields, 0)

    def add(self, record: Record) -> None:
        """Count a line that was read."""
        for field, amount in self._amounts(record).items():
            self._all[field] += amount
            self._since[field] += amount

    def judged(self, record: Record) -> RowError:
        """What a line of totals says beside the lines above it: they agree, they differ, or it states no amount."""
        stated = self._amounts(record)
        since, self._since = self._since, dict.fromkeys(self._fields, 0)
        if not stated:
            return row_error("table.total_line", record.line)
        found = next(
            (sums for sums in (since, self._all) if all(sums[field] == stated[field] for field in stated)), None
        )
        shown = " / ".join(self._shown(amount) for amount in stated.values())
        if found is not None:
            return row_error("table.total_agrees", record.line, stated=shown)
        counted = min((since, self._all), key=lambda sums: sum(abs(sums[field] - stated[field]) for field in stated))
        return row_error(
            "table.total_differs",
            record.line,
            stated=shown,
            counted=" / ".join(self._shown(counted[f]) for f in stated),
        )

    def _amounts(self, record: Record) -> dict[str, int]:
        found = {}
        for field in self._fields:
            try:
                amount = record.amount(field, self._currency)
            except Unreadable:
                continue
            if amount is not None:
                found[field] = amount
        return found

    def _shown(self, amount: int) -> str:
        return f"{decimal_string(amount, self._currency)} {self._currency}"
