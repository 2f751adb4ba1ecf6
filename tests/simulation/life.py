"""An invented company: its house, its customers, their habits, and what was seen to leave; all from one random number."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from exigible.books.ledger.models import Contact, Customer
from exigible.features.outbox.tests.mail_server import PostOffice, mail_through
from exigible.testing import House, atelier_lumen

FIRST_DAY = date(2026, 1, 5)
HABITS = ("prompt", "prompt", "late", "late", "late", "never")


@dataclass
class Seen:
    """A contact that a debtor felt: when, how, through which message."""

    on: date
    channel: str
    message_id: int


@dataclass
class Life:
    """The company, its random source, and the memory of what happened."""

    seed: int
    random: Random
    house: House
    office: PostOffice
    customers: list[Customer] = field(default_factory=list)
    habits: dict[int, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    felt: dict[int, dict[tuple[int, int], Seen]] = field(default_factory=dict)
    to_undo: list[tuple[date, int]] = field(default_factory=list)
    resent: set[str] = field(default_factory=set)
    last_event: int = 0
    sent_events: Counter[int] = field(default_factory=Counter)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    number: int = 0

    @property
    def today(self) -> date:
        """The present day."""
        return self.house.today

    @property
    def at(self) -> datetime:
        """The present morning's instant."""
        return self.house.at

    def happens(self, chance: float) -> bool:
        """Say whether something of this probability happens."""
        return self.random.random() < chance

    def day_from_now(self, days: int) -> date:
        """Return a day counted from today."""
        return self.today + timedelta(days=days)

    def feel(self, customer_id: int, key: tuple[int, int], seen: Seen) -> None:
        """Remember a contact; the same message sent again by a person's word replaces itself."""
        self.felt.setdefault(customer_id, {})[key] = seen


def begin(seed: int, customers: int, office: PostOffice) -> Life:
    """Found the company and its customers of all kinds."""
    random = Random(seed)
    house = atelier_lumen(FIRST_DAY, preset=random.choice(["gentle", "standard", "firm"]))
    mail_through(house.creditor, office)
    house.creditor.first_messages_a_day = 4
    house.creditor.save()
    life = Life(seed, random, house, office)
    for rank in range(customers):
        kind = random.choice(["business"] * 6 + ["consumer", "consumer", "public_body", "unknown", "unknown"])
        segment = random.choice(["new", "good", "ordinary", "chronic"])
        fields = {"phone": random.choice(["+33199001234", "+33199001234", ""])}
        if random.random() < 0.1:
            fields["address"] = ""
        email = "" if random.random() < 0.1 else f"client{rank}@sim.example"
        customer = house.customer(f"Client {rank}", kind=kind, segment=segment, email=email, **fields)
        if random.random() < 0.2:
            Contact.objects.create(
                creditor=house.creditor,
                customer=customer,
                name="Copie",
                email=f"copie{rank}@sim.example",
                copied_from_step="firm",
            )
        life.customers.append(customer)
        life.habits[customer.pk] = random.choice(HABITS)
    return life
