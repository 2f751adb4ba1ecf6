"""The demonstration's days: working days, month ends and due dates."""

from datetime import date, timedelta

FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
DEFAULT_TERM_DAYS = 30  # art. L441-10 of the code de commerce, where nothing was agreed


def working_day(day: date) -> date:
    """The day itself when banks and offices are open, else the next such day."""
    while day.weekday() > 4 or (day.month, day.day) in FIXED_HOLIDAYS:
        day += timedelta(days=1)
    return day


def month_end(day: date) -> date:
    """The last day of the day's month."""
    following = day.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)


def months(first: date, last: date) -> list[date]:
    """The first day of each month from the month of `first` to the month of `last`."""
    found = [first.replace(day=1)]
    while (following := month_end(found[-1]) + timedelta(days=1)) <= last:
        found.append(following)
    return found


def due_on(issued: date, terms: str) -> date:
    """The due date that terms such as "30", "60" or "45 FDM" (days, then end of that month) give an invoice."""
    number, _, end_of_month = terms.partition(" ")
    due = issued + timedelta(days=int(number) if number else DEFAULT_TERM_DAYS)
    return month_end(due) if end_of_month == "FDM" else due
