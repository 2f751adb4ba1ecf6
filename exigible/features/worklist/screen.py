"""The home page: the groups with the first rows of each, three numbers, and what comes when nothing is left to do."""

from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from exigible.books.cases.models import Case
from exigible.books.creditors.models import Creditor
from exigible.books.journal.models import Event
from exigible.books.ledger.models import Customer
from exigible.features.worklist.deadlines import limit_rows
from exigible.features.worklist.delays import delay_rows
from exigible.features.worklist.faults import fault_rows
from exigible.features.worklist.rows import (
    DELAYS,
    FAULTS,
    GROUPS,
    LEAVING,
    LIMITS,
    WINDOW,
    Row,
    Waiting,
    rows_of,
    stake_of,
    waiting_by_group,
)

SHOWN = 8
PAGE = 50
MOST_COUNTED = 99
TOGETHER_FROM = 4
LOOKED_BACK = 500
WIDE = 600
TITLES = {
    "limits": _("Last days to sue"), "delays": _("Insolvent or closed customers"), "faults": _("To mend before anything is sent"), "call": _("To call"), "approve": _("To approve"), "post": _("To print and post"),
    "prepare": _("To prepare"), "leaving": _("Leaving or gone"),
}  # fmt: skip
SUMMARIES = {
    "kind.missing": (_("Late customers whose kind is not known"), "unknown"),
    "email.missing": (_("Late customers without an e-mail address"), "no_email"),
}
DONE = (
    "call.made",
    "task.done",
    "message.approved",
    "letter.posted",
    "payment.recorded",
    "contact.changed",
    "customer.changed",
    "note.added",
)


class Summary(NamedTuple):
    """Faults of one kind that are told together: how many accounts, for how much, and the view that lists them."""

    title: Any
    view: str
    number: str
    amount_minor: int
    currency: str
    because: dict[str, Any]


class Line(NamedTuple):
    """A row or a summary, with its place on the screen."""

    position: int
    row: Row | None
    summary: Summary | None = None


class Group(NamedTuple):
    """One group of the screen: its first lines, how many there are (bounded), the key of the next page."""

    code: str
    title: Any
    lines: list[Line]
    number: str
    more: bool
    next: str


class Screen(NamedTuple):
    """The whole list with its three numbers; `is_cut` says that more waits than was looked at, `coming` what is planned next."""

    groups: list[Group]
    to_do: str
    stake: list[tuple[str, int]]
    is_cut: bool
    done: str
    coming: tuple[date, str] | None
    has_customers: bool


def bounded(number: int, most: int = MOST_COUNTED) -> str:
    """Return a number as it is shown: beyond a bound nobody counts."""
    return str(number) if number <= most else f"{most}+"


def screen(creditor: Creditor, today: date, only: str = "", after: str = "") -> Screen:
    """Return the home page of a day: all groups, or the pages of one."""
    window = WIDE if only else WINDOW
    waiting = waiting_by_group(creditor, today, window)
    faults, limits = fault_rows(creditor, today), limit_rows(creditor, today, window)
    delays = delay_rows(creditor, today, window)
    groups: list[Group] = []
    position = 0
    for code in GROUPS:
        if only and code != only:
            continue
        if code == FAULTS:
            group = _faults(faults, bool(only), position)
        elif code == LIMITS:
            group = _first(LIMITS, limits, bool(only), position)
        elif code == DELAYS:
            group = _first(DELAYS, delays, bool(only), position)
        else:
            group = _group(creditor, code, waiting[code], today, only=only, after=after, position=position)
        if group.lines:
            groups.append(group)
            position += len(group.lines)
    mine = [one for code in GROUPS if code != LEAVING for one in waiting[code]]
    to_do = len(mine) + len(faults) + len(limits) + len(delays)
    return Screen(
        groups, bounded(to_do), sorted(stake_of(mine, [*faults, *limits, *delays]).items()), len(mine) >= window, bounded(done_today(creditor, today)),
        _coming(creditor, today) if not to_do else None, to_do > 0 or Customer.objects.of(creditor).exists(),
    )  # fmt: skip


def _group(
    creditor: Creditor, code: str, waiting: list[Waiting], today: date, *, only: str, after: str, position: int
) -> Group:
    rest = [one for one in waiting if one.rank > _rank(after)] if after else waiting
    size = PAGE if only else SHOWN
    rows = rows_of(creditor, code, rest[:size], today)
    lines = [Line(position + place, row) for place, row in enumerate(rows)]
    following = "{}.{}".format(*rows[-1].rank) if only and len(rest) > size else ""
    return Group(code, TITLES[code], lines, bounded(len(waiting)), not only and len(rest) > size, following)


def _rank(key: str) -> tuple[int, int]:
    first, _dot, second = key.partition(".")
    try:
        return (int(first), int(second))
    except ValueError:
        return (-(10**18), 0)


def _first(code: str, rows: list[Row], is_alone: bool, position: int) -> Group:
    """What comes first on the screen, since what is lost by it is lost for good: last days to sue, legal delays."""
    size = WINDOW if is_alone else SHOWN
    lines = [Line(position + place, row) for place, row in enumerate(rows[:size])]
    return Group(code, TITLES[code], lines, bounded(len(rows)), len(rows) > size, "")


def _faults(rows: list[Row], is_alone: bool, position: int) -> Group:
    """The faults; those of which there are many alike are told together, and listed elsewhere."""
    by_rule: dict[str, list[Row]] = {}
    for row in rows:
        by_rule.setdefault(row.because["rule"], []).append(row)
    told: list[Row | Summary] = []
    for rule, some in by_rule.items():
        told += [_summary(rule, some)] if rule in SUMMARIES and len(some) >= TOGETHER_FROM else some
    size = WINDOW if is_alone else SHOWN
    lines = [
        Line(position + place, None, one) if isinstance(one, Summary) else Line(position + place, one)
        for place, one in enumerate(told[:size])
    ]
    return Group(FAULTS, TITLES[FAULTS], lines, bounded(len(rows)), len(told) > size, "")


def _summary(rule: str, rows: list[Row]) -> Summary:
    title, view = SUMMARIES[rule]
    currency = rows[0].currency
    amount = sum(row.amount_minor for row in rows if row.currency == currency)
    return Summary(title, view, bounded(len(rows)), amount, currency, {"rule": rule, "facts": {}})


def done_today(creditor: Creditor, today: date) -> int:
    """Return how many things people did today, from the end of the journal."""
    rows = Event.objects.of(creditor).order_by("-id").values_list("on", "actor", "kind")[:LOOKED_BACK]
    return sum(on == today and actor.startswith("user:") and kind in DONE for on, actor, kind in rows)


def _coming(creditor: Creditor, today: date) -> tuple[date, str] | None:
    """The next day on which a case is looked at, and how many are."""
    ahead = Case.objects.of(creditor).filter(next_look_on__gt=today).order_by("next_look_on")
    day = ahead.values_list("next_look_on", flat=True).first()
    return (day, bounded(len(ahead.filter(next_look_on=day)[: MOST_COUNTED + 1]))) if day else None
