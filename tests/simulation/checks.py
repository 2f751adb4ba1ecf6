"""What must hold after each day, computed from the tables by code that shares nothing with what it checks."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Sum

from exigible.books.cases.models import Case, Hold, Standing, TakenStep
from exigible.books.creditors.models import BankAccount
from exigible.books.journal.models import GENESIS, Event, EventPayload
from exigible.books.journal.operations import event_hash, hashed_fields
from exigible.books.ledger.models import Allocation, Contact, Customer, Invoice, Payment
from exigible.features.outbox.models import Message
from exigible.features.outbox.tests.mail_server import Received
from tests.simulation.life import Life, Seen

GAP, WINDOW = 5, 30
CAPS = {"business": (8, 8), "public_body": (8, 8), "consumer": (5, 4), "unknown": (5, 4)}
LASTING = ("disputed", "planned", "insolvency")
WRITTEN = ("email", "letter")
REMINDERS = ("friendly", "firm", "call", "letter")
ENTRY = "friendly"
PLACES = {"friendly": 1, "firm": 2, "call": 2, "letter": 3, "formal_notice": 4, "handover": 5}  # a call before or after


class Broken(AssertionError):
    """Something that must always hold does not."""


class Claim(NamedTuple):
    """What may be asked of one invoice now: minor units, currency, due day."""

    minor: int
    currency: str
    due: date | None


def demandable(customer_id: int, today: date) -> dict[int, Claim]:
    """What may be asked of each unpaid invoice of a customer: what is left, less what is held; nothing under a whole hold."""
    invoices = Invoice.objects.filter(customer_id=customer_id).exclude(kind="credit_note")
    paid = dict(
        Allocation.objects.filter(invoice__customer_id=customer_id)
        .order_by()
        .values_list("invoice_id")
        .annotate(Sum("amount_minor"))
    )
    holds = [
        hold
        for hold in Hold.objects.filter(case__customer_id=customer_id, released_on__isnull=True)
        if hold.from_on <= today and (hold.until_on is None or hold.until_on >= today)
    ]
    if any(hold.invoice_id is None for hold in holds):
        return {}
    found = {}
    for invoice in invoices:
        left = invoice.total_minor - paid.get(invoice.pk, 0)
        held = sum(
            left if hold.amount_minor is None else hold.amount_minor for hold in holds if hold.invoice_id == invoice.pk
        )
        if left - min(held, left) > 0 and invoice.is_confirmed:
            found[invoice.pk] = Claim(left - min(held, left), invoice.currency, invoice.due_on)
    return found


def credits_of(customer_id: int, currency: str) -> int:
    """What of the customer's money and credit notes is set against nothing."""
    notes = (
        Invoice.objects.filter(customer_id=customer_id, kind="credit_note", currency=currency).aggregate(
            all=Sum("total_minor")
        )["all"]
        or 0
    )
    money = (
        Payment.objects.filter(customer_id=customer_id, currency=currency).aggregate(all=Sum("amount_minor"))["all"]
        or 0
    )
    used = (
        Allocation.objects.filter(invoice__customer_id=customer_id, invoice__currency=currency).aggregate(
            all=Sum("amount_minor")
        )["all"]
        or 0
    )
    return int(notes + money - used)


def stated_is_true(life: Life, message: Message) -> None:
    """A demand that leaves now states the books as they are now."""
    facts: dict[str, Any] = message.facts
    assert message.customer is not None
    message.customer.refresh_from_db()
    if message.customer.is_excluded:
        raise Broken(f"message {message.pk} leaves for an excluded customer")
    claims = demandable(message.customer.pk, life.today)
    for line in facts["invoices"]:
        claim = claims.get(line["id"])
        if claim is None or claim.minor != line["open"] or claim.currency != facts["currency"]:
            raise Broken(f"message {message.pk} states {line['open']} of {line['number']}, the books say {claim}")
        if (claim.due.isoformat() if claim.due else None) != line["due"]:
            raise Broken(f"message {message.pk} states another due date than {claim.due} of {line['number']}")
        is_late = claim.due is not None and claim.due < life.today
        if is_late != (message.step != "preventive"):
            raise Broken(f"message {message.pk} ({message.step}) speaks of {line['number']}, due {claim.due}")
    if sum(line["open"] for line in facts["invoices"]) != facts["total"]:
        raise Broken(f"message {message.pk}: the lines do not add up to the total")
    if facts["credits"] != credits_of(message.customer.pk, facts["currency"]) or facts["credits"] >= facts["total"]:
        raise Broken(
            f"message {message.pk}: credits are {credits_of(message.customer.pk, facts['currency'])}, it states {facts['credits']}"
        )
    if message.customer.kind != facts["debtor"]:
        raise Broken(f"message {message.pk} was written for a {facts['debtor']}")


def received_is_true(life: Life, message: Message, received: Received) -> None:
    """What the server took is this message: its figures, its account, its people, and nobody else's."""
    text, facts = received.text, message.facts
    if received.identifier != message.message_id:
        raise Broken(f"message {message.pk} left under another identifier")
    known = set(
        Contact.objects.filter(customer_id=message.customer_id, email_is_bad=False).values_list("email", flat=True)
    )
    if not set(received.recipients) <= known:
        raise Broken(f"message {message.pk} went to {received.recipients}, the customer's are {known}")
    digits = re.sub(r"\D", "", text)
    if str(facts["balance"]) not in digits:
        raise Broken(f"message {message.pk} does not print {facts['balance']}")
    for line in facts["invoices"]:
        if line["number"] not in text or str(line["open"]) not in digits:
            raise Broken(f"message {message.pk} does not print {line['number']} with {line['open']}")
    if facts["bank"]:
        iban = BankAccount.objects.get(creditor=life.house.creditor, is_default=True).iban
        if iban not in re.sub(r"\s", "", text):
            raise Broken(f"message {message.pk} does not print the present account")


def broken(life: Life) -> Iterator[str]:
    """Each thing that does not hold tonight, in a sentence."""
    yield from books_broken(life)
    yield from contacts_broken(life)
    yield from steps_broken(life)
    yield from journal_broken(life)
    yield from cases_broken(life)


def books_broken(life: Life) -> Iterator[str]:
    """Invariant 1: nothing is paid or used beyond itself, and what is settled says so."""
    creditor = life.house.creditor
    paid = dict(Allocation.objects.of(creditor).order_by().values_list("invoice_id").annotate(Sum("amount_minor")))
    given = Allocation.objects.of(creditor).filter(credit_note__isnull=False).order_by()
    used = dict(given.values_list("credit_note_id").annotate(Sum("amount_minor")))
    spent = dict(Allocation.objects.of(creditor).order_by().values_list("payment_id").annotate(Sum("amount_minor")))
    for key, kind, total, settled in Invoice.objects.of(creditor).values_list(
        "id", "kind", "total_minor", "settled_on"
    ):
        so_far = (used if kind == "credit_note" else paid).get(key, 0)
        if so_far > total or (so_far == total) != (settled is not None):
            yield f"invoice {key}: {so_far} of {total} is settled, settled_on {settled}"
    for key, amount, exhausted in Payment.objects.of(creditor).values_list("id", "amount_minor", "exhausted_on"):
        if spent.get(key, 0) > amount or (spent.get(key, 0) == amount) != (exhausted is not None):
            yield f"payment {key}: {spent.get(key, 0)} of {amount} is allocated, exhausted_on {exhausted}"


def contacts_broken(life: Life) -> Iterator[str]:
    """Invariants 2 and 3: the gap, the caps, one contact a day over all channels, one demand a day."""
    kinds = dict(Customer.objects.of(life.house.creditor).values_list("id", "kind"))
    for customer in life.customers:
        felt = sorted(life.felt.get(customer.pk, {}).values(), key=lambda seen: (seen.on, seen.message_id))
        yield from _too_close(customer.pk, felt)
        window = [seen for seen in felt if (life.today - seen.on).days < WINDOW]
        cap, calls = CAPS[kinds[customer.pk]]
        if len(window) > cap or sum(seen.channel == "phone" for seen in window) > calls:
            yield f"customer {customer.pk} felt {len(window)} contacts in {WINDOW} days: {window}"
    twice = (
        Message.objects.of(life.house.creditor)
        .filter(purpose="demand")
        .exclude(state="cancelled")
        .order_by()
        .values("customer_id", "on")
    )
    for row in twice.annotate(times=Count("id")).filter(times__gt=1):
        yield f"customer {row['customer_id']} has {row['times']} demands on {row['on']}"


def _too_close(customer_id: int, felt: list[Seen]) -> Iterator[str]:
    for earlier, later in zip(felt, felt[1:], strict=False):
        if earlier.on == later.on and earlier.message_id != later.message_id:
            yield f"customer {customer_id} felt two contacts on {later.on}: messages {earlier.message_id} and {later.message_id}"
    written = [seen for seen in felt if seen.channel in WRITTEN]
    for earlier, later in zip(written, written[1:], strict=False):
        if (later.on - earlier.on).days < GAP:
            yield f"customer {customer_id}: written demands on {earlier.on} and {later.on}"


def steps_broken(life: Life) -> Iterator[str]:
    """Invariant 3: no step twice in a cycle, in order, each after proof of the one before, a notice never first."""
    steps: dict[tuple[int, int], list[tuple[str, date, date | None]]] = {}
    rows = TakenStep.objects.filter(invoice__creditor=life.house.creditor).order_by("id")
    for invoice_id, cycle, step, on, delivered in rows.values_list(
        "invoice_id", "cycle", "step", "taken_on", "delivered_on"
    ):
        steps.setdefault((invoice_id, cycle), []).append((step, on, delivered))
    for (invoice_id, cycle), taken in steps.items():
        names = [name for name, _on, _delivered in taken]
        if len(set(names)) < len(names):
            yield f"invoice {invoice_id}, cycle {cycle}: a step twice: {names}"
        if "preventive" in names[1:]:
            yield f"invoice {invoice_id}: a preventive reminder after {names[0]}"
        for rank, (name, on, _delivered) in enumerate(taken[1:], start=1):
            before, then, proof = taken[rank - 1]
            if before != "preventive" and (proof is None or proof > on):
                yield f"invoice {invoice_id}: {name} on {on} without proof of {before} ({proof})"
            if on < then:
                yield f"invoice {invoice_id}: {name} on {on} before {before} on {then}"
        asked = [name for name in names if name != "preventive"]
        if asked and (asked[0] != ENTRY or [PLACES[name] for name in asked] != sorted(PLACES[name] for name in asked)):
            yield f"invoice {invoice_id}: steps out of order: {names}"
        if "formal_notice" in names and not set(REMINDERS) & set(names[: names.index("formal_notice")]):
            yield f"invoice {invoice_id}: a formal notice first: {names}"
    standings = (
        Standing.objects.of(life.house.creditor)
        .exclude(stage="closed")
        .values_list("invoice_id", "cycle", "last_step", "last_is_delivered")
    )
    for invoice_id, cycle, last, is_delivered in standings:
        taken = steps.get((invoice_id, cycle), [])
        if last != (taken[-1][0] if taken else "") or (taken and is_delivered != (taken[-1][2] is not None)):
            yield f"invoice {invoice_id} stands at {last!r}, its steps are {taken}"


def journal_broken(life: Life) -> Iterator[str]:
    """Invariant 4: each message that left has one event that says so, and the new events go on from the chain."""
    events = Event.objects.filter(creditor_id=life.house.creditor.pk, id__gt=life.last_event).order_by(
        "stream", "number"
    )
    for event in list(events):
        number, previous = life.heads.get(event.stream, (0, GENESIS))
        fields = hashed_fields(
            event.creditor_id,
            event.stream,
            event.number,
            event.kind,
            event.on,
            at=event.at,
            actor=event.actor,
            digest=event.payload_digest,
        )
        if event.number != number + 1 or event.previous != previous or event.hash != event_hash(previous, fields):
            yield f"event {event.number} of {event.stream} does not follow event {number}"
        life.heads[event.stream] = (event.number, event.hash)
        life.last_event = max(life.last_event, event.pk)
        if event.kind in ("message.sent", "letter.posted", "task.done"):
            body = EventPayload.objects.get(event_id=event.pk).body
            life.sent_events[int(re.findall(r'"message":(\d+)', body)[0])] += 1
    gone = Message.objects.of(life.house.creditor).filter(sent_at__isnull=False).exclude(channel="phone")
    for key in gone.values_list("pk", flat=True):
        if life.sent_events[key] != 1:
            yield f"message {key} left and has {life.sent_events[key]} events that say so"
    if any(times > 1 for times in life.sent_events.values()):
        yield "a message left twice in the journal"


def cases_broken(life: Life) -> Iterator[str]:
    """Invariant 5: an open case has a reason to be open, a closed one has none, and its figures are the ledger's."""
    creditor, today = life.house.creditor, life.today
    late: dict[int, dict[str, int]] = {}
    waiting: set[int] = set()
    left = (
        Invoice.objects.of(creditor)
        .filter(settled_on__isnull=True)
        .exclude(kind="credit_note")
        .annotate(paid=Sum("allocations__amount_minor"))
    )
    rows = left.values_list("id", "customer_id", "currency", "due_on", "total_minor", "paid")
    stepped = set(Standing.objects.of(creditor).exclude(last_step="").values_list("invoice_id", flat=True))
    for key, customer_id, currency, due, total, paid in rows:
        if due is not None and due < today:
            sums = late.setdefault(customer_id, {})
            sums[currency] = sums.get(currency, 0) + total - (paid or 0)
        elif due is not None and key in stepped:
            waiting.add(customer_id)
    held = Hold.objects.of(creditor).filter(released_on__isnull=True, reason__in=LASTING, from_on__lte=today)
    lasting = {hold.case_id for hold in held if hold.until_on is None or hold.until_on >= today}
    live = {case.customer_id: case for case in Case.objects.of(creditor).exclude(state="closed")}
    for customer_id in late.keys() - live.keys():
        yield f"customer {customer_id} owes {late[customer_id]} and has no case"
    for customer_id, case in live.items():
        has_reason = customer_id in late or customer_id in waiting or case.pk in lasting
        if (case.state == "open") != has_reason:
            yield f"case {case.pk} is {case.state}: late {late.get(customer_id)}, preventive {customer_id in waiting}, hold {case.pk in lasting}"
        if case.overdue_minor != late.get(customer_id, {}).get(case.currency, 0):
            yield f"case {case.pk} says {case.overdue_minor} {case.currency} late, the ledger {late.get(customer_id)}"
        if case.next_look_on is not None and case.next_look_on <= today and not case.error:
            yield f"case {case.pk} should have been looked at on {case.next_look_on}"
    for case in (
        Case.objects.of(creditor).filter(state="closed", standings__isnull=False).exclude(standings__stage="closed")
    ):
        yield f"case {case.pk} is closed with a debt in it"


def digest(life: Life) -> list[object]:
    """The state of all that the day may change, to see that a second run changes nothing."""
    creditor = life.house.creditor
    return [
        list(Case.objects.of(creditor).order_by("id").values_list()),
        list(
            Standing.objects.of(creditor)
            .order_by("pk")
            .values_list("pk", "stage", "last_step", "last_taken_on", "last_is_delivered")
        ),
        list(
            TakenStep.objects.filter(invoice__creditor=creditor)
            .order_by("id")
            .values_list("id", "taken_on", "delivered_on")
        ),
        list(
            Message.objects.of(creditor)
            .order_by("id")
            .values_list("id", "state", "attempts", "not_before", "settles_on")
        ),
        list(Hold.objects.of(creditor).order_by("id").values_list("id", "released_on")),
        Event.objects.filter(creditor_id=creditor.pk).count(),
    ]


def quiet_cases(life: Life) -> Iterator[str]:
    """Never silently stuck: an open case with something to ask has a message on its way, a reason to wait, or shows its fault."""
    pending = ("queued", "to_approve", "ready", "sending", "to_post", "to_do", "uncertain", "failed", "sent")
    on_their_way = Message.objects.of(life.house.creditor).filter(state__in=pending)
    with_message = set(on_their_way.values_list("case_id", flat=True))
    for case in Case.objects.of(life.house.creditor).filter(state="open"):
        has_message = case.pk in with_message
        soon = case.next_look_on is not None and (case.next_look_on - life.today) <= timedelta(days=4)
        if not (has_message or case.waiting or case.error or soon):
            yield f"case {case.pk} waits for nothing"
    lost = TakenStep.objects.filter(
        invoice__creditor=life.house.creditor, delivered_on__isnull=True, invoice__settled_on__isnull=True
    )
    actions = set(on_their_way.values_list("action_id", flat=True))
    for step in lost.filter(step=F("invoice__standing__last_step")).exclude(is_declared=True):
        if step.action_id not in actions:
            yield f"invoice {step.invoice_id}: {step.step} is neither delivered nor on its way"
