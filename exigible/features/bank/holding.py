"""Makes the cases of customers wait who may have paid already: while a movement may be theirs, nothing is asked of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from exigible.books.cases.models import Case, Hold
from exigible.books.cases.operations import hold_case, release_hold
from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM
from exigible.features.outbox.operations import recheck_waiting


def source_of(movement_id: int) -> str:
    """How a hold names the movement that it waits for."""
    return f"bank:{movement_id}"


def follow_holds(creditor: Creditor, wanted: Mapping[int, Iterable[int]], *, today: date, at: datetime) -> None:
    """Make exactly the customers proposed for each movement (by its key) wait, while it is to be matched."""
    customers = {key for keys in wanted.values() for key in keys}
    cases = Case.objects.of(creditor).filter(customer_id__among=customers).exclude(state=Case.State.CLOSED)
    case_of = {case.customer_id: case for case in cases.select_related("creditor")}
    asked = {
        (source_of(movement), case_of[key].pk): case_of[key]
        for movement, keys in wanted.items() for key in keys if key in case_of
    }  # fmt: skip
    standing = {(hold.source, hold.case_id): hold for hold in _holds(creditor, wanted)}
    for pair, hold in standing.items():
        if pair not in asked:
            release_hold(hold, today=today, at=at)
    held = set()
    for (source, case_id), case in asked.items():
        if (source, case_id) not in standing:
            hold_case(case, Hold.Reason.PAYMENT, None, today=today, at=at, source=source)
            held.add(case.customer_id)
    recheck_waiting(creditor, held, today, at)


def release_holds_of(
    creditor: Creditor, movement_ids: Sequence[int], *, today: date, at: datetime, actor: str = SYSTEM
) -> None:
    """End what waited for movements that are settled."""
    for hold in _holds(creditor, movement_ids):
        release_hold(hold, today=today, at=at, actor=actor)


def _holds(creditor: Creditor, movement_ids: Iterable[int]) -> list[Hold]:
    sources = {source_of(key) for key in movement_ids}
    rows = Hold.objects.of(creditor).filter(reason=Hold.Reason.PAYMENT, released_on__isnull=True)
    return [hold for hold in rows.select_related("case__creditor").order_by("id") if hold.source in sources]
