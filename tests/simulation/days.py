"""The year: each day the world trades, the system runs (or is stopped, or crashes), the people work, and all is checked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from exigible.books.cases.models import Case, TakenStep
from exigible.books.cases.operations import refresh_customers
from exigible.books.ledger.models import Invoice
from exigible.books.ledger.operations import record_payment
from exigible.books.ledger.queries import invoice_balance
from exigible.daily import run_day
from exigible.features.dunning import chunk as chunk_module
from exigible.features.dunning import operations as dunning
from exigible.features.dunning.chunk import Chunk, Taken
from exigible.features.messages import compose
from exigible.features.outbox import deliver as delivery
from exigible.features.outbox.channels import email
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import queue
from exigible.features.outbox.tests.mail_server import PostOffice
from tests.simulation.checks import (
    Broken,
    broken,
    contacts_broken,
    digest,
    quiet_cases,
    received_is_true,
    stated_is_true,
)
from tests.simulation.life import FIRST_DAY, Life, Seen, begin
from tests.simulation.people import people
from tests.simulation.trade import inherit, pay_one, trade, unpaid

State = Message.State


class Killed(BaseException):
    """The process dies here: no `except Exception` may catch it."""


@contextmanager
def replaced(place: Any, name: str, by: Any) -> Iterator[None]:
    """Put something in the place of a function for the length of a block."""
    kept = getattr(place, name)
    setattr(place, name, by)
    try:
        yield
    finally:
        setattr(place, name, kept)


def dying(after: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """A function that dies, before it does its work or after."""

    def die(*given: Any, **named: Any) -> Any:
        if after is not None:
            after(*given, **named)
        raise Killed

    return die


CRASHES: dict[str, tuple[Any, str, Any]] = {
    "before the decisions are written": (Chunk, "write", dying()),
    "after the decisions are written": (Chunk, "write", dying(Chunk.write)),
    "in the middle of the decisions": (chunk_module, "update_rows", dying()),
    "while writing messages": (compose, "_freeze", dying(compose._freeze)),
    "before sending": (email, "hand_over", dying()),
    "after sending": (email, "hand_over", dying(email.hand_over)),
    "before writing down": (delivery, "_write_down", dying()),
    "while writing down": (delivery, "_sent", dying(delivery._sent)),
}


def live(seed: int, days: int, customers: int, office: PostOffice) -> Life:
    """Live a number of days; a failure says from which number."""
    life = begin(seed, customers, office)
    inherit(life)
    stopped = 0
    echo: list[Taken] = []
    for number in range(days):
        life.house.today = FIRST_DAY + timedelta(days=number)
        try:
            trade(life)
            if stopped:
                stopped -= 1
                continue
            if life.happens(0.015):
                stopped = life.random.choice([1, 2, 3, 5, 9, 40])
                life.counts["stopped"] += 1
            weather(life)
            echo = a_day(life, echo)
        except Broken as fault:
            raise Broken(f"seed {seed}, day {number} ({life.today}): {fault}") from fault
        except Exception as fault:
            raise AssertionError(
                f"seed {seed}, day {number} ({life.today}): {type(fault).__name__}: {fault}"
            ) from fault
    return life


def weather(life: Life) -> None:
    """The mail server of the day: mostly well."""
    office = life.office
    office.mend()
    sort = life.random.random()
    if sort < 0.04:
        office.recipients["*"] = "451 4.3.0 later"
    elif sort < 0.06:
        office.senders["*"] = "550 5.7.1 sender refused"
    elif sort < 0.08:
        office.data = "554 5.6.0 content refused"
    elif sort < 0.11:
        office.hang_up_after_data()
    elif sort < 0.14:
        contacts = sorted({mail.recipients[0] for mail in office.received[-20:]})
        if contacts:
            office.recipients[life.random.choice(contacts)] = "550 5.1.1 unknown"
    if sort < 0.14:
        life.counts["bad weather"] += 1


def a_day(life: Life, echo: list[Taken]) -> list[Taken]:
    """The system's day and the people's, with what may go wrong in it, then every check."""
    taken: list[Taken] = []
    crash = life.random.choice(list(CRASHES)) if life.happens(0.08) else ""
    try:
        if crash:
            place, name, fatal = CRASHES[crash]
            with replaced(place, name, fatal):
                work(life, life.at, taken)
        else:
            work(life, life.at, taken)
    except Killed:
        life.counts[f"killed {crash}"] += 1
    late = life.at + timedelta(hours=4)
    if echo and life.happens(0.3):
        written_twice(life, echo)
    if taken and life.happens(0.3):
        rival(life, taken)
    people(life)
    work(life, late, taken)
    send(life, late + timedelta(minutes=35))
    look_again(life, late)
    before = digest(life)
    run_day(life.house.creditor, life.today, late)
    if digest(life) != before:
        raise Broken("the same day run again changed something")
    for fault in (*broken(life), *quiet_cases(life)):
        raise Broken(fault)
    return taken


def work(life: Life, at: datetime, taken: list[Taken]) -> None:
    """What the installation does by itself at an instant."""
    kept = Chunk.write

    def remembering(chunk: Chunk, cases: Any) -> None:
        kept(chunk, cases)
        taken.extend(chunk.takes)

    with replaced(Chunk, "write", remembering):
        run_day(life.house.creditor, life.today, at)
    send(life, at)
    look_again(life, at)


def look_again(life: Life, at: datetime) -> None:
    """What turned out stale is looked at again the same day."""
    if Case.objects.of(life.house.creditor).filter(next_look_on__lte=life.today).exists():
        run_day(life.house.creditor, life.today, at)


def send(life: Life, at: datetime) -> None:
    """Write what is queued and hand over what may leave at an instant."""
    compose.render_waiting(life.house.creditor, at)
    delivery.give_up_lost(at)
    ready = (
        Message.objects.of(life.house.creditor)
        .filter(state=State.READY)
        .filter(Q(not_before__isnull=True) | Q(not_before__lte=at))
    )
    for key in list(ready.order_by("id").values_list("pk", flat=True)):
        hand_over(life, key, at)


def hand_over(life: Life, key: int, at: datetime) -> None:
    """Deliver one message, now and then just after money came in, and look at what the server took."""
    message = Message.objects.select_related("customer__creditor").get(pk=key)
    if message.customer is not None and life.happens(0.08) and (owing := unpaid(message.customer)):
        money_now(life, life.random.choice(owing))
    before = len(life.office.received)
    try:
        delivery.deliver(key, at)
    finally:
        arrived = life.office.received[before:]
        if len(arrived) > 1:
            raise Broken(f"message {key} arrived {len(arrived)} times at once")
        if arrived:
            _look_at(life, message, arrived[0].identifier)
            if message.purpose == Message.Purpose.DEMAND:
                received_is_true(life, message, arrived[0])


def money_now(life: Life, invoice: Invoice) -> None:
    """Money comes in between the writing and the sending; half of the time nobody remembers to check what waits."""
    if life.happens(0.5):
        pay_one(life, invoice)
        return
    share = life.random.randint(1, max(1, invoice_balance(invoice)))
    when = {"today": life.today, "at": life.at}
    record_payment(invoice.customer, share, life.today, [(invoice, share)], currency=invoice.currency, **when)
    refresh_customers(life.house.creditor, [invoice.customer_id], life.today, life.at)
    life.counts["payment: unremembered"] += 1


def _look_at(life: Life, message: Message, identifier: str) -> None:
    copies = sum(mail.identifier == identifier for mail in life.office.received)
    if copies > 1 and identifier not in life.resent:
        raise Broken(f"message {message.pk} arrived {copies} times")
    life.counts["e-mail"] += 1
    if message.purpose == Message.Purpose.DEMAND:
        assert message.customer_id is not None
        stated_is_true(life, message)
        life.feel(message.customer_id, (message.pk, 0), Seen(life.today, message.channel, message.pk))


def written_twice(life: Life, echo: list[Taken]) -> None:
    """A worker that slept writes decisions of another day again: the keys of the steps refuse them."""
    for known in echo:
        marks = known.decision.marks
        present = TakenStep.objects.filter(invoice_id__in=marks).values_list("invoice_id", "step")
        if not set(marks.items()) <= set(present):
            continue
        taking = dunning.Taking(life.house.creditor, life.today, life.at)
        again = Chunk(life.house.creditor, taking.policy, life.today, life.at, taking.domain)
        again.takes = [known]
        cases = {case.pk: case for case in Case.objects.filter(pk=known.known.facts.id)}
        try:
            with transaction.atomic():
                again.write(cases)
        except IntegrityError:
            life.counts["refused: a step twice"] += 1
        return


def rival(life: Life, taken: list[Taken]) -> None:
    """Something else asks the same customer for money the same day: the key of demands refuses it."""
    customer_ids = {known.known.party.id for known in taken}
    today = Message.objects.of(life.house.creditor).filter(
        purpose="demand", channel="email", on=life.today, customer_id__in=customer_ids
    )
    first = today.exclude(state=State.CANCELLED).select_related("customer__creditor", "case").order_by("id").first()
    if first is None or first.customer is None:
        return
    life.number += 1
    try:
        with transaction.atomic():
            queue(
                first.customer, key=f"rival/{life.number}", purpose=Message.Purpose.DEMAND, channel="email", template=first.template,
                facts=first.facts, recipient=first.recipient, today=life.today, case=first.case,
            )  # fmt: skip
    except IntegrityError:
        life.counts["refused: a second demand"] += 1
    for fault in contacts_broken(life):
        raise Broken(fault)
