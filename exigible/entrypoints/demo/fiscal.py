"""Fiscal years: which entries a year holds, how open items are carried into it, and how its lines are lettered."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from exigible.entrypoints.demo.ledger import Entry, Line, two_sided

THIRD_PARTIES = ("401000", "411000", "413000", "416000", "418100", "419100")


@dataclass(frozen=True)
class Posted:
    """A line in its entry, as a year's file shows it."""

    entry: Entry
    number: int
    line: Line
    letter: str = ""
    letter_day: date | None = None


def fiscal_years(entries: Iterable[Entry], years: Iterable[int]) -> dict[int, list[Posted]]:
    """For each year, oldest first, its lines: the opening entry of what came before, then its own entries."""
    known = sorted(
        entries, key=lambda entry: (entry.day, "AN VE HA BQ OD".index(entry.journal), entry.piece, entry.text)
    )
    found = {}
    for year in years:
        before = [entry for entry in known if entry.day.year < year]
        own = [entry for entry in known if entry.day.year == year]
        found[year] = lettered([opening_entry(before, year), *own])
    return found


def opening_entry(before: Iterable[Entry], year: int) -> Entry:
    """The opening entry: third parties item by item, other balance-sheet accounts in total, the result apart."""
    day = date(year, 1, 1)
    totals: dict[str, int] = {}
    details: list[tuple[Entry, Line]] = []
    for entry in before:
        for line in entry.lines:
            if line.account in THIRD_PARTIES:
                details.append((entry, line))
            elif line.account < "6":
                totals[line.account] = totals.get(line.account, 0) + line.signed
            else:
                # The result of the year before stands apart; older ones were carried forward.
                account = "120000" if entry.day.year == year - 1 else "110000"
                totals[account] = totals.get(account, 0) + line.signed
    balances = group_balances(line for _, line in details)
    carried = [
        replace(
            line,
            piece=line.piece or entry.piece,
            piece_day=line.piece_day or entry.day,
            text=line.text or entry.text,
        )
        for entry, line in details
        if not line.match or balances[group_of(line)]
    ]
    rest = [two_sided(account, total) for account, total in sorted(totals.items()) if total]
    return Entry("AN", day, f"AN{year}", f"A NOUVEAUX {year}", (*carried, *rest))


def group_of(line: Line) -> tuple[str, str, str]:
    """What is lettered together: one account, one third party, one match."""
    return (line.account, line.party, line.match)


def group_balances(lines: Iterable[Line]) -> dict[tuple[str, str, str], int]:
    """Debit less credit of each group."""
    balances: dict[tuple[str, str, str], int] = {}
    for line in lines:
        balances[group_of(line)] = balances.get(group_of(line), 0) + line.signed
    return balances


def lettered(entries: list[Entry]) -> list[Posted]:
    """The lines of a year with their letters: AA, AB… afresh for each account and third party, as programs do.

    A group that balances is lettered in capitals on its last day; one marked as a part payment in lower case.
    """
    posted = [Posted(entry, number, line) for number, entry in enumerate(entries, 1) for line in entry.lines]
    balances = group_balances(item.line for item in posted)
    groups: dict[tuple[str, str, str], list[Posted]] = {}
    for item in posted:
        if item.line.match:
            groups.setdefault(group_of(item.line), []).append(item)
    letters: dict[tuple[str, str, str], tuple[str, date]] = {}
    counts: dict[tuple[str, str], int] = {}
    for key, items in sorted(groups.items(), key=lambda pair: (max(item.entry.day for item in pair[1]), pair[0])):
        complete = balances[key] == 0
        if complete or (key[2].startswith("part:") and len(items) > 1):
            rank = counts[key[:2]] = counts.get(key[:2], -1) + 1
            code = chr(65 + rank // 26) + chr(65 + rank % 26)
            letters[key] = (code if complete else code.lower(), max(item.entry.day for item in items))
    return [
        replace(item, letter=letters[key][0], letter_day=letters[key][1])
        if (key := group_of(item.line)) in letters
        else item
        for item in posted
    ]
