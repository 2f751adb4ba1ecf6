"""Each guard is switched off in turn, and the simulation must fail each time: so it is proven that it can."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connection, models, transaction

from exigible.books.cases.models import TakenStep
from exigible.core import guard, strategy
from exigible.core.plan import InvoiceFacts, Step
from exigible.features.dunning import facts
from exigible.features.outbox import checks, deliver, operations
from exigible.features.outbox.models import Message
from exigible.features.outbox.tests.mail_server import PostOffice
from tests.simulation.checks import Broken
from tests.simulation.days import live, replaced

SEEDS = (1, 5, 4, 2, 3, 6)
DAYS, CUSTOMERS = 40, 8


def nothing(*given: Any, **named: Any) -> None:
    """The guard says nothing."""


def no_holds(case_ids: Sequence[int], today: date) -> dict[int, list[Any]]:
    """Holds are not read."""
    return {}


def always(history: Any, channel: str, limits: Any, day: date, country: str) -> tuple[date, None]:
    """Any day will do."""
    return day, None


def no_gap(recent: Any, limits: Any, on: Any) -> None:
    """Written demands keep no distance."""


def everything_delivered(
    invoice: InvoiceFacts, today: date, blocked: Callable[..., Any] = strategy._blocked
) -> strategy.Wait | None:
    """The proof of the step before is not waited for."""
    found: strategy.Wait | None = blocked(invoice._replace(is_delivered=True), today)
    return found


def no_credits(customer_ids: Any) -> dict[int, dict[str, int]]:
    """Money of the customer that is set against nothing is not seen."""
    return {}


def from_the_top(last_step: str, steps: tuple[Step, ...]) -> int:
    """The entry is the letter, whatever was said before."""
    return next(step.rank for step in steps if step.name == "letter") - 1 if not last_step else steps[-1].rank


@contextmanager
def all_replaced(*places: tuple[Any, str, Any]) -> Iterator[None]:
    """Several functions replaced at once."""
    with ExitStack() as stack:
        for place, name, by in places:
            stack.enter_context(replaced(place, name, by))
        yield


@contextmanager
def without_constraint(model: type[models.Model], name: str) -> Iterator[None]:
    """A unique key is dropped for the length of a block."""
    kept = model._meta.constraints
    constraint = next(found for found in kept if found.name == name)
    model._meta.constraints = [found for found in kept if found.name != name]
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        model._default_manager.all().delete()
        model._meta.constraints = kept
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)


SWITCHES: dict[str, Callable[[], Any]] = {
    "the last check": lambda: all_replaced(
        (deliver, "failing_check", nothing), (operations, "failing_checks", lambda messages, today: {})
    ),
    "the last check of e-mails alone": lambda: all_replaced((deliver, "failing_check", nothing)),
    "the check of what people have to do": lambda: all_replaced(
        (operations, "failing_checks", lambda messages, today: {})
    ),
    "holds": lambda: all_replaced((facts, "holds_of", no_holds), (checks, "holds_of", no_holds)),
    "the guard": lambda: all_replaced((strategy, "first_day_allowed", always), (guard, "may_contact", nothing)),
    "the gap": lambda: all_replaced((guard, "_too_soon", no_gap)),
    "proof of delivery": lambda: all_replaced((strategy, "_blocked", everything_delivered)),
    "credits": lambda: all_replaced(
        (facts, "unallocated_credits", no_credits), (checks, "unallocated_credits", no_credits)
    ),
    "the lowest step first": lambda: all_replaced((strategy, "_rank_reached", from_the_top)),
    "steps taken back": lambda: all_replaced((operations, "take_steps_back", nothing)),
}


def fails_somewhere(switched_off: Callable[[], Any], office: PostOffice, seeds: Sequence[int] = SEEDS) -> str:
    """Live several short lives without the guard and return how the first one broke."""
    for seed in seeds:
        with switched_off():
            try:
                with transaction.atomic():
                    live(seed, DAYS, CUSTOMERS, office)
                    transaction.set_rollback(True)
            except Broken as found:
                return str(found)
    return ""


@pytest.mark.django_db
@pytest.mark.parametrize("switch", list(SWITCHES))
def test_the_simulation_fails_without(office: PostOffice, switch: str) -> None:
    found = fails_somewhere(SWITCHES[switch], office)
    assert found, f"nothing failed without {switch}"
    print(found)


KEYS = {
    "a step once a cycle": (TakenStep, "step_once_a_cycle"),
    "one demand a day": (Message, "one_demand_a_customer_and_day"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", list(KEYS))
def test_the_simulation_fails_without_the_key(office: PostOffice, key: str) -> None:
    with without_constraint(*KEYS[key]):
        found = fails_somewhere(lambda: all_replaced(), office)
    assert found, f"nothing failed without {key}"
    print(found)


@pytest.mark.django_db
def test_with_every_guard_on_the_same_lives_hold(office: PostOffice) -> None:
    assert fails_somewhere(lambda: all_replaced(), office, SEEDS[:3]) == ""
