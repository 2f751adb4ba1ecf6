"""Interest as one statement: each late invoice joined to the law's table of days; whole numbers only, bounded beforehand.

SQLite turns an overflow into a float without a word, so that no product may reach 2^63: `largest_minor` sees to it.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from exigible.core.law.weights import DayWeight
from exigible.core.money import Rounding, round_down, round_half_even, round_half_up

DAYS = 10_000_000  # more than a calendar has: the number of a regime and that of a day make one key
JULIAN = 1_721_425  # the astronomers' number of a day, less Python's
# What a weight comes to in minor units; {w} is the weight, {d} what divides it. Weights are never negative.
ROUNDED: dict[Rounding, str] = {
    round_half_up: "(2 * {w} + {d}) / (2 * {d})",
    round_down: "{w} / {d}",
    round_half_even: "(2 * {w} + {d}) / (2 * {d}) - CASE WHEN (2 * {w} + {d}) % (2 * {d}) = 0 AND (2 * {w} + {d}) / (2 * {d}) % 2 = 1 THEN 1 ELSE 0 END",
}


Regime = tuple[str, int | None]
"""A kind of debtor, and the contract's rate in thousandths of a percent where it has one."""


class Law(NamedTuple):
    """What a statement needs to know: whose books, which regimes (kinds x clauses), which days, how to divide and to round."""

    creditor_id: int
    currency: str
    kinds: tuple[str, ...]
    on_notice: tuple[str, ...]
    by_clause: tuple[str, ...]
    clauses: tuple[int | None, ...]
    first: date
    today: date
    denominator: int
    rounding: Rounding
    largest_minor: int


def make_law(tables: Sequence[Sequence[DayWeight]]) -> None:
    """Lay the tables of the regimes down as one temporary table; a row's key is its regime's number and its day."""
    rows = [
        (number * DAYS + row.day.toordinal(), row.span, row.other, row.factor, row.indemnity)
        for number, table in enumerate(tables)
        for row in table
    ]
    columns = "key bigint PRIMARY KEY, span bigint, other bigint, factor bigint, indemnity bigint"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"CREATE TEMP TABLE accrual_law ({columns.replace('bigint PRIMARY', 'INTEGER PRIMARY')})")
            cursor.executemany("INSERT INTO accrual_law VALUES (%s, %s, %s, %s, %s)", rows)
            return
        # Compiling a statement that reads a whole book costs more than it saves.
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(f"CREATE TEMP TABLE accrual_law ({columns}) ON COMMIT DROP")
        columns_of_rows = [list(column) for column in zip(*rows, strict=True)]
        arrays = ", ".join(["%s::bigint[]"] * 5)
        cursor.execute(f"INSERT INTO accrual_law SELECT * FROM unnest({arrays})", columns_of_rows)  # noqa: S608
        cursor.execute("ANALYZE accrual_law")


def drop_law() -> None:
    """Take the table away again."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE accrual_law")


def statement(law: Law) -> str:
    """The statement that gives (id, interest, indemnity) of each late invoice; numbers, days and known words only."""
    weighed = _on_sqlite(law) if connection.vendor == "sqlite" else _on_postgresql(law)
    rounded = ROUNDED[law.rounding].format(w="weight", d=law.denominator)
    return f"SELECT id, {rounded} AS interest, indemnity FROM ({weighed}) AS weighed"  # noqa: S608


def _on_sqlite(law: Law) -> str:
    """In the order of the rows, so that the parts of an invoice follow each other and nothing is sorted."""
    return f"""
        SELECT i.id AS id, l.indemnity AS indemnity, l.factor * MIN(
            i.total_minor * l.span - COALESCE(SUM(a.amount_minor * MIN(p.span, l.span)), 0),
            i.total_minor * l.other - COALESCE(SUM(a.amount_minor * MIN(p.other, l.other)), 0)) AS weight
        FROM ledger_invoice i NOT INDEXED CROSS JOIN ledger_customer c CROSS JOIN accrual_law l
            LEFT JOIN ledger_allocation a ON a.invoice_id = i.id
            LEFT JOIN accrual_law p ON p.key = {_regime(law)} + {_day(law, "a.allocated_on")}
        WHERE c.id = i.customer_id AND l.key = {_regime(law)} + {_day(law, _eve(law))} AND {_is_late(law)}
        GROUP BY i.id"""  # noqa: S608


def _on_postgresql(law: Law) -> str:
    """In two sets: all late invoices with what they weigh in whole; then, of few of them, what payments take off."""
    return f"""
        WITH late AS MATERIALIZED (
            SELECT i.id, i.total_minor, {_regime(law)} AS regime, l.span, l.other, l.factor, l.indemnity
            FROM ledger_invoice i JOIN ledger_customer c ON c.id = i.customer_id
                JOIN accrual_law l ON l.key = {_regime(law)} + {_day(law, _eve(law))} WHERE {_is_late(law)}),
        paid AS (
            SELECT a.invoice_id, SUM(a.amount_minor * LEAST(p.span, late.span))::bigint AS span,
                SUM(a.amount_minor * LEAST(p.other, late.other))::bigint AS other
            FROM ledger_allocation a JOIN late ON late.id = a.invoice_id
                JOIN accrual_law p ON p.key = late.regime + {_day(law, "a.allocated_on")}
            WHERE a.creditor_id = {law.creditor_id} GROUP BY a.invoice_id)
        SELECT late.id, late.indemnity, late.factor * LEAST(
            late.total_minor * late.span - COALESCE(paid.span, 0),
            late.total_minor * late.other - COALESCE(paid.other, 0)) AS weight
        FROM late LEFT JOIN paid ON paid.invoice_id = late.id"""  # noqa: S608


def _is_late(law: Law) -> str:
    late = (
        f"i.creditor_id = {law.creditor_id} AND i.settled_on IS NULL AND i.kind <> 'credit_note'"
        f" AND i.currency = '{law.currency}' AND i.due_on < '{law.today}' AND i.total_minor <= {law.largest_minor}"
    )
    late += " AND (c.insolvent_since IS NULL OR i.issued_on >= c.insolvent_since)"
    return f"{late} AND (c.kind NOT IN ({_words(law.on_notice)}) OR i.notice_received_on IS NOT NULL)"


def regimes(law_kinds: Sequence[str], by_clause: Sequence[str], clauses: Sequence[int | None]) -> list[Regime]:
    """The regimes in the order of their numbers: a kind by itself, and with each clause that it may be bound by."""
    return [(kind, clause) for kind in law_kinds for clause in (clauses if kind in by_clause else (None,))]


def _regime(law: Law) -> str:
    """The number of an invoice's regime; nothing for a kind that owes no interest or a clause that is not in the table."""
    numbers = {regime: rank * DAYS for rank, regime in enumerate(regimes(law.kinds, law.by_clause, law.clauses))}
    whens = []
    for kind in law.kinds:
        choice = str(numbers[kind, None])
        if kind in law.by_clause:
            rate = "COALESCE(CAST(ROUND(i.contract_rate * 1000) AS bigint), -1)"
            own = ((-1 if clause is None else clause, numbers[kind, clause]) for clause in law.clauses)
            choice = f"CASE {rate} {' '.join(f'WHEN {rate} THEN {number}' for rate, number in own)} END"
        whens.append(f"WHEN '{kind}' THEN {choice}")
    return f"CASE c.kind {' '.join(whens)} END"


def _eve(law: Law) -> str:
    """The eve of interest: the due date or, where the law asks for one, the notice received after it."""
    return f"CASE WHEN c.kind IN ({_words(law.on_notice)}) THEN {_last('i.due_on', 'i.notice_received_on')} ELSE i.due_on END"


def _day(law: Law, day: str) -> str:
    """The number of a day, brought within the table: what is earlier or later is worth what its ends are."""
    within = _last(day, f"'{law.first}'")
    if connection.vendor == "sqlite":
        return f"CAST(julianday(MIN({within}, '{law.today}')) + 0.5 AS INTEGER) - {JULIAN}"
    return f"(LEAST({within}, '{law.today}') - DATE '0001-01-01' + 1)"


def _last(one: str, other: str) -> str:
    return f"{'MAX' if connection.vendor == 'sqlite' else 'GREATEST'}({one}, {other})"


def _words(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words) or "''"
