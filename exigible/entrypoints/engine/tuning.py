"""How a long-lived process is tuned once it has started: what is loaded stays, and threads take turns quickly."""

import gc
import sys
from datetime import date

from exigible.core.dates import is_working_day

TURN_SECONDS = 0.0005
NEW_OBJECTS = 50_000


def settle_down(today: date) -> None:
    """Load the calendar, keep what is loaded out of the collector's sight, and let a page not wait for a day's run.

    A page gives up its turn at each query; with the usual turn of five milliseconds it would wait that long each time.
    """
    for year in (today.year - 1, today.year, today.year + 1):
        is_working_day(date(year, 1, 5))
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 20)
    sys.setswitchinterval(TURN_SECONDS)
