"""Payment terms: reading them as people write them, the due date they give, and the longest that the law allows."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from exigible.core.dates import add_months, end_of_month
from exigible.core.law.book import LawBook, LawError
from exigible.core.law.years import check_year

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


class LongestTerm(NamedTuple):
    """The last lawful due date, and what it is counted from.

    counted_from: invoice, receipt, delivery, ten_days_end or month_end, or "invoice" where the receipt is not known.
    """

    rule: str
    counted_from: str
    from_on: date
    last_due: date
    article: str
    confidence: str


def longest_term(
    book: LawBook,
    issued: date,
    *,
    received: date | None = None,
    sector: str | None = None,
    buyer: str | None = None,
    agreed: str | None = None,
    periodic: bool = False,
) -> LongestTerm:
    """The last due date that the law allows for an invoice (C. com. art. L441-10 I and L441-11 II; CCP art. L2192-10).

    received is the day of receipt of the goods or the service or, of a public buyer, of its payment request; sector and
    buyer are those of the data. agreed is one of METHODS: how the contract counts; left out, no term was agreed.
    periodic: one invoice for the deliveries of a month at most. LawError for a sector, buyer or method not known.
    """
    for day in (issued, received or issued):
        check_year(day, "an invoice")
    if buyer is not None:
        return _public_term(book, issued, received, buyer)
    if sector is not None and not any(key.startswith(f"terms.sector.{sector}.") for key in book.figures):
        raise LawError(f"There is no payment term for the sector '{sector}', only for {_named(book, 'terms.sector.')}.")
    if agreed is not None and agreed not in METHODS:
        raise LawError(f"Terms are not counted by '{agreed}': it is one of {', '.join(METHODS)}.")
    if book.has(f"terms.sector.{sector}.days"):
        return _sector_term(book, issued, received, f"terms.sector.{sector}", periodic)
    if periodic:
        return _term(book, "terms.periodic_invoice", issued, "invoice")
    if agreed is None:
        return _term(book, "terms.default_from_receipt", issued, "receipt", received)
    home = f"terms.sector.{sector}" if book.has(f"terms.sector.{sector}.end_of_month") else "terms"
    if agreed == NET:
        return _term(book, f"{home}.agreed_from_invoice", issued, "invoice")
    longest = _term(book, f"{home}.end_of_month", issued, "invoice")
    terms = Terms(book.number(f"{home}.end_of_month", issued), True, agreed)
    return longest._replace(last_due=due_date(issued, terms))


def is_beyond_law(
    book: LawBook,
    due: date,
    issued: date,
    *,
    received: date | None = None,
    sector: str | None = None,
    buyer: str | None = None,
    agreed: str | None = None,
    periodic: bool = False,
) -> bool:
    """Whether a due date is later than the law allows; where the way of counting is not said, than any way allows."""
    ways = METHODS if agreed is None else (agreed,)
    return due > max(
        longest_term(
            book, issued, received=received, sector=sector, buyer=buyer, agreed=way, periodic=periodic
        ).last_due
        for way in ways
    )


def _term(book: LawBook, key: str, issued: date, counted_from: str, received: date | None = None) -> LongestTerm:
    """Days from the invoice or from the day of receipt; the invoice's own date stands in for an unknown receipt."""
    figure, confidence = book.figure(key, issued), book.figure(key, issued).confidence
    from_on = issued
    if counted_from != "invoice":
        if received is None:
            counted_from, confidence = "invoice", "low"
        else:
            from_on = _ANCHORS[counted_from](received)
    last_due = from_on + timedelta(days=book.number(key, issued))
    return LongestTerm(key, counted_from, from_on, last_due, figure.article, confidence)


def _sector_term(book: LawBook, issued: date, received: date | None, home: str, periodic: bool) -> LongestTerm:
    own = f"{home}.periodic_counted_from"
    counted_from = book.text(own if periodic and book.has(own) else f"{home}.counted_from", issued)
    return _term(book, f"{home}.days", issued, counted_from, received)


def _public_term(book: LawBook, issued: date, received: date | None, buyer: str) -> LongestTerm:
    """From the receipt of the request; when that day is not known, some days after the issue (CCP art. R2192-15)."""
    key = f"terms.public_body.{buyer}"
    if not book.has(key):
        raise LawError(
            f"There is no payment term for the public buyer '{buyer}': {_named(book, 'terms.public_body.')}."
        )
    if received is not None:
        return _term(book, key, issued, "receipt", received)
    wait = book.number("terms.public_body_request.missing_receipt_days", issued)
    guessed = _term(book, key, issued, "receipt", issued + timedelta(days=wait))
    return guessed._replace(confidence=book.figure("terms.public_body_request.missing_receipt_days", issued).confidence)


def _named(book: LawBook, prefix: str) -> str:
    names = dict.fromkeys(key[len(prefix) :].split(".")[0] for key in book.figures if key.startswith(prefix))
    return ", ".join(names) or "none"


def _ten_days_end(day: date) -> date:
    """The end of the ten days in which the day lies: the 10th, the 20th or the month's last."""
    return day.replace(day=10 if day.day <= 10 else 20) if day.day <= 20 else end_of_month(day)


def _same_day(day: date) -> date:
    return day


_ANCHORS = {"receipt": _same_day, "delivery": _same_day, "ten_days_end": _ten_days_end, "month_end": end_of_month}
