"""Interest as one statement, on SQLite: each late invoice joined to the law's table of days; whole numbers only, bounded beforehand.

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
    tables: Sequence[Sequence[DayWeight]]


def make_law(law: Law) -> None:
    """Lay the tables of the regimes down as one temporary table; a row's key is its regime's number and its day."""
    rows = [
        (number * DAYS + row.day.toordinal(), row.span, row.other, row.factor, row.indemnity)
        for number, table in enumerate(law.tables)
        for row in table
    ]
    columns = "key INTEGER PRIMARY KEY, span bigint, other bigint, factor bigint, indemnity bigint"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE accrual_law ({columns})")
        cursor.executemany("INSERT INTO accrual_law VALUES (%s, %s, %s, %s, %s)", rows)


def drop_law() -> None:
    """Take the table away again."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE accrual_law")


def statement(law: Law) -> str:
    """The statement that gives (id, interest, indemnity) of each late invoice; numbers, days and known words only."""
    rounded = ROUNDED[law.rounding].format(w="weight", d=law.denominator)
    weighed = _weighed(law)
    return f"SELECT id, {rounded} AS interest, indemnity FROM ({weighed}) AS weighed"  # noqa: S608


def sums(law: Law) -> str:
    """The statement that gives how many there are, and the sums of interest and indemnity."""
    return f"SELECT count(*), sum(interest), sum(indemnity) FROM ({statement(law)}) AS found"  # noqa: S608


def _weighed(law: Law) -> str:
    """In the order of the rows, so that the parts of an invoice follow each other and nothing is sorted."""
    return f"""
        SELECT i.id AS id, l.indemnity AS indemnity, l.factor * MIN(
            i.total_minor * l.span - COALESCE(SUM(a.amount_minor * MIN(p.span, l.span)), 0),
            i.total_minor * l.other - COALESCE(SUM(a.amount_minor * MIN(p.other, l.other)), 0)) AS weight
        FROM ledger_invoice i NOT INDEXED CROSS JOIN ledger_customer c CROSS JOIN accrual_law l
            LEFT JOIN ledger_allocation a ON a.invoice_id = i.id
            LEFT JOIN accrual_law p ON p.key = {regime_number(law, DAYS)} + {_day(law, "a.allocated_on")}
        WHERE c.id = i.customer_id AND l.key = {regime_number(law, DAYS)} + {_day(law, eve(law))} AND {is_late(law)}
        GROUP BY i.id"""  # noqa: S608


def is_late(law: Law) -> str:
    """Which invoices are counted, before the regime is asked for."""
    late = (
        f"i.creditor_id = {law.creditor_id} AND i.settled_on IS NULL AND i.kind <> 'credit_note'"
        f" AND i.currency = '{law.currency}' AND i.due_on < '{law.today}' AND i.total_minor <= {law.largest_minor}"
    )
    late += " AND (c.insolvent_since IS NULL OR i.issued_on >= c.insolvent_since)"
    return f"{late} AND (c.kind NOT IN ({_words(law.on_notice)}) OR i.notice_received_on IS NOT NULL)"


def regimes(law_kinds: Sequence[str], by_clause: Sequence[str], clauses: Sequence[int | None]) -> list[Regime]:
    """The regimes in the order of their numbers: a kind by itself, and with each clause that it may be bound by."""
    return [(kind, clause) for kind in law_kinds for clause in (clauses if kind in by_clause else (None,))]


def regime_number(law: Law, width: int) -> str:
    """The number of an invoice's regime times `width`; nothing for a kind that owes no interest or a clause not in the tables."""
    numbers = {regime: rank * width for rank, regime in enumerate(regimes(law.kinds, law.by_clause, law.clauses))}
    whens = []
    for kind in law.kinds:
        choice = str(numbers[kind, None])
        if kind in law.by_clause:
            own = " ".join(
                f"WHEN {clause} THEN {numbers[kind, clause]}" for clause in law.clauses if clause is not None
            )
            named = f"CASE CAST(ROUND(i.contract_rate * 1000) AS bigint) {own} END" if own else "NULL"
            choice = f"CASE WHEN i.contract_rate IS NULL THEN {choice} ELSE {named} END"
        whens.append(f"WHEN '{kind}' THEN {choice}")
    return f"CASE c.kind {' '.join(whens)} END"


def eve(law: Law) -> str:
    """The eve of interest: the due date or, where the law asks for one, the notice received after it."""
    latest = "MAX" if connection.vendor == "sqlite" else "GREATEST"
    return (
        f"CASE WHEN c.kind IN ({_words(law.on_notice)}) THEN {latest}(i.due_on, i.notice_received_on) ELSE i.due_on END"
    )


def _day(law: Law, day: str) -> str:
    """The number of a day, brought within the table: what is earlier or later is worth what its ends are."""
    return f"CAST(julianday(MIN(MAX({day}, '{law.first}'), '{law.today}')) + 0.5 AS INTEGER) - {JULIAN}"


def _words(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words) or "''"
