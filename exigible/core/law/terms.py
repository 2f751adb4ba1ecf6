"""Payment terms: reading them as people write them, and the due date they give."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from exigible.core.dates import add_months, end_of_month

NET = "net"
DAYS_THEN_MONTH_END = "days_then_month_end"
MONTH_END_THEN_DAYS = "month_end_then_days"
METHODS = (NET, DAYS_THEN_MONTH_END, MONTH_END_THEN_DAYS)
_MOST_DAYS = 366


class TermsError(ValueError):
    """Terms that cannot be read; the text is the sentence shown to the user."""


class Terms(NamedTuple):
    """When an invoice falls due: days from its date, perhaps to the end of a month, perhaps on a set day after it.

    Both ways of counting days end of month are lawful (C. com. art. L441-10 I): the method says which one was agreed.
    """

    days: int
    end_of_month: bool = False
    method: str = NET
    day_of_month: int | None = None


def due_date(issued: date, terms: Terms) -> date:
    """The due date of an invoice issued on a day."""
    assert terms.days >= 0
    assert terms.method in METHODS
    if not terms.end_of_month:
        return issued + timedelta(days=terms.days)
    if terms.method == MONTH_END_THEN_DAYS:
        due = end_of_month(issued) + timedelta(days=terms.days)
    else:
        due = end_of_month(issued + timedelta(days=terms.days))
    if terms.day_of_month is None:
        return due
    following = add_months(due.replace(day=1), 1)
    return following.replace(day=min(terms.day_of_month, end_of_month(following).day))


_AT_ONCE = re.compile(
    r"(?:paiement )?(?:comptant|a reception(?: de (?:la )?facture)?|immediate?|due on receipt|on receipt|cash)"
)
_DAYS = r"(?P<days>\d{1,3}) ?(?:j|jrs?|jours?|days?)?"
_MONTH_END = r"(?:fdm|fm|fin de mois|fin du mois|eom|end of month)"
_ON_DAY = r"(?: (?:le|the|on the) (?P<on>\d{1,2})(?:er|th|st)?)?"
_SHAPES = (
    (NET, re.compile(rf"(?:net )?{_DAYS}(?: ?(?:nets?|date de facture|date facture))?")),
    (DAYS_THEN_MONTH_END, re.compile(rf"{_DAYS} ?{_MONTH_END}{_ON_DAY}")),
    (MONTH_END_THEN_DAYS, re.compile(rf"{_MONTH_END} ?(?:\+|plus)? ?{_DAYS}{_ON_DAY}")),
)
_PLAIN = str.maketrans("àâéèêîôûç", "aaeeeiouc")


def parse_terms(text: str) -> Terms:
    """Terms as written: "30", "30 jours net", "45 FDM", "30 jours fin de mois le 10", "fin de mois + 45", "comptant".

    The order of the words gives the method: "45 jours fin de mois" adds the days first, "fin de mois + 45" the month.
    Raises TermsError, with a sentence, for anything else.
    """
    words = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").lower().translate(_PLAIN).split()).rstrip(".")
    if _AT_ONCE.fullmatch(words):
        return Terms(0)
    for method, shape in _SHAPES:
        found = shape.fullmatch(words)
        if found and int(found["days"]) <= _MOST_DAYS:
            on_day = found.groupdict().get("on")
            if on_day and not 1 <= int(on_day) <= 31:
                break
            return Terms(int(found["days"]), method != NET, method, int(on_day) if on_day else None)
    if re.fullmatch(_MONTH_END, words):
        return Terms(0, True, DAYS_THEN_MONTH_END)
    raise TermsError(f"The terms '{text}' cannot be read: write a number of days, like 30, 45 FDM or FDM + 45.")
