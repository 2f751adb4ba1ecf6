"""One walk over HTTP and SMTP: a file comes in, the day runs, an e-mail leaves, money arrives, the case closes."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from exigible import jobs
from exigible.books.cases.models import Case
from exigible.books.cases.operations import refresh_customers
from exigible.books.journal.models import Event
from exigible.books.journal.verify import altered_payloads, broken_links
from exigible.books.ledger.models import Contact, Customer
from exigible.books.ledger.posting import post_rows
from exigible.features.outbox.models import Message
from exigible.features.outbox.tests.mail_server import PostOffice, mail_through, post_office
from exigible.formats import read
from exigible.testing import MONDAY, PASSWORD, House, atelier_lumen, noon

pytestmark = pytest.mark.django_db

LEDGER = """Code client;Nom;N° facture;Date facture;Échéance;Montant TTC;Reste dû;Libellé
C001;Garage Durand;FA-1001;21/10/2026;20/11/2026;1 234,56;1 234,56;Luminaires
C001;Garage Durand;FA-1002;22/10/2026;21/11/2026;2 000,00;500,00;Pose
C002;Menuiserie Martin;FA-1003;02/11/2026;22/12/2026;720,00;720,00;Étude
"""


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


def take_in(house: House, text: str) -> None:
    """Bring a file in, and give its customers somebody to write to."""
    data = text.encode()
    reading = read(data, "balance.csv")
    report = post_rows(
        house.creditor,
        reading,
        name="balance.csv",
        digest=hashlib.sha256(data).hexdigest(),
        today=house.today,
        at=house.at,
    )
    assert not report.rejected
    Customer.objects.of(house.creditor).update(
        kind="business", segment="ordinary", address="3 rue Haute", postcode="69001", city="Lyon"
    )
    for customer in Customer.objects.of(house.creditor):
        Contact.objects.create(
            creditor=house.creditor,
            customer=customer,
            name="Mme Comptable",
            email=f"{customer.reference.lower()}@client.example",
            is_main=True,
        )
    refresh_customers(house.creditor, report.customer_ids, house.today, house.at)


def a_day(house: House, day: date) -> None:
    """What an installation does by itself: the sweep of the morning, until nothing waits."""
    house.today = day
    with time_machine.travel(noon(day), tick=False):
        for _pass in range(4):
            jobs.sweep()


def signed_in(house: House) -> Client:
    browser = Client()
    assert browser.login(email=house.people["Alice"].email, password=PASSWORD)
    return browser


def test_a_ledger_becomes_a_reminder_that_is_paid_and_never_sent_again(office: PostOffice) -> None:
    house = atelier_lumen()
    mail_through(house.creditor, office)
    take_in(house, LEDGER)
    durand = Customer.objects.of(house.creditor).get(reference="C001")

    a_day(house, MONDAY)

    (received,) = office.received
    assert received.recipients == ["c001@client.example"]
    assert "1734,56€" in "".join(received.mail["Subject"].split())
    assert "1\u202f234,56\u00a0€" in received.text
    assert "500,00\u00a0€" in received.text
    assert "FA-1003" not in received.text
    message = Message.objects.get(customer=durand)
    assert (message.state, message.step) == (Message.State.SENT, "friendly")
    assert received.mail["Message-ID"] == message.message_id
    assert message.document is not None
    assert (
        received.body.replace(b"\r\n", b"\n").strip()
        == bytes(message.document.content.body).replace(b"\r\n", b"\n").strip()
    )
    assert Event.objects.filter(customer_id=durand.pk, kind="message.sent").count() == 1

    tuesday = MONDAY + timedelta(days=1)
    with time_machine.travel(noon(tuesday), tick=False):
        browser = signed_in(house)
        invoices = {invoice.number: invoice.pk for invoice in durand.invoices.all()}
        shares = {f"share_{invoices['FA-1001']}": "1234,56", f"share_{invoices['FA-1002']}": "500,00"}
        given = {
            "amount": "1 734,56",
            "currency": "EUR",
            "received_on": tuesday.isoformat(),
            "label": "VIR DURAND",
            **shares,
        }
        answer = browser.post(reverse("customers:receive", args=[durand.pk]), given)
        assert answer.status_code == 302, answer.content.decode()
        page = browser.get(reverse("customers:page", args=[durand.pk]))
        assert page.status_code == 200
    assert not Case.objects.filter(customer=durand).exclude(state=Case.State.CLOSED).exists()

    for later in range(1, 60):
        a_day(house, MONDAY + timedelta(days=later))
        assert len([mail for mail in office.received if mail.recipients == ["c001@client.example"]]) <= 2
    to_durand = Message.objects.filter(customer=durand)
    assert to_durand.filter(purpose=Message.Purpose.DEMAND).count() == 1
    assert [thanks.template for thanks in to_durand.exclude(purpose=Message.Purpose.DEMAND)] in ([], ["thank_you"])
    assert list(broken_links(house.creditor.pk)) == []
    assert list(altered_payloads(house.creditor.pk)) == []


def test_a_payment_by_hand_that_arrives_before_the_e_mail_leaves_stops_it(office: PostOffice) -> None:
    house = atelier_lumen()
    mail_through(house.creditor, office)
    take_in(house, LEDGER)
    durand = Customer.objects.of(house.creditor).get(reference="C001")
    with time_machine.travel(noon(MONDAY), tick=False):
        jobs.run_day(house.creditor.pk)
        jobs.render(house.creditor.pk)
        browser = signed_in(house)
        given = {"amount": "1734,56", "currency": "EUR", "received_on": MONDAY.isoformat(), "label": ""}
        proposed = browser.get(f"{reverse('customers:receive', args=[durand.pk])}?{urlencode(given)}")
        assert proposed.status_code == 200
        answer = browser.post(reverse("customers:receive", args=[durand.pk]), given)
        assert answer.status_code == 302, answer.content.decode()
    a_day(house, MONDAY)
    assert [
        mail for mail in office.received if "relance" in mail.text.lower() or "FA-1001" in mail.mail["Subject"]
    ] == []
    demand = Message.objects.get(customer=durand, purpose=Message.Purpose.DEMAND)
    assert demand.state == Message.State.CANCELLED
    assert "stale" in demand.cancelled_because or "closed" in demand.cancelled_because
