"""gather_facts: rows in, core records out, in a constant number of queries whatever the number of cases."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import F

from exigible.books.cases.models import Case, TakenStep
from exigible.books.cases.operations import LASTING_HOLDS, holding
from exigible.books.cases.queries import Terms, customers_with_unpaid_charge, holds_as_json, holds_of, unpaid_of
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Contact, Customer
from exigible.books.ledger.queries import settled_charges, unallocated_credits
from exigible.core.because import JSON
from exigible.core.plan import NO_STEPS, CaseFacts
from exigible.core.situation import Situation, situation
from exigible.features.outbox.checks import history_of
from exigible.features.promises.queries import broken_of

PREVIOUS_STEPS = 4
PREVIOUS_DAYS = 365
FOREVER = date(9999, 12, 31)
CUSTOMER_COLUMNS = (
    "id", "name", "reference", "kind", "buyer", "segment", "country", "language", "address", "postcode", "city", "usual_delay_days",
    "is_excluded",
)  # fmt: skip


class Person(NamedTuple):
    """Whom we write to: the main contact, else the first one."""

    id: int | None
    name: str
    email: str
    phone: str
    language: str
    copies: tuple[tuple[str, str], ...]


class Party(NamedTuple):
    """A customer as messages name it."""

    id: int
    name: str
    reference: str
    kind: str
    buyer: str
    segment: str
    country: str
    language: str
    address: str
    postcode: str
    city: str
    usual_delay: int | None
    is_excluded: bool


class Gathered(NamedTuple):
    """All that is known of one case for a decision, and what the decision's messages will state."""

    facts: CaseFacts
    party: Party
    person: Person
    found: Situation
    payments: Mapping[int, list[tuple[date, int]]]
    terms: Mapping[int, Terms]
    settled: Mapping[int, Mapping[str, int]]  # charges waived or paid: by invoice and kind, in minor units
    broken: Mapping[str, JSON] | None  # the last promise that was not kept: what did not come of it, and its day


NOBODY = Person(None, "", "", "", "", ())


def persons_of(customer_ids: Sequence[int]) -> dict[int, Person]:
    """Return whom to write to, by customer; a bad address is no address."""
    persons: dict[int, Person] = {}
    rows = Contact.objects.filter(customer_id__among=customer_ids).order_by("customer_id", "-is_main", "id")
    columns = ("customer_id", "id", "name", "email", "email_is_bad", "phone", "language", "copied_from_step")
    for customer_id, key, name, email, is_bad, phone, language, copied_from in rows.values_list(*columns):
        usable = "" if is_bad or not email.isascii() else email
        known = persons.get(customer_id)
        if known is None:
            persons[customer_id] = Person(key, name, usable, phone, language, ())
        elif copied_from and usable:
            persons[customer_id] = known._replace(copies=(*known.copies, (copied_from, usable)))
    return persons


class Steps(NamedTuple):
    """The steps taken in present cycles: the last ones delivered by case, oldest first, and all by invoice."""

    previous: Mapping[int, list[JSON]]
    taken: Mapping[int, Mapping[int, frozenset[str]]]


def steps_of(case_ids: Sequence[int], today: date) -> Steps:
    """Return the steps taken on the invoices of cases, in one query."""
    rows = TakenStep.objects.filter(invoice__standing__case_id__among=case_ids, cycle=F("invoice__standing__cycle"))
    since = today - timedelta(days=PREVIOUS_DAYS)
    previous: dict[int, list[JSON]] = {}
    taken: dict[int, dict[int, frozenset[str]]] = {}
    columns = ("invoice__standing__case_id", "invoice_id", "step", "taken_on", "delivered_on")
    for case_id, invoice_id, step, on, delivered_on in rows.order_by("taken_on", "id").values_list(*columns):
        of_case = taken.setdefault(case_id, {})
        of_case[invoice_id] = of_case.get(invoice_id, frozenset()) | {step}
        line: dict[str, JSON] = {"step": step, "channel": _channel_of(step), "on": on.isoformat()}
        known = previous.setdefault(case_id, [])
        if delivered_on is not None and on > since and line not in known:
            known.append(line)
    return Steps({case_id: lines[-PREVIOUS_STEPS:] for case_id, lines in previous.items()}, taken)


def _channel_of(step: str) -> str:
    return {"call": "phone", "letter": "letter", "formal_notice": "registered_letter"}.get(step, "email")


def gather_facts(creditor: Creditor, cases: Sequence[Case], today: date) -> list[Gathered]:
    """Return what is known of cases, in their order."""
    ids = [case.pk for case in cases]
    customer_ids = [case.customer_id for case in cases]
    parties = {
        row[0]: Party(*row) for row in Customer.objects.filter(pk__among=customer_ids).values_list(*CUSTOMER_COLUMNS)
    }
    holds = holds_of(ids, today)
    unpaid = unpaid_of(ids, holds)
    credits = unallocated_credits(customer_ids)
    settled = settled_charges(customer_ids, today)
    persons = persons_of(customer_ids)
    charged = customers_with_unpaid_charge(customer_ids)
    history = history_of(creditor, customer_ids, today)
    steps = steps_of(ids, today)
    broken = broken_of(customer_ids, today)
    gathered = []
    for case in cases:
        party = parties[case.customer_id]
        person = persons.get(case.customer_id, NOBODY)
        on_hold = holds.get(case.pk, [])
        invoices = unpaid.by_case.get(case.pk, [])
        lasting = any(hold.reason in LASTING_HOLDS for hold in on_hold)
        found = situation(invoices, case.customer_id in charged, lasting, case.currency, today)
        held_until = FOREVER - timedelta(days=1) if party.is_excluded else holding(on_hold)[0]
        facts = CaseFacts(
            case.pk, party.id, party.name, party.kind, party.segment, party.country, person.name, bool(person.email),
            bool(person.phone), bool(party.address and party.city), party.usual_delay, case.highest_tone, held_until,
            holds_as_json(on_hold, party.is_excluded), credits.get(party.id, {}), history.get(party.id, ()),
            steps.previous.get(case.pk, []), invoices, steps.taken.get(case.pk, NO_STEPS),
        )  # fmt: skip
        gathered.append(
            Gathered(facts, party, person, found, unpaid.payments, unpaid.terms, settled, broken.get(party.id))
        )
    return gathered
