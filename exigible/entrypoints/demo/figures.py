"""What the invented ledger adds up to: balances, open invoices and their ageing, computed from its entries alone."""

from dataclasses import dataclass
from datetime import date

from exigible.entrypoints.demo.fiscal import group_balances, group_of
from exigible.entrypoints.demo.world import World

BUCKETS = (("not_due", -(10**6), 0), ("1-30", 1, 30), ("31-60", 31, 60), ("61-90", 61, 90), ("90+", 91, 10**6))


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice not wholly paid on the last day; amounts in cents."""

    number: str
    customer: str
    due: date
    total: int
    open_minor: int


@dataclass(frozen=True)
class Figures:
    """The state on the last day, in cents: per account, per customer on 411 and 416, open invoices, loose lines."""

    accounts: dict[str, int]
    customers: dict[str, int]
    open_invoices: list[OpenInvoice]
    unallocated: int
    ageing: dict[str, int]
    average_days_late: float


def figures(world: World) -> Figures:
    """The figures of the ledger; money without a lettering group is not spread over invoices but counted apart."""
    accounts: dict[str, int] = {}
    customers: dict[str, int] = {}
    for entry in world.entries:
        for line in entry.lines:
            if line.account[:2] == "41":
                accounts[line.account] = accounts.get(line.account, 0) + line.signed
            if line.account in ("411000", "416000"):
                customers[line.party] = customers.get(line.party, 0) + line.signed
    found = open_invoices(world)
    ageing = {
        name: sum(item.open_minor for item in found if low <= (world.until - item.due).days <= high)
        for name, low, high in BUCKETS
    }
    return Figures(
        accounts=accounts,
        customers={code: balance for code, balance in customers.items() if balance},
        open_invoices=found,
        unallocated=sum(customers.values()) - sum(item.open_minor for item in found),
        ageing=ageing,
        average_days_late=average_days_late(world),
    )


def open_invoices(world: World) -> list[OpenInvoice]:
    """Each invoice with what its lettering group leaves of it; a doubtful one stands on 416 with its own number."""
    sales = {sale.number: sale for sale in world.sales if sale.net > 0}
    lines = [(entry, line) for entry in world.entries for line in entry.lines if line.account in ("411000", "416000")]
    balances = group_balances(line for _, line in lines)
    found = []
    for entry, line in lines:
        sale = sales.get(entry.piece)
        left = balances[group_of(line)] if line.match else line.signed
        if sale and line.debit and left > 0:
            found.append(OpenInvoice(sale.number, sale.customer, sale.due, sale.total, left))
    return found


def average_days_late(world: World) -> float:
    """Days after the due date, over the invoices wholly paid by one lettered group; early payments count as zero."""
    last: dict[tuple[str, str, str], date] = {}
    lines = [
        (entry, line) for entry in world.entries for line in entry.lines if line.account == "411000" and line.match
    ]
    for entry, line in lines:
        last[group_of(line)] = max(last.get(group_of(line), entry.day), entry.day)
    due = {sale.number: sale.due for sale in world.sales if sale.net > 0}
    late = [
        max((last[group_of(line)] - due[entry.piece]).days, 0)
        for entry, line in lines
        if entry.journal == "VE" and line.debit
    ]
    return sum(late) / len(late)
