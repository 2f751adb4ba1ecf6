"""Within a cycle of an invoice each step is taken once, and steps keep the order of the policy."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from exigible.books.cases.models import TakenStep
from exigible.books.creditors.models import Creditor
from exigible.books.policies.models import Step

Row = tuple[int, int, str, date, str]


def broken_steps(creditor: Creditor) -> Iterator[str]:
    """Yield each step that was taken twice in one cycle, or after one that stands behind it in every track it is in."""
    behind = _never_before(creditor)
    steps = TakenStep.objects.filter(invoice__creditor=creditor).order_by("invoice_id", "cycle", "taken_on", "id")
    columns = ("invoice_id", "cycle", "step", "taken_on", "invoice__number")
    rows: Iterator[Row] = steps.values_list(*columns).iterator(chunk_size=2000)
    for _cycle, taken in groupby(rows, key=lambda row: row[:2]):
        yield from _broken_cycle(list(taken), behind)


def _broken_cycle(taken: Sequence[Row], behind: set[tuple[str, str]]) -> Iterator[str]:
    names = [row[2] for row in taken]
    if len(set(names)) != len(names):
        yield f"steps: invoice {taken[0][4]} has a step twice in cycle {taken[0][1]}: {', '.join(names)}"
    for before, after in zip(taken, taken[1:], strict=False):
        if before[3] < after[3] and (before[2], after[2]) in behind:
            yield f"steps: invoice {after[4]} had {before[2]} on {before[3]} before {after[2]} on {after[3]}"


def _never_before(creditor: Creditor) -> set[tuple[str, str]]:
    """The pairs (a, b) where a comes after b in each track of each version of the policy that has both."""
    either: set[tuple[str, str]] = set()
    ordered: set[tuple[str, str]] = set()
    rows = Step.objects.filter(policy__creditor=creditor).order_by("policy_id", "track", "rank")
    tracks = groupby(rows.values_list("policy_id", "track", "name"), key=lambda row: row[:2])
    for _track, steps in tracks:
        names = [row[2] for row in steps]
        pairs = {(first, second) for rank, first in enumerate(names) for second in names[rank + 1 :]}
        ordered |= pairs
        either |= {(second, first) for first, second in pairs}
    return either - ordered
