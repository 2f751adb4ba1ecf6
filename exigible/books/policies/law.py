"""The law as a creditor applies it: the packaged book, and the rates that it added when they were published."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from exigible.books.creditors.models import Creditor, User
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.policies.models import RateAdded
from exigible.common.errors import Refused
from exigible.core.law.added import AddedRate, with_rates
from exigible.core.law.book import LawBook, law_book
from exigible.core.law.periods import next_publication

MOST_PERCENT = 100
EARLIEST_DAYS = 45  # a rate is published in the weeks before it holds; one given earlier is a guess


class RateNotExpected(Refused):
    """This is not the rate expected next: somebody may have added it already; look at the rates in force."""


class RateTooEarly(Refused):
    """This rate is not published yet: it can be added at most %(days)s days before the day from which it holds."""


class RateUnlikely(Refused):
    """A rate is a percentage a year between 0 and 100, with at most four decimals: look at the text again."""


class SourceMissing(Refused):
    """Say where the rate was read: the text that publishes it, with its date, or its address."""


class RateNotLast(Refused):
    """A later rate of this series stands on this one: take that one back first."""


def law_book_of(creditor: Creditor) -> LawBook:
    """Return the law of the creditor's country with the rates that it added; the same book for the same rates."""
    return with_rates(law_book(creditor.country), added_rates(creditor))


def added_rates(creditor: Creditor) -> tuple[AddedRate, ...]:
    """Return the rates that a creditor added, the oldest first."""
    rows = RateAdded.objects.of(creditor).order_by("since", "series")
    return tuple(AddedRate(*row) for row in rows.values_list("series", "since", "percent", "source"))


@transaction.atomic
def add_rate(
    creditor: Creditor, rate: AddedRate, *, today: date, at: datetime, actor: str = SYSTEM, by: User | None = None
) -> RateAdded:
    """Add the next rate of a series, once it is published. Raises what is not as published."""
    Creditor.objects.select_for_update(no_key=True).get(pk=creditor.pk)  # two people may add the same rate at once
    book = law_book_of(creditor)
    expected = next_publication(book, rate.series) if rate.series in book.series else None
    if rate.since != expected:
        raise RateNotExpected
    if (rate.since - today).days > EARLIEST_DAYS:
        raise RateTooEarly(days=EARLIEST_DAYS)
    if not 0 <= rate.percent <= MOST_PERCENT or rate.percent != rate.percent.quantize(Decimal("0.0001")):
        raise RateUnlikely
    source = " ".join(rate.source.split())
    if not source:
        raise SourceMissing
    row = RateAdded.objects.create(
        creditor=creditor, series=rate.series, since=rate.since, percent=rate.percent, source=source, added_on=today,
        added_by=by,
    )  # fmt: skip
    record("rate.added", creditor, _told(row), on=today, at=at, actor=actor)
    return row


@transaction.atomic
def remove_rate(row: RateAdded, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Take an added rate back, the last of its series first; the journal keeps it. Raises RateNotLast."""
    Creditor.objects.select_for_update(no_key=True).get(pk=row.creditor_id)
    if RateAdded.objects.filter(creditor_id=row.creditor_id, series=row.series, since__gt=row.since).exists():
        raise RateNotLast
    record("rate.removed", row.creditor, _told(row), on=today, at=at, actor=actor)
    row.delete()


def _told(row: RateAdded) -> dict[str, str]:
    return {
        "series": row.series, "from": row.since.isoformat(), "percent": format(row.percent.normalize(), "f"),
        "source": row.source,
    }  # fmt: skip
