"""The control of a FEC: each customer's balance summed from the raw lines, by code that shares nothing with the reader.

Nothing here may call the reader's modules: two readings that agree must have agreed on their own (decision 18).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

RECEIVABLE = ("411", "416")
SHOWN = ("411", "413", "416", "418", "419")


class ControlLine(NamedTuple):
    """A customer line of the file, as it can be shown: `amount_minor` is debit less credit."""

    line: int
    customer_key: str
    amount_minor: int
    piece: str
    label: str


class Control(NamedTuple):
    """What the file says by itself; `unreadable` are the lines of customers whose amount could not be read."""

    accounts: dict[str, int]
    customers: dict[str, int]
    lines: dict[str, list[ControlLine]]
    unreadable: list[int]

    @property
    def receivable_balance(self) -> int:
        """Debits less credits of accounts 411 and 416, in cents."""
        return self.accounts["411"] + self.accounts["416"]


class BookItem(NamedTuple):
    """One item of the books: what it adds to the customer's balance, and its line in the file where that is known."""

    customer_key: str
    amount_minor: int
    line: int | None = None


class Difference(NamedTuple):
    """A customer whose two balances differ, the lines that the books lack and the items that the file lacks."""

    customer_key: str
    file_minor: int
    book_minor: int
    missing: tuple[ControlLine, ...]
    extra: tuple[BookItem, ...]


def file_balance(source: bytes | str | Path) -> Control:
    """The balances of a file given by its bytes or its path."""
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    rows = _text(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    header_line = next((index for index, row in enumerate(rows) if row.strip()), 0)
    separator = max("\t|;,", key=rows[header_line].count)
    names = [_bare(name).lower() for name in rows[header_line].split(separator)]
    accounts = dict.fromkeys(SHOWN, 0)
    customers: dict[str, int] = defaultdict(int)
    lines: dict[str, list[ControlLine]] = defaultdict(list)
    unreadable = []
    for index in range(header_line + 1, len(rows)):
        cells = dict(zip(names, map(_bare, rows[index].split(separator)), strict=False))
        account = cells.get("comptenum", "")
        if account[:3] not in SHOWN:
            continue
        try:
            amount = _amount(cells)
        except (InvalidOperation, KeyError):
            unreadable.append(index + 1)
            continue
        accounts[account[:3]] += amount
        if account[:3] in RECEIVABLE:
            key = cells.get("compauxnum", "") or account
            customers[key] += amount
            shown = ControlLine(index + 1, key, amount, cells.get("pieceref", ""), cells.get("ecriturelib", ""))
            lines[key].append(shown)
    return Control(accounts, dict(customers), dict(lines), unreadable)


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # every byte has a meaning in it: figures and keys are ASCII


def _bare(cell: str) -> str:
    return cell.strip().strip('"').strip()


def _amount(cells: Mapping[str, str]) -> int:
    if "debit" in cells:
        return _cents(cells["debit"]) - _cents(cells["credit"])
    return _cents(cells["montant"]) * (1 if cells["sens"].upper() in ("D", "DEBIT", "+1", "1", "+") else -1)


def _cents(text: str) -> int:
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    return int(Decimal(plain or "0") * 100)


def compare(control: Control, book_items: Iterable[BookItem]) -> list[Difference]:
    """The customers whose balance in the books is not the file's, each with the lines and items that explain it."""
    books: dict[str, list[BookItem]] = defaultdict(list)
    for item in book_items:
        books[item.customer_key].append(item)
    differences = []
    for key in sorted(set(control.customers) | set(books)):
        lines, items = control.lines.get(key, []), books.get(key, [])
        balance = sum(item.amount_minor for item in items)
        missing, extra = _unmatched(lines, items)
        if balance != control.customers.get(key, 0) or missing or extra:
            differences.append(Difference(key, control.customers.get(key, 0), balance, missing, extra))
    return differences


def _unmatched(lines: list[ControlLine], items: list[BookItem]) -> tuple[tuple[ControlLine, ...], tuple[BookItem, ...]]:
    """Lines and items left over: by line number where the books know it, else by amount. Lines of nothing need none."""
    by_line = {(item.line, item.amount_minor) for item in items if item.line is not None}
    loose = Counter(item.amount_minor for item in items if item.line is None)
    known = {(line.line, line.amount_minor) for line in lines}
    missing = []
    for line in lines:
        if (line.line, line.amount_minor) in by_line or not line.amount_minor:
            continue
        if loose[line.amount_minor]:
            loose[line.amount_minor] -= 1
        else:
            missing.append(line)
    extra = [item for item in items if item.line is not None and (item.line, item.amount_minor) not in known]
    for item in items:
        if item.line is None and loose[item.amount_minor]:
            loose[item.amount_minor] -= 1
            extra.append(item)
    return tuple(missing), tuple(extra)


def compare_balances(control: Control, balances: Mapping[str, int]) -> list[Difference]:
    """The same, when the books are only known by each customer's balance (open items less unallocated credits).

    `missing` then holds the lines whose amount is the difference: those that may be the missing one.
    """
    differences = []
    for key in sorted(set(control.customers) | set(balances)):
        file_minor, book_minor = control.customers.get(key, 0), balances.get(key, 0)
        if file_minor != book_minor:
            suspects = tuple(
                line for line in control.lines.get(key, []) if line.amount_minor == file_minor - book_minor
            )
            differences.append(Difference(key, file_minor, book_minor, suspects, ()))
    return differences
