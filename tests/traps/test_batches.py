"""Traps 3, 6, 13 and 14: runs repeated, a poison record, the wrong people, what is excluded."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from exigible.books.cases.models import Case, Hold
from exigible.books.cases.operations import hold_case, refresh_customers
from exigible.books.documents.operations import attach_to_invoice, store_document
from exigible.books.journal.models import Event, EventPayload
from exigible.books.ledger.models import Contact, Customer, Invoice
from exigible.features.dunning.models import Action, Run
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox.models import Message
from exigible.features.outbox.tests.mail_server import PostOffice, mail_through
from exigible.testing import MONDAY, House, atelier_lumen
from tests.acts import demands, work_day, write_and_send

pytestmark = pytest.mark.django_db
State = Message.State


def a_busy_house() -> House:
    house = atelier_lumen()
    for rank in range(6):
        customer = house.customer(f"Client {rank}", segment=["new", "good", "ordinary", "chronic"][rank % 4])
        for number in range(3):
            house.invoice(customer, 10_000 + 1_000 * rank + number, MONDAY - timedelta(days=20 * number + rank))
    return house


def told(house: House) -> tuple[list[object], list[object]]:
    """Messages and events, without their numbers and instants."""
    messages = Message.objects.of(house.creditor).order_by("customer__name", "on", "id")
    names = dict(Customer.objects.of(house.creditor).values_list("id", "name"))
    events = Event.objects.of(house.creditor)
    return (
        [(names[m.customer_id], m.on, m.step, m.channel, m.state, m.facts["total"]) for m in messages],
        sorted((e.stream.partition("/")[0], names.get(e.customer_id, ""), e.number, e.kind, e.on) for e in events),
    )


@pytest.mark.parametrize("runs", [2, 100])
def test_trap_03_a_hundred_runs_in_a_day_do_what_one_does(office: PostOffice, runs: int) -> None:
    once, often = a_busy_house(), a_busy_house()
    for house, times in ((once, 1), (often, runs)):
        mail_through(house.creditor, office)
        for later in range(3):
            house.today = MONDAY + timedelta(days=later)
            for _run in range(times):
                house.run()
            write_and_send(house)
    assert told(often) == told(once)
    assert len(office.received) == len({mail.mail["Message-ID"] for mail in office.received}) > 0


def spoil_currency(invoice: Invoice) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_invoice SET currency = '???' WHERE id = %s", [invoice.pk])


def spoil_rate(invoice: Invoice) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_invoice SET contract_rate = 'NaN' WHERE id = %s", [invoice.pk])


def spoil_chain(invoice: Invoice) -> None:
    """An event stands already where the next one would: the database refuses the whole chunk."""
    case = Case.objects.get(customer_id=invoice.customer_id)
    event = Event.objects.create(
        creditor_id=case.creditor_id, customer_id=case.customer_id, stream=case.stream, number=case.chain_number + 1, kind="note.added",
        on=MONDAY, at="2026-11-23T09:15:00+00:00", actor="system", payload_digest="", previous=case.chain_hash, hash="",
    )  # fmt: skip
    EventPayload.objects.create(event_id=event.pk, body="{}")


@pytest.mark.parametrize("place", [0, 2, 4])
@pytest.mark.parametrize("spoil", [spoil_currency, spoil_rate, spoil_chain])
def test_trap_06_one_bad_record_stops_nobody_else(
    office: PostOffice, spoil: Callable[[Invoice], None], place: int
) -> None:
    house = atelier_lumen()
    mail_through(house.creditor, office)
    customers = [house.customer(f"Client {rank}") for rank in range(5)]
    invoices = [
        house.invoice(customer, 90_000 - 10_000 * rank, MONDAY - timedelta(days=4))
        for rank, customer in enumerate(customers)
    ]
    spoil(invoices[place])
    work_day(house)
    served = {message.customer_id for message in demands(house) if message.state == State.SENT}
    assert served == {customer.pk for customer in customers} - {customers[place].pk}
    assert len(office.received) == 4
    poisoned = Case.objects.get(customer=customers[place])
    failed = Message.objects.filter(customer=customers[place], state=State.FAILED).exclude(receipt="")
    assert bool(poisoned.error) != failed.exists(), "the poison is visible, once"
    decided = Action.objects.filter(on=MONDAY).count()
    assert decided == 4 + failed.count()
    counted = [
        EventPayload.objects.get(event_id=event.pk).body
        for event in Event.objects.of(house.creditor).filter(kind="day.run")
    ]
    assert sum(int(body.partition('"steps":')[2].partition("}")[0].partition(",")[0]) for body in counted) == decided
    work_day(house, MONDAY + timedelta(days=1))
    assert len(office.received) == 4


def test_trap_06_a_bad_record_with_a_hold_that_ends_does_not_stop_the_day(office: PostOffice) -> None:
    house = atelier_lumen()
    mail_through(house.creditor, office)
    bad, good = house.customer("Bad"), house.customer("Good")
    invoice = house.invoice(bad, 50_000, MONDAY - timedelta(days=9))
    house.invoice(good, 50_000, MONDAY - timedelta(days=3))
    hold_case(house.case(bad), Hold.Reason.PAUSED, MONDAY, today=MONDAY, at=house.at)
    spoil_chain(invoice)
    work_day(house, MONDAY + timedelta(days=1))
    assert [message.customer_id for message in demands(house)] == [good.pk]
    assert house.case(bad).error
    assert Run.objects.of(house.creditor).get(day=MONDAY + timedelta(days=1)).finished_at is not None


def test_trap_06_the_quota_of_first_messages_survives_a_bad_record(office: PostOffice) -> None:
    house = atelier_lumen()
    house.creditor.first_messages_a_day = 3
    house.creditor.save()
    customers = [house.customer(f"Client {rank}") for rank in range(6)]
    invoices = [
        house.invoice(customer, 90_000 - 10_000 * rank, MONDAY - timedelta(days=200))
        for rank, customer in enumerate(customers)
    ]
    spoil_chain(invoices[0])
    house.run()
    assert [message.customer_id for message in demands(house)] == [customer.pk for customer in customers[1:4]]
    house.run()
    assert len(demands(house)) == 3


def test_trap_13_each_message_holds_only_its_own_debtors_data(office: PostOffice) -> None:
    house = atelier_lumen()
    mail_through(house.creditor, office)
    owners: dict[str, list[bytes]] = {}
    for rank in range(6):
        customer = house.customer(
            f"Société Zeta{rank}q", email=f"main{rank}q@zeta.example", language=["fr", "en"][rank % 2]
        )
        Contact.objects.filter(customer=customer).update(name=f"Mme Prenom{rank}q")
        Contact.objects.create(
            creditor=house.creditor, customer=customer, name="Autre", email=f"other{rank}q@zeta.example"
        )
        secrets = [f"main{rank}q@", f"Prenom{rank}q", f"ORD-{rank}q"]
        for number in range(2):
            key = f"NUM-{rank}{number}q"
            invoice = house.invoice(
                customer,
                12_345 + rank * 1_000 + number,
                MONDAY - timedelta(days=4 + number),
                number=key,
                order_reference=f"ORD-{rank}q",
            )
            body = b"%PDF-1.4 " + f"attached {key}".encode()
            document = store_document(house.creditor, body, f"{key}.pdf", "application/pdf", house.at)
            attach_to_invoice(invoice, document, "invoice", today=MONDAY, at=house.at)
            secrets += [key, f"attached {key}"]
        owners[f"main{rank}q@zeta.example"] = [secret.encode() for secret in secrets]
    work_day(house)
    assert len(office.received) == 6
    for received in office.received:
        (address,) = received.recipients
        seen = str(received.mail).encode() + received.text.encode()
        for part in received.mail.iter_attachments():
            content = part.get_content()
            seen += content if isinstance(content, bytes) else content.encode()
            seen += (part.get_filename() or "").encode()
        for owner, secrets_of in owners.items():
            for secret in secrets_of:
                assert (secret in seen) == (owner == address), (address, owner, secret)
        assert len(list(received.mail.iter_attachments())) == 2
        assert b"other" not in seen.partition(b"Subject")[0]
        english = int(address[4]) % 2 == 1
        assert ("Bonjour" in received.text) != english


def test_trap_13_another_creditors_debtors_never_appear(office: PostOffice) -> None:
    first, second = atelier_lumen(), atelier_lumen()
    for house, name in ((first, "Alpha"), (second, "Beta")):
        mail_through(house.creditor, office)
        house.invoice(house.customer(name), 55_555, MONDAY - timedelta(days=4), number=f"INV-{name}")
    work_day(first)
    assert ["INV-Alpha" in mail.text for mail in office.received] == [True]
    work_day(second)
    assert ["INV-Beta" in mail.text for mail in office.received] == [False, True]


EXCLUSIONS = {
    "nothing": (True, True),
    "credit note": (False, False),
    "settled": (False, False),
    "not yet due": (False, False),
    "without a due date": (False, False),
    "to be confirmed": (False, False),
    "on hold": (False, False),
    "partly on hold": (True, True),
    "covered by credits": (False, False),
    "below the minimum": (False, False),
    "due yesterday": (False, True),
}


def prepared(house: House, customer: Customer, cell: str) -> Invoice:
    """An invoice in the state of a cell of the matrix."""
    due = {"not yet due": 30, "due yesterday": -1}.get(cell, -10)
    kind = "credit_note" if cell == "credit note" else "invoice"
    day = None if cell == "without a due date" else house.days_from_now(due)
    amount = 900 if cell == "below the minimum" else 40_000
    invoice = house.invoice(
        customer, amount, day, number=f"CELL {cell}", kind=kind, is_confirmed=cell != "to be confirmed"
    )
    if cell == "settled":
        house.pay(customer, amount, (invoice, amount))
    if cell in ("on hold", "partly on hold"):
        held = None if cell == "on hold" else 30_000
        hold_case(
            house.case(customer),
            Hold.Reason.DISPUTED,
            None,
            today=house.today,
            at=house.at,
            invoice=invoice,
            amount_minor=held,
        )
    if cell == "covered by credits":
        house.pay(customer, amount)
    return invoice


@pytest.mark.parametrize("cell", list(EXCLUSIONS))
def test_trap_14_alone_each_cell_triggers_or_not(office: PostOffice, cell: str) -> None:
    house = atelier_lumen()
    mail_through(house.creditor, office)
    triggers, _listed = EXCLUSIONS[cell]
    prepared(house, house.customer("Durand"), cell)
    work_day(house)
    assert [message.step for message in demands(house)] == (["friendly"] if triggers else [])
    assert len(office.received) == triggers


@pytest.mark.parametrize("cell", [cell for cell in EXCLUSIONS if cell != "covered by credits"])
def test_trap_14_beside_a_late_invoice_each_cell_is_listed_and_counted_or_not(office: PostOffice, cell: str) -> None:
    """What is excluded neither leaks into the demand nor silences it."""
    house = atelier_lumen()
    mail_through(house.creditor, office)
    durand = house.customer("Durand")
    house.invoice(durand, 100_000, MONDAY - timedelta(days=5), number="LATE")
    invoice = prepared(house, durand, cell)
    listed = EXCLUSIONS[cell][1] or cell == "below the minimum"
    work_day(house)
    (message,) = demands(house)
    assert {line["number"] for line in message.facts["invoices"]} == {"LATE"} | ({invoice.number} if listed else set())
    part = {"partly on hold": 10_000, "below the minimum": 900}.get(cell, 40_000) if listed else 0
    assert message.facts["total"] == 100_000 + part
    assert message.facts["credits"] == (40_000 if cell == "credit note" else 0)
    assert (invoice.number in office.received[0].text) == listed


@pytest.mark.parametrize("excluded", ["the customer", "its whole case"])
def test_trap_14_an_excluded_customer_is_reminded_of_nothing_and_others_are(office: PostOffice, excluded: str) -> None:
    house = atelier_lumen()
    mail_through(house.creditor, office)
    quiet, other = house.customer("Quiet"), house.customer("Other")
    for customer in (quiet, other):
        house.invoice(customer, 10_000, MONDAY - timedelta(days=3))
    if excluded == "the customer":
        Customer.objects.filter(pk=quiet.pk).update(is_excluded=True)
    else:
        hold_case(house.case(quiet), Hold.Reason.PAUSED, None, today=house.today, at=house.at)
    for later in range(30):
        work_day(house, MONDAY + timedelta(days=later))
    assert demands(house, quiet) == []
    assert len(demands(house, other)) >= 2
    assert house.case(quiet).overdue_minor == 10_000  # still counted in the books


def test_trap_14_an_archive_of_past_letters_is_never_sent_again(office: PostOffice) -> None:
    house = a_busy_house()
    mail_through(house.creditor, office)
    for later in range(10):
        work_day(house, MONDAY + timedelta(days=later))
    before = len(office.received)
    Case.objects.of(house.creditor).update(next_look_on=house.today)
    refresh_customers(
        house.creditor, Customer.objects.of(house.creditor).values_list("pk", flat=True), house.today, house.at
    )
    render_waiting(house.creditor, house.at)
    work_day(house)
    assert len(office.received) == before
