"""What a process of its own does in the crash and race tests: one act at a given instant.

Run as a module it is the nursery: it reads what every act needs once, and gives birth to a process for each act asked of
it over the socket on its standard input. Each opens a connection of its own, and lives and dies by itself.
"""

import json
import os
import signal
import socket
import sys
from datetime import date, datetime, timedelta
from typing import Any

import django
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exigible.settings")
os.environ.setdefault("EXIGIBLE_SECRET_KEY", "only for tests")


def found(port: int, customers: int, day: date) -> dict[str, Any]:
    """A house whose customers each owe one invoice, three days late."""
    from exigible.books.cases.operations import refresh_customers
    from exigible.testing import atelier_lumen

    house = atelier_lumen(day, mail_port=port)
    for rank in range(customers):
        house.invoice(
            house.customer(f"Client {rank:03}"), 10_000 + rank, day - timedelta(days=3), number=f"RACE-{rank:03}"
        )
    refresh_customers(house.creditor, [], day, house.at)
    return {"creditor": house.creditor.pk}


def run(creditor_id: int, at: datetime) -> dict[str, Any]:
    """The day of a creditor."""
    from exigible.books.creditors.models import Creditor
    from exigible.daily import run_day

    return {"actions": run_day(Creditor.objects.get(pk=creditor_id), at.date(), at)}


def write(creditor_id: int, at: datetime) -> dict[str, Any]:
    """Write what is queued; returns the messages that are ready."""
    from exigible.books.creditors.models import Creditor
    from exigible.features.messages.compose import render_waiting
    from exigible.features.outbox.models import Message

    render_waiting(Creditor.objects.get(pk=creditor_id), at)
    return {"ready": list(Message.objects.filter(state="ready").order_by("id").values_list("pk", flat=True))}


def deliver(keys: list[int], at: datetime) -> dict[str, Any]:
    """Deliver messages, one after the other."""
    from exigible.features.outbox.deliver import deliver as hand_over

    return {"states": [hand_over(key, at) for key in keys]}


def sweep(at: datetime) -> dict[str, Any]:
    """Find what was lost, and deliver all that may leave."""
    from django.db.models import Q

    from exigible.features.outbox.deliver import give_up_lost
    from exigible.features.outbox.models import Message

    lost = give_up_lost(at)
    ready = Message.objects.filter(state="ready").filter(Q(not_before__isnull=True) | Q(not_before__lte=at))
    return {"lost": lost, **deliver(list(ready.order_by("id").values_list("pk", flat=True)), at)}


def resolve(key: int, was_sent: bool, at: datetime) -> dict[str, Any]:
    """A person says whether a message left."""
    from exigible.books.creditors.models import User
    from exigible.features.outbox.models import Message
    from exigible.features.outbox.operations import resolve_uncertain

    message = Message.objects.select_related("case", "customer", "creditor").get(pk=key)
    user = User.objects.order_by("id").first()
    assert user is not None
    resolve_uncertain(message, was_sent, user, at.date(), at)
    return {}


def pay(customer_names: list[str], at: datetime) -> dict[str, Any]:
    """Customers pay what they owe."""
    from exigible.books.ledger.models import Customer
    from exigible.books.ledger.queries import invoice_balance
    from exigible.features.customers.operations import receive_payment

    for name in customer_names:
        customer = Customer.objects.select_related("creditor").get(name=name)
        invoice = customer.invoices.get()
        left = invoice_balance(invoice)
        receive_payment(customer, left, at.date(), [(invoice, left)], today=at.date(), at=at)
    return {}


def report() -> dict[str, Any]:
    """The messages and the events, by customer, and whether the chains hold."""
    from exigible.books.cases.models import Case, TakenStep
    from exigible.books.creditors.models import Creditor
    from exigible.books.journal.models import Event
    from exigible.books.journal.verify import altered_payloads, broken_links
    from exigible.books.ledger.models import Customer
    from exigible.features.outbox.models import Message

    names = dict(Customer.objects.values_list("id", "name"))
    creditor = Creditor.objects.get()
    events = Event.objects.filter(customer_id__isnull=False).order_by("customer_id", "stream", "number")
    return {
        "messages": [
            [names[m.customer_id], m.step, m.state, m.message_id, m.facts["total"], m.purpose]
            for m in Message.objects.order_by("customer__name", "id")
        ],
        "events": sorted([names[e.customer_id], e.stream.partition("/")[0], e.number, e.kind] for e in events),
        "steps": sorted([names[s.invoice.customer_id], s.step] for s in TakenStep.objects.select_related("invoice")),
        "cases": sorted([names[c.customer_id], c.state, c.error] for c in Case.objects.all()),
        "broken": [*broken_links(creditor.pk), *altered_payloads(creditor.pk)],
    }


ACTS = {
    "found": found,
    "run": run,
    "write": write,
    "deliver": deliver,
    "sweep": sweep,
    "resolve": resolve,
    "pay": pay,
    "report": report,
}


def main() -> None:
    """Give birth to a process for each act: the message names it, with the ends of the pipes it reads and writes."""
    import exigible.daily
    import exigible.features.messages.compose
    import exigible.testing  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    asked = socket.socket(fileno=sys.stdin.fileno())
    while True:
        message, ends, _flags, _address = socket.recv_fds(asked, 65_536, 2)
        if not message:
            return
        born = os.fork()
        if born == 0:
            os.dup2(ends[0], 0)
            os.dup2(ends[1], 1)
            os.closerange(3, max(ends) + 1)
            play(*json.loads(message))
            os._exit(0)
        for end in ends:
            os.close(end)
        asked.sendall(f"{born}\n".encode())


def play(database: str, act: str, given: dict[str, Any]) -> None:
    """Say that it is ready, wait for a line, do the act on the database of the test, print what came of it."""
    connections["default"].settings_dict["NAME"] = database
    for name, read in (("at", datetime.fromisoformat), ("day", date.fromisoformat)):
        if name in given:
            given[name] = read(given[name])
    print("ready", flush=True)
    os.read(0, 1)
    print(json.dumps(ACTS[act](**given)), flush=True)


if __name__ == "__main__":
    django.setup()
    main()
