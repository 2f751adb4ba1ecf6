"""Interest on PostgreSQL: the law's table of days as arrays within the statement, which several processes may then share.

A temporary table would keep the statement to one process, and joining it costs more than all the rest.
"""

from exigible.books.ledger.accruals_sql import ROUNDED, Law, eve, is_late, regime_number

TABLES = "FROM ledger_invoice i JOIN ledger_customer c ON c.id = i.customer_id"


def statement(law: Law) -> str:
    """The statement that gives (id, interest, indemnity) of each late invoice; numbers, days and known words only."""
    place = _place(law, eve(law))
    return f"""
        SELECT i.id, COALESCE(paid.interest, {_whole(law)}), {_array(law, "indemnity")}[{place}]
        {TABLES} LEFT JOIN ({_paid(law)}) AS paid ON paid.id = i.id
        WHERE {is_late(law)} AND {place} IS NOT NULL"""  # noqa: S608


def sums(law: Law) -> str:
    """The statement that gives how many there are, and the sums of interest and indemnity.

    In two sets: all as if nothing were paid; then, of the few that are paid in part, what that changes.
    """
    place = _place(law, eve(law))
    return f"""
        SELECT all_late.number, all_late.interest + COALESCE(less.interest, 0), all_late.indemnity
        FROM (SELECT count(*) AS number, SUM({_whole(law)}) AS interest, SUM({_array(law, "indemnity")}[{place}]) AS indemnity
              {TABLES} WHERE {is_late(law)} AND {place} IS NOT NULL) AS all_late,
             (SELECT SUM(interest - whole) AS interest FROM ({_paid(law)}) AS paid) AS less"""  # noqa: S608


def _whole(law: Law) -> str:
    """The interest of an invoice of which nothing is paid."""
    return _rounded(law, f"i.total_minor * {_array(law, 'lower')}[{_place(law, eve(law))}]")


def _paid(law: Law) -> str:
    """Of each invoice paid in part, (id, interest, what it would be if nothing were paid)."""
    place, then = _place(law, eve(law)), _place(law, "a.allocated_on")
    sides = []
    has_two_readings = any(row.span != row.other for table in law.tables for row in table)
    for side in ("span", "other") if has_two_readings else ("span",):
        days = _array(law, side)
        sides.append(
            f"i.total_minor * {days}[{place}] - SUM(a.amount_minor * LEAST({days}[{then}], {days}[{place}]))::bigint"
        )
    weight = f"{_array(law, 'factor')}[{place}] * LEAST({', '.join(sides)})"
    return f"""
        SELECT i.id, {_rounded(law, weight)} AS interest, {_whole(law)} AS whole
        {TABLES} JOIN ledger_allocation a ON a.invoice_id = i.id
        WHERE a.creditor_id = {law.creditor_id} AND {is_late(law)} AND {place} IS NOT NULL GROUP BY i.id, c.id"""  # noqa: S608


def _place(law: Law, day: str) -> str:
    """Where the arrays have what holds for a day: those of the regimes follow each other, each as long as the table."""
    days = (law.today - law.first).days + 1
    within = f"LEAST(GREATEST({day}, '{law.first}'), '{law.today}') - DATE '{law.first}' + 1"
    return f"({regime_number(law, days)} + {within})"


def _array(law: Law, column: str) -> str:
    """One column of all regimes; `lower` is what a minor unit bears in whole, by the reading that claims less."""
    rows = (row for table in law.tables for row in table)
    if column == "lower":
        values = [row.factor * min(row.span, row.other) for row in rows]
    else:
        values = [getattr(row, column) for row in rows]
    return f"('{{{','.join(map(str, values))}}}'::bigint[])"


def _rounded(law: Law, weight: str) -> str:
    return f"({ROUNDED[law.rounding].format(w=f'({weight})', d=law.denominator)})"
