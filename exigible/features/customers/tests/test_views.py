"""The screens of the accounts: who sees what, what can be done from them, and that none of it leaks to another creditor."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from exigible.books.cases.models import Hold
from exigible.books.creditors.models import Role
from exigible.books.ledger.models import Contact, Customer, Invoice, Payment
from exigible.common.clock import today as clock_today
from exigible.features.customers.forms import COPIED_FROM
from exigible.features.customers.timeline import Cursor, timeline
from exigible.testing import House, atelier_lumen, brasserie_nord

pytestmark = pytest.mark.django_db
TODAY = clock_today("Europe/Paris")
LATE = TODAY - timedelta(days=20)


@pytest.fixture
def house() -> House:
    return atelier_lumen(TODAY)


def signed_in(house: House, name: str = "Alice", language: str = "fr") -> Client:
    user = house.people[name]
    type(user).objects.filter(pk=user.pk).update(language=language)
    client = Client()
    client.force_login(type(user).objects.get(pk=user.pk))
    return client


def page_of(client: Client, route: str, *args: object, status: int = 200, **query: str) -> str:
    answer = client.get(reverse(route, args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_list_shows_the_most_overdue_first(house: House) -> None:
    for name, minor in (("Petit", 1_000), ("Grand", 900_000), ("Moyen", 50_000)):
        house.invoice(house.customer(name), minor, LATE)
    page = page_of(signed_in(house), "customers:list")
    assert page.index("Grand") < page.index("Moyen") < page.index("Petit")


def test_each_view_keeps_its_customers(house: House) -> None:
    mairie, petit = house.customer("Mairie", kind="public_body"), house.customer("Jeanne", kind="consumer")
    unknown, mute = house.customer("Garage", kind="unknown"), house.customer("Muet", email="")
    for customer in (mairie, petit, unknown, mute):
        house.invoice(customer, 10_000, LATE)
    quiet = house.customer("Tranquille", segment="new")
    client = signed_in(house)
    wanted = {"public": mairie, "consumers": petit, "unknown": unknown, "no_email": mute}
    for view, customer in wanted.items():
        for sort in ("overdue", "name"):
            page = page_of(client, "customers:list", view=view, sort=sort)
            assert [one.name for one in (mairie, petit, unknown, mute) if f">{one.name}</a>" in page] == [customer.name]
    assert quiet.name not in page_of(client, "customers:list", view="late")
    assert quiet.name in page_of(client, "customers:list", view="all")


@pytest.mark.parametrize("typed", ["dup", "DUP", "Dupont", "C0"])
def test_the_beginning_of_a_name_or_reference_finds_the_account(house: House, typed: str) -> None:
    house.customer("Dupont")
    assert "Dupont" in page_of(signed_in(house), "customers:list", q=typed)


def test_the_pages_of_the_list_join_without_gap_or_repeat_in_both_directions(house: House) -> None:
    names = [f"Client {number:03}" for number in range(120)]
    for place, name in enumerate(names):
        house.invoice(house.customer(name), 1_000 * (1 + place % 7), LATE)
    client = signed_in(house)
    for sort in ("overdue", "name"):
        seen, query, last = [], {"view": "late", "sort": sort}, ""
        while True:
            last = page_of(client, "customers:list", **query)
            seen += re.findall(r">(Client \d+)</a>", last)
            following = re.search(r'rel="next" href="[^"]*after=(\d+)', last)
            if not following:
                break
            query = {"view": "late", "sort": sort, "after": following[1]}
        assert sorted(seen) == names
        assert len(seen) == len(names)
        before = re.search(r'rel="prev" href="[^"]*before=(\d+)', last)
        assert before
        previous = re.findall(
            r">(Client \d+)</a>", page_of(client, "customers:list", view="late", sort=sort, before=before[1])
        )
        assert previous == seen[50:100]


def test_another_creditors_rows_are_not_found(house: House) -> None:
    martin = house.customer("Martin")
    invoice = house.invoice(martin, 10_000, LATE)
    credit_note = house.invoice(martin, 500, LATE, kind="credit_note")
    payment = house.pay(martin, 3_000, (invoice, 1_000))
    contact, allocation = Contact.objects.get(customer=martin), payment.allocations.get()
    hold = Hold.objects.create(creditor=house.creditor, case=house.case(martin), reason="paused", from_on=TODAY)
    carole = signed_in(brasserie_nord(TODAY), "Carole")
    reads = [("page", martin.pk), ("older", martin.pk), ("receive", martin.pk), ("statement_pdf", martin.pk), ("identity", martin.pk),
             ("new_contact", martin.pk), ("contact", martin.pk, contact.pk), ("received", payment.pk),
             ("use_credit", "payment", payment.pk), ("use_credit", "credit_note", credit_note.pk)]  # fmt: skip
    acts = [("receive", martin.pk), ("send_statement", martin.pk), ("set_kind", martin.pk), ("add_note", martin.pk), ("pause", martin.pk),
            ("remove_contact", contact.pk), ("release", hold.pk), ("remove_payment", payment.pk), ("undo_allocation", allocation.pk)]  # fmt: skip
    for route, *args in reads:
        assert carole.get(reverse(f"customers:{route}", args=args)).status_code == 404, route
    for route, *args in acts:
        assert (
            carole.post(reverse(f"customers:{route}", args=args), {"text": "x", "kind": "consumer"}).status_code == 404
        ), route
    assert "Martin" not in carole.get(reverse("customers:list"), {"view": "all"}).content.decode()
    assert "Martin" not in carole.get(reverse("customers:balance")).content.decode()


def test_a_contact_of_another_customer_is_not_found_below_this_one(house: House) -> None:
    martin, durand = house.customer("Martin"), house.customer("Durand")
    contact = Contact.objects.get(customer=durand)
    page_of(signed_in(house), "customers:contact", martin.pk, contact.pk, status=404)


def test_acts_are_refused_to_a_reader_and_money_to_a_collector(house: House) -> None:
    martin = house.customer("Martin")
    house.person("Rene", Role.READER)
    reader, bob = signed_in(house, "Rene"), signed_in(house, "Bob")
    for route in ("add_note", "pause", "send_statement", "set_kind"):
        assert reader.post(reverse(f"customers:{route}", args=[martin.pk])).status_code == 403
    assert bob.get(reverse("customers:receive", args=[martin.pk])).status_code == 403
    page = page_of(reader, "customers:page", martin.pk)
    assert 'method="post"' not in page.split("<main")[1].split("</main>")[0]


def test_reading_never_acts(house: House) -> None:
    martin = house.customer("Martin")
    for route in ("add_note", "pause", "send_statement", "set_kind"):
        assert signed_in(house).get(reverse(f"customers:{route}", args=[martin.pk])).status_code == 405


def test_a_payment_is_proposed_oldest_first_then_recorded_as_changed_by_hand(house: House) -> None:
    martin = house.customer("Martin")
    young, old = (
        house.invoice(martin, 30_000, LATE, "F-JEUNE"),
        house.invoice(martin, 20_050, LATE - timedelta(days=30), "F-VIEILLE"),
    )
    client = signed_in(house)
    asked = {"amount": "250,50", "received_on": TODAY.isoformat(), "currency": "EUR"}
    page = page_of(client, "customers:receive", martin.pk, **asked)
    assert page.index("F-VIEILLE") < page.index("F-JEUNE")
    assert re.findall(r'name="share_(\d+)"[^>]*value="([^"]*)"', page) == [
        (str(old.pk), "200,50"),
        (str(young.pk), "50,00"),
    ]
    given = asked | {f"share_{old.pk}": "", f"share_{young.pk}": "100"}
    assert client.post(reverse("customers:receive", args=[martin.pk]), given).status_code == 302
    payment = Payment.objects.get(customer=martin)
    assert payment.amount_minor == 25_050
    assert [(one.invoice_id, one.amount_minor) for one in payment.allocations.all()] == [(young.pk, 10_000)]


def test_a_payment_just_recorded_is_undone_by_one_key(house: House) -> None:
    martin, durand = house.customer("Martin"), house.customer("Durand")
    house.invoice(martin, 30_000, LATE)
    client = signed_in(house)
    given = {"amount": "100", "received_on": TODAY.isoformat(), "currency": "EUR"}
    answer = client.post(reverse("customers:receive", args=[martin.pk]), given)
    payment = Payment.objects.get(customer=martin)
    page = client.get(answer["Location"]).content.decode()
    undo = reverse("customers:remove_payment", args=[payment.pk])
    assert re.search(rf'action="{undo}".*?data-key="z"', page, re.DOTALL)
    assert undo not in page_of(client, "customers:page", durand.pk, recorded=str(payment.pk))
    assert client.post(undo).status_code == 302
    assert not Payment.objects.filter(pk=payment.pk).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", "abc"), ("amount", ""), ("received_on", "2099-01-01"), ("amount", "-5"), ("share", "douze")],
)
def test_a_payment_that_cannot_be_is_said_and_what_was_typed_stays(house: House, field: str, value: str) -> None:
    martin = house.customer("Martin")
    invoice = house.invoice(martin, 30_000, LATE)
    name = f"share_{invoice.pk}" if field == "share" else field
    given = {"amount": "100", "received_on": TODAY.isoformat(), "currency": "EUR", "label": "VIR MARTIN", name: value}
    answer = signed_in(house).post(reverse("customers:receive", args=[martin.pk]), given)
    assert answer.status_code == 422
    assert "VIR MARTIN" in answer.content.decode()
    assert not Payment.objects.filter(customer=martin).exists()


def test_more_than_what_is_open_is_refused_with_what_is_left(house: House) -> None:
    martin = house.customer("Martin")
    invoice = house.invoice(martin, 30_000, LATE)
    given = {"amount": "500", "received_on": TODAY.isoformat(), "currency": "EUR", f"share_{invoice.pk}": "400"}
    answer = signed_in(house).post(reverse("customers:receive", args=[martin.pk]), given)
    assert answer.status_code == 422
    assert "300" in answer.content.decode()


def test_figures_are_given_for_each_currency_apart(house: House) -> None:
    martin = house.customer("Martin")
    house.invoice(martin, 123_456, LATE)
    house.invoice(martin, 654_321, LATE, currency="USD")
    page = page_of(signed_in(house), "customers:page", martin.pk)
    assert "1\u202f234,56\u00a0€" in page
    assert "6\u202f543,21\u00a0$" in page


def test_the_page_speaks_the_language_of_the_reader(house: House) -> None:
    martin = house.customer("Martin")
    house.invoice(martin, 123_456, LATE)
    french = page_of(signed_in(house), "customers:page", martin.pk)
    english = page_of(signed_in(house, language="en"), "customers:page", martin.pk)
    assert "Ce qui s’est passé" in french
    assert "What happened" not in french
    assert "What happened" in english
    assert "€1,234.56" in english


def test_the_statement_is_a_pdf(house: House) -> None:
    martin = house.customer("Martin")
    house.invoice(martin, 123_456, LATE)
    answer = signed_in(house).get(reverse("customers:statement_pdf", args=[martin.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_rows_and_acts_are_reachable_by_keyboard(house: House) -> None:
    martin = house.customer("Martin")
    house.invoice(martin, 123_456, LATE)
    client = signed_in(house)
    assert re.search(r'<tr data-row>.*?data-primary data-key="o"', page_of(client, "customers:list"), re.DOTALL)
    page = page_of(client, "customers:page", martin.pk)
    assert {'data-key="n"', 'data-key="e"', 'data-key="v"', 'data-key="r"'} <= set(re.findall(r'data-key="\w"', page))


def test_identity_is_changed_and_a_segment_set_by_hand_stays_so(house: House) -> None:
    martin = house.customer("Martin")
    given = {
        "name": "Martin SAS", "kind": "public_body", "buyer": "local", "language": "en", "country": "be", "segment": "good", "address": "1 rue A",
        "postcode": "1000", "city": "Bruxelles", "siren": "", "vat_number": "", "terms": "",
    }  # fmt: skip
    assert signed_in(house).post(reverse("customers:identity", args=[martin.pk]), given).status_code == 302
    martin.refresh_from_db()
    assert (martin.name, martin.buyer, martin.country, martin.segment, martin.segment_is_manual) == (
        "Martin SAS",
        "local",
        "BE",
        "good",
        True,
    )


def test_a_contact_is_added_from_its_form(house: House) -> None:
    martin = house.customer("Martin")
    client = signed_in(house)
    empty = client.post(reverse("customers:new_contact", args=[martin.pk]), {"role": "comptable"})
    assert empty.status_code == 422
    given = {"name": "M. Paul", "email": "paul@martin.example", "copied_from_step": COPIED_FROM[3][0]}
    assert client.post(reverse("customers:new_contact", args=[martin.pk]), given).status_code == 302
    assert Contact.objects.get(customer=martin, name="M. Paul").copied_from_step == COPIED_FROM[3][0]


def test_the_timeline_loses_nothing_between_its_pages(house: House) -> None:
    martin = house.customer("Martin")
    invoice = house.invoice(martin, 900_000, LATE)
    for days in range(30):
        house.pay(martin, 100 + days, (invoice, 100 + days), on=TODAY - timedelta(days=days % 4))
    house.run()
    seen, before = [], ""
    while True:
        part = timeline(martin, before, size=7)
        seen += part.entries
        if not part.older:
            break
        before = part.older
    payments = [entry.payment.pk for entry in seen if entry.payment]
    assert sorted(payments) == sorted(Payment.objects.filter(customer=martin).values_list("pk", flat=True))
    assert [entry.day for entry in seen] == sorted((entry.day for entry in seen), reverse=True)


@pytest.mark.parametrize("text", ["", "x", "1_2_3", "_2026-01-01.x_", "99999999999999999999", "1_2026-01-01.5", "\x00"])
def test_a_spoiled_key_of_the_timeline_starts_at_the_newest(text: str) -> None:
    assert Cursor.read(text) == Cursor()


def test_a_large_balance_is_paged_and_its_foot_loaded_apart(house: House) -> None:
    rows = [Customer(creditor=house.creditor, reference=f"X{number}", name=f"X{number:04}") for number in range(420)]
    Customer.objects.bulk_create(rows)
    first = Customer.objects.get(name="X0003")
    Invoice.objects.create(
        creditor=house.creditor,
        customer=first,
        number="F",
        issued_on=LATE,
        due_on=LATE,
        total_minor=4_200,
        source_key="k",
    )
    client = signed_in(house)
    page = page_of(client, "customers:balance")
    assert "X0003" in page
    assert "42,00" in page
    assert 'rel="next"' in page
    assert "42,00" in page_of(client, "customers:balance_totals", as_of=TODAY.isoformat())


@pytest.mark.parametrize("address", ["chloé@nord.example", "chef@crème.example", "sans-arobase"])
def test_an_address_that_no_mail_can_reach_is_refused_beside_its_field(house: House, address: str) -> None:
    martin = house.customer("Martin")
    answer = signed_in(house).post(
        reverse("customers:new_contact", args=[martin.pk]), {"name": "Chloé", "email": address}
    )
    assert answer.status_code == 422
    assert "compta@exemple.fr" in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    assert Contact.objects.filter(customer=martin).count() == 1


def test_a_siren_typed_in_groups_is_kept_bare_and_shown_in_groups(house: House) -> None:
    martin = house.customer("Martin")
    client = signed_in(house)
    given = {"name": "Martin", "kind": "business", "language": "fr", "country": "FR", "siren": "123 456 789 00012"}
    assert client.post(reverse("customers:identity", args=[martin.pk]), given).status_code == 302
    martin.refresh_from_db()
    assert martin.siren == "12345678900012"
    assert "123\u00a0456\u00a0789\u00a000012" in page_of(client, "customers:page", martin.pk)
    too_long = client.post(reverse("customers:identity", args=[martin.pk]), given | {"siren": "1" * 30})
    assert too_long.status_code == 422
