"""The only reader of the system clock; entry points, jobs and the journal's stamp call it, nothing else."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today(time_zone: str) -> date:
    """Return the legal date of today in a time zone, such as that of a creditor."""
    return now().astimezone(ZoneInfo(time_zone)).date()
