"""Until when we know what money came in: from the bank, from the accounts, or from a person; and whether that is too old."""

from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, Q

from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import record
from exigible.core.because import Because


class StaleMoney(NamedTuple):
    """Money in is known until a day that is more than `days`, the creditor's limit, ago."""

    until: date
    days: int

    @property
    def because(self) -> Because:
        """Why nothing is asked for now, and what to do."""
        return Because.of("money.stale", on=self.until, days=self.days)


def money_known_until(creditor: Creditor) -> tuple[date | None, int | None]:
    """The last day of which payments are known, and the creditor's limit in days; None where there is none of either."""
    rows = Creditor.objects.filter(pk=creditor.pk).annotate(bank=Max("bank_accounts__known_until"))
    ledger, bank, days = rows.values_list("ledger_known_until", "bank", "money_known_days").get()
    return max((day for day in (ledger, bank) if day is not None), default=None), days


def stale_money(creditor: Creditor, today: date) -> StaleMoney | None:
    """Whether what we know of money in is older than the creditor's limit; nothing is stale that was never known."""
    until, days = money_known_until(creditor)
    if until is None or days is None or (today - until).days <= days:
        return None
    return StaleMoney(until, days)


def learn_money(creditor: Creditor, until: date, today: date) -> None:
    """The accounts say what came in until a day; an older file than the last one teaches nothing."""
    until = min(until, today)
    older = Q(ledger_known_until__isnull=True) | Q(ledger_known_until__lt=until)
    Creditor.objects.filter(older, pk=creditor.pk).update(ledger_known_until=until)


@transaction.atomic
def confirm_money(creditor: Creditor, today: date, at: datetime, actor: str) -> None:
    """A person says that all that was received until today is in the books."""
    before, _days = money_known_until(creditor)
    learn_money(creditor, today, today)
    record("money.confirmed", creditor, {"before": before, "until": today}, on=today, at=at, actor=actor)
